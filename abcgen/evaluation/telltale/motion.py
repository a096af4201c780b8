"""Features of a melody's notes: range, rhythm, degrees of the scale, steps and leaps."""

import itertools
import math
from collections import Counter
from collections.abc import Sequence
from statistics import fmean, pstdev

from abcgen.evaluation.telltale.outline import TICKS, Outline
from abcgen.evaluation.telltale.shares import FIDDLE, WHISTLE, count_shares
from abcgen.evaluation.telltale.values import NONE, Features, entropy, histogram, mean, share

_EIGHTHS = 8  # in a whole note
_LENGTHS = (0.25, 0.5, 1 / 3, 2 / 3, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0)  # in eighths
_WIDEST = 12  # semitones
_STEP = 2  # semitones of the widest step; more is a leap
_WIDE_LEAP = 7  # semitones
_SCALES = {"": (0, 2, 4, 5, 7, 9, 11), "m": (0, 2, 3, 5, 7, 8, 10)}


def range_of(outline: Outline) -> Features:
    """Return the features of range by name; pitches are MIDI notes."""
    pitches = [note.pitch for note in outline.notes]
    shares = count_shares([outline])
    found = {
        "lowest note": float(min(pitches)),
        "highest note": float(max(pitches)),
        "span in semitones": float(max(pitches) - min(pitches)),
        "mean pitch": fmean(pitches),
        "standard deviation of pitch": pstdev(pitches),
        "mean pitch above the tonic": fmean(pitches) - 60 - outline.tonic,
        "lowest note above the tonic": float((min(pitches) - outline.tonic) % 12),
        "highest note above the tonic": float((max(pitches) - outline.tonic) % 12),
        WHISTLE: float(shares[WHISTLE][0]),
        FIDDLE: float(shares[FIDDLE][0]),
        "notes below D4": share(pitch < 62 for pitch in pitches),
        "notes above A5": share(pitch > 81 for pitch in pitches),
    }
    by_part = [[step for bar in part.bars for step in bar.steps] for part in outline.parts]
    first, second = [*by_part, []][:2]
    both = bool(first and second)
    found["second section higher, in steps"] = fmean(second) - fmean(first) if both else NONE
    found["second section reaches higher, in steps"] = max(second) - max(first) if both else NONE
    found["second section reaches lower, in steps"] = min(first) - min(second) if both else NONE
    return found


def rhythm_of(outline: Outline) -> Features:
    """Return the features of rhythm by name."""
    lengths = [float(note.duration * _EIGHTHS) for note in outline.notes]
    bars = outline.bars
    counts = [len(bar.steps) for bar in bars]
    rests = [step is None for bar in bars for step, _, _ in bar.notes]
    onsets = [float(note.onset * _EIGHTHS) for note in outline.notes]
    found = histogram("notes of eighths:", [f"{one:.3g}" for one in _LENGTHS], map(_name, lengths))
    found |= {
        "notes of a bar": mean(counts),
        "notes of a bar, standard deviation": pstdev(counts),
        "notes of the fullest bar": float(max(counts)),
        "notes of the emptiest bar": float(min(counts)),
        "entropy of lengths": entropy(lengths),
        "entropy of bars' rhythms": entropy([bar.rhythm for bar in bars]),
        "bars of equal notes": share(len(set(bar.rhythm)) == 1 for bar in bars),
        "bars of the commonest rhythm": max(Counter(bar.rhythm for bar in bars).values())
        / len(bars),
        "rests": share(rests),
        "length changes from note to note": share(
            one != other for one, other in itertools.pairwise(lengths)
        ),
        "short before long": share(
            one < other for one, other in itertools.pairwise(lengths) if one != other
        ),
        "onsets off the eighths": share(onset % 1 != 0 for onset in onsets),
        "longest note in eighths": max(lengths),
        "first note of a bar in eighths": mean(b.notes[0][2] / TICKS for b in bars if b.notes),
        "last note of a bar in eighths": mean(b.notes[-1][2] / TICKS for b in bars if b.notes),
    }
    return found


def _name(length: float) -> str:
    return f"{length:.3g}"


def degrees_of(outline: Outline) -> Features:
    """Return the features of degrees by name."""
    semitones = [(note.pitch - outline.tonic) % 12 for note in outline.notes]
    minor = outline.tune.setting.key[1:].lstrip("#b") not in ("", "mix", "lyd")
    scale = _SCALES["m" if minor else ""]
    tonic_step = "CDEFGAB".index(outline.tune.setting.key[0])
    firsts = [(bar.steps[0] - tonic_step) % 7 + 1 for bar in outline.bars if bar.steps]
    found = histogram("semitones above the tonic:", range(12), semitones)
    found |= histogram("bars begin on degree", range(1, 8), firsts)
    found["notes outside of the scale"] = share(one not in scale for one in semitones)
    found["accidentals"] = share(bool(sign) for bar in outline.bars for _, sign, _ in bar.notes)
    found["entropy of degrees"] = entropy(semitones)
    found["entropy of bars' first degrees"] = entropy(firsts)
    found["notes of the tonic's triad"] = share(
        one in (0, 3 if minor else 4, 7) for one in semitones
    )
    return found


def steps_of(outline: Outline) -> Features:
    """Return the features of steps and leaps by name."""
    pitches = [note.pitch for note in outline.notes]
    steps = [after - before for before, after in itertools.pairwise(pitches)]
    turns = list(itertools.pairwise(steps))
    found = histogram(
        "semitones to the next note:",
        range(-_WIDEST, _WIDEST + 1),
        [max(-_WIDEST, min(_WIDEST, step)) for step in steps],
    )
    found |= {
        "mean size of steps": mean(map(abs, steps)),
        "repeated notes": share(step == 0 for step in steps),
        "steps of the scale": share(0 < abs(step) <= _STEP for step in steps),
        "leaps": share(abs(step) > _STEP for step in steps),
        "wide leaps": share(abs(step) > _WIDE_LEAP for step in steps),
        "upward": share(step > 0 for step in steps if step),
        "turns": share(one * other < 0 for one, other in turns),
        "leaps answered by a turn": share(
            one * other < 0 for one, other in turns if abs(one) > _STEP
        ),
        "two leaps one way": share(
            min(abs(one), abs(other)) > _STEP and one * other > 0 for one, other in turns
        ),
        "two steps one way": share(
            0 < abs(one) <= _STEP and 0 < abs(other) <= _STEP and one * other > 0
            for one, other in turns
        ),
        "there and back": share(one == -other != 0 for one, other in turns),
        "longest run one way": float(_longest_run(steps)),
        "entropy of steps": entropy(steps),
        "entropy of pairs of steps": entropy(turns),
        "steps over bar lines": _over_bar_lines(outline),
    }
    return found


def _longest_run(steps: Sequence[int]) -> int:
    """Return the most steps that go one way, one after the other."""
    signs = [math.copysign(1, step) if step else 0 for step in steps]
    return max((len(list(run)) for sign, run in itertools.groupby(signs) if sign), default=0)


def _over_bar_lines(outline: Outline) -> float:
    """Return the mean size of the steps over bar lines within sections, in steps of the scale."""
    return mean(
        abs(after.steps[0] - before.steps[-1])
        for part in outline.parts
        for before, after in itertools.pairwise(part.bars)
        if before.steps and after.steps
    )
