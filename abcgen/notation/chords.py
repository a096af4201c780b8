"""Chord symbols: one spelling for each, and the pitches they stand for."""

import re

from abcgen.notation.keys import SEMITONES

_CHORD = re.compile(
    r"\(?\s*(?P<root>[A-G])\s*(?P<alteration>[#b]?)\s*(?P<quality>[^/()]*?)\s*"
    r"(?:/\s*(?P<bass>[A-Ga-g])(?P<bass_alteration>[#b+]?))?\s*\)?"
)
#: A root, also a German H, and what else chords are written with, known or not; words such as Fine
#: are no chords.
_CHORD_LIKE = re.compile(
    r"\(?\s*[A-H](?:\d|[#b\u266f\u266d+\-\u00b0\u00ba\u00f8\u00d8\u0394^/()<>|*,\s]|[A-G]"
    r"|maj|ma|min|mi|Maj|Min|dim|aug|add|sus|alt|omit|no|dom|[mModa](?![a-z]))*"
)
_ALTERATIONS = {"": 0, "#": 1, "b": -1}

#: Quality as spelled -> semitones above the root.
QUALITIES = {
    "": (0, 4, 7),
    "m": (0, 3, 7),
    "7": (0, 4, 7, 10),
    "m7": (0, 3, 7, 10),
    "maj7": (0, 4, 7, 11),
    "dim": (0, 3, 6),
    "dim7": (0, 3, 6, 9),
    "aug": (0, 4, 8),
    "aug7": (0, 4, 8, 10),
    "6": (0, 4, 7, 9),
    "m6": (0, 3, 7, 9),
    "9": (0, 4, 7, 10, 14),
    "sus2": (0, 2, 7),
    "sus4": (0, 5, 7),
    "7sus4": (0, 5, 7, 10),
}
#: Other ways to write a quality -> as spelled. `d` and `a` are the Nottingham database's.
_SYNONYMS = {
    "d": "dim",
    "o": "dim",
    "d7": "dim7",
    "a": "aug",
    "+": "aug",
    "a7": "aug7",
    "+7": "aug7",
    "min": "m",
    "-": "m",
    "min7": "m7",
    "maj": "",
    "M": "",
    "M7": "maj7",
    "sus": "sus4",
    "7sus": "7sus4",
}


def spell_chord(text: str) -> str | None:
    """Return the one spelling of a chord symbol, or None if the text is not a chord.

    ``A7/f+`` (the Nottingham database's way) becomes ``A7/F#``, ``Bd`` becomes ``Bdim``;
    brackets, which mean that a chord may be left out, are removed.
    """
    match = _CHORD.fullmatch(text.strip())
    if match is None:
        return None
    quality = _SYNONYMS.get(match["quality"], match["quality"])
    if quality not in QUALITIES:
        return None
    chord = match["root"] + match["alteration"] + quality
    if match["bass"]:
        chord += "/" + match["bass"].upper() + match["bass_alteration"].replace("+", "#")
    return chord


def looks_like_chord(text: str) -> bool:
    """Return whether a text in quotes is meant as a chord symbol, even an unknown one."""
    return spell_chord(text) is not None or _CHORD_LIKE.fullmatch(text.strip()) is not None


def chord_pitches(chord: str) -> tuple[int, tuple[int, ...]]:
    """Return a spelled chord's bass as a pitch class (0 for C) and its semitones from C up.

    Parameters
    ----------
    chord : str
        A chord symbol as `spell_chord` gives it.

    Returns
    -------
    bass : int
        Pitch class of the lowest note, 0 to 11.
    pitches : tuple of int
        Semitones above the C below the root, the root first.
    """
    upper, _, lower = chord.partition("/")
    accidental = upper[1:2] if upper[1:2] in ("#", "b") else ""
    root = (SEMITONES[upper[0]] + _ALTERATIONS[accidental]) % 12
    pitches = tuple(root + step for step in QUALITIES[upper[1 + len(accidental) :]])
    bass = (SEMITONES[lower[0]] + _ALTERATIONS[lower[1:]]) % 12 if lower else root
    return bass, pitches
