"""Voices (V:): which there are in a tune, which lines belong to which, and which one is wanted."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from abcgen.errors import NotationError

#: The voice of music before the first V:, if the header names none.
FIRST = "1"
_INLINE = re.compile(r"\[V:\s*([^\]]*)\]")
_TITLE = re.compile(r'(?<![^\s])(?:name|nm)\s*=\s*(?:"([^"]*)"?|(\S+))', re.IGNORECASE)
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
        The voice that it belongs to; empty for fields before the first V: and before the music.
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


class Voice(NamedTuple):
    """A voice that has music.

    Attributes
    ----------
    name : str
        What V: calls it, often a number.
    title : str
        Its ``name=`` or ``nm=``, or nothing.
    """

    name: str
    title: str = ""

    def __str__(self) -> str:
        return f"{self.name} ({self.title})" if self.title else self.name


#: The voice of a tune that names none.
ONLY = Voice(FIRST)


def name_of(value: str) -> str:
    """Return the name of the voice that the value of a V: begins."""
    return value.split(maxsplit=1)[0] if value else FIRST


def parted(line: str) -> Iterator[tuple[str, str, int]]:
    """Yield the parts of a line at each ``[V:...]``: what it says, the music after it, its place.

    What the line begins with has no voice of its own.
    """
    place, name = 0, ""
    for match in _INLINE.finditer(line):
        yield name, line[place : match.start()].strip(), place
        place, name = match.end(), match[1].strip() or FIRST
    yield name, line[place:].strip(), place


def voices_of(lines: Sequence[Line], named: Sequence[str], said: Mapping[str, str]) -> list[Voice]:
    """Return the voices that have music, the first one first.

    Parameters
    ----------
    lines : sequence of Line
        The body.
    named : sequence of str
        The voices that the header names, of which the first counts as the first of the tune.
    said : mapping of str to str
        For each voice that V: fields began, all that they said of it.
    """
    sounding = list(dict.fromkeys(line.voice for line in lines if line.music))
    first = next((name for name in named if name in sounding), sounding[0])
    voices = []
    for name in dict.fromkeys([first, *sounding]):
        title = _TITLE.search(said.get(name, ""))
        voices.append(Voice(name, (title[1] or title[2] or "").strip() if title else ""))
    return voices


def voice_named(voices: Sequence[Voice], wanted: str) -> Voice:
    """Return the voice of a name, of a title, or at a place counted from 1.

    Raises
    ------
    NotationError
        If there is none; the message names those that there are.
    """
    wanted = wanted.strip()
    for form in (str, str.lower):
        for voice in voices:
            if form(wanted) in (form(voice.name), form(voice.title)):
                return voice
    if wanted.isdecimal() and 1 <= int(wanted) <= len(voices):
        return voices[int(wanted) - 1]
    many = (
        f"one voice, {voices[0]}"
        if len(voices) == 1
        else (f"{len(voices)} voices: {', '.join(map(str, voices))}")
    )
    raise NotationError(f"it has no voice {wanted!r}; it has {many}")


def lines_of(voice: Voice, lines: Sequence[Line], main: bool) -> list[Line]:
    """Return the lines of a voice.

    Parameters
    ----------
    voice : Voice
        Whose lines.
    lines : sequence of Line
        Those of all voices.
    main : bool
        Whether it is the one that says at which tempo, and in which order of parts, all play.
    """
    return [
        line
        for line in lines
        if line.voice in ("", voice.name) or (main and line.text.startswith(_COMMON))
    ]
