"""Chord symbols as a musician spells them in a key: A7/C# in D, Bb in F, F#dim in G minor."""

from collections.abc import Sequence

from abcgen.formats.midi_in.harmony import Harmony
from abcgen.formats.midi_in.pitches import FIFTH, OCTAVE
from abcgen.notation.chords import chord_pitches
from abcgen.notation.keys import MINOR_MODES, MODES, fifths_of, mode_of

_LETTERS = "FCGDAEB"  # in fifths, from one below C on
_SIGNS = {-1: "b", 0: "", 1: "#"}
#: Fifths from Gb to A#: no other names of chords are usual.
_LOWEST, _HIGHEST = -6, 10
#: Fifths below the tonic at which roots begin: Db in C, but C#m, and C#dim, which leads to D.
_BELOW, _BELOW_MINOR, _BELOW_DIMINISHED = 5, 4, 2
#: Semitones of a bass above the root -> fifths, as the tone of the chord that it is.
_TONES = {3: -3, 4: 4, 7: 1, 10: -2, 11: 5}


def symbols_of(harmonies: Sequence[tuple[int, Harmony]], key: str) -> list[tuple[int, str]]:
    """Return chords as they are written, each where it begins.

    Parameters
    ----------
    harmonies : sequence of (int, Harmony)
        The result of `abcgen.formats.midi_in.chords.harmonies_of`.
    key : str
        That of the tune; it decides between sharps and flats.
    """
    mode = mode_of(key)
    tonic = fifths_of(key) - MODES[mode] - (mode in MINOR_MODES)
    return [(onset, _symbol(chord, tonic)) for onset, chord in harmonies]


def moved_symbol(symbol: str, semitones: int, key: str) -> str:
    """Return a chord symbol moved by semitones, spelled for the key that it is moved to."""
    lowest = fifths_of(key) - _BELOW

    def moved(part: str) -> str:
        letters = 2 if part[1:2] in ("#", "b") else 1
        pitch_class = chord_pitches(part[:letters])[0] + semitones
        return _name(_fifths(pitch_class % OCTAVE, lowest)) + part[letters:]

    return "/".join(map(moved, symbol.split("/")))


def _symbol(chord: Harmony, tonic: int) -> str:
    """Return the symbol of a chord in a key, whose tonic is given in fifths above C."""
    below = _BELOW
    if chord.quality.startswith("dim"):
        below = _BELOW_DIMINISHED
    elif chord.quality in ("m", "m7", "m6"):
        below = _BELOW_MINOR
    root = _fifths(chord.root, tonic - below)
    symbol = _name(root) + chord.quality
    if chord.bass == chord.root:
        return symbol
    above = _TONES.get((chord.bass - chord.root) % OCTAVE) if chord.has(chord.bass) else None
    bass = None if above is None else root + above
    if bass is None or not _LOWEST <= bass <= _HIGHEST:
        bass = _fifths(chord.bass, root - _BELOW)
    return f"{symbol}/{_name(bass)}"


def _fifths(pitch_class: int, lowest: int) -> int:
    """Return the fifths above C of a pitch class, from a lowest name on."""
    lowest = min(max(lowest, _LOWEST), _HIGHEST - OCTAVE + 1)
    return lowest + (FIFTH * pitch_class - lowest) % OCTAVE


def _name(fifths: int) -> str:
    sharps, letter = divmod(fifths + 1, len(_LETTERS))
    return _LETTERS[letter] + _SIGNS[sharps]
