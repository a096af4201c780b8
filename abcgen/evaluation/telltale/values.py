"""Values of features: numbers by name, NaN where a tune lacks what is measured."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence

#: The value of each feature of a tune, by the feature's name.
Features = dict[str, float]

#: The value of what a tune lacks, such as bar 5 of a section of four.
NONE = math.nan


def mean(values: Iterable[float]) -> float:
    """Return the mean of values, or NaN of none."""
    values = list(values)
    return sum(values) / len(values) if values else NONE


def share(values: Iterable[bool]) -> float:
    """Return the share that is true, 0 to 1, or NaN of none."""
    return mean(map(float, values))


def histogram(name: str, bins: Sequence[object], values: Iterable[object]) -> Features:
    """Return the share of values in each bin as features; those in no bin count, too."""
    counts = Counter(values)
    total = counts.total()
    return {f"{name} {one}": counts[one] / total if total else NONE for one in bins}


def entropy(values: Iterable[object]) -> float:
    """Return the entropy of values in bits, or NaN of none."""
    counts = Counter(values)
    shares = [count / counts.total() for count in counts.values()]
    return -sum(one * math.log2(one) for one in shares) if shares else NONE
