"""Plans of the tunes that are being drawn: each is drawn when the header of its tune is over."""

import hashlib
import random
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from abcgen.generation.mask import Mask
from abcgen.generation.prime import place_behind
from abcgen.generation.request import Request
from abcgen.grammar.acceptor import Place
from abcgen.grammar.form import BARS_IN_LINE
from abcgen.model.engine import Engine
from abcgen.model.factors.plan import Plan
from abcgen.model.plans.outline import plan_of
from abcgen.model.plans.planner import Planner, header_of

#: A section of fewer bars than these is not asked for.
_FEWEST_BARS = 2
#: How often a plan is drawn until its form can be asked for; and how many such plans, until one is
#: found that the music of a tune may begin.
_MOST_TRIES, _MOST_PLANS = 20, 20
_NOTES = frozenset("ABCDEFGabcdefgz")
_FIELD = "K:"
_KEY = "\n" + _FIELD
#: Digits of a hash that seed the plan of a tune.
_BYTES = 8


@dataclass(slots=True)
class _Tune:
    """A tune that has no plan yet."""

    request: Request
    prime: str
    chance: random.Random
    #: The characters drawn of its header.
    header: list[int] = field(default_factory=list)


class Planning:
    """Gives each of N tunes a plan, once it is known what kind of tune it is.

    The seed of what is asked for, the number of the tune, the attempt at it and its header decide
    its plan; at temperature 0, its header alone.

    Parameters
    ----------
    engine : Engine
        Reads the plans.
    planner : Planner
        Draws them.
    mask : Mask, optional
        Keeps the sections to their bars.
    """

    def __init__(self, engine: Engine, planner: Planner, mask: Mask | None) -> None:
        self._engine, self._planner, self._mask = engine, planner, mask
        self._newline = engine.vocabulary.char2idx["\n"]
        self._key = engine.vocabulary.char2idx.get("K")
        #: By stream, the tunes that have no plan yet.
        self._tunes: dict[int, _Tune] = {}
        #: The streams whose sections have been given their bars.
        self._asked: set[int] = set()

    def begin(self, stream: int, request: Request, prime: str, number: int, attempt: int) -> None:
        """Begin a tune; the engine has read the prime but for its last character.

        If the prime goes beyond the header, the plan is one that it may begin, and holds from the
        next bar.
        """
        # At temperature 0 nothing is left to chance.
        which = f" {request.seed} {number} {attempt}" if not request.sampler.greedy else ""
        words = hashlib.sha256(f"plan{which}".encode()).digest()
        chance = random.Random(int.from_bytes(words[:_BYTES], "little"))
        self._tunes[stream] = _Tune(request, prime, chance)
        self._asked.discard(stream)
        self._plan(stream, prime)

    def drop(self, stream: int) -> None:
        """Forget the tune of a stream."""
        self._tunes.pop(stream, None)
        self._asked.discard(stream)

    def add(self, chosen: NDArray[np.integer]) -> None:
        """Take note of a character of each tune, (N,), before the engine reads it."""
        if not self._tunes:
            return
        characters, newline = chosen.tolist(), self._newline
        at_line_ends = []
        for stream, tune in self._tunes.items():
            character = characters[stream]
            tune.header.append(character)
            if character == newline:
                at_line_ends.append((stream, tune))
        for stream, tune in at_line_ends:
            if self._key in tune.header or _FIELD in tune.prime:
                self._plan(stream, tune.prime + self._engine.vocabulary.decode(tune.header))

    def keep(self, streams: list[int]) -> None:
        """Keep only these streams, renumbered from 0; one may be there several times.

        Whoever keeps a stream several times begins or drops the others.
        """
        old = dict(enumerate(streams))
        self._tunes = {new: self._tunes[of] for new, of in old.items() if of in self._tunes}
        self._asked = {new for new, of in old.items() if of in self._asked}

    def release(self, streams: list[int]) -> None:
        """Let tunes end that are to end soon, wherever they are in their form."""
        for stream in self._asked.intersection(streams):
            self._asked.discard(stream)
            if self._mask:
                self._mask.ask(stream, ())

    def _plan(self, stream: int, text: str) -> None:
        """Draw the plan of a tune if its header is over."""
        _, key, rest = text.partition(_KEY)
        if not key or "\n" not in rest:
            return
        tune = self._tunes.pop(stream)
        form = tune.request.wishes.form
        _, _, music = rest.partition("\n")
        style = _style_of(tune.request, music)
        if music and self._mask and not form:
            plan, place = self._draw_behind(tune, text, style)
        else:
            plan, place = self._draw(tune, text, form, style), None
        self._engine.plan(stream, plan)
        if self._mask is None or form:
            return
        if place:
            self._mask.put(stream, place)
        elif not music and _may_be_asked(plan):
            self._mask.ask(stream, _form_of(plan), tuple(plan.openings))
        else:
            return
        self._asked.add(stream)

    def _draw_behind(self, tune: _Tune, text: str, style: int) -> tuple[Plan, Place | None]:
        """Draw a plan that the music of a tune may begin, and return the place behind that.

        There is no place if no form was found that may begin so.
        """
        wishes, vocabulary = tune.request.wishes, self._engine.vocabulary
        for _ in range(_MOST_PLANS):
            plan = self._draw(tune, text, (), style)
            if not _may_be_asked(plan):
                break
            place = place_behind(vocabulary, wishes._replace(form=_form_of(plan)), text)
            if place:
                return plan, place
        begun = plan_of(text)
        for form in _forms_behind(_form_of(begun)) if begun else ():
            place = place_behind(vocabulary, wishes._replace(form=form), text)
            if place:
                return self._draw(tune, text, form, style), place
        return plan, None

    def _draw(self, tune: _Tune, text: str, form: tuple[int, ...], style: int) -> Plan:
        """Draw a plan; if its form is left open, one that can be asked for."""
        for _ in range(_MOST_TRIES):
            plan = self._planner.draw(header_of(text), tune.chance, form, style)
            if form or _may_be_asked(plan):
                break
        return plan


def _style_of(request: Request, music: str) -> int:
    """Return whether a plan has chords, as the planner takes it: as wished, or as the music has."""
    chords = request.wishes.chords
    if chords is None and '"' in music:
        chords = True
    elif chords is None and _NOTES.intersection(music):
        chords = False
    return 0 if chords is None else 1 + chords


def _form_of(plan: Plan) -> tuple[int, ...]:
    return tuple(map(len, plan.sections))


def _may_be_asked(plan: Plan) -> bool:
    return min(_form_of(plan)) >= _FEWEST_BARS


def _forms_behind(begun: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """Yield forms of tunes that begin with these bars, of which the last section may be over."""
    *over, bars = begun
    whole = -(-bars // BARS_IN_LINE) * BARS_IN_LINE
    for last in (whole, whole + BARS_IN_LINE):
        yield (*over, last, last)
        yield (*over, last)
    for last in (2 * BARS_IN_LINE, BARS_IN_LINE):
        yield (*begun, last)
        yield (*begun, last, last)
    yield begun
