"""What is written at a note in quotes or between exclamation marks, as MEI.

The names are those of the ABC standard 2.1, section 4.14; one that is not here is not drawn.
"""

import re

from abcgen.formats.mei.xml import safe
from abcgen.notation.chords import spell_chord
from abcgen.notation.jumps import LEAVING, words_of

#: Decoration -> articulation, which belongs to the note.
ARTICULATIONS = {
    **dict.fromkeys((".", "staccato"), "stacc"),
    **dict.fromkeys(("u", "upbow"), "upbow"),
    **dict.fromkeys(("v", "downbow"), "dnbow"),
    **dict.fromkeys(("L", "accent", ">", "emphasis"), "acc"),
    "tenuto": "ten",
    "wedge": "stacciss",
    **dict.fromkeys(("marcato", "^"), "marc"),
    **dict.fromkeys(("plus", "+"), "stop"),
    "open": "open",
    "snap": "snap",
}
_ABOVE = 'place="above"'
#: Decoration -> the name of an element, and its attributes and content.
_ELEMENTS = {
    **dict.fromkeys(("~", "roll", "turn"), ("turn", f'{_ABOVE} form="upper"', "")),
    "invertedturn": ("turn", f'{_ABOVE} form="lower"', ""),
    **dict.fromkeys(("T", "trill"), ("trill", _ABOVE, "")),
    **dict.fromkeys(("M", "lowermordent", "mordent"), ("mordent", f'{_ABOVE} form="lower"', "")),
    **dict.fromkeys(
        ("P", "uppermordent", "pralltriller"), ("mordent", f'{_ABOVE} form="upper"', "")
    ),
    **dict.fromkeys(("H", "fermata"), ("fermata", _ABOVE, "")),
    "invertedfermata": ("fermata", 'place="below" form="inv"', ""),
    "segno": ("repeatMark", f'{_ABOVE} func="segno"', ""),
    "coda": ("repeatMark", f'{_ABOVE} func="coda"', ""),
    **{mark: ("dir", _ABOVE, words_of(mark)) for mark in LEAVING},
    "breath": ("breath", _ABOVE, ""),
    "arpeggio": ("arpeg", "", ""),
    **{
        name: ("dynam", 'place="below"', name)
        for name in ("pppp", "ppp", "pp", "p", "mp", "mf", "f", "ff", "fff", "ffff", "sfz")
    },
    **{finger: ("fing", _ABOVE, finger) for finger in "012345"},
}
#: Decoration -> whether it begins or ends a hairpin, and its form.
HAIRPINS = {
    **dict.fromkeys(("<(", "crescendo("), ("begin", "cres")),
    **dict.fromkeys(("<)", "crescendo)"), ("end", "cres")),
    **dict.fromkeys((">(", "diminuendo("), ("begin", "dim")),
    **dict.fromkeys((">)", "diminuendo)"), ("end", "dim")),
}
#: Decorations that may stand at the end of a bar, too.
AT_BAR_END = LEAVING | {"segno", "coda"}

_SIGNS = str.maketrans({"\u266f": "#", "\u266d": "b", "\u266e": "="})
_PLACES = {"^": "above", "_": "below"}


def sign(name: str, place: str, *, ends: bool = False) -> str:
    """Return the element of a decoration at a place (``startid="#n7"``), or nothing.

    Words end at the place if `ends`, and else begin there.
    """
    if name not in _ELEMENTS:
        return ""
    element, attributes, content = _ELEMENTS[name]
    if ends and element == "dir":
        content = f'<rend halign="right">{content}</rend>'
    return f"<{element} {place} {attributes}>{content}</{element}>"


def times(count: int, place: str) -> str:
    """Return how often a section is played, above the bar line that ends it."""
    return f'<dir {place} {_ABOVE}><rend halign="right">{count}x</rend></dir>'


def chord_symbol(texts: list[str], place: str) -> str:
    """Return the chord symbols of a place, side by side; a sharp is ``#`` and a flat ``b``."""
    shown = "  ".join(filter(None, map(_chord, texts)))
    return f'<harm {place} place="above">{safe(shown)}</harm>' if shown else ""


def _chord(text: str) -> str:
    """Return a chord as abcgen spells it, in its brackets, or else any text as it is."""
    text = " ".join(text.translate(_SIGNS).split())
    chord = spell_chord(text)
    if chord is None:
        return text
    return f"({chord})" if re.search(r"[()]", text) else chord


def annotation(text: str, place: str) -> str:
    """Return a text such as ``^slowly``, whose first character says where it stands."""
    where = _PLACES.get(text[:1], "above")
    return f'<dir {place} place="{where}">{safe(text[1:].strip())}</dir>'
