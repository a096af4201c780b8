"""Runs of the bass: steps of the scale that lead to the next chord."""

from collections.abc import Collection, Iterator
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
    for tone in sorted(set(tones) - scale):
        kept = scale & set(tones)
        fitting = (one for one in _with(tone, scale) if kept <= one and _is_scale(one))
        scale = next(fitting, scale | {tone})
    return frozenset(scale)


def _with(tone: int, scale: set[int]) -> Iterator[set[int]]:
    """Yield a scale with a tone in place of its neighbour: the one below, or above.

    Where it then has a gap, as with the leading note of a minor key, the step below is raised,
    too, as in melodic minor: from E7 to Am it goes by F sharp and G sharp.
    """
    above, below, second, third = ((tone + step) % _OCTAVE for step in (1, -1, -2, -3))
    yield scale - {below} | {tone}
    yield scale - {above} | {tone}
    yield scale - {below, third} | {tone, second}


def _is_scale(pitches: Collection[int]) -> bool:
    """Return whether no step between pitch classes is larger than a whole tone."""
    ordered = sorted(pitches)
    following = [*ordered[1:], ordered[0] + _OCTAVE]
    return all(b - a <= 2 for a, b in zip(ordered, following, strict=True))
