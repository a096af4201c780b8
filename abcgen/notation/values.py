"""Note values: what stands on paper for a length: quarters, dots, tied notes, tuplets."""

from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

#: The longest note on paper without dots, in whole notes: a breve.
LONGEST = Fraction(2)
_QUARTER = Fraction(1, 4)
_KEPT = 1024  # lengths whose values are kept: a tune has few of them, again and again


class Value(NamedTuple):
    """A note value.

    Attributes
    ----------
    base : Fraction
        In whole notes, without dots: 1/4 for a quarter.
    dots : int
        0, 1 or 2.
    """

    base: Fraction
    dots: int = 0

    @property
    def length(self) -> Fraction:
        """The length in whole notes, dots included."""
        return self.base * (2 - Fraction(1, 2**self.dots))

    @property
    def beams(self) -> int:
        """The beams or flags of it: 1 for an eighth, 2 for a sixteenth; 0 for a quarter."""
        return max(0, self.base.denominator.bit_length() - _QUARTER.denominator.bit_length())


class Ratio(NamedTuple):
    """How much shorter the notes of a tuplet are: `actual` in the time of `normal` ones."""

    actual: int
    normal: int

    @property
    def factor(self) -> Fraction:
        """By how much the lengths on paper are multiplied."""
        return Fraction(self.normal, self.actual)


@lru_cache(_KEPT)
def implied_ratio(length: Fraction) -> Ratio | None:
    """Return the ratio of a note that no dots can make, such as a third of an eighth; else None.

    It is written as one of a tuplet: 3 in the time of 2, 5 in the time of 4.
    """
    odd = length.denominator
    while odd % 2 == 0:
        odd //= 2
    return None if odd == 1 else Ratio(odd, 1 << (odd.bit_length() - 1))


def values_of(length: Fraction) -> tuple[Value, ...]:
    """Return the note values, to be tied, that make up a length.

    Parameters
    ----------
    length : Fraction
        In whole notes, as on paper: without tuplets. The denominator is a power of 2.

    Returns
    -------
    tuple of Value
        One value with up to two dots if there is one. Else the longest first, with one dot at
        most: 5/8 is a half and an eighth.
    """
    one = _largest(length, dots=2)
    if one.length == length:
        return (one,)
    values = []
    while length:
        value = _largest(length, dots=1)
        values.append(value)
        length -= value.length
    return tuple(values)


def _largest(length: Fraction, dots: int) -> Value:
    """Return the longest value, with this many dots or fewer, that is no longer than a length."""
    base = LONGEST
    while base > length:
        base /= 2
    return max(value for n in range(dots + 1) if (value := Value(base, n)).length <= length)


@lru_cache(_KEPT)
def written_as(
    duration: Fraction, ratio: Ratio | None
) -> tuple[Ratio | None, tuple[tuple[Value, Fraction], ...]]:
    """Return how a note or a rest stands on paper.

    Parameters
    ----------
    duration : Fraction
        In whole notes, as it sounds.
    ratio : Ratio, optional
        Of the tuplet that it is in.

    Returns
    -------
    ratio : Ratio or None
        The same, or with an implied one.
    values : tuple of (Value, Fraction)
        The values, to be tied, and the duration of each.
    """
    factor = ratio.factor if ratio else Fraction(1)
    implied = implied_ratio(duration / factor)
    if implied:
        factor *= implied.factor
        outer = ratio or Ratio(1, 1)
        ratio = Ratio(outer.actual * implied.actual, outer.normal * implied.normal)
    return ratio, tuple((value, value.length * factor) for value in values_of(duration / factor))
