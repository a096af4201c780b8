"""The key of a MIDI file: what it says, or else what its notes fit into."""

from collections.abc import Sequence
from functools import cache
from itertools import takewhile

from abcgen.errors import NotationError
from abcgen.formats.bar_text import QUARTER
from abcgen.formats.midi import KEY_MARKER
from abcgen.formats.midi_in.events import Recording
from abcgen.formats.midi_in.harmony import Harmony, Heard
from abcgen.formats.midi_in.line import Sound
from abcgen.formats.midi_in.pitches import FIFTH, OCTAVE
from abcgen.notation.keys import (
    MINOR_MODES,
    MODES,
    SEMITONES,
    fifths_of,
    mode_of,
    plain_key,
    spell_key,
    tonic_of,
)

#: Qualities of dominants.
_SEVENTHS = ("7", "9", "7sus4", "aug7")
#: Mode -> how usual it is; where a file says major, many programs mean nothing by it.
_USUAL = {"": 1.0, "mix": 0.4, "dor": 0.4, "m": 0.7, "phr": -1.5, "loc": -6.0, "lyd": -1.0}
_SAID = 1.0  # what a minor third that the file says is worth
_LAST = 3.0  # what it is worth that a tune ends with its tonic
#: What it is worth that the tonic is the root of the last chord, that it is the chord of the tonic,
#: that the first one is, and that the chord of the fifth note is played with a seventh.
_LAST_ROOT, _LAST_CHORD, _FIRST_CHORD, _DOMINANT = 2.2, 2.5, 2.0, 1.0
#: By how much less of the notes may be outside of another signature than of none, which many
#: programs write where nobody has said a key.
_CLEARER = 0.05
#: Semitones above the tonic -> what the share of the time is worth that it sounds.
_WEIGHTS = {0: 5.0, 7: 2.0, 3: 1.0, 4: 1.0}
#: What the share of notes is worth that a signature leaves without accidentals, and the signatures
#: that are tried, in sharps; of those that are alike the one with fewest.
_FITS = 30.0
_FIFTHS = sorted(range(-5, 7), key=abs)


def keys_of(
    recording: Recording,
    line: Sequence[Sound],
    heard: Sequence[Heard] = (),
    harmonies: Sequence[tuple[int, Harmony]] = (),
) -> list[tuple[int, str]]:
    """Return from when on each key holds, in units, the first from 0, as ABC writes it.

    Parameters
    ----------
    recording : Recording
        For its key signatures.
    line : sequence of Sound
        The melody on the grid.
    heard : sequence of Heard
        What goes with it.
    harmonies : sequence of (int, Harmony)
        The chords that these make.
    """
    named = {tick: key for tick, text in recording.markers if (key := _named(text))}
    said: dict[int, tuple[int, bool, str]] = {}
    for one in recording.keys:
        onset = round(one.tick * QUARTER / recording.ticks)
        # Of several tracks, some may say that nobody has said a key.
        if one.fifths or one.minor or onset not in said:
            said[onset] = one.fifths, one.minor, named.get(one.tick, "")
    places = sorted(said)
    everything = _shares([*line, *(Sound((one.pitch,), 0, one.length) for one in heard)])
    by_default = len(places) == 1 and said[places[0]] == (0, False, "")
    unlike = max(_inside(fifths, everything) for fifths in _FIFTHS) - _inside(0, everything)
    if not places or (by_default and unlike > _CLEARER):
        keys = [key for fifths in _FIFTHS for key in _keys_of(fifths)]
        chords = [chord for _, chord in harmonies]
        return [(0, _likeliest(keys, line, None, everything, chords))]
    found: list[tuple[int, str]] = []
    for index, onset in enumerate(places):
        fifths, minor, name = said[onset]
        begin = 0 if index == 0 else onset
        end = places[index + 1] if index + 1 < len(places) else line[-1].end
        notes = [sound for sound in line if begin <= sound.onset < end] or list(line)
        chords = [chord for place, chord in harmonies if begin <= place < end]
        # A name that contradicts the signature belongs to something else.
        key = (
            name
            if name and fifths_of(name) == fifths
            else key_of_signature(fifths, notes, minor, chords)
        )
        if not found or found[-1][1] != key:
            found.append((begin, key))
    return found


def _named(text: str) -> str:
    """Return the key that a marker names, ``K:Dmix``; nothing if it names none.

    Accidentals of its own are left out.
    """
    if not text.startswith(KEY_MARKER):
        return ""
    try:
        return plain_key(spell_key(text.removeprefix(KEY_MARKER)))
    except NotationError:
        return ""


def _shares(line: Sequence[Sound]) -> list[float]:
    """Return the share of the time for which each pitch class sounds, (12,)."""
    shares = [0.0] * OCTAVE
    for sound in line:
        shares[sound.pitches[-1] % OCTAVE] += sound.end - sound.onset
    whole = sum(shares)
    return [share / whole for share in shares]


def _inside(fifths: int, shares: Sequence[float]) -> float:
    """Return the share of notes that a signature leaves without accidentals."""
    # A scale is seven neighbours in the circle of fifths, one below its tonic to five above.
    return sum(shares[7 * (fifths + step) % OCTAVE] for step in range(-1, 6))


def key_of_signature(
    fifths: int,
    line: Sequence[Sound],
    minor: bool | None = None,
    chords: Sequence[Harmony] = (),
) -> str:
    """Return the key of a signature whose tonic the notes make most of.

    Parameters
    ----------
    fifths : int
        Of the signature, sharps positive.
    line : sequence of Sound
        The melody.
    minor : bool, optional
        Whether a file says that the third is minor.
    chords : sequence of Harmony
        The chords, in order.
    """
    return _likeliest(_keys_of(fifths), line, minor, _shares(line), chords)


def _likeliest(
    keys: Sequence[str],
    line: Sequence[Sound],
    minor: bool | None,
    everything: Sequence[float],
    chords: Sequence[Harmony],
) -> str:
    """Return the key whose tonic, mode and signature a melody and what goes with it fit best."""
    shares = _shares(line)
    last = line[-1].pitches[0] % OCTAVE
    chords = _without_lead_in(chords)
    closes = not (chords and _is_half_close(chords))

    def score(key: str) -> float:
        tonic, mode = tonic_of(key), mode_of(key)
        value = _USUAL[mode] + _FITS * _inside(fifths_of(key), everything)
        value += closes * _LAST * (tonic == last)
        if chords:
            value += closes * _LAST_ROOT * (tonic == chords[-1].root)
            value += closes * _LAST_CHORD * _is_tonic(chords[-1], tonic, mode)
            value += _FIRST_CHORD * _is_tonic(chords[0], tonic, mode)
            dominant = (tonic + FIFTH) % OCTAVE
            value += _DOMINANT * any(one[:2] == (dominant, "7") for one in chords)
        if minor is not None:
            value += _SAID * ((mode in MINOR_MODES) == minor) + 2 * _SAID * (
                minor and mode in MINOR_MODES
            )
        third = 3 if mode in MINOR_MODES else 4
        return value + sum(
            weight * shares[(tonic + step) % OCTAVE]
            for step, weight in _WEIGHTS.items()
            if step in (0, 7, third)
        )

    return max(keys, key=score)


def _without_lead_in(chords: Sequence[Harmony]) -> Sequence[Harmony]:
    """Return chords without a first one that is only the dominant of the second."""
    if len(chords) < 2 or chords[0].quality not in _SEVENTHS or chords[1].quality in _SEVENTHS:
        return chords
    return chords[1:] if _is_fifth_above(chords[0], chords[1]) else chords


def _is_half_close(chords: Sequence[Harmony]) -> bool:
    """Return whether music ends with the dominant of its first chord, to begin again."""
    first, last = chords[0], chords[-1]
    ending = takewhile(lambda chord: chord.root == last.root, reversed(chords))
    seventh = any(chord.quality in _SEVENTHS for chord in ending)
    return seventh and first.quality not in _SEVENTHS and _is_fifth_above(last, first)


def _is_fifth_above(upper: Harmony, lower: Harmony) -> bool:
    return (upper.root - lower.root) % OCTAVE == FIFTH


def _is_tonic(chord: Harmony, tonic: int, mode: str) -> bool:
    """Return whether a chord is that of a tonic, with the third of its mode."""
    minor = chord.quality.startswith("m") and not chord.quality.startswith("maj")
    return chord.root == tonic and minor == (mode in MINOR_MODES)


@cache
def _keys_of(fifths: int) -> tuple[str, ...]:
    """Return the keys with a signature, one for each mode."""
    names = [letter + sign for letter in SEMITONES for sign in ("", "#", "b")]
    return tuple(
        name + mode for mode in MODES for name in names if fifths_of(name + mode) == fifths
    )
