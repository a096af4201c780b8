"""MIDI note numbers spelled as letters and alterations, as the key suggests."""

from functools import lru_cache

from abcgen.notation.keys import SEMITONES, fifths_of, signature

#: Semitones.
MINOR_THIRD, MAJOR_THIRD, FIFTH, OCTAVE = 3, 4, 7, 12
_MIDDLE_C = 60
#: Letter -> fifths above C.
_FIFTHS = {letter: fifths for fifths, letter in enumerate("FCGDAEB", start=-1)}
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
            if (value + alteration - pitch) % OCTAVE == 0:
                own = altered.get(letter, 0) == alteration
                fifths = _FIFTHS[letter] + 7 * alteration - fifths_of(key)
                unusual = max(_USUAL.start - fifths, 0, fifths - _USUAL.stop + 1)
                found.append((not own, unusual, abs(fifths), letter, alteration))
    *_, letter, alteration = min(found)
    octave = (pitch - alteration - SEMITONES[letter] - _MIDDLE_C) // OCTAVE
    return lettered(letter, octave), alteration


def lettered(letter: str, octave: int) -> str:
    """Return a letter with its octave, 0 from middle C on: ``C,``, ``C``, ``c``, ``c'``."""
    if octave <= 0:
        return letter + "," * -octave
    return letter.lower() + "'" * (octave - 1)


def pitch_of(letter: str, alteration: int) -> int:
    """Return the MIDI note number of a letter with its octave, and an alteration."""
    octave = letter.count("'") - letter.count(",") + letter[0].islower()
    return _MIDDLE_C + OCTAVE * octave + SEMITONES[letter[0].upper()] + alteration
