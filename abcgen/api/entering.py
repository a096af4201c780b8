"""Notes that somebody plays one by one, written down as ABC."""

from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

from abcgen.errors import UsageError

#: The unit note length in which notes are written: an eighth.
UNIT = Fraction(1, 8)
_LONGEST = 64  # eighths


class Played(NamedTuple):
    """A note or rest that was played.

    Attributes
    ----------
    pitch : int or None
        MIDI note number; None for a rest.
    eighths : Fraction
        How long it is, in eighth notes.
    """

    pitch: int | None
    eighths: Fraction


def written(notes: Iterable[Played], *, key: str, meter: str) -> str:
    """Return the music of notes in ABC of L:1/8, with bar lines and the accidentals it needs.

    A note that goes over a bar line is tied. Behind the last bar stands a bar line if it is full.

    Parameters
    ----------
    notes : iterable of Played
        One after the other, the first at the beginning of a bar.
    key, meter : str
        ``Edor``; ``6/8``.

    Raises
    ------
    NotationError
        If there is no such key or metre.
    UsageError
        If a pitch or a length is none.
    """
    from abcgen.formats.bar_text import QUARTER, Accidentals, Event, Head, bar_text
    from abcgen.formats.midi_in.pitches import spelled
    from abcgen.notation.fields import read_meter
    from abcgen.notation.keys import spell_key

    key, bar = spell_key(key), int(read_meter(meter) * 4 * QUARTER)
    bars: list[list[Event]] = [[]]
    filled = 0
    for pitch, eighths in notes:
        _check(pitch, eighths)
        left = int(eighths * QUARTER / 2)
        continued = False
        while left:
            if filled == bar:
                bars.append([])
                filled = 0
            part = min(left, bar - filled)
            left -= part
            heads = [] if pitch is None else [Head(*spelled(pitch, key), left > 0, continued)]
            bars[-1].append(Event(heads, part, filled))
            continued = True
            filled += part
    music = "|".join(bar_text(events, Accidentals(key), meter, 0) for events in bars)
    return music + "|" * (filled == bar)


def _check(pitch: int | None, eighths: Fraction) -> None:
    if pitch is not None and not 0 <= pitch < 128:
        raise UsageError(f"a pitch must be 0 to 127, not {pitch}")
    if not 0 < eighths <= _LONGEST or eighths.denominator not in (1, 2, 4):
        raise UsageError(
            f"a note must last 1/4 to {_LONGEST} eighths, in quarters of one, not {eighths}"
        )
