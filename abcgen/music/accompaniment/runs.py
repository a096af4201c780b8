"""Runs of the bass: steps of the scale that lead to the next chord."""

from collections.abc import Collection
from functools import lru_cache

from abcgen.notation.keys import SEMITONES, signature

_OCTAVE = 12  # semitones
#: A run goes over a third at least, and at most a fifth, in semitones.
_LEAST, _MOST = 3, 7
_FOURTH = 5  # semitones; over less than that there is one step


def run_to(target: int, start: int, key: str, tones: Collection[int]) -> list[int]:
    """Return the MIDI note numbers between two notes of the bass: one, two, or none.

    Parameters
    ----------
    target, start : int
        MIDI note numbers, of the chord that follows and of the one before.
    key : str
        That of the tune, whose scale is walked.
    tones : collection of int
        Pitch classes of the chord before, which come before those of the key: A7 has a C sharp.
    """
    distance = abs(target - start)
    if not _LEAST <= distance <= _MOST:
        return []
    scale = _scale(key, tuple(tones))
    step = 1 if target > start else -1
    between = [pitch for pitch in range(start + step, target, step) if pitch % _OCTAVE in scale]
    return between[-2:] if distance >= _FOURTH else between[-1:]


@lru_cache(maxsize=1024)
def _scale(key: str, tones: tuple[int, ...]) -> frozenset[int]:
    """Return the pitch classes of a key, with the notes of a chord in place of their neighbours."""
    altered = signature(key)
    scale = {(natural + altered.get(letter, 0)) % _OCTAVE for letter, natural in SEMITONES.items()}
    for tone in set(tones) - scale:
        scale.add(tone)
        for neighbour in ((tone - 1) % _OCTAVE, (tone + 1) % _OCTAVE):
            if neighbour not in tones and _is_scale(scale - {neighbour}):
                scale.discard(neighbour)
                break
    return frozenset(scale)


def _is_scale(pitches: Collection[int]) -> bool:
    """Return whether no step between pitch classes is larger than a whole tone."""
    ordered = sorted(pitches)
    following = [*ordered[1:], ordered[0] + _OCTAVE]
    return all(b - a <= 2 for a, b in zip(ordered, following, strict=True))
