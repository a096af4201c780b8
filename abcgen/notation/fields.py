"""Metres and unit note lengths as people write them in M: and L:."""

import re
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from abcgen.errors import NotationError

#: The metre that stands for none where one is needed, as for abc2midi.
_NO_METER = "4/4"
_SMALLEST_UNIT = 512  # denominator
_COMMON = re.compile(r"[Cc]\s*\|?(?![A-Za-z])")
_SUM = r"\(?\s*([0-9]{1,2}(?:\s*\+\s*[0-9]{1,2})*)\s*\)?\s*/\s*([0-9]{1,2})(?![0-9])"
#: ``6/8``, ``2+3/8``, ``(2+3+2)/8``, ``2/4+3/8``.
_FRACTIONS = re.compile(rf"{_SUM}(?:\s*\+\s*{_SUM})*", re.ASCII)
_UNIT = re.compile(r"1(?:\s*/\s*([0-9]{1,4}))?(?![0-9/])(.*)", re.DOTALL)
#: Another field on the line of a metre or unit: ``4/4 L: 1/8``.
_NEXT_FIELD = re.compile(r"[\s,]+(?=[MLKQ]:)")


class MeterField(NamedTuple):
    """What an M: says.

    Attributes
    ----------
    meter : str
        ``C``, ``C|``, or beats and unit: ``7/8``, also for ``2+2+3/8``; ``4/4`` where it is free.
    free : bool
        Whether there is no metre, so that bars may have any length.
    rest : str
        What is not understood.
    """

    meter: str
    free: bool = False
    rest: str = ""


@lru_cache(256)
def read_meter_field(text: str) -> MeterField:
    """Return what an M: says; if it cannot be read, bars may have any length."""
    text = re.sub(r'"[^"]*"', " ", text).strip()
    if match := _COMMON.match(text):
        return MeterField("C|" if "|" in match[0] else "C", rest=text[match.end() :].strip())
    if match := _FRACTIONS.match(text):
        meter = _summed(match[0])
        try:
            read_meter(meter)
        except NotationError:
            return MeterField(_NO_METER, True, text)
        return MeterField(meter, rest=text[match.end() :].strip())
    if match := re.match(r"none\b", text, re.IGNORECASE):
        return MeterField(_NO_METER, True, text[match.end() :].strip())
    return MeterField(_NO_METER, True, text)


def _summed(text: str) -> str:
    """Return a metre of several summands as one: ``7/8`` for ``2/4+3/8``."""
    parts = [
        (sum(map(int, above.split("+"))), int(below)) for above, below in re.findall(_SUM, text)
    ]
    finest = max(below for _, below in parts)
    if any(below == 0 or finest % below for _, below in parts):
        return text
    return f"{sum(above * (finest // below) for above, below in parts)}/{finest}"


@lru_cache(256)
def read_meter(text: str) -> Fraction:
    """Return a metre as a fraction of a whole note: 6/8 for ``6/8``, 1 for ``C``.

    Raises
    ------
    NotationError
        If no bar can be measured by it, such as ``none``.
    """
    text = text.strip()
    if text in ("C", "C|"):
        return Fraction(1)
    match = re.fullmatch(r"([0-9]{1,2})/([0-9]{1,2})", text)
    if match is None or not int(match[1]) or int(match[2]) not in (1, 2, 4, 8, 16, 32):
        raise NotationError(f"M:{text} is not a metre that abcgen knows")
    return Fraction(int(match[1]), int(match[2]))


def read_unit(text: str) -> Fraction:
    """Return a unit note length as a fraction of a whole note: 1, 1/2 and so on to 1/512.

    Raises
    ------
    NotationError
        If it is none; what stands behind it is ignored, see `rest_of`.
    """
    match = _UNIT.match(text.strip())
    below = int(match[1] or 1) if match else 0
    if not 1 <= below <= _SMALLEST_UNIT or below & (below - 1):
        raise NotationError(f"L:{text} is not a unit note length")
    return Fraction(1, below)


def default_unit(meter: Fraction) -> Fraction:
    """Return the unit note length where L: is missing (ABC standard 2.1, section 3.1.7)."""
    return Fraction(1, 16) if meter < Fraction(3, 4) else Fraction(1, 8)


def rest_of(letter: str, value: str) -> str:
    """Return what is not understood of a metre or a unit."""
    if letter == "M":
        return read_meter_field(value).rest
    match = _UNIT.match(value.strip())
    return match[2].strip() if match else ""


def apart(letter: str, value: str) -> list[tuple[str, str]]:
    """Return the fields that stand on one line, each as letter and value."""
    if letter not in "ML" or ":" not in value:
        return [(letter, value)]
    first, *others = _NEXT_FIELD.split(value)
    return [(letter, first), *((other[0], other[2:].strip()) for other in others)]
