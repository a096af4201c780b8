"""Key signatures as a score prints them."""

from functools import lru_cache

from abcgen.notation.keys import signature

_SHARPS = "FCGDAEB"  # in the order in which they are printed; flats stand in the opposite one


@lru_cache(256)
def fifths_printed(key: str) -> int | None:
    """Return the sharps (positive) or flats (negative) of a key; None if they are no usual ones."""
    altered = signature(key)
    count = len(altered)
    if altered == dict.fromkeys(_SHARPS[:count], 1):
        return count
    if altered == dict.fromkeys(_SHARPS[::-1][:count], -1):
        return -count
    return None


def accidentals_printed(key: str) -> list[tuple[str, int]]:
    """Return the letters that a key alters, and by how many semitones: flats, then sharps."""
    altered = signature(key)
    flats = [(letter, altered[letter]) for letter in _SHARPS[::-1] if altered.get(letter, 0) < 0]
    return flats + [(letter, altered[letter]) for letter in _SHARPS if altered.get(letter, 0) > 0]
