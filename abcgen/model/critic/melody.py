"""What a critic measures of melodies: steps, degrees, lengths, range, ends of sections."""

import itertools
import math
from collections import Counter
from collections.abc import Sequence

from abcgen.model.critic.seen import (
    EIGHTH,
    OCTAVE,
    Measures,
    SeenBar,
    SeenTune,
    add_mean,
    add_shares,
)

_MOST_MOVED = 5  # steps that are told apart
_LENGTHS = (12, 16, 24, 32, 36, 48, 72, 96, 144, 192, 288)  # in 1/384 notes
_TICKS = EIGHTH // 48  # of 1/384 note
_HALF, _WHOLE = 4, 8  # bars
_FEWEST = 3  # notes


def melody_of(tune: SeenTune) -> Measures:
    """Return what is measured of a melody."""
    found: Measures = {}
    events = [event for bar in tune.bars for event in bar.notes]
    add_mean(found, "rests", (step == 0 for _, step, _ in events))
    add_mean(found, "accidentals", (bool(sign) for _, _, sign in events))
    lengths = [length // _TICKS for bar in tune.bars for length in bar.lengths]
    add_shares(found, "length", lengths, _LENGTHS)
    add_mean(found, "lengths", lengths)
    counts = [len(bar.notes) for bar in tune.bars]
    add_mean(found, "notes of a bar", counts)
    found["notes of a bar, spread"] = _spread(counts)
    steps = [step for bar in tune.bars for step in bar.steps]
    if len(steps) >= _FEWEST:
        found |= _range(steps) | _moves(steps)
        add_shares(found, "degree", map(tune.degree, steps), range(OCTAVE))
    sounding = [bar for bar in tune.bars if bar.steps]
    add_shares(
        found, "first degree", (tune.degree(bar.steps[0]) for bar in sounding), range(OCTAVE)
    )
    over = [abs(b.steps[0] - a.steps[-1]) for a, b in itertools.pairwise(sounding)]
    add_mean(found, "steps over bar lines", over)
    add_shares(found, "step over bar lines", over, (0, 1))
    middles = []
    for number, section in enumerate(tune.sections[:2], 1):
        ends = _ends(tune, section)
        found |= {f"section {number}: {name}": value for name, value in ends.items()}
        middles += [ends["middle"]] if ends else []
    if len(middles) > 1:
        found["second section higher"] = middles[1] - middles[0]
    return found


def _range(steps: Sequence[int]) -> Measures:
    low, high = min(steps), max(steps)
    return {
        "lowest": low,
        "highest": high,
        "span": high - low,
        "middle": sum(steps) / len(steps),
        "spread": _spread(steps),
    }


def _moves(steps: Sequence[int]) -> Measures:
    """Return how a melody moves from note to note."""
    moves = [after - before for before, after in itertools.pairwise(steps)]
    found: Measures = {}
    add_shares(found, "step", moves, range(-_MOST_MOVED, _MOST_MOVED + 1))
    add_mean(found, "leaps", (abs(move) > _MOST_MOVED for move in moves))
    add_mean(found, "steps", map(abs, moves))
    add_mean(found, "turns", (a * b < 0 for a, b in itertools.pairwise(moves)))
    runs = [len(list(run)) for way, run in itertools.groupby(moves, _way) if way]
    found["longest run"] = max(runs, default=0)
    pairs = Counter(itertools.pairwise(moves))
    shares = [count / pairs.total() for count in pairs.values()]
    found["variety of steps"] = -sum(share * math.log2(share) for share in shares)
    return found


def _way(move: int) -> int:
    return (move > 0) - (move < 0)


def _ends(tune: SeenTune, section: Sequence[SeenBar]) -> Measures:
    """Return how a section begins, and how it and its half end."""
    steps = [step for bar in section for step in bar.steps]
    if not steps:
        return {}
    found: Measures = {
        "first degree": tune.degree(steps[0]),
        "last degree": tune.degree(steps[-1]),
        "rise": steps[-1] - steps[0],
        "last length": section[-1].lengths[-1] / EIGHTH,
        "notes of the last bar": len(section[-1].notes),
        "middle": sum(steps) / len(steps),
        "lowest": min(steps),
        "highest": max(steps),
    }
    if len(section) > 1:
        found["notes of the bar before"] = len(section[-2].notes)
    half = section[_HALF - 1] if len(section) >= _WHOLE else None
    if half and half.steps:
        found["half: last degree"] = tune.degree(half.steps[-1])
        found["half: last length"] = half.lengths[-1] / EIGHTH
        found["half: notes"] = len(half.notes)
    return found


def _spread(values: Sequence[float]) -> float:
    """Return the standard deviation."""
    if not values:
        return 0.0
    mean = sum(values) / len(values)
    return math.sqrt(sum((value - mean) ** 2 for value in values) / len(values))
