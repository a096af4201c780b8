"""Tunebooks: the text of each tune, its reference number (X:) and its title (T:).

All of this works on tunes that cannot be read, too. The module imports nothing that takes long to
load, since sampling numbers its tunes.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

_TUNE_START = re.compile(r"^[ \t]*X:", re.MULTILINE)


class Label(NamedTuple):
    """What a tune is known by, as written and without a comment; empty where there is nothing.

    Attributes
    ----------
    number : str
        The value of its first X:, which need not be a number.
    title : str
        The value of its first T:.
    """

    number: str
    title: str


def split_tunebook(text: str) -> Iterator[str]:
    """Yield the text of each tune of a tunebook, from its X: to before the next one.

    Some tunes have a blank line in their body, so blank lines do not split here. What stands
    before the first X: (a file header) is left out.
    """
    starts = [match.start() for match in _TUNE_START.finditer(text)]
    ends = [*starts[1:], len(text)]
    for start, end in zip(starts, ends, strict=False):
        yield text[start:end]


def label_of(text: str) -> Label:
    """Return the number and the title of a tune, which need not be readable."""
    return Label(_first_value(text, "X"), _first_value(text, "T"))


def _first_value(text: str, letter: str) -> str:
    match = re.search(rf"^[ \t]*{letter}:([^%\n]*)", text, re.MULTILINE)
    return match[1].strip() if match else ""


def numbered(text: str, number: int) -> str:
    """Return the text of a tune with another reference number; it gets one if it has none."""
    head, _, rest = text.partition("\n")
    return f"X:{number}\n" + (rest if head.startswith("X:") else text)
