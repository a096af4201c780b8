"""The bars of a MIDI file: its metre, and the pickup that the music begins with."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from abcgen.errors import CorpusError
from abcgen.formats.bar_text import QUARTER, WHOLE
from abcgen.formats.midi_in.downbeats import by_bass, by_changes, standing_out
from abcgen.formats.midi_in.events import Recording
from abcgen.formats.midi_in.harmony import Heard
from abcgen.formats.midi_in.line import Sound

_SIXTEENTH = QUARTER // 4
_MOST_BARS = 2000
#: Numerator and denominator as ABC writes the metre.
_NAMES = {(2, 2): "C|"}
#: How much more of one metre than of another the changes of chords must stand out.
_PLAINER = 0.1
#: The share of bars that notes must begin in a metre that the file does not say, and by how much
#: more they must begin those of 3/4, since 4/4 is usual.
_BEGUN, _CLEARER = 0.5, 0.25
#: Short bars at the start: a pickup to the tune, and before it notes that only call to the dance.
_MOST_PICKUPS = 2
#: The part of a bar that a rest at the start must have, if what follows it is a pickup.
_PADDED = 0.5


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: when it begins and ends, in units, and its metre as ABC writes it."""

    onset: int
    end: int
    meter: str
    full: int

    @property
    def length(self) -> int:
        """How long it lasts."""
        return self.end - self.onset


@dataclass(frozen=True, slots=True)
class _Signature:
    """A time signature: from when on it holds, in units, its name, and how long a bar is."""

    onset: int
    meter: str
    full: int


def bars_of(
    recording: Recording, line: Sequence[Sound], bass: Sequence[int], heard: Sequence[Heard] = ()
) -> list[Bar]:
    """Return the bars from the first to the last note; the first is short if it is a pickup.

    Parameters
    ----------
    recording : Recording
        For its time signatures.
    line : sequence of Sound
        The melody on the grid.
    bass : sequence of int
        When the bass plays, in units, in order; empty where there is no bass.
    heard : sequence of Heard
        What goes with the melody, in order.

    Notes
    -----
    A first time signature that lasts for one short bar says that it is a pickup; so abcgen writes
    them. Else, if all parts begin with a rest, chords may change on other beats than the bar lines
    of the file; else a rest at the start may fill a pickup up to a full bar; else the bass may
    begin with the first full bar. Where nothing of this is found, the first bar is a full one.

    Raises
    ------
    CorpusError
        If the file says no metre and its notes fit into bars of neither four nor three quarter
        notes, or if it has too many bars.
    """
    if recording.meters:
        signatures = _signatures(recording)
    else:
        signatures = [_counted_by_ear(line, bass, heard)]
    end = int(line[-1].end)
    if end > _MOST_BARS * min(one.full for one in signatures):
        raise CorpusError(f"the MIDI file has more than {_MOST_BARS} bars")
    bars = _lay_out(signatures, end)
    if len(signatures) == 1 or bars[0].length == bars[0].full:
        shift = _shift(bars[0].full, line, bass, heard)
        if shift:
            first = _Signature(shift, signatures[0].meter, signatures[0].full)
            later = [one for one in signatures[1:] if one.onset > shift]
            bars = _lay_out([first, *later], end)
            if line[0].onset < shift:
                bars.insert(0, Bar(0, shift, first.meter, first.full))
    begun = next(n for n, bar in enumerate(bars) if bar.end > line[0].onset)
    if begun and bars[begun - 1].length < bars[begun - 1].full == bars[begun].full:
        begun -= 1  # a pickup may be silent
    sounding = [bar for bar in bars[begun:] if bar.onset < end]
    return [_without_padding(sounding[0], int(line[0].onset)), *sounding[1:]]


def _without_padding(bar: Bar, onset: int) -> Bar:
    """Return the first bar without the rest that fills a pickup up to a full bar.

    A pickup that begins within a triplet keeps the rest of its beat.
    """
    if bar.length == bar.full and onset - bar.onset >= _PADDED * bar.full:
        begin = onset if (bar.end - onset) % _SIXTEENTH == 0 else onset // QUARTER * QUARTER
        return Bar(begin, bar.end, bar.meter, bar.full)
    return bar


def _signatures(recording: Recording) -> list[_Signature]:
    """Return the time signatures; where two are at one place, the last."""
    found: dict[int, _Signature] = {}
    for said in recording.meters:
        onset = round(said.tick * QUARTER / recording.ticks)
        full = said.numerator * WHOLE // said.denominator
        meter = _NAMES.get((said.numerator, said.denominator))
        found[onset] = _Signature(onset, meter or f"{said.numerator}/{said.denominator}", full)
    if 0 not in found:
        found[0] = _Signature(0, "4/4", WHOLE)
    ordered = [found[onset] for onset in sorted(found)]
    return ordered[:1] + [b for a, b in pairwise(ordered) if (a.meter, a.full) != (b.meter, b.full)]


def _lay_out(signatures: Sequence[_Signature], end: int) -> list[Bar]:
    """Return bars from the first time signature on; the last one may reach beyond the end.

    A signature that holds for one bar, with another before it that comes back, is that of a bar
    too long or too short in a metre that does not change.
    """
    bars = []
    short = _short_at_first(signatures, end)
    for index, one in enumerate(signatures):
        last = signatures[index + 1].onset if index + 1 < len(signatures) else None
        meter, full = one.meter, one.full
        if index < short:
            meter, full = signatures[short].meter, signatures[short].full
        elif index and last is not None and last - one.onset == full:
            before, after = signatures[index - 1], signatures[index + 1]
            if before.full == after.full:
                meter, full = after.meter, after.full
        start = one.onset
        stop = end if last is None else last
        while start < stop:
            finish = start + one.full if last is None else min(start + one.full, last)
            bars.append(Bar(start, finish, meter, full))
            start = finish
    return bars


def _short_at_first(signatures: Sequence[_Signature], end: int) -> int:
    """Return how many of the first signatures are those of a pickup: each holds for a short bar."""
    if _comes_back(signatures, end):
        return 0
    for count in range(_MOST_PICKUPS, 0, -1):
        *first, metre = signatures[: count + 1]
        if len(first) == count and all(
            one.full < metre.full and after.onset - one.onset == one.full
            for one, after in zip(first, [*first[1:], metre], strict=True)
        ):
            return count
    return 0


def _comes_back(signatures: Sequence[_Signature], end: int) -> bool:
    """Return whether the first signature is a metre: the third is the same, for several bars."""
    first, third = signatures[0], signatures[2:3]
    stop = signatures[3].onset if len(signatures) > 3 else end
    return any(one.full == first.full and stop - one.onset > one.full for one in third)


def _shift(full: int, line: Sequence[Sound], bass: Sequence[int], heard: Sequence[Heard]) -> int:
    """Return how long after the file the first full bar begins, if the file does not say it."""
    begin = int(line[0].onset)
    late = by_changes(full, min([begin, *(note.onset for note in heard[:1])]), heard)
    if late or begin % full >= _PADDED * full:
        return late  # without it, the bar of the pickup is there, filled with a rest
    return by_bass(full, bass)


def _counted_by_ear(
    line: Sequence[Sound], bass: Sequence[int], heard: Sequence[Heard]
) -> _Signature:
    """Return 4/4 or 3/4: the one in which chords change with the bars, if they tell.

    Else it is 4/4, or 3/4 if notes and bass begin its bars much more often.

    Raises
    ------
    CorpusError
        If they begin the bars of neither.
    """
    four, three = (standing_out(full, heard) for full in (WHOLE, 3 * QUARTER))
    if not four or not three or abs(four - three) < _PLAINER:
        four, three = (_begun(full, line, bass) for full in (WHOLE, 3 * QUARTER))
        if max(four, three) < _BEGUN:
            raise CorpusError(
                "the MIDI file says no metre (time signature), and its notes fit into neither 4/4 "
                "nor 3/4; set the metre in the program that made it"
            )
        four += _CLEARER
    return _Signature(0, "3/4", 3 * QUARTER) if three > four else _Signature(0, "4/4", WHOLE)


def _begun(full: int, line: Sequence[Sound], bass: Sequence[int]) -> float:
    """Return the share of bars of a length that notes of the melody or the bass begin."""
    onsets, struck = {int(sound.onset) for sound in line}, set(bass)
    lines = range(int(line[0].onset) // full * full, int(line[-1].onset) + 1, full)
    melody = sum(place in onsets for place in lines) / len(lines)
    below = [place for place in lines if bass and bass[0] <= place <= bass[-1]]
    return max(melody, sum(one in struck for one in below) / max(len(below), 4))
