"""Marks that send a player to another place: D.C., D.S. al fine, segno, coda and so on.

The ABC standard 2.1 (section 4.14) has ``!D.C.!``, ``!D.S.!``, ``!dacapo!``, ``!dacoda!``,
``!segno!``, ``!coda!``, ``!fine!`` and the short forms ``S`` and ``O``. Many tunes have them as
text in quotes, and add ``al fine`` or ``al coda``.
"""

import re

#: What is written, in lower case and without spaces, dots and signs -> the mark.
_MARKS = {
    "dc": "D.C.",
    "dacapo": "D.C.",
    "dcalfine": "D.C. al fine",
    "dacapoalfine": "D.C. al fine",
    "dcalcoda": "D.C. al coda",
    "dacapoalcoda": "D.C. al coda",
    "ds": "D.S.",
    "dalsegno": "D.S.",
    "dsalfine": "D.S. al fine",
    "dalsegnoalfine": "D.S. al fine",
    "dsalcoda": "D.S. al coda",
    "dalsegnoalcoda": "D.S. al coda",
    "fine": "fine",
    "dacoda": "to coda",
    "tocoda": "to coda",
    "segno": "segno",
    "coda": "coda",
}
_SHORT = {"S": "segno", "O": "coda"}
#: Marks that send a player away; the others are places to go to.
LEAVING = frozenset(_MARKS.values()) - frozenset(_SHORT.values())


def mark_of(text: str) -> str | None:
    """Return the mark that a decoration or a text in quotes stands for, or None.

    Parameters
    ----------
    text : str
        With its signs: ``!D.C.alfine!``, ``"^D.C. al Fine"``, ``S``.
    """
    if len(text) == 1:
        return _SHORT.get(text)
    # A slash or a digit stays: "D/C" and "D6/C" are chord symbols.
    return _MARKS.get(re.sub(r"[^a-z0-9/#]", "", text.lower()))


def words_of(mark: str) -> str:
    """Return a mark as it is printed: ``D.C. al Fine`` for ``D.C. al fine``."""
    return re.sub(r"\b(?:fine|coda|to)\b", lambda word: word[0].capitalize(), mark)
