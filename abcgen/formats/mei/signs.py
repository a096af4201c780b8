"""What is written at a note in quotes or between exclamation marks, as MEI.

The names are those of `abcgen.notation.decorations`; one that is not here is not drawn.
"""

import re

from abcgen.formats.xml_text import safe
from abcgen.notation.chords import spell_chord
from abcgen.notation.jumps import LEAVING, words_of

#: Decoration -> articulation, which belongs to the note.
ARTICULATIONS = {
    "staccato": "stacc",
    "upbow": "upbow",
    "downbow": "dnbow",
    "accent": "acc",
    "tenuto": "ten",
    "wedge": "stacciss",
    "marcato": "marc",
    "plus": "stop",
    "open": "open",
    "snap": "snap",
}
_ABOVE = 'place="above"'
_DYNAMICS = ("pppp", "ppp", "pp", "p", "mp", "mf", "f", "ff", "fff", "ffff", "sfz")
#: Decoration -> the name of an element, and its attributes and content.
_ELEMENTS = {
    **dict.fromkeys(("roll", "turn"), ("turn", f'{_ABOVE} form="upper"', "")),
    "invertedturn": ("turn", f'{_ABOVE} form="lower"', ""),
    "trill": ("trill", _ABOVE, ""),
    "lowermordent": ("mordent", f'{_ABOVE} form="lower"', ""),
    "uppermordent": ("mordent", f'{_ABOVE} form="upper"', ""),
    "fermata": ("fermata", _ABOVE, ""),
    "invertedfermata": ("fermata", 'place="below" form="inv"', ""),
    "segno": ("repeatMark", f'{_ABOVE} func="segno"', ""),
    "coda": ("repeatMark", f'{_ABOVE} func="coda"', ""),
    **{mark: ("dir", _ABOVE, words_of(mark)) for mark in LEAVING},
    "breath": ("breath", _ABOVE, ""),
    "arpeggio": ("arpeg", "", ""),
    **{name: ("dynam", 'place="below"', name) for name in _DYNAMICS},
    **{finger: ("fing", _ABOVE, finger) for finger in "012345"},
}
#: Decoration -> whether it begins or ends a hairpin, and its form.
HAIRPINS = {
    "crescendo(": ("begin", "cres"),
    "crescendo)": ("end", "cres"),
    "diminuendo(": ("begin", "dim"),
    "diminuendo)": ("end", "dim"),
}
#: Decorations that may stand at the end of a bar, too.
_AT_BAR_END = LEAVING | {"segno", "coda", *_DYNAMICS}

_SIGNS = str.maketrans({"\u266f": "#", "\u266d": "b", "\u266e": "="})
_PLACES = {"^": "above", "_": "below"}


def sign(name: str, place: str) -> str:
    """Return the element of a decoration at a place (``startid="#n7"``), or nothing."""
    if name not in _ELEMENTS:
        return ""
    element, attributes, content = _ELEMENTS[name]
    return f"<{element} {place} {attributes}>{content}</{element}>"


def sign_at_end(name: str, place: str) -> str:
    """Return the element of a decoration at the end of a bar, or nothing; words end there."""
    if name in LEAVING:
        return f'<dir {place} {_ABOVE}><rend halign="right">{words_of(name)}</rend></dir>'
    return sign(name, place) if name in _AT_BAR_END else ""


def part(name: str, place: str) -> str:
    """Return the name of the part that begins at a place, or nothing."""
    return f"<reh {place} {_ABOVE}>{safe(name)}</reh>" if name else ""


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
