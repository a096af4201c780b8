"""Chords whose third their parts lack, as of a rock guitar: that of the melody or of the key."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from abcgen.formats.midi_in.harmony import Harmony, Heard
from abcgen.formats.midi_in.line import Sound
from abcgen.formats.midi_in.pitches import FIFTH, MAJOR_THIRD, MINOR_THIRD, OCTAVE
from abcgen.notation.keys import MINOR_MODES, mode_of, scale_of, tonic_of

#: Qualities with a major third, and the same with a minor one.
_LOWERED = {"": "m", "7": "m7"}
_RAISED = {minor: major for major, minor in _LOWERED.items()}


def with_thirds(
    harmonies: Sequence[tuple[int, Harmony]],
    heard: Sequence[Heard],
    line: Sequence[Sound],
    key: str,
) -> list[tuple[int, Harmony]]:
    """Return chords with the third that sounds in any part, or that of the key where none does.

    The dominant of a minor key is major.

    Parameters
    ----------
    harmonies : sequence of (int, Harmony)
        When each chord begins, in units, in order.
    heard, line : sequence of Heard, sequence of Sound
        The accompaniment and the melody, in units.
    key : str
        That of the tune.
    """
    scale, tonic = scale_of(key), tonic_of(key)
    dominant = (tonic + FIFTH) % OCTAVE if mode_of(key) in MINOR_MODES else None
    found = []
    sounding = _sounding([onset for onset, _ in harmonies], heard, line)
    for (onset, chord), classes in zip(harmonies, sounding, strict=True):
        low, high = ((chord.root + third) % OCTAVE for third in (MINOR_THIRD, MAJOR_THIRD))
        heard_low, heard_high = low in classes, high in classes
        in_key = (low in scale) != (high in scale) and chord.root != dominant
        if heard_low != heard_high or (not heard_low and in_key):
            minor = heard_low or (not heard_high and low in scale)
            changed = (_LOWERED if minor else _RAISED).get(chord.quality, chord.quality)
            chord = chord._replace(quality=changed)
        found.append((onset, chord))
    return found


def _sounding(
    onsets: Sequence[int], heard: Sequence[Heard], line: Sequence[Sound]
) -> list[set[int]]:
    """Return the pitch classes that sound from each onset on, until the next."""
    found: list[set[int]] = [set() for _ in onsets]
    notes = [(note.onset, note.onset + note.length, (note.pitch,)) for note in heard]
    notes += [(sound.onset, sound.end, sound.pitches) for sound in line]  # type: ignore[misc]
    for begin, end, pitches in notes:
        for classes in found[max(bisect_right(onsets, begin) - 1, 0) : bisect_left(onsets, end)]:
            classes.update(pitch % OCTAVE for pitch in pitches)
    return found
