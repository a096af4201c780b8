"""Tunebooks: the text of each tune, its reference number (X:) and its title (T:).

All of this works on tunes that cannot be read, too. The module imports nothing that takes long to
load, since sampling numbers its tunes.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from abcgen.errors import NotationError
from abcgen.notation.prose import without_blocks

_HEADER_FIELD = re.compile(r"^[ \t]*([MLR]):[^\n]*", re.MULTILINE)
#: On pages of the web, tags may stand before it: ``<pre>X:1``.
_TUNE_START = re.compile(r"^[ \t]*(?:</?[A-Za-z][^<>\n]*>[ \t]*)*(?=X:)", re.MULTILINE)
_FIELD = re.compile(r"[ \t]*(?:%|([A-Za-z]):(?![|:]))")


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


def check_characters(text: str) -> None:
    """Raise unless a tune can be written into a file.

    Raises
    ------
    NotationError
        If it has half of a character, which UTF-8 does not write.
    """
    try:
        text.encode()
    except UnicodeEncodeError as error:
        line = text.count("\n", 0, error.start) + 1
        raise NotationError(
            f"line {line}: expected characters that UTF-8 can write, found {text[error.start]!r}, "
            "half of one; leave it out"
        ) from None


def split_tunebook(text: str) -> Iterator[str]:
    """Yield the text of each tune of a tunebook, from its X: to before the next one.

    Some tunes have a blank line in their body, so blank lines do not split here. What stands
    before the first X: (a file header) is left out, but its M:, L: and R: hold for all tunes: those
    that have none of their own get them behind X:. Tunes there that only lack an X: get one.
    """
    plain = without_blocks(text)
    starts = [match.end() for match in _TUNE_START.finditer(plain)]
    ends = [*starts[1:], len(text)]
    before = plain[: starts[0]] if starts else plain
    unnumbered = list(_unnumbered(before))
    for number, (start, end) in enumerate(pairwise([*unnumbered, len(before)]), start=1):
        yield f"X:{number}\n{text[start:end]}"
    held = _held(before[: unnumbered[0]] if unnumbered else before)
    for start, end in zip(starts, ends, strict=False):
        yield _with_fields(text[start:end], held) if held else text[start:end]


def _unnumbered(text: str) -> Iterator[int]:
    """Yield where the tunes without X: begin: a title, and before a blank line a key and music."""
    begin: int | None = None  # of the first T: since a blank line
    has_key, place = False, 0
    for line in text.splitlines(keepends=True) if "K:" in text else ():
        field = _FIELD.match(line)
        if not line.strip():
            begin, has_key = None, False
        elif field and field[1] == "T" and begin is None:
            begin = place
        elif begin is not None and (field is None or field[1] == "K"):
            if field is None and has_key and "|" in line:
                yield begin
                begin = None
            has_key = field is not None
        place += len(line)


def _held(before: str) -> dict[str, str]:
    """Return the lines of a file header that hold for all tunes, by their letters."""
    return {match[1]: match[0].strip() for match in _HEADER_FIELD.finditer(before)}


def _with_fields(tune: str, held: dict[str, str]) -> str:
    """Return a tune with the fields that its header lacks."""
    head, _, rest = tune.partition("\n")
    own = re.split(r"^[ \t]*K:", rest, maxsplit=1, flags=re.MULTILINE)[0]
    lacks = [line for letter, line in held.items() if not _has(own, letter)]
    return "\n".join([head, *lacks, rest])


def _has(header: str, letter: str) -> bool:
    return re.search(rf"^[ \t]*{letter}:", header, re.MULTILINE) is not None


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
