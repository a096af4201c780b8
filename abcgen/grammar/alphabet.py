"""The characters that a tune is written with, and the lengths and pitches that they spell."""

from functools import cache, lru_cache
from typing import NamedTuple

#: Editions of the canonical spelling. A network draws by the one that it learned from. What one
#: takes, all later ones take; the second takes more of what people write.
FIRST_EDITION, SECOND_EDITION = 1, 2
NEWEST_EDITION = SECOND_EDITION
#: Grid units in a unit note length.
GRID = 4
#: Lengths as they are written -> in grid units. Every player and engraver takes them.
LENGTHS = {
    "/4": 1,
    "/2": 2,
    "3/4": 3,
    "": 4,
    "3/2": 6,
    "2": 8,
    "3": 12,
    "4": 16,
    "6": 24,
    "7": 28,
    "8": 32,
    "12": 48,
    "16": 64,
}
LETTERS = "CDEFGABcdefgab"
ACCIDENTALS = "^_="
OCTAVE = 7  # letters


#: A style, a field of the header, and the values that it has in the tunes of that style.
Headers = tuple[tuple[str, str, tuple[str, ...]], ...]


class Alphabet(NamedTuple):
    """The characters that can be written, and the letters and accidentals of notes among them.

    A network that has never seen, say, a 7 cannot write a chord symbol with it: what cannot be
    spelled to its end is never begun. If there are styles, each tune names one of them, and its
    header has values that are among those of the style, where these are known. The edition is that
    of the spelling.
    """

    characters: frozenset[str]
    letters: str
    accidentals: str
    styles: tuple[str, ...] = ()
    edition: int = NEWEST_EDITION
    headers: Headers = ()

    @property
    def wide(self) -> bool:
        """Whether the rules are those of the second edition."""
        return self.edition >= SECOND_EDITION

    @classmethod
    def of(
        cls,
        characters: frozenset[str],
        styles: tuple[str, ...] = (),
        edition: int = NEWEST_EDITION,
        headers: Headers = (),
    ) -> "Alphabet":
        """Return what can be written with these characters, in these styles, by an edition."""
        return cls(
            characters,
            "".join(c for c in LETTERS if c in characters),
            "".join(c for c in ACCIDENTALS if c in characters),
            styles,
            edition,
            headers,
        )

    def known(self, style: str, field: str) -> tuple[str, ...] | None:
        """Return the values that a field of the header has in a style; None if it is not known."""
        for name, letter, values in self.headers:
            if (name, letter) == (style, field):
                return values
        return None


#: Everything that a canonical tune may hold, by the newest edition.
EVERYTHING = Alphabet.of(frozenset([*map(chr, range(32, 127)), "\n"]))
#: The same, by edition.
BY_EDITION = {
    edition: EVERYTHING._replace(edition=edition) for edition in (FIRST_EDITION, SECOND_EDITION)
}


@cache
def lengths_of(alphabet: Alphabet, eighth: int) -> tuple[tuple[str, int], ...]:
    """Return the lengths that may be written, with their grid units: multiples of the shortest.

    No player shows notes shorter than 1/32, a quarter of an eighth.
    """
    fitting = [
        (text, units)
        for text, units in LENGTHS.items()
        if 4 * units >= eighth and alphabet.characters.issuperset(text)
    ]
    shortest = min(units for _, units in fitting)
    return tuple((text, units) for text, units in fitting if units % shortest == 0)


@lru_cache(1024)
def read_pitch(pitch: str) -> int:
    """Return the rank of a letter with its octave mark: 7 for C, 8 for D, 14 for c."""
    rank = OCTAVE + LETTERS.index(pitch[0])
    return rank + OCTAVE * (pitch.count("'") - pitch.count(","))
