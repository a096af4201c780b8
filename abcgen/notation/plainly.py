"""Lines of music in plain signs: what text programs, web pages and old ABC write in their way.

Each character keeps its place.
"""

import re
from collections.abc import Callable

_QUOTES = str.maketrans(
    dict.fromkeys("\u201c\u201d\u201e\u201f", '"') | dict.fromkeys("\u2018\u2019\u2032\u00b4", "'")
)
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"))
_BARS = str.maketrans(dict.fromkeys("\u00a6\u2502\uff5c", "|") | {"\uff1a": ":"})
_ENTITIES = {"quot": '"', "#34": '"', "gt": ">", "#62": ">", "lt": "<", "#60": "<", "amp": "&"}
_ENTITIES |= {"#38": "&", "apos": "'", "#39": "'"}
_ENTITY = re.compile(rf"&({'|'.join(_ENTITIES)});")
#: Is passed over, and parts no notes.
_FILLER = "`"
_NOTE = r"(?:\^\^?|__?|=)?[A-Ga-g][,']*\d*/*\d*"
_BETWEEN = re.compile(r'"[^"\n]*"|\+([^+\n|]+)\+', re.ASCII)
#: Notes, and not how loud they are, ``+ff+``.
_NOTES = re.compile(rf"(?!f+\Z)(?:{_NOTE}){{2,}}", re.ASCII)


def in_plain_signs(line: str) -> tuple[str, list[str]]:
    """Return a line of music in plain signs, and what was done, in words for warnings."""
    done = []
    for what, change in _CHANGES:
        plain = change(line)
        if plain != line:
            done.append(what)
            line = plain
    return line, done


def _translated(table: dict[int, str]) -> Callable[[str], str]:
    return lambda line: line if line.isascii() else line.translate(table)


def _without_entities(line: str) -> str:
    """Return a line with ``&gt;`` and the like as the signs that they stand for."""
    quotes = 0

    def sign(entity: re.Match[str]) -> str:
        nonlocal quotes
        plain, filler = _ENTITIES[entity[1]], _FILLER * (len(entity[0]) - 1)
        quotes += plain == '"'
        # The filler stands outside of the quotes.
        return filler + plain if plain == '"' and quotes % 2 else plain + filler

    return _ENTITY.sub(sign, line) if "&" in line else line


def _with_brackets(line: str) -> str:
    """Return a line with the chords of old ABC, ``+CEG+``, in brackets."""

    def chord(between: re.Match[str]) -> str:
        notes = between[1] and _NOTES.fullmatch(between[1])
        return f"[{between[1]}]" if notes else between[0]

    return _BETWEEN.sub(chord, line) if "+" in line else line


_CHANGES: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("curly quotes are read as straight ones", _translated(_QUOTES)),
    ("long dashes are read as hyphens", _translated(_DASHES)),
    ("signs that look like bar lines are read as such", _translated(_BARS)),
    ("HTML is read as the signs that it stands for", _without_entities),
    ("notes between two + are read as a chord, as in old ABC", _with_brackets),
)
