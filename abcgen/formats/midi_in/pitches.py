"""MIDI note numbers written as notes: letters, octaves and the accidentals that a bar needs."""

from collections.abc import Sequence
from functools import lru_cache

from abcgen.notation.keys import SEMITONES, fifths_of, signature

_OCTAVE = 12  # semitones
_MIDDLE_C = 60
#: Letter -> fifths above C.
_FIFTHS = {letter: fifths for fifths, letter in enumerate("FCGDAEB", start=-1)}
_SIGNS = {-1: "_", 0: "=", 1: "^"}
#: Fifths above the tonic of a major key of the twelve usual notes: from its flat third to its sharp
#: fifth, which is the leading note of the minor key.
_USUAL = range(-3, 9)


@lru_cache(4096)
def spelled(pitch: int, key: str) -> tuple[str, int]:
    """Return the letter, with its octave, and the alteration of a note.

    Parameters
    ----------
    pitch : int
        MIDI note number.
    key : str
        As `abcgen.notation.keys.spell_key` gives it.

    Returns
    -------
    letter : str
        ``C,`` to ``c'`` and beyond.
    alteration : int
        -1 for flat, 0 for natural, 1 for sharp.
    """
    altered = signature(key)
    found = []
    for letter, value in SEMITONES.items():
        for alteration in (-1, 0, 1):
            if (value + alteration - pitch) % _OCTAVE:
                continue
            own = altered.get(letter, 0) == alteration
            fifths = _FIFTHS[letter] + 7 * alteration - fifths_of(key)
            unusual = max(_USUAL.start - fifths, 0, fifths - _USUAL.stop + 1)
            found.append((not own, unusual, abs(fifths), letter, alteration))
    *_, letter, alteration = min(found)
    octave = (pitch - alteration - SEMITONES[letter] - _MIDDLE_C) // _OCTAVE
    if octave <= 0:
        return letter + "," * -octave, alteration
    return letter.lower() + "'" * (octave - 1), alteration


class Accidentals:
    """What holds for each letter within a bar, and so which accidentals must be written.

    Parameters
    ----------
    key : str
        The key of the bar.
    """

    def __init__(self, key: str) -> None:
        self.key = key
        self._signature = signature(key)
        self._altered: dict[str, int] = {}

    def note(self, pitch: int) -> str:
        """Return a note as it is written here, with an accidental where it needs one."""
        letter, alteration = spelled(pitch, self.key)
        holds = self._altered.get(letter, self._signature.get(letter[0].upper(), 0))
        if holds == alteration:
            return letter
        self._altered[letter] = alteration
        return _SIGNS[alteration] + letter

    def group(self, pitches: Sequence[int]) -> str:
        """Return a note, or several at once in brackets."""
        return _bracketed([self.note(pitch) for pitch in pitches])

    def tied(self, pitches: Sequence[int]) -> str:
        """Return what is tied to the notes before: it keeps their accidentals unwritten."""
        return _bracketed([spelled(pitch, self.key)[0] for pitch in pitches])


def _bracketed(notes: Sequence[str]) -> str:
    return notes[0] if len(notes) == 1 else f"[{''.join(notes)}]"
