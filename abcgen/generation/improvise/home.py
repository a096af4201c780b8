"""The key of a chart, and the key and the chords in which the network reads it."""

from abcgen.errors import NotationError
from abcgen.grammar.header import KEYS
from abcgen.grammar.transposing import interval_between
from abcgen.notation.chart import Chart
from abcgen.notation.chords import chord_pitches
from abcgen.notation.keys import fifths_of, mode_of, scale_of, tonic_of

#: Sharps of the keys that most tunes of the tunebooks are in: those of G and D and their modes.
_HOME_FIFTHS = (1, 2)
_MODES = ("", "m", "mix", "dor")
#: What speaks for a key besides its scale: chords on its tonic, most of
#: all the last and the first, and dominant sevenths before them.
_FOR_TONIC, _FOR_FIRST, _FOR_LAST, _FOR_CADENCE = 0.4, 1.0, 1.5, 0.5
#: Modes are told apart by few chords; major and minor are likelier.
_AGAINST_MODE = 1.5
_FIFTH = 7  # semitones
_NAMES = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "G#", "A", "Bb", "B")
#: Quality as written -> as the network reads it: it has learned few others.
_READ_AS = {
    "maj7": "",
    "6": "",
    "sus2": "",
    "sus4": "",
    "aug": "",
    "m7": "m",
    "m6": "m",
    "9": "7",
    "aug7": "7",
    "7sus4": "7",
    "dim7": "dim",
}


def key_of_chords(chart: Chart) -> str:
    """Return the key that the chords of a chart are most likely in."""
    chords = [(pitches[0] % 12, _quality(chord, pitches)) for chord, pitches in _pitches(chart)]

    def score(key: str) -> float:
        tonic, scale = tonic_of(key), scale_of(key)
        minor = mode_of(key) in ("m", "dor")
        inside = sum(
            sum(pitch % 12 in scale for pitch in pitches) / len(pitches)
            for _, pitches in _pitches(chart)
        )
        at_home = [root == tonic and (quality == "m") == minor for root, quality in chords]
        cadences = sum(
            chord == ((tonic + _FIFTH) % 12, "7") and after
            for chord, after in zip(chords, [*at_home[1:], at_home[0]], strict=True)
        )
        return (
            inside
            + _FOR_TONIC * sum(at_home)
            + _FOR_CADENCE * cadences
            + _FOR_FIRST * at_home[0]
            + _FOR_LAST * at_home[-1]
            - _AGAINST_MODE * (mode_of(key) in ("mix", "dor"))
            - abs(fifths_of(key)) / 100  # of two names for one key, the simpler one
        )

    return max((key for key in KEYS if mode_of(key) in _MODES), key=score)


def _pitches(chart: Chart) -> list[tuple[str, tuple[int, ...]]]:
    return [(chord, chord_pitches(chord)[1]) for chord in chart.chords()]


def _quality(chord: str, pitches: tuple[int, ...]) -> str:
    """Return ``m`` for a minor third, ``7`` for a dominant seventh, or nothing."""
    steps = {pitch - pitches[0] for pitch in pitches}
    return "m" if 3 in steps else "7" if {4, 10} <= steps else ""


def home_of(key: str) -> str:
    """Return the key of the same mode, near G or D, in which the network writes best.

    Raises
    ------
    NotationError
        If the key is none that a tune can have.
    """
    homes = [
        home for home in KEYS if mode_of(home) == mode_of(key) and fifths_of(home) in _HOME_FIFTHS
    ]
    if key not in KEYS:
        raise NotationError(f"K:{key} is not a key that abcgen knows")
    return min(homes, key=lambda home: abs(interval_between(home, key).semitones))


def chord_at_home(chord: str, semitones: int) -> str:
    """Return a chord as the network reads it: simpler, and moved by semitones."""
    above = chord.partition("/")[0]
    accidental = above[1] if above[1:2] in ("#", "b") else ""
    quality = above[1 + len(accidental) :]
    root = _NAMES[(chord_pitches(above)[0] + semitones) % 12]
    return root + _READ_AS.get(quality, quality)
