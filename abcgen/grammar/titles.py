"""Titles as they are written: in plain ASCII, without what a tool misunderstands."""

import unicodedata

from abcgen.grammar.header import MOST_IN_TITLE, TITLE_CHARACTERS

_UNTITLED = "Untitled"
#: Characters that Unicode does not take apart -> how they are written without them.
_PLAIN = str.maketrans(
    {"\u2019": "'", "ß": "ss", "æ": "ae", "Æ": "Ae", "œ": "oe", "ø": "o", "Ø": "O"}
)


def spell_title(text: str) -> str:
    """Return a title as it may be written: `plain_text` without what a tool misunderstands."""
    written = text.replace('"', "'").replace(":", " - ").replace("&amp;", "&")
    kept = "".join(c if c in TITLE_CHARACTERS else " " for c in plain_text(written))
    words = " ".join(kept.split())
    while len(words) > MOST_IN_TITLE:
        words = words[:MOST_IN_TITLE].rpartition(" ")[0] or words[:MOST_IN_TITLE]
    return words or _UNTITLED


def plain_text(text: str) -> str:
    """Return a title in printable ASCII: without accents, and with single spaces."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_PLAIN))
    ascii_only = decomposed.encode("ascii", "ignore").decode()
    return " ".join("".join(c if c.isprintable() else " " for c in ascii_only).split())
