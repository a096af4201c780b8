"""What stands above and below the notes in MusicXML: chord symbols, tempo, words, dynamics."""

from xml.etree.ElementTree import Element

from abcgen.formats.musicxml.elements import add, type_of
from abcgen.formats.printed_tempos import beat_of
from abcgen.music.tempo import WrittenTempo
from abcgen.notation.chords import spell_chord
from abcgen.notation.jumps import LEAVING, words_of

_ALTERATIONS = {"#": 1, "b": -1}
#: Quality as `abcgen.notation.chords` spells it -> the kind of chord in MusicXML.
_KINDS = {
    "": "major",
    "m": "minor",
    "7": "dominant",
    "m7": "minor-seventh",
    "maj7": "major-seventh",
    "dim": "diminished",
    "dim7": "diminished-seventh",
    "aug": "augmented",
    "aug7": "augmented-seventh",
    "6": "major-sixth",
    "m6": "minor-sixth",
    "9": "dominant-ninth",
    "sus2": "suspended-second",
    "sus4": "suspended-fourth",
    "7sus4": "suspended-fourth",  # with the seventh added
}
_DYNAMICS = frozenset({"pppp", "ppp", "pp", "p", "mp", "mf", "f", "ff", "fff", "ffff", "sfz"})
_WEDGES = {
    "crescendo(": "crescendo",
    "diminuendo(": "diminuendo",
    "crescendo)": "stop",
    "diminuendo)": "stop",
}


def add_chord(parent: Element, text: str) -> None:
    """Append a chord symbol; a text that is no chord is written as words."""
    chord = spell_chord(text)
    if chord is None:
        if text:
            add_words(parent, text)
        return
    upper, _, bass = chord.partition("/")
    harmony = add(parent, "harmony", print_frame="no")
    quality = upper[_add_step(harmony, "root", upper) :]
    add(harmony, "kind", _KINDS[quality], text=quality)
    if bass:
        _add_step(harmony, "bass", bass)
    if quality == "7sus4":
        degree = add(harmony, "degree", print_object="no")
        add(degree, "degree-value", 7)
        add(degree, "degree-alter", 0)
        add(degree, "degree-type", "add")


def _add_step(harmony: Element, tag: str, text: str) -> int:
    """Append the root or the bass of a chord; return how many characters it has."""
    element = add(harmony, tag)
    add(element, f"{tag}-step", text[0])
    alteration = _ALTERATIONS.get(text[1:2])
    if alteration is None:
        return 1
    add(element, f"{tag}-alter", alteration)
    return 2


def add_words(parent: Element, text: str, placement: str = "above") -> None:
    """Append words."""
    add(_direction(parent, placement), "words", text)


def add_remark(parent: Element, text: str) -> None:
    """Append an annotation; its first character says where it stands."""
    if text[1:].strip():
        add_words(parent, text[1:].strip(), "below" if text[0] == "_" else "above")


def add_part(parent: Element, name: str) -> None:
    """Append the name of the part that begins here."""
    if name:
        add(_direction(parent, "above"), "rehearsal", name)


def add_decoration(parent: Element, name: str) -> None:
    """Append a decoration that is no part of a note, such as ``!f!``; others are left out."""
    if name in _DYNAMICS:
        add(add(_direction(parent, "below"), "dynamics"), name)
    elif name in _WEDGES:
        add(_direction(parent, "below"), "wedge", type=_WEDGES[name])
    elif name in ("segno", "coda"):
        add(_direction(parent, "above"), name)
    elif name in LEAVING:
        add_words(parent, words_of(name))


def add_tempo(parent: Element, written: WrittenTempo, qpm: float) -> None:
    """Append the tempo: seen as Q: has it, heard in quarter notes a minute."""
    beat = beat_of(written)
    if not written.words.strip() and beat is None:
        add(parent, "sound", tempo=f"{qpm:g}")
        return
    direction = add(parent, "direction", placement="above")
    if written.words.strip():
        add(add(direction, "direction-type"), "words", written.words.strip())
    if beat is not None:
        metronome = add(add(direction, "direction-type"), "metronome")
        add(metronome, "beat-unit", type_of(beat.base))
        for _ in range(beat.dots):
            add(metronome, "beat-unit-dot")
        add(metronome, "per-minute", f"{written.count:g}")
    add(direction, "sound", tempo=f"{qpm:g}")


def _direction(parent: Element, placement: str) -> Element:
    """Append a direction and return the element for what is in it."""
    return add(add(parent, "direction", placement=placement), "direction-type")
