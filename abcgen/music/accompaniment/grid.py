"""What is struck when: the pattern of a rhythm laid over the bars and chords of a tune."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from abcgen.music.accompaniment.chords import Span, span_at
from abcgen.music.accompaniment.patterns import SWINGING
from abcgen.music.measures import missing_starts
from abcgen.music.sounds import Note, PlayedBar
from abcgen.notation.tune import read_meter

_BEAT, _OFF_BEAT, _DOTTED = Fraction(1, 4), Fraction(1, 8), Fraction(3, 16)  # of a whole note
#: Signs beside those of `abcgen.music.accompaniment.patterns`: bass and chord together, the same
#: where no stroke of the pattern falls, a step of a run of the bass, and the last chord.
BOTH, BETWEEN, RUN, HELD = "b", "i", "r", "H"
_CLOSEST = 100  # denominator of a swing, as in `abcgen.music.swing`


@dataclass(frozen=True, slots=True)
class Measure:
    """A bar as it is counted: a short one at the end of a section and the next pickup are one.

    Attributes
    ----------
    onset, end : Fraction
        In whole notes.
    skipped : Fraction
        How much of the bar is missing before its onset.
    number : int
        How many full bars began before it; -1 for a pickup at the start of the tune.
    meter, key : str
    """

    onset: Fraction
    end: Fraction
    skipped: Fraction
    number: int
    meter: str
    key: str


class Struck(NamedTuple):
    """A stroke: its onset in whole notes, its sign, and the MIDI note number of a step of a run."""

    onset: Fraction
    sign: str
    pitch: int = 0


def measures_of(bars: Sequence[PlayedBar]) -> list[Measure]:
    """Return bars as they are counted; a rest of several bars, or a bar too long, is cut."""
    found: list[Measure] = []
    number = -1
    for bar, skipped in zip(bars, missing_starts(bars), strict=True):
        meter, key = bar.setting.meter, bar.setting.key
        full, end = read_meter(meter), bar.onset + bar.duration
        last = found[-1] if found else None
        if skipped and last is not None and last.end - last.onset + last.skipped == skipped:
            found[-1] = Measure(last.onset, end, last.skipped, last.number, last.meter, last.key)
            continue
        onset = bar.onset
        while onset < end:
            number += not skipped
            until = min(end, onset + full - skipped)
            found.append(Measure(onset, until, skipped, number, meter, key))
            onset, skipped = until, Fraction(0)
    return found


def off_beat_of(
    notes: Sequence[Note], measures: Sequence[Measure], rhythm: str, swing: float | None
) -> Fraction:
    """Return how long after its beat the second eighth of a quarter is struck, in whole notes.

    It is that of the swing that was asked for, or else, in rhythms that swing, where most notes
    of the melody lie between two beats.
    """
    if swing is not None:
        return _BEAT * Fraction(swing).limit_denominator(_CLOSEST)
    if rhythm not in SWINGING:
        return _OFF_BEAT
    places: Counter[Fraction] = Counter()
    for note in notes:
        place = bisect_right(measures, note.onset, key=lambda measure: measure.onset) - 1
        measure = measures[place]
        places[(note.onset - measure.onset + measure.skipped) % _BEAT] += 1
    between = {place: count for place, count in places.items() if _OFF_BEAT <= place <= _DOTTED}
    return max(between, key=lambda place: between[place], default=_BEAT * 2 / 3)


def laid_over(
    measure: Measure, pattern: Sequence[tuple[str, Fraction]], off_beat: Fraction
) -> dict[Fraction, str]:
    """Return the signs of a pattern by their onset in a measure; it may have only some of them.

    Parameters
    ----------
    measure : Measure
    pattern : sequence of (str, Fraction)
        Signs, and their places in a full bar in whole notes.
    off_beat : Fraction
        As `off_beat_of` gives it.
    """
    swings = not measure.meter.endswith(("/8", "/16", "/32"))
    signs: dict[Fraction, str] = {}
    for sign, place in pattern:
        later = off_beat - _OFF_BEAT if swings and place % _BEAT == _OFF_BEAT else 0
        onset = measure.onset + place + later - measure.skipped
        if measure.onset <= onset < measure.end:
            signs[onset] = sign
    return signs


def strokes_in(
    measure: Measure,
    spans: Sequence[Span],
    pattern: Sequence[tuple[str, Fraction]],
    off_beat: Fraction,
) -> list[Struck]:
    """Return what is struck in a measure, in order: a pattern, and each chord where it begins."""
    signs = laid_over(measure, pattern, off_beat)
    for span in spans[max(span_at(spans, measure.onset), 0) :]:
        if span.onset >= measure.end:
            break
        if span.onset > measure.onset and span.chord is not None:
            before = signs.get(span.onset, "")
            signs[span.onset] = {"B": "B", "d": BOTH, "D": BOTH}.get(before, BETWEEN)
    return [Struck(onset, sign) for onset, sign in sorted(signs.items())]


def with_end(strokes: Sequence[Struck], last_note: Fraction, last_chord: Fraction) -> list[Struck]:
    """Return the strokes of the last measure so that its chord is held to the end.

    Parameters
    ----------
    strokes : sequence of Struck
        At least one, those of the measure as any other.
    last_note, last_chord : Fraction
        Onsets of the last note of the melody and of the last chord: it is held from the strong
        beat of the note on, or from its own onset if that is later.
    """
    strong = [one.onset for one in strokes if one.sign in ("B", BOTH, BETWEEN)]
    first = max((onset for onset in strong if onset <= last_note), default=strokes[0].onset)
    held = max(first, last_chord)
    return [*(one for one in strokes if one.onset < held), Struck(held, HELD)]


def places_of_run(strokes: Sequence[Struck], measure: Measure) -> list[Struck]:
    """Return the last two strokes of bass or chord, in which the bass may walk; or none."""
    places = [one for one in strokes if one.sign in "BdD" and one.onset > measure.onset]
    return places[-2:] if len(places) > 1 else []


def with_run(
    strokes: Sequence[Struck], places: Sequence[Struck], run: Sequence[int]
) -> list[Struck]:
    """Return strokes with a run of two steps in two places, or one step in one of them.

    A single step takes the place of the bass, if it has one there, so that the chord remains.
    """
    if len(run) < len(places):
        places = [next((one for one in places if one.sign == "B"), places[-1])]
    steps = {
        place.onset: Struck(place.onset, RUN, pitch)
        for place, pitch in zip(places, run, strict=True)
    }
    first = min(steps)
    return [
        steps.get(one.onset, one)
        for one in strokes
        if one.onset in steps or one.onset < first or (len(run) == 1 and one.sign in "dD")
    ]
