"""What stands in a tunebook and is no music: blocks of text, and words between tunes.

By the ABC standard (2.1, section 2.2.3) a blank line ends a tune, and what follows is free text.
But many tunes have a blank line in their body, so lines behind one are music if they have bar
lines and do not read like words.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable

_BEGIN = re.compile(r"^%%begin(\w+)[^\n]*\n", re.MULTILINE)
_END = re.compile(r"^%%end(\w+)", re.MULTILINE)
#: Where a block ends that was never closed.
_UNCLOSED = re.compile(r"^[ \t]*(?:\n|X:|\Z)", re.MULTILINE)
#: What may hold words in a line of music.
_QUOTED = re.compile(r'"[^"]*"|![^!]*!|\[[A-Za-z]:[^\]]*\]|</?[A-Za-z][^<>]*>')
#: A word that notes and decorations do not make up.
_WORD = re.compile(r"(?<![A-Za-z])(?=[A-Za-z]*[h-tw])[A-Za-z]{2,}(?![A-Za-z])")
_LABEL = re.compile(r"[A-Z]?(?:[a-z]*[h-tw]){2}[a-z]*[ \t]*[A-Z\d]?[:.]?")


def without_blocks(text: str) -> str:
    """Return a text with blocks such as ``%%begintext`` to ``%%endtext`` made comments.

    A block that is never closed ends at a blank line or the next tune. Each character keeps its
    place.
    """
    ends: dict[str, list[int]] = {}
    for found in _END.finditer(text):
        ends.setdefault(found[1], []).append(found.start())
    place, pieces = 0, []
    while begin := _BEGIN.search(text, place):
        closed = ends.get(begin[1], [])
        index = bisect_left(closed, begin.end())
        if index < len(closed):
            stop = closed[index]
        else:
            found_end = _UNCLOSED.search(text, begin.end())
            stop = found_end.start() if found_end else len(text)
        pieces += [text[place : begin.start()], re.sub(r"[^\n]", "%", text[begin.start() : stop])]
        place = stop
    return "".join([*pieces, text[place:]])


def reads_like_words(line: str) -> bool:
    """Return whether a line is words and not music: most of its letters are in words.

    One word alone is all of the line, since ``(uiAB)`` is music, but for a label such as
    ``Part B:``.
    """
    plain = _QUOTED.sub(" ", line).strip()
    words = _WORD.findall(plain)
    if len(words) == 1 and words != [plain] and not _LABEL.fullmatch(plain):
        return False
    letters = sum(map(str.isalpha, plain))
    return len(words) > plain.count("|") and 2 * sum(map(len, words)) >= letters


def goes_on(lines: Iterable[str]) -> bool:
    """Return whether lines behind a blank line are music of the tune before it.

    Parameters
    ----------
    lines : iterable of str
        Up to the next blank line, those without fields.
    """
    return any("|" in line and not reads_like_words(line) for line in lines)
