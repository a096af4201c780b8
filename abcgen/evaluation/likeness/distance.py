"""How far samples are from a corpus, compared with tunes of the corpus itself."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

#: Random divisions of the corpus over which distances are averaged.
DIVISIONS = 100

_Counts = NDArray[np.int64]
_Floats = NDArray[np.float64]
_Part = NDArray[np.intp]


def js_distance(one: NDArray[np.generic], other: NDArray[np.generic]) -> _Floats:
    """Return the Jensen-Shannon distance between histograms.

    It is the square root of the Jensen-Shannon divergence to base 2.

    Parameters
    ----------
    one, other : array, (..., bins)
        Counts or shares, 0 or more; each histogram is divided by its sum.

    Returns
    -------
    array, (...)
        From 0, if the shares are equal, to 1, if no bin is used by both; NaN if a histogram is
        empty.
    """
    p, q = _shares(one), _shares(other)
    middle = (p + q) / 2
    divergence = (_bits(p, middle) + _bits(q, middle)) / 2
    # Rounding errors may exceed the limits.
    distance: _Floats = np.sqrt(np.clip(divergence, 0.0, 1.0))
    return distance


def _shares(counts: NDArray[np.generic]) -> _Floats:
    values = np.asarray(counts, np.float64)
    total = values.sum(axis=-1, keepdims=True)
    shares: _Floats = np.divide(values, total, out=np.full_like(values, np.nan), where=total > 0)
    return shares


def _bits(p: _Floats, middle: _Floats) -> _Floats:
    """Return the divergence of p from the middle in bits, (...); bins where p is 0 add nothing."""
    ratio = np.divide(p, middle, out=np.ones_like(p), where=p > 0)
    bits: _Floats = (p * np.log2(ratio)).sum(axis=-1)
    return bits


@dataclass(frozen=True, slots=True)
class Division:
    """A random division of a corpus of M tunes, and a choice of n samples to compare with it.

    All attributes are indices of tunes. ``people`` (n,) and ``rest`` (M - n,) make up the corpus,
    and so do ``half`` (M // 2,) and ``other_half``; ``sampled`` (n,) are samples.
    """

    people: _Part
    rest: _Part
    half: _Part
    other_half: _Part
    sampled: _Part


def as_many(samples: int, corpus: int) -> int:
    """Return n, the number of samples, and of tunes by people, that are compared with the rest.

    It is the number of samples, but at most half of the corpus, so that there is a rest.
    """
    return min(samples, corpus // 2)


def divisions(samples: int, corpus: int, seed: int) -> Iterator[Division]:
    """Yield `DIVISIONS` random divisions; the same seed gives the same divisions.

    Parameters
    ----------
    samples : int
        Number of samples, 1 or more.
    corpus : int
        M, number of tunes of the corpus, 2 or more.
    seed : int
        Any.
    """
    count = as_many(samples, corpus)
    for number in range(DIVISIONS):
        # Python's generator, since the numbers of numpy's may change with its version.
        generator = random.Random(f"{seed} {number}")
        shuffled = np.array(generator.sample(range(corpus), corpus))
        chosen = np.array(generator.sample(range(samples), count))
        half = corpus // 2
        yield Division(shuffled[:count], shuffled[count:], shuffled[:half], shuffled[half:], chosen)


@dataclass(frozen=True, slots=True)
class Distances:
    """Jensen-Shannon distances, means over the divisions; None if a histogram is empty.

    Attributes
    ----------
    sampled : float or None
        Between n samples and the rest of the corpus, without n of its tunes.
    people : float or None
        Between these n tunes of the corpus and the same rest: what `sampled` would be for tunes by
        people.
    halves : float or None
        Between one half of the corpus and the other.
    """

    sampled: float | None
    people: float | None
    halves: float | None

    @property
    def to_people(self) -> float | None:
        """The distance of the samples, as a multiple of that of tunes by people."""
        return _ratio(self.sampled, self.people)

    @property
    def to_halves(self) -> float | None:
        """The distance of the samples, as a multiple of that between two halves of the corpus.

        A small sample is far from anything, by chance alone. So this figure is fair only if there
        are at least half as many samples as tunes of the corpus, where it equals `to_people`; with
        fewer samples it is too high.
        """
        return _ratio(self.sampled, self.halves)


def _ratio(one: float | None, other: float | None) -> float | None:
    return one / other if one is not None and other else None


def compare_counts(samples: _Counts, corpus: _Counts, seed: int) -> Distances:
    """Compare how often the bins of a feature occur in samples and in a corpus.

    Parameters
    ----------
    samples : array, (N, bins)
        The counts of each sample; N is 1 or more.
    corpus : array, (M, bins)
        The counts of each tune of the corpus; M is 2 or more.
    seed : int
        Seeds the divisions of the corpus.

    Notes
    -----
    A histogram of few tunes is far from anything, by chance alone. So equal numbers n of samples
    and of tunes by people (see `as_many`) are compared with the same rest of the corpus, and the
    distances are averaged over many random divisions.
    """
    found = [
        js_distance(
            np.stack([_sum(samples, d.sampled), _sum(corpus, d.people), _sum(corpus, d.half)]),
            np.stack([_sum(corpus, d.rest), _sum(corpus, d.rest), _sum(corpus, d.other_half)]),
        )
        for d in divisions(len(samples), len(corpus), seed)
    ]
    means = np.mean(found, axis=0).tolist()
    return Distances(*(None if np.isnan(mean) else mean for mean in means))


def _sum(counts: _Counts, part: _Part) -> _Counts:
    """Return the histogram of some of the tunes, (bins,)."""
    total: _Counts = counts[part].sum(axis=0)
    return total
