"""Tunebooks: the text of each tune, its reference number and its title."""

import re
from collections.abc import Iterator

_TUNE_START = re.compile(r"^[ \t]*X:", re.MULTILINE)


def split_tunebook(text: str) -> Iterator[str]:
    """Yield the text of each tune of a tunebook, from its X: to before the next one.

    Some tunes have a blank line in their body, so blank lines do not split here. What stands
    before the first X: (a file header) is left out.
    """
    starts = [match.start() for match in _TUNE_START.finditer(text)]
    ends = [*starts[1:], len(text)]
    for start, end in zip(starts, ends, strict=False):
        yield text[start:end]


def numbered(text: str, number: int) -> str:
    """Return the text of a tune with another reference number; it gets one if it has none."""
    head, _, rest = text.partition("\n")
    return f"X:{number}\n" + (rest if head.startswith("X:") else text)
