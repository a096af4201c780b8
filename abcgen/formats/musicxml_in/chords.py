"""Chord symbols in MusicXML, as abcgen spells them."""

from xml.etree.ElementTree import Element

from abcgen.notation.chord_symbols import read_chord
from abcgen.notation.chords import spell_chord

#: Kind of chord in MusicXML -> quality as `abcgen.notation.chords` spells it. A kind that it does
#: not know is read as the nearest one that it contains.
_QUALITIES = {
    "major": "",
    "minor": "m",
    "dominant": "7",
    "minor-seventh": "m7",
    "major-seventh": "maj7",
    "diminished": "dim",
    "diminished-seventh": "dim7",
    "half-diminished": "dim",
    "augmented": "aug",
    "augmented-seventh": "aug7",
    "major-sixth": "6",
    "minor-sixth": "m6",
    "dominant-ninth": "9",
    "dominant-11th": "9",
    "dominant-13th": "9",
    "major-ninth": "maj7",
    "major-11th": "maj7",
    "major-13th": "maj7",
    "major-minor": "m",
    "minor-ninth": "m7",
    "minor-11th": "m7",
    "minor-13th": "m7",
    "suspended-second": "sus2",
    "suspended-fourth": "sus4",
    "power": "",
}
_SIGNS = {-1: "b", 0: "", 1: "#"}


def chord_of(harmony: Element) -> str | None:
    """Return the chord symbol of a ``harmony``; None if it is no chord, such as N.C."""
    root = _note(harmony, "root")
    kind = (harmony.findtext("kind") or "").strip()
    quality = _QUALITIES.get(kind)
    if root is not None and kind == "other":
        read = read_chord(root + (harmony.find("kind").get("text") or ""))  # type: ignore[union-attr]
        return read.spelled if read is not None else spell_chord(root)
    if root is None or quality is None:
        return None
    added = {
        (degree.findtext("degree-value"), degree.findtext("degree-type"))
        for degree in harmony.findall("degree")
    }
    if quality == "sus4" and ("7", "add") in added:
        quality = "7sus4"
    bass = _note(harmony, "bass")
    return spell_chord(root + quality + (f"/{bass}" if bass else ""))


def _note(harmony: Element, tag: str) -> str | None:
    """Return the root or bass: ``F#``."""
    step = (harmony.findtext(f"{tag}/{tag}-step") or "").strip()
    alteration = (harmony.findtext(f"{tag}/{tag}-alter") or "0").strip()
    try:
        return step + _SIGNS[int(float(alteration))] if step else None
    except (KeyError, ValueError, OverflowError):
        return None
