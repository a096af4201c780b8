"""Keys: the ways people write them, the one way abcgen spells them, and their accidentals."""

import re

from abcgen.errors import NotationError

#: Letter of a pitch -> semitones above C.
SEMITONES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
#: Mode as spelled -> fifths above or below the major key of the same tonic.
MODES = {"": 0, "mix": -1, "dor": -2, "m": -3, "phr": -4, "loc": -5, "lyd": 1}
#: First three letters of any way to write a mode -> the mode as spelled.
_MODE_NAMES = {
    "maj": "",
    "ion": "",
    "min": "m",
    "aeo": "m",
    "mix": "mix",
    "dor": "dor",
    "phr": "phr",
    "loc": "loc",
    "lyd": "lyd",
}
_FIFTHS = {"F": -1, "C": 0, "G": 1, "D": 2, "A": 3, "E": 4, "B": 5}
_SHARP_ORDER = "FCGDAEB"
_KEY = re.compile(r"([A-G])([#b]?)[ \t]*([A-Za-z]*)(.*)", re.DOTALL)


def spell_key(text: str) -> str:
    """Return the one spelling of a key: ``A Dorian`` becomes ``Ador``, ``D Major`` ``D``.

    Raises
    ------
    NotationError
        If it is not a key, or has extra accidentals or a clef.
    """
    text = text.strip()
    if text in ("HP", "Hp"):
        # The Highland pipes' two sharps; Hp shows the signature, HP hides it.
        return "D"
    match = _KEY.fullmatch(text)
    if match is None:
        raise NotationError(f"K:{text} is not a key")
    tonic, accidental, mode_text, rest = match.groups()
    mode = _MODE_NAMES.get(mode_text.lower()[:3]) if mode_text.lower() != "m" else "m"
    if not mode_text:
        mode = ""
    if mode is None or rest.strip():
        raise NotationError(f"K:{text} is not a key that abcgen knows")
    key = tonic + accidental + mode
    if not -7 <= fifths_of(key) <= 7:
        raise NotationError(f"K:{text} has more than seven accidentals")
    return key


def mode_of(key: str) -> str:
    """Return the mode of a key spelled by `spell_key`, one of `MODES`; empty for major."""
    return key[1:].lstrip("#b")


def tonic_of(key: str) -> int:
    """Return the tonic of a key spelled by `spell_key`, in semitones above C: 0 to 11."""
    tonic = key.removesuffix(mode_of(key))
    return (SEMITONES[tonic[0]] + tonic.count("#") - tonic.count("b")) % 12


def fifths_of(key: str) -> int:
    """Return the sharps (positive) or flats (negative) of a key spelled by `spell_key`."""
    mode = mode_of(key)
    tonic = key.removesuffix(mode)
    return _FIFTHS[tonic[0]] + 7 * (tonic.count("#") - tonic.count("b")) + MODES[mode]


def signature(key: str) -> dict[str, int]:
    """Return the semitones that a key adds to each letter A to G that it alters."""
    fifths = fifths_of(key)
    if fifths >= 0:
        return dict.fromkeys(_SHARP_ORDER[:fifths], 1)
    return dict.fromkeys(_SHARP_ORDER[::-1][:-fifths], -1)
