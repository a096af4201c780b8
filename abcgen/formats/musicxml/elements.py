"""Elements of XML, and the names that MusicXML gives to note values and accidentals."""

import re
from fractions import Fraction
from xml.etree.ElementTree import Element, SubElement

#: Characters that XML cannot hold, not even escaped.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SHORTEST = "1024th"
#: Note value without dots, in whole notes -> its name.
TYPES = {
    Fraction(2): "breve",
    Fraction(1): "whole",
    Fraction(1, 2): "half",
    Fraction(1, 4): "quarter",
    Fraction(1, 8): "eighth",
    Fraction(1, 16): "16th",
    Fraction(1, 32): "32nd",
    **{Fraction(1, n): f"{n}th" for n in (64, 128, 256, 512)},
    Fraction(1, 1024): _SHORTEST,
}
#: Accidental in ABC -> its name.
ACCIDENTALS = {
    "^^": "double-sharp",
    "^": "sharp",
    "=": "natural",
    "_": "flat",
    "__": "flat-flat",
}


def add(parent: Element, tag: str, text: object = None, /, **attributes: object) -> Element:
    """Append a new element and return it.

    Characters that XML forbids are left out of the text. An attribute's name may have ``_`` for
    ``-``; one that is None is left out.
    """
    found = {
        name.replace("_", "-"): str(value)
        for name, value in attributes.items()
        if value is not None
    }
    element = SubElement(parent, tag, found)
    if text is not None:
        element.text = clean(str(text))
    return element


def clean(text: str) -> str:
    """Return a text without the characters that XML cannot hold."""
    return _FORBIDDEN.sub("", text)


def type_of(base: Fraction) -> str:
    """Return the name of a note value; the shortest one for those that are shorter still."""
    return TYPES.get(base, _SHORTEST)
