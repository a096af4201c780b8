"""What stands in a tunebook and is no music: blocks of text, and words between tunes.

By the ABC standard (2.1, section 2.2.3) a blank line ends a tune, and what follows is free text.
But many tunes have a blank line in their body, so lines behind one are music if they have bar
lines and do not read like words.
"""

import re
from collections.abc import Iterable

_BLOCK = re.compile(r"^%%begin(\w+)[^\n]*\n.*?^%%end\1\b[^\n]*$", re.MULTILINE | re.DOTALL)
#: What may hold words in a line of music.
_QUOTED = re.compile(r'"[^"]*"|![^!]*!|\[[A-Za-z]:[^\]]*\]|</?[A-Za-z][^<>]*>')
#: A word that notes and decorations do not make up.
_WORD = re.compile(r"(?<![A-Za-z])(?=[A-Za-z]*[h-tw])[A-Za-z]{2,}(?![A-Za-z])")


def without_blocks(text: str) -> str:
    """Return a text with blocks such as ``%%begintext`` to ``%%endtext`` made comments.

    Each character keeps its place.
    """
    if "%%begin" not in text:
        return text
    return _BLOCK.sub(lambda block: re.sub(r"[^\n]", "%", block[0]), text)


def reads_like_words(line: str) -> bool:
    """Return whether a line is words and not music: most of its letters are in words.

    One word alone is all of the line, since ``(uiAB)`` is music.
    """
    plain = _QUOTED.sub(" ", line).strip()
    words = _WORD.findall(plain)
    if len(words) == 1 and words != [plain]:
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
