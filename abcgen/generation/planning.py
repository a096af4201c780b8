"""Plans of the tunes that are being drawn: each is drawn when the header of its tune is over."""

import hashlib
import random
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from abcgen.generation.mask import Mask
from abcgen.generation.request import Request
from abcgen.model.engine import Engine
from abcgen.model.plans.planner import Planner, header_of

#: A section of fewer bars than these is not asked for.
_FEWEST_BARS = 2
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

        If the prime goes beyond the header, the plan holds from the next bar.
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
        wishes = tune.request.wishes
        style = 0 if wishes.chords is None else 1 + wishes.chords
        plan = self._planner.draw(header_of(text), tune.chance, wishes.form, style)
        self._engine.plan(stream, plan)
        form = tuple(map(len, plan.sections))
        at_start = rest.endswith("\n") and "\n" not in rest[:-1]
        if self._mask and at_start and not wishes.form and min(form) >= _FEWEST_BARS:
            self._mask.ask(stream, form)
            self._asked.add(stream)
