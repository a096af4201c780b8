"""The music of a bar as ABC, from notes of any length, for what reads other formats.

Times are whole units, `QUARTER` of them a quarter note, so that 1/128 notes and tuplets of three,
five, seven and nine are whole numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from abcgen.errors import NotationError
from abcgen.formats.midi import TICKS_PER_QUARTER
from abcgen.grammar.spelling import SAFE_LENGTHS
from abcgen.notation.keys import signature
from abcgen.notation.meters import is_compound
from abcgen.notation.tokens import ALTERATIONS

QUARTER = TICKS_PER_QUARTER
WHOLE = 4 * QUARTER
#: The unit note length, L:1/8.
UNIT = QUARTER // 2
#: What every time outside of tuplets is a multiple of: 1/128.
_BINARY = QUARTER // 32
#: Notes in a tuplet -> in the time of how many.
_TUPLETS = {3: 2, 5: 4, 7: 4, 9: 8}
_FEWEST_IN_TUPLET = 3
#: Lengths in a tuplet, in unit note lengths, that notes of one tuplet have.
_IN_TUPLETS = frozenset(map(Fraction, ("1/4", "1/2", "3/4", "1", "3/2", "2", "3", "4")))
_SIGNS = {alteration: sign for sign, alteration in ALTERATIONS.items()}


@dataclass(frozen=True, slots=True)
class Head:
    """One note of an event.

    Attributes
    ----------
    letter : str
        With its octave: ``C,`` to ``c'`` and beyond.
    alteration : int
        -2 to 2: flats and sharps that sound.
    tied, continued : bool
        Whether it is tied to the next note, and from the one before.
    """

    letter: str
    alteration: int
    tied: bool = False
    continued: bool = False


@dataclass(slots=True)
class Event:
    """A note, several at once, or a rest: how long, and when, in units.

    Attributes
    ----------
    heads : sequence of Head
        From low to high; empty for a rest.
    length, onset : int or Fraction
        In units; the onset as that of the bar.
    before : str
        What is written before it: chord symbol, grace notes, decorations.
    """

    heads: Sequence[Head]
    length: int | Fraction
    onset: int | Fraction
    before: str = ""

    @property
    def end(self) -> int | Fraction:
        """When it ends."""
        return self.onset + self.length


class Accidentals:
    """What holds for each letter within a bar, and so which accidentals must be written.

    Parameters
    ----------
    key : str
        The key of the bar.
    """

    def __init__(self, key: str) -> None:
        self._signature = signature(key)
        self._altered: dict[str, int] = {}

    def written(self, head: Head, passing: bool = False) -> str:
        """Return a note with an accidental where it needs one.

        A tie keeps the accidental, which is then not written. That of a passing note, which a grace
        note is, is for itself alone.
        """
        holds = self._altered.get(head.letter, self._signature.get(head.letter[0].upper(), 0))
        if head.continued or holds == head.alteration:
            return head.letter
        if not passing:
            self._altered[head.letter] = head.alteration
        return _SIGNS[head.alteration] + head.letter

    def group(self, heads: Sequence[Head], length: Fraction, tie: bool = False) -> str:
        """Return a note, or several at once in brackets, with its length and ties."""
        all_tied = tie or all(head.tied for head in heads)
        notes = [self.written(head) + ("-" if head.tied and not all_tied else "") for head in heads]
        inside = notes[0] if len(notes) == 1 else f"[{''.join(notes)}]"
        return inside + length_text(length) + ("-" if all_tied else "")


def bar_text(
    events: Sequence[Event], accidentals: Accidentals, meter: str, origin: int | Fraction
) -> str:
    """Return the music of a bar, with spaces between beats.

    Parameters
    ----------
    events : sequence of Event
        One after the other, without gaps.
    accidentals : Accidentals
        New for each bar.
    meter : str
        As ABC writes it.
    origin : int
        When a full bar would begin: earlier than the first event, if that is in a pickup.

    Raises
    ------
    NotationError
        If a tuplet goes over the bar line, or cannot be written.
    """
    beam = _beam_of(meter)
    begin = events[0].onset if events else 0
    events = list(events)
    text = ""
    index = 0
    while index < len(events):
        event = events[index]
        continued = bool(event.heads) and all(head.continued for head in event.heads)
        if text and (event.onset - origin) % beam == 0 and not continued:
            text += " "
        if event.length % _BINARY == 0 and (event.onset - begin) % _BINARY == 0:
            text += event.before
            text += "".join(_parts(event, Fraction(event.length) / UNIT, accidentals))
            index += 1
            continue
        several = _up_to_tuplet_end(events, index, begin)
        if several[-1].end - event.onset > QUARTER and not _is_plain_tuplet(several):
            shorter = [part for one in several for part in _cut_at_beats(one, begin, origin)]
            if len(shorter) > len(several):
                events[index : index + len(several)] = shorter
                continue
        text += _tuplet(several, accidentals)
        index += len(several)
    return text


def length_text(length: Fraction) -> str:
    """Return a length as it is written, in unit note lengths: nothing for 1, ``3``, ``3/2``."""
    if length.denominator == 1:
        return "" if length == 1 else str(length.numerator)
    return f"{'' if length.numerator == 1 else length.numerator}/{length.denominator}"


def _beam_of(meter: str) -> int:
    """Return the length of what is written together."""
    if is_compound(meter):
        return 3 * UNIT
    return 2 * QUARTER if meter in ("C", "C|", "4/4", "2/2") else QUARTER


def _parts(event: Event, length: Fraction, accidentals: Accidentals) -> list[str]:
    """Return a note or rest, as several tied ones where no single length is safe."""
    *several, last = _safe(length)
    if not event.heads:
        return ["z" + length_text(one) for one in (*several, last)]
    parts, heads = [], event.heads
    for one in several:
        parts.append(accidentals.group(heads, one, tie=True))
        heads = [replace(head, continued=True) for head in heads]
    return [*parts, accidentals.group(heads, last)]


def _safe(length: Fraction) -> list[Fraction]:
    """Return lengths that every program reads and that make up one together."""
    if length in SAFE_LENGTHS:
        return [length]
    parts = []
    while length:
        part = max((safe for safe in SAFE_LENGTHS if safe <= length), default=length)
        parts.append(part)
        length -= part
    return parts


def _up_to_tuplet_end(
    events: Sequence[Event], start: int, begin: int | Fraction
) -> Sequence[Event]:
    """Return the events from one on up to where a tuplet may end."""
    for stop in range(start + 1, len(events) + 1):
        if (events[stop - 1].end - begin) % _BINARY == 0:
            return events[start:stop]
    raise NotationError("a tuplet goes over a bar line")


def _is_plain_tuplet(events: Sequence[Event]) -> bool:
    """Return whether people would write some events over several beats as one tuplet."""
    found = _tuplet_of(events)
    if found is None or len(events) < _FEWEST_IN_TUPLET:
        return False
    return all(length in _IN_TUPLETS for length in found[1])


def _cut_at_beats(event: Event, begin: int | Fraction, origin: int | Fraction) -> list[Event]:
    """Return a note or rest in tied parts: what is in a tuplet stays within its beat."""

    def beat(time: int | Fraction) -> int | Fraction:
        return time - (time - origin) % QUARTER

    cuts = {event.onset, event.end}
    if (event.end - begin) % _BINARY:
        cuts.add(max(beat(event.end), event.onset))
    if (event.onset - begin) % _BINARY:
        cuts.add(min(beat(event.onset) + QUARTER, event.end))
    parts = []
    before, heads = event.before, event.heads
    for now, until in pairwise(sorted(cuts)):
        tied = [replace(head, tied=head.tied or until < event.end) for head in heads]
        parts.append(Event(tied, until - now, now, before))
        before, heads = "", [replace(head, continued=True) for head in heads]
    return parts


def _tuplet_of(events: Sequence[Event]) -> tuple[int, list[Fraction]] | None:
    """Return the kind of tuplet that some events are, and their lengths in it."""
    for notes, time in _TUPLETS.items():
        lengths = [Fraction(event.length) * notes / (UNIT * time) for event in events]
        if all(length.denominator & (length.denominator - 1) == 0 for length in lengths):
            return notes, lengths
    return None


def _tuplet(events: Sequence[Event], accidentals: Accidentals) -> str:
    """Return the notes of a tuplet."""
    found = _tuplet_of(events)
    if found is None:
        raise NotationError(
            f"notes of {Fraction(events[0].length) / WHOLE} of a whole note are no tuplet that can "
            "be written"
        )
    notes, lengths = found
    written = [
        _parts(event, length, accidentals) for event, length in zip(events, lengths, strict=True)
    ]
    count = sum(map(len, written))
    mark = f"({notes}" if notes == count == 3 else f"({notes}:{_TUPLETS[notes]}:{count}"
    text = ""
    for index, (event, parts) in enumerate(zip(events, written, strict=True)):
        # Chord symbol and grace notes stand before the mark, or else they would be in the tuplet.
        text += event.before + (mark if index == 0 else "") + "".join(parts)
    return text
