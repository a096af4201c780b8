"""Tunes with every ``|:`` that is missing, at the place that the ABC standard 2.1 names.

"If an 'end of repeated section' is found without a previous 'start of repeated section'", players
should go back to the beginning of the tune, or to the latest double bar line or end of a repeated
section (section 4.8). It is worked out from the text, apart from how abcgen reads it.
"""

import re
from collections.abc import Iterator

_FIELD = re.compile(r"[A-Za-z]:(?![|:])|%")
#: Bar lines and endings, among what may look like them, and bar lines that are not drawn.
_SIGN = re.compile(
    r'"[^"\n]*"|![^!\n]*!|\[[A-Za-z]:[^\]\n]*\]|%[^\n]*|\[\|\]'
    r"|(?P<bar>(?:\[\||\|\]|[:|])+)|(?P<ending>\[\s?\d|(?<=[|\]])\d|(?<=::)\d)"
)
_VOICE = re.compile(r"\[?V:\s*([^\]\s]+)[^\]\n]*\]?")
_DOUBLE = re.compile(r"\|\||\|\]|\[\|")
_NO_MUSIC = " \t\\!\n"


def with_starts(text: str) -> str:
    """Return a tune with each ``|:`` that is missing, in each of its voices."""
    for place in sorted(_missing_in(text), reverse=True):
        text = f"{text[:place]}|:{text[place:]}"
    return text


def _missing_in(text: str) -> Iterator[int]:
    """Yield the places where a ``|:`` is missing."""
    voices: dict[str, _Repeats] = {}
    place, in_body, voice = 0, False, ""
    for line in text.splitlines(keepends=True):
        named = _VOICE.match(line)
        voice = named[1] if named else voice
        if in_body and not _FIELD.match(line):
            begin = named.end() if named else 0
            yield from voices.setdefault(voice, _Repeats()).missing_in(line[begin:], place + begin)
        in_body = in_body or line.startswith("K:")
        place += len(line)


class _Repeats:
    """Where the repeated section begins that is being read, in one voice."""

    def __init__(self) -> None:
        self._start: int | None = None  # where a repeat goes back to; None for the next music
        self._opened = False  # by a |:
        self._ending = 0  # the number of the ending, or 0

    def missing_in(self, line: str, place: int) -> Iterator[int]:
        """Yield the places where a ``|:`` is missing before a line of music, or in it."""
        if self._start is None and line.strip(_NO_MUSIC):
            self._start = place
        for sign in _SIGN.finditer(line):
            if sign["ending"]:
                self._ending = int(sign["ending"].strip("[ "))
            elif sign["bar"] and sign["bar"] != ":":
                here = place + sign.end() if line[sign.end() :].strip(_NO_MUSIC) else None
                yield from self._at_bar(sign["bar"], here)

    def _at_bar(self, bar: str, here: int | None) -> Iterator[int]:
        """Read a bar line; yield where the ``|:`` is missing that it needs."""
        ends = bar.startswith(":")
        if ends and not self._opened and self._ending < 2 and self._start is not None:
            yield self._start
        if ends or (_DOUBLE.search(bar) and (self._ending or not self._opened)):
            self._start, self._opened = here, False
            self._ending = self._ending if ends and self._ending < 2 else 0
        if bar.endswith(":"):
            self._opened, self._ending = True, 0
