"""Voices (V:): which lines of a tune belong to which, and the first of them as the tune."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

#: The voice of music before the first V:, if the header names none.
_FIRST = "1"
_INLINE = re.compile(r"\[V:\s*([^\]]*)\]")
#: What belongs to all voices, whichever it stands with: the tempo and the parts.
_COMMON = ("[P:", "[Q:")


class Line(NamedTuple):
    """A line of a body.

    Attributes
    ----------
    text : str
        Music, or a field.
    offset : int
        Where it begins in the text that was read.
    number : int
        Which line of that text it is, from 1.
    voice : str
        The voice that it belongs to; empty before the first V:.
    music : bool
        Whether it is music.
    column : int
        Where it begins in that line, from 1.
    """

    text: str
    offset: int
    number: int
    voice: str
    music: bool
    column: int = 1


def parted(line: str) -> Iterator[tuple[str, str, int]]:
    """Yield the parts of a line at each ``[V:...]``: what it says, the music after it, its place.

    What the line begins with has no voice of its own.
    """
    place, name = 0, ""
    for match in _INLINE.finditer(line):
        yield name, line[place : match.start()].strip(), place
        place, name = match.end(), match[1].strip() or _FIRST
    yield name, line[place:].strip(), place


def only_first(
    lines: Sequence[Line], header: Sequence[tuple[str, str]]
) -> tuple[str, list[Line], int]:
    """Return the first voice that has music, its lines, and how many voices have some.

    The first is the one that the header names first, else the one whose music stands first.
    """
    named = [value.partition(" ")[0] for letter, value in header if letter == "V"]
    before = named[0] if named else _FIRST
    sounding = dict.fromkeys(line.voice or before for line in lines if line.music)
    first = next((name for name in named if name in sounding), next(iter(sounding)))
    kept = [
        line
        for line in lines
        if (line.voice or (before if line.music else first)) == first
        or (not line.music and line.text.startswith(_COMMON))
    ]
    return first, kept, len(sounding)
