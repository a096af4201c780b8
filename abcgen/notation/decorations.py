"""Decorations: the signs before a note, each by the name that the ABC standard gives it."""

#: One letter before a note -> its name (ABC standard 2.1, section 4.14).
_LETTERS = {
    ".": "staccato",
    "~": "roll",
    "H": "fermata",
    "L": "accent",
    "M": "lowermordent",
    "O": "coda",
    "P": "uppermordent",
    "S": "segno",
    "T": "trill",
    "u": "upbow",
    "v": "downbow",
}
#: Other names of the same sign.
_SYNONYMS = {
    ">": "accent",
    "emphasis": "accent",
    "mordent": "lowermordent",
    "pralltriller": "uppermordent",
    "+": "plus",
    "<(": "crescendo(",
    "<)": "crescendo)",
    ">(": "diminuendo(",
    ">)": "diminuendo)",
}


def name_of(text: str) -> str:
    """Return the name of a decoration as written (``T``, ``!trill!``, ``+trill+``): ``trill``.

    A letter that has no meaning of its own is returned as it is.
    """
    if len(text) == 1:
        return _LETTERS.get(text, text)
    name = text[1:-1].strip()
    return _SYNONYMS.get(name, name)
