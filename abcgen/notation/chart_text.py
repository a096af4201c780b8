"""The text around the chords of a chart: labels of sections, comments, titles, words that are sung.

Such text is blanked, so that what is left is chords, and each stands where it stood.
"""

import re

from abcgen.notation.chord_symbols import is_silent, read_chord

_SIGNS = str.maketrans({"\u2502": "|", "\u2016": "||", "\U0001d106": "|:", "\U0001d107": ":|"})
_COMMENT = re.compile(r"^\s*(?:#|//).*|(?<=\s)(?:#|//)\s.*", re.MULTILINE)
_SILENCE = re.compile(r"\bno chord\b", re.IGNORECASE)
#: A quality that is written apart from its root: A minor, Db Maj 7, C7 b9.
_APART = re.compile(
    r"(?<![^\s|(,])([A-G][#b\u266f\u266d]?[\dm]*)[ ]+"
    r"((?i:major|minor|maj|min|dim|aug|sus|add)[ ]?\d*|[#b](?:5|9|11|13))(?=[\s|,;)]|$)"
)
#: Names of sections, which stand on a line of their own.
_SECTION = re.compile(
    r"\W*(?:intro|verse|(?:pre|post)?[- ]?chorus|refrain|bridge|middle(?: eight| 8)?|outro|ending|"
    r"solo|interlude|instrumental|turnaround|tag|head|theme|part|section)(?: ?[A-Z]| ?\d+)?\W*",
    re.IGNORECASE,
)
#: What begins a line and names its section: [A], [Verse 1], Chorus:
LABEL = r"^[ \t]*(?:\[\s*[A-Za-z][^\[\]|\n]*\]|[A-Za-z](?:[\w '-]*\w)?:(?=\s|$))"
_LABEL = re.compile(LABEL)
#: The share of chords up to which a line is words.
_MOST_IN_WORDS = 0.5
#: What parts chords, or holds one.
_BETWEEN = re.compile(r"[\s|:\[\]/.,;>\u2192%-]+")


def is_section(text: str) -> bool:
    """Return whether a text is the name of a section: ``Verse 1``."""
    return _SECTION.fullmatch(text) is not None


def bare(word: str) -> str:
    """Return a chord without the brackets and the asterisk of one that is optional: ``(G)``."""
    word = word.rstrip("*")
    if word.startswith("(") and (word.endswith(")") or ")" not in word):
        word = word[1:]
    return word[:-1] if word.endswith(")") and "(" not in word else word


def only_chords(text: str) -> tuple[str, tuple[str, ...]]:
    """Return a chart without comments and words, and the lines that are taken for words.

    A line is words if fewer than half of them are chords, and if there is a line of chords. Half of
    them are enough where a word that is none begins as a chord does, and may be one misspelled.
    """
    text = _COMMENT.sub("", text.translate(_SIGNS))
    text = _APART.sub(lambda found: found[1] + found[2].replace(" ", ""), text)
    lines = _SILENCE.sub("N.C.", text).split("\n")
    shares = [_share_of_chords(line) for line in lines]
    if 1 not in shares:
        return "\n".join(lines), ()
    left_out = []
    for index, (line, share) in enumerate(zip(lines, shares, strict=True)):
        if is_section(line):
            lines[index] = f"[{line.strip().strip('[]')}]"
        elif share is not None and share <= _MOST_IN_WORDS - _misspelled(line) and "|" not in line:
            lines[index] = ""
            left_out.append(line.strip())
    return "\n".join(lines), tuple(left_out)


def is_song_sheet(text: str) -> bool:
    """Return whether the chords of a text stand in brackets: ``[G]Amazing``."""
    if "{" in text:
        return True
    if "|" in text or 1 in map(_share_of_chords, text.split("\n")):
        return False
    return any(read_chord(name.strip()) for name in re.findall(r"\[([^\]\n]*)\]", text))


def _misspelled(line: str) -> float:
    """Return a little if a word that is no chord begins as one does."""
    words = _BETWEEN.split(line)
    return 0.01 * any(
        word and word[0] in "ABCDEFGH" and not read_chord(bare(word)) for word in words
    )


def _share_of_chords(line: str) -> float | None:
    """Return the share of the words of a line that are chords, or None if it has none."""
    words = [bare(word) for word in _BETWEEN.split(_LABEL.sub("", line)) if word]
    if not words:
        return None
    return sum(read_chord(word) is not None or is_silent(word) for word in words) / len(words)
