"""How far two histograms are apart, and how far that is beside tunes of the corpus itself."""

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
    """Return the Jensen-Shannon distance of histograms: the root of the divergence to base 2.

    Parameters
    ----------
    one, other : array, (..., bins)
        Counts or shares, not negative; each histogram is divided by its sum.

    Returns
    -------
    array, (...)
        From 0, where the shares are the same, to 1, where no bin is in both; NaN where a
        histogram is empty.
    """
    p, q = _shares(one), _shares(other)
    middle = (p + q) / 2
    divergence = (_bits(p, middle) + _bits(q, middle)) / 2
    # Rounding may leave the limits by a hair.
    distance: _Floats = np.sqrt(np.clip(divergence, 0.0, 1.0))
    return distance


def _shares(counts: NDArray[np.generic]) -> _Floats:
    values = np.asarray(counts, np.float64)
    total = values.sum(axis=-1, keepdims=True)
    shares: _Floats = np.divide(values, total, out=np.full_like(values, np.nan), where=total > 0)
    return shares


def _bits(p: _Floats, middle: _Floats) -> _Floats:
    """Return the divergence of p from the middle in bits, (...): a bin without p adds nothing."""
    ratio = np.divide(p, middle, out=np.ones_like(p), where=p > 0)
    bits: _Floats = (p * np.log2(ratio)).sum(axis=-1)
    return bits


@dataclass(frozen=True, slots=True)
class Division:
    """A corpus of M tunes divided by chance, and some of the tunes to be held against it.

    All are indices of tunes. ``people`` (n,) and ``rest`` (M - n,) are the corpus, and so are
    ``half`` (M // 2,) and ``other_half``; ``sampled`` (n,) are as many of the other tunes.
    """

    people: _Part
    rest: _Part
    half: _Part
    other_half: _Part
    sampled: _Part


def as_many(samples: int, corpus: int) -> int:
    """Return n, how many tunes of a sample and of a corpus are held against the corpus's rest.

    It is all of the samples, but not more than half of the corpus, so that there is a rest.
    """
    return min(samples, corpus // 2)


def divisions(samples: int, corpus: int, seed: int) -> Iterator[Division]:
    """Yield `DIVISIONS` divisions of so many tunes; the same seed gives the same.

    Parameters
    ----------
    samples : int
        Tunes that are held against the corpus, 1 or more.
    corpus : int
        M, tunes of the corpus, 2 or more.
    seed : int
        Any.
    """
    count = as_many(samples, corpus)
    for number in range(DIVISIONS):
        # Python's generator, since numpy's may change its numbers from version to version.
        chance = random.Random(f"{seed} {number}")
        shuffled = np.array(chance.sample(range(corpus), corpus))
        chosen = np.array(chance.sample(range(samples), count))
        half = corpus // 2
        yield Division(shuffled[:count], shuffled[count:], shuffled[:half], shuffled[half:], chosen)


@dataclass(frozen=True, slots=True)
class Distances:
    """Jensen-Shannon distances, means over the divisions; None where a histogram is empty.

    Attributes
    ----------
    sampled : float or None
        From n sampled tunes to the corpus without n of its own.
    people : float or None
        From these n tunes of the corpus to the same rest of it: the like of `sampled` for tunes
        that people made.
    halves : float or None
        From one half of the corpus to the other.
    """

    sampled: float | None
    people: float | None
    halves: float | None

    @property
    def to_people(self) -> float | None:
        """How many times as far the samples are as tunes by people."""
        return _ratio(self.sampled, self.people)

    @property
    def to_halves(self) -> float | None:
        """How many times as far the samples are as two halves of the corpus.

        The fewer tunes, the further they are from anything by chance alone. So this is fair from
        half as many samples as the corpus has tunes, where it is the same as `to_people`, and
        too high below that.
        """
        return _ratio(self.sampled, self.halves)


def _ratio(one: float | None, other: float | None) -> float | None:
    return one / other if one is not None and other else None


def compare_counts(samples: _Counts, corpus: _Counts, seed: int) -> Distances:
    """Compare how often something occurs in samples and in a corpus.

    Parameters
    ----------
    samples : array, (N, bins)
        For each sampled tune how often; N is 1 or more.
    corpus : array, (M, bins)
        The same of the corpus; M is 2 or more.
    seed : int
        Decides the divisions of the corpus.

    Notes
    -----
    The mean distance of many random divisions. A histogram of few tunes is far from anything by
    chance, so samples and people's tunes are compared in like numbers n (see `as_many`), against
    the same remaining tunes of the corpus.
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
