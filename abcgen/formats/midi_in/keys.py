"""The key of a MIDI file: what it says, or else what its notes fit into."""

from collections.abc import Sequence
from functools import cache

from abcgen.errors import NotationError
from abcgen.formats.bar_text import QUARTER
from abcgen.formats.midi import KEY_MARKER
from abcgen.formats.midi_in.events import Recording
from abcgen.formats.midi_in.harmony import Harmony, Heard
from abcgen.formats.midi_in.line import Sound
from abcgen.formats.midi_in.pitches import FIFTH, MAJOR_THIRD, MINOR_THIRD, OCTAVE
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
#: Mode -> how usual it is, as all these weights logarithms of odds; found with tunes whose keys
#: are known, whole and without their last bar, and with some files of other music.
_USUAL = {"": 0.0, "mix": -2.3, "dor": -1.0, "m": -0.5, "phr": -4.0, "loc": -6.0, "lyd": -4.7}
#: What a third that the file says is worth; where it says major, many programs mean nothing by it.
_SAID_MAJOR, _SAID_MINOR = 1.0, 3.0
#: What it is worth that a melody ends with its tonic, and begins with it or its fifth.
_LAST, _FIRST = 0.7, 0.8
#: What it is worth that the tonic is the root of the last chord, that it is the chord of the tonic,
#: that the first one is, and that the chord of the fifth note is played with a seventh.
_LAST_ROOT, _LAST_CHORD, _FIRST_CHORD, _DOMINANT = 1.4, 0.6, 1.9, 0.8
#: What the share of the time is worth for which the tonic sounds, its third, and its fifth.
_TONIC, _THIRD, _FIFTH = 12.0, 7.5, 7.0
#: What it is worth that a file says no sharps and flats; many programs write so where nobody has
#: said a key.
_NONE = 1.0
#: What the share of notes is worth that a signature leaves without accidentals, and the signatures
#: that are tried, in sharps; of those that are alike the one with fewest.
_FITS = 14.0
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
    if not places or by_default:
        keys = [key for fifths in _FIFTHS for key in _keys_of(fifths)]
        chords = [chord for _, chord in harmonies]
        return [(0, _likeliest(keys, line, None, everything, chords, none=by_default))]
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
    *,
    none: bool = False,
) -> str:
    """Return the key whose tonic, mode and signature a melody and what goes with it fit best."""
    shares = [(own + all_) / 2 for own, all_ in zip(_shares(line), everything, strict=True)]
    chords = _without_lead_in(chords)
    first, last = line[0].pitches[-1], line[-1].pitches[0]

    def score(key: str) -> float:
        tonic, mode = tonic_of(key), mode_of(key)
        is_minor = mode in MINOR_MODES
        fifth = (tonic + FIFTH) % OCTAVE
        value = _USUAL[mode] + _FITS * _inside(fifths_of(key), everything)
        value += _TONIC * shares[tonic] + _FIFTH * shares[fifth]
        value += _THIRD * shares[(tonic + (MINOR_THIRD if is_minor else MAJOR_THIRD)) % OCTAVE]
        value += _LAST * (last % OCTAVE == tonic) + _FIRST * (first % OCTAVE in (tonic, fifth))
        if chords:
            value += _LAST_ROOT * (chords[-1].root == tonic)
            value += _LAST_CHORD * _is_tonic(chords[-1], tonic, mode)
            value += _FIRST_CHORD * _is_tonic(chords[0], tonic, mode)
            value += _DOMINANT * any(one[:2] == (fifth, "7") for one in chords)
        if minor is not None and minor == is_minor:
            value += _SAID_MINOR if minor else _SAID_MAJOR
        return value + _NONE * (none and fifths_of(key) == 0)

    return max(keys, key=score)


def _without_lead_in(chords: Sequence[Harmony]) -> Sequence[Harmony]:
    """Return chords without a first one that is only the dominant of the second."""
    if len(chords) < 2 or chords[0].quality not in _SEVENTHS or chords[1].quality in _SEVENTHS:
        return chords
    return chords[1:] if (chords[0].root - chords[1].root) % OCTAVE == FIFTH else chords


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
