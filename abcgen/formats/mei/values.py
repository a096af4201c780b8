"""Lengths as note values: a quarter, a dotted eighth, a half tied to an eighth."""

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from abcgen.errors import NotationError

_BREVE = 2  # whole notes
_SHORTEST = 1024  # the denominator of the shortest value that can be drawn
_MOST_DOTS = 3


@dataclass(frozen=True, slots=True)
class Value:
    """A note value: its MEI name (``4`` for a quarter, ``breve``) and its dots."""

    name: str
    dots: int = 0

    @property
    def has_flag(self) -> bool:
        """Whether it can stand under a beam."""
        return self.name.isdigit() and int(self.name) > 4

    def attributes(self) -> str:
        """Return the attributes of an element with this value."""
        return f' dur="{self.name}"' + (f' dots="{self.dots}"' if self.dots else "")


@lru_cache(1024)
def values_of(count: Fraction, unit: Fraction) -> tuple[Value, ...]:
    """Return the fewest values that add up to a length, the longest first.

    Parameters
    ----------
    count : Fraction
        The length in unit notes.
    unit : Fraction
        The unit note in whole notes.

    Raises
    ------
    NotationError
        If no values add up to it, as with a third of a note outside a tuplet.
    """
    length = count * unit
    if length.denominator & (length.denominator - 1) or length.denominator > _SHORTEST:
        raise NotationError(f"no note values add up to {length} of a whole note")
    values = []
    while length:
        undotted = Fraction(_BREVE)
        while undotted > length:
            undotted /= 2
        dots = _MOST_DOTS
        while (dotted := undotted * (2 - Fraction(1, 2**dots))) > length:
            dots -= 1
        whole = undotted == _BREVE
        values.append(Value("breve" if whole else str(int(1 / undotted)), dots))
        length -= dotted
    return tuple(values)
