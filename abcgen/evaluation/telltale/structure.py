"""Features of structure: which bars come back, how alike bars are, and where melodies move on."""

from collections.abc import Sequence
from itertools import combinations

from abcgen.evaluation.telltale.outline import BarMelody, Outline, Part
from abcgen.evaluation.telltale.values import NONE, Features, mean, share

_LAGS = (1, 2, 4, 8, 16)  # bars
_MOST_BARS = 8  # of a section's plan
#: Bars whose likeness is a feature by itself, counted from 1.
_PAIRS = ((1, 5), (2, 6), (3, 7), (4, 8), (1, 3), (2, 4), (5, 7), (6, 8))


def structure_of(outline: Outline) -> Features:
    """Return the features of structure by name; what a tune lacks is NaN."""
    bars = outline.bars
    found = _likeness(bars)
    different = len({bar.notes for bar in bars})
    found["different bars / bars"] = different / len(bars)
    found["different rhythms / bars"] = len({bar.rhythm for bar in bars}) / len(bars)
    parts: list[Part | None] = [*outline.parts[:2], None, None]
    for name, part in zip(("first", "second"), parts, strict=False):
        found |= _plan(name, part)
    found |= _taken_over(outline.parts)
    found |= _sequences(outline.parts)
    return found


def _likeness(bars: Sequence[BarMelody]) -> Features:
    """Return how alike bars are at some distances, by pitch and by rhythm."""
    found: Features = {}
    for lag in _LAGS:
        pairs = list(zip(bars, bars[lag:], strict=False))
        found[f"pitches of bars {lag} apart alike"] = mean(by_pitch(a, b) for a, b in pairs)
        found[f"rhythms of bars {lag} apart alike"] = mean(by_rhythm(a, b) for a, b in pairs)
        found[f"bars {lag} apart the same"] = share(a.notes == b.notes for a, b in pairs)
        found[f"bars {lag} apart in the same rhythm"] = share(
            a.rhythm == b.rhythm for a, b in pairs
        )
    return found


def _plan(name: str, part: Part | None) -> Features:
    """Return which of a section's first eight bars come back where."""
    bars = part.bars[:_MOST_BARS] if part else []
    found = {
        f"{name} section: different bars": float(len({bar.notes for bar in bars})) or NONE,
        f"{name} section: different rhythms": float(len({bar.rhythm for bar in bars})) or NONE,
    }
    numbered = dict(enumerate(bars, start=1))
    for early, late in combinations(range(1, _MOST_BARS + 1), 2):
        there = late in numbered
        same = there and numbered[late].notes == numbered[early].notes
        found[f"{name} section: bar {late} = bar {early}"] = float(same) if there else NONE
    for early, late in _PAIRS:
        there = late in numbered
        a, b = (numbered[early], numbered[late]) if there else (None, None)
        found[f"{name} section: pitches of bars {early} and {late} alike"] = (
            by_pitch(a, b) if a and b else NONE
        )
        found[f"{name} section: rhythms of bars {early} and {late} alike"] = (
            by_rhythm(a, b) if a and b else NONE
        )
    return found


def _taken_over(parts: Sequence[Part]) -> Features:
    """Return what the second section takes from the first, and the last one at its end."""
    two = len(parts) > 1
    first, second = (parts[0].bars, parts[1].bars) if two else ([], [])
    known = {bar.notes for bar in first}
    found = {"second section: bars of the first": share(bar.notes in known for bar in second)}
    for place in range(_MOST_BARS):
        there = place < len(first) and place < len(second)
        found[f"second section: bar {place + 1} that of the first"] = (
            float(first[place].notes == second[place].notes) if there else NONE
        )
    last = parts[-1].bars
    for count in (1, 2, 3, 4):
        there = two and min(len(first), len(last)) >= count
        found[f"bar {count} from the end that of the first section"] = (
            float(first[-count].notes == last[-count].notes) if there else NONE
        )
        found[f"bar {count} from the end: rhythm that of the first section"] = (
            float(first[-count].rhythm == last[-count].rhythm) if there else NONE
        )
    return found


def _sequences(parts: Sequence[Part]) -> Features:
    """Return how often a bar moves an earlier one up or down."""
    found: Features = {}
    for lag in (1, 2, 4):
        pairs = [pair for p in parts for pair in zip(p.bars, p.bars[lag:], strict=False)]
        found[f"sequences of {lag} bars before"] = share(b.is_sequence_of(a) for a, b in pairs)
        found[f"bars of {lag} before moved"] = share(b.is_moved(a) for a, b in pairs)
    return found


def by_pitch(one: BarMelody, other: BarMelody) -> float:
    """Return the share of sixteenths, 0 to 1, at which two bars have the same note or rest."""
    a, b = one.sixteenths, other.sixteenths
    return sum(here == there for here, there in zip(a, b, strict=False)) / max(len(a), len(b), 1)


def by_rhythm(one: BarMelody, other: BarMelody) -> float:
    """Return the share of all onsets of two bars, 0 to 1, that both have."""
    return len(one.onsets & other.onsets) / max(len(one.onsets | other.onsets), 1)
