"""How long each sound of a bar lasts: lengths, tuplets, broken rhythm, groups, rests.

Grace notes and decorations take no time of their own: they go with the note that they stand
before, and `abcgen.music.ornaments` plays them.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from math import lcm
from typing import NamedTuple

from abcgen.errors import NotationError
from abcgen.notation.fields import read_meter
from abcgen.notation.form import Bar
from abcgen.notation.meters import is_compound
from abcgen.notation.tokens import SOUNDING, Pitch, read_group, read_note, read_tuplet

#: The longest multi-bar rest, in bars; a longer one is a typing error.
_MAX_REST_BARS = 64
#: The longest note, in whole notes; a longer one is a typing error, too.
_LONGEST = 64
#: What is written before a note -> the ornament that it is. Of two on one note, the later one in
#: this list is played, as abc2midi does.
_ORNAMENTS = {
    ".": "staccato",
    "staccato": "staccato",
    "~": "roll",
    "roll": "roll",
    "T": "trill",
    "trill": "trill",
}
_RANKS = ["", *dict.fromkeys(_ORNAMENTS.values())]
#: Tokens that are events and have no length.
_BESIDE = frozenset({"chord", "field"})
_NONE, _ONE = Fraction(0), Fraction(1)
#: Events and products that are kept once known: tunes have the same ones again and again.
_MOST_KEPT = 4096


class Event(NamedTuple):
    """A sound or a rest of a bar, a chord symbol, or a change of how it is played.

    Attributes
    ----------
    length : Fraction
        In unit note lengths, with tuplets and broken rhythm applied; 0 for what has no length.
    ratio : tuple of (int, int)
        The same as numerator and denominator, which a fraction is slow to tell.
    written : Fraction
        The length as written, before tuplets and broken rhythm.
    pitches : tuple of (Pitch, Fraction, bool)
        Pitch, length and whether it is tied, for each note that sounds; empty for a rest.
    chord : str, optional
        The text of a chord symbol.
    rest_bars : int
        Bars of a multi-bar rest.
    ornament : str
        ``staccato``, ``roll``, ``trill`` or nothing.
    grace : sequence of (Pitch, Fraction, bool)
        As `pitches`, the grace notes before it.
    field : str
        An inline field without its brackets, ``Q:1/4=60``, if the bar has such tokens.
    """

    length: Fraction
    ratio: tuple[int, int]
    written: Fraction
    pitches: tuple[tuple[Pitch, Fraction, bool], ...]
    chord: str | None = None
    rest_bars: int = 0
    ornament: str = ""
    grace: Sequence[tuple[Pitch, Fraction, bool]] = ()
    field: str = ""

    @classmethod
    def lasting(
        cls, length: Fraction, pitches: tuple[tuple[Pitch, Fraction, bool], ...] = ()
    ) -> "Event":
        """Return a note, notes at once or a rest of some length."""
        return cls(length, length.as_integer_ratio(), length, pitches)


def bar_events(bar: Bar) -> Iterator[Event]:
    """Return an iterator of the events of a bar, in order.

    Raises
    ------
    NotationError
        If a tuplet or a broken rhythm lacks notes, or a length cannot be read.
    """
    return iter(_events(bar))


def bar_length(bar: Bar) -> Fraction:
    """Return how long a bar lasts in whole notes, rests of whole bars not counted.

    Raises
    ------
    NotationError
        As `bar_events`.
    """
    ratios = [event.ratio for event in _events(bar)]
    common = lcm(*{below for _, below in ratios})  # sums of fractions take long
    total = sum([above * (common // below) for above, below in ratios])
    return _product((total, common), bar.setting.unit.as_integer_ratio())


def lack_of(bar: Bar) -> Fraction:
    """Return what a bar lacks of its metre, in whole notes; less than 0 if it is too long.

    Raises
    ------
    NotationError
        As `bar_events`.
    """
    return _lack(bar_length(bar).as_integer_ratio(), bar.setting.meter)


@lru_cache(_MOST_KEPT)
def _lack(length: tuple[int, int], meter: str) -> Fraction:
    return read_meter(meter) - Fraction(*length)


def _events(bar: Bar) -> list[Event]:
    """Return the events of a bar, in order."""
    compound = is_compound(bar.setting.meter)
    above, below = bar.setting.unit.as_integer_ratio()
    longest = _LONGEST * below // above
    events: list[Event] = []
    last = -1  # the place of the last sound among them
    factor, left = _ONE, 0  # of the open tuplet, and the notes it still governs
    broken: Fraction | None = None  # how many times as long the next note is, after `>`
    grace: Sequence[tuple[Pitch, Fraction, bool]] = ()
    ornament = ""
    for kind, text, _ in bar.tokens:
        if kind in SOUNDING:
            event = _read_event(kind, text)
            if event.ratio[0] > longest:
                raise NotationError(f"the note length of {text!r} is out of range")
            if left:
                left -= 1
                event = _stretched(event, factor)
            if broken is not None:
                event = _stretched(event, broken)
                broken = None
            if grace or ornament:
                event = event._replace(grace=grace, ornament=ornament)
                grace, ornament = (), ""
            last = len(events)
            events.append(event)
        elif kind == "space":
            continue
        elif kind in _BESIDE:
            events.append(_beside(kind, text))
        elif kind == "tuplet":
            if left:
                raise NotationError("a tuplet begins inside another")
            _, factor, left = read_tuplet(text, compound)
        elif kind == "broken":
            if last < 0 or broken is not None:
                raise NotationError(f"{text!r} has no note before it")
            before, broken = _dotted(text)
            events[last] = _stretched(events[last], before)
        elif kind == "tie":
            if last < 0 or not events[last].pitches:
                raise NotationError("a tie has no note before it")
            events[last] = _tied(events[last])
        elif kind == "grace":
            grace = read_grace(text)
        elif kind == "decoration":
            named = _ORNAMENTS.get(text.strip("!+"), "")
            ornament = max(ornament, named, key=_RANKS.index)
    if left:
        raise NotationError("a tuplet is cut off by a bar line")
    if broken is not None:
        raise NotationError("a broken rhythm is cut off by a bar line")
    return events


@lru_cache(_MOST_KEPT)
def _beside(kind: str, text: str) -> Event:
    """Return the event of a chord symbol or a field."""
    silent = Event.lasting(_NONE)
    if kind == "chord":
        return silent._replace(chord=text.strip('"').strip())
    return silent._replace(field=text[1:-1])


@lru_cache(_MOST_KEPT)
def _product(one: tuple[int, int], other: tuple[int, int]) -> Fraction:
    """Return a product of two fractions, of which some are needed again and again."""
    return Fraction(one[0] * other[0], one[1] * other[1])


def _stretched(event: Event, factor: Fraction) -> Event:
    """Return an event that lasts so many times as long."""
    before, ratio, written, pitches, _, rest_bars, ornament, grace, _ = event
    after = _product(ratio, factor.as_integer_ratio())
    pitches = tuple(
        [(pitch, after if own is before else own * factor, tie) for pitch, own, tie in pitches]
    )
    ratio = after.as_integer_ratio()
    return Event(after, ratio, written, pitches, None, rest_bars, ornament, grace)


def _tied(event: Event) -> Event:
    """Return an event with its notes tied."""
    length, ratio, written, pitches, _, _, ornament, grace, _ = event
    pitches = tuple([(pitch, own, True) for pitch, own, _ in pitches])
    return Event(length, ratio, written, pitches, None, 0, ornament, grace)


@lru_cache(_MOST_KEPT)
def _dotted(signs: str) -> tuple[Fraction, Fraction]:
    """Return how many times as long `>` or `<` make the notes before and after them."""
    # `a>b` dots the first and halves the second; each further > halves again.
    share = 1 - Fraction(1, 2 ** len(signs))
    return (1 + share, 1 - share) if signs[0] == ">" else (1 - share, 1 + share)


def read_grace(text: str) -> list[tuple[Pitch, Fraction, bool]]:
    """Return the notes of ``{ga}``; none if they cannot be read, since a tune sounds without."""
    try:
        return read_group(f"[{text[1:-1]}]")[0]
    except NotationError:
        return []


@lru_cache(_MOST_KEPT)
def _read_event(kind: str, text: str) -> Event:
    if kind == "note":
        pitch, length = read_note(text)
        return Event.lasting(length, ((pitch, length, False),))
    if kind == "group":
        notes, factor = read_group(text)
        # The standard: a group lasts as long as its first note.
        pitches = tuple((pitch, own * factor, tie) for pitch, own, tie in notes)
        return Event.lasting(notes[0][1] * factor, pitches)
    if text[0] in "ZX":
        bars = int(text[1:4] or 1)  # four digits are out of range in any case
        if not 1 <= bars <= _MAX_REST_BARS:
            raise NotationError(f"the rest {text} is out of range")
        return Event.lasting(_NONE)._replace(rest_bars=bars)
    _, length = read_note("C" + text[1:])
    return Event.lasting(length)
