"""How long each sound of a bar lasts: lengths, tuplets, broken rhythm, groups, rests.

Grace notes and decorations take no time of their own: they go with the note that they stand
before, and `abcgen.music.ornaments` plays them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from abcgen.errors import NotationError
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


@dataclass(slots=True)
class Event:
    """A sound or a rest of a bar, a chord symbol, or a change of how it is played.

    Attributes
    ----------
    length : Fraction
        In unit note lengths, with tuplets and broken rhythm applied; 0 for what has no length.
    written : Fraction
        The length as written, before tuplets and broken rhythm.
    pitches : list of (Pitch, Fraction, bool)
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
    written: Fraction
    pitches: list[tuple[Pitch, Fraction, bool]]
    chord: str | None = None
    rest_bars: int = 0
    ornament: str = ""
    grace: Sequence[tuple[Pitch, Fraction, bool]] = ()
    field: str = ""


def bar_events(bar: Bar) -> Iterator[Event]:
    """Return an iterator of the events of a bar, in order.

    Raises
    ------
    NotationError
        If a tuplet or a broken rhythm lacks notes, or a length cannot be read.
    """
    compound = is_compound(bar.setting.meter)
    above, below = bar.setting.unit.as_integer_ratio()
    longest = _LONGEST * below // above
    events: list[Event] = []
    sounding: list[Event] = []
    factor, left = _ONE, 0  # of the open tuplet, and the notes it still governs
    broken = _NONE  # the share of its length that the next note loses, or gains if negative
    grace: Sequence[tuple[Pitch, Fraction, bool]] = ()
    ornament = ""
    for token in bar.tokens:
        kind = token.kind
        if kind in SOUNDING:
            event = _read_event(kind, token.text)
            if event.length.numerator > longest:
                raise NotationError(f"the note length of {token.text!r} is out of range")
            if left:
                left -= 1
                _stretch(event, factor)
            if broken:
                _stretch(event, 1 - broken)
                broken = _NONE
            event.grace, event.ornament, grace, ornament = grace, ornament, (), ""
            events.append(event)
            sounding.append(event)
        elif kind in _BESIDE:
            events.append(_beside(kind, token.text))
        elif kind == "tuplet":
            if left:
                raise NotationError("a tuplet begins inside another")
            _, factor, left = read_tuplet(token.text, compound)
        elif kind == "broken":
            if not sounding or broken:
                raise NotationError(f"{token.text!r} has no note before it")
            # `a>b` dots the first and halves the second; each further > halves again.
            share = 1 - Fraction(1, 2 ** len(token.text))
            broken = share if token.text[0] == ">" else -share
            _stretch(sounding[-1], 1 + broken)
        elif kind == "tie":
            if not sounding or not sounding[-1].pitches:
                raise NotationError("a tie has no note before it")
            last = sounding[-1]
            last.pitches = [(pitch, length, True) for pitch, length, _ in last.pitches]
        elif kind == "grace":
            grace = read_grace(token.text)
        elif kind == "decoration":
            named = _ORNAMENTS.get(token.text.strip("!+"), "")
            ornament = max(ornament, named, key=_RANKS.index)
    if left:
        raise NotationError("a tuplet is cut off by a bar line")
    if broken:
        raise NotationError("a broken rhythm is cut off by a bar line")
    return iter(events)


def bar_length(bar: Bar) -> Fraction:
    """Return how long a bar lasts in whole notes, rests of whole bars not counted.

    Raises
    ------
    NotationError
        As `bar_events`.
    """
    lengths = [event.length.as_integer_ratio() for event in bar_events(bar)]
    common = lcm(*(below for _, below in lengths))  # sums of fractions take long
    return Fraction(sum(above * (common // below) for above, below in lengths), common) * (
        bar.setting.unit
    )


def _beside(kind: str, text: str) -> Event:
    """Return the event of a chord symbol or a field."""
    if kind == "chord":
        return Event(_NONE, _NONE, [], chord=text.strip('"').strip())
    return Event(_NONE, _NONE, [], field=text[1:-1])


def _stretch(event: Event, factor: Fraction) -> None:
    before = event.length
    event.length = after = before * factor
    event.pitches = [
        (pitch, after if length is before else length * factor, tie)
        for pitch, length, tie in event.pitches
    ]


def read_grace(text: str) -> list[tuple[Pitch, Fraction, bool]]:
    """Return the notes of ``{ga}``; none if they cannot be read, since a tune sounds without."""
    try:
        return read_group(f"[{text[1:-1]}]")[0]
    except NotationError:
        return []


def _read_event(kind: str, text: str) -> Event:
    if kind == "note":
        pitch, length = read_note(text)
        return Event(length, length, [(pitch, length, False)])
    if kind == "group":
        notes, factor = read_group(text)
        # The standard: a group lasts as long as its first note.
        length = notes[0][1] * factor
        return Event(length, length, [(pitch, own * factor, tie) for pitch, own, tie in notes])
    if text[0] in "ZX":
        bars = int(text[1:4] or 1)  # four digits are out of range in any case
        if not 1 <= bars <= _MAX_REST_BARS:
            raise NotationError(f"the rest {text} is out of range")
        return Event(_NONE, _NONE, [], rest_bars=bars)
    _, length = read_note("C" + text[1:])
    return Event(length, length, [])
