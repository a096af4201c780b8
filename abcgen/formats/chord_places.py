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
        When each chord begins, in units, and its symbol. Of several that belong to one note the
        last is written.
    origin : int or Fraction
        When a full bar would begin, earlier than the first event if that is in a pickup.

    Notes
    -----
    In ABC a symbol stands before a note. So a note that sounds on where a chord begins is cut
    there and tied, if that is at a whole eighth and not in a tuplet; else the symbol goes to the
    next note of the bar, if there is one.
    """
    found: list[Event] = []
    rest = list(reversed(events))
    symbol = ""

    def pass_on() -> None:
        nonlocal symbol
        event = rest.pop()
        found.append(replace(event, before=f'"{symbol}"{event.before}') if symbol else event)
        symbol = ""

    for onset, following in sorted(chords, key=lambda chord: chord[0]):
        while rest and rest[-1].end <= onset:
            pass_on()
        if rest and rest[-1].onset < onset:
            if (onset - origin) % UNIT == 0 and _may_be_cut(rest[-1], origin):
                rest[-1:] = reversed(_cut(rest[-1], onset))
            pass_on()
        symbol = following
    while rest:
        pass_on()
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
