"""Chord symbols put before the notes that they begin with."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from abcgen.formats.bar_text import UNIT, Event, Head

#: What the onsets and lengths of notes that may be cut are multiples of: tuplets stay whole.
_SIXTEENTH = UNIT // 2


def with_chords(
    events: Sequence[Event],
    chords: Sequence[tuple[int | Fraction, str]],
    origin: int | Fraction,
) -> list[Event]:
    """Return the events of a bar with chord symbols before them.

    Parameters
    ----------
    events : sequence of Event
        One after the other, without gaps.
    chords : sequence of (int or Fraction, str)
        When each chord begins, in units and in order, and its symbol. Of several that belong to one
        note the last is written.
    origin : int or Fraction
        When a full bar would begin, earlier than the first event if that is in a pickup.

    Notes
    -----
    In ABC a symbol stands before a note. So a note that sounds on where a chord begins is cut
    there and tied, if that is at a whole eighth and not in a tuplet; else the symbol goes to the
    next note of the bar, if there is one.
    """
    found = list(events)
    symbols: dict[int, str] = {}
    for onset, symbol in chords:
        at = next((n for n, event in enumerate(found) if event.end > onset), len(found))
        if at < len(found) and found[at].onset < onset:
            if (onset - origin) % UNIT == 0 and _may_be_cut(found[at], origin):
                found[at : at + 1] = _cut(found[at], onset)
            at += 1
        if at < len(found):
            symbols[at] = symbol
    for at, symbol in symbols.items():
        found[at] = replace(found[at], before=f'"{symbol}"{found[at].before}')
    return found


def _may_be_cut(event: Event, origin: int | Fraction) -> bool:
    return (event.onset - origin) % _SIXTEENTH == 0 and event.length % _SIXTEENTH == 0


def _cut(event: Event, time: int | Fraction) -> tuple[Event, Event]:
    """Return the two parts of a note or rest."""
    before = [Head(one.letter, one.alteration, True, one.continued) for one in event.heads]
    behind = [Head(one.letter, one.alteration, one.tied, True) for one in event.heads]
    return (
        Event(before, time - event.onset, event.onset, event.before),
        Event(behind, event.end - time, time),
    )
