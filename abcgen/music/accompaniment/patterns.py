"""What players of sessions strike in a bar, by rhythm and metre: one sign for each eighth note.

====  ========================================================================================
``B``  the bass: root and fifth of the chord in turn
``d``  the chord, struck downwards
``D``  the same with an accent, as on the off-beat of a reel
``u``  the upper strings, softly and upwards; a piano leaves it out
``p``  one note of the chord, which rings on: a broken chord
``-``  nothing new
====  ========================================================================================
"""

import functools
import re
from collections.abc import Mapping
from fractions import Fraction

from abcgen.music.accompaniment.simple import beats_of

_EIGHTH = Fraction(1, 8)  # of a whole note
#: Words in R: -> rhythm; the first that is found wins.
_NAMES = {
    "air": "air",
    "lament": "air",
    "planxty": "air",
    "slip": "jig",
    "slide": "slide",
    "single jig": "slide",
    "jig": "jig",
    "reel": "reel",
    "hornpipe": "hornpipe",
    "set dance": "hornpipe",
    "strathspey": "strathspey",
    "schottische": "schottische",
    "barn ?dance": "schottische",
    "fling": "schottische",
    "polka": "polka",
    "march": "march",
    "waltz": "waltz",
    "mazurka": "mazurka",
}
#: Rhythms whose off-beats lie where the melody has them, even without a swing that is asked for.
SWINGING = frozenset({"hornpipe", "schottische", "strathspey"})
_COMMON = {
    "": "B-d-B-du",
    "reel": "B-DuB-Du",
    "hornpipe": "B-DuB-Du",
    "schottische": "B-D-B-Du",
    "strathspey": "B-D-B-D-",
    "polka": "B-D-B-D-",
    "march": "B-d-B-d-",
    "air": "Bppppppp",
}
_CUT = {**_COMMON, "": _COMMON["reel"]}
#: Metre -> rhythm -> what is struck; without a name, that of all other rhythms.
_PATTERNS: Mapping[str, Mapping[str, str]] = {
    "4/4": _COMMON,
    "C": _COMMON,
    "C|": _CUT,
    "2/2": _CUT,
    "2/4": {"": "BdBd", "polka": "BDBD", "air": "Bppp"},
    "3/4": {"": "B-d-d-", "waltz": "B-d-du", "mazurka": "B-D-d-", "air": "Bppppp"},
    "3/2": {"": "B-d-B-d-B-du", "air": "Bppppppppppp"},
    "6/4": {"": "B-d-d-B-d-du"},
    "6/8": {"": "B-dB-d", "jig": "B-DBuD", "slide": "B-DB-D", "air": "BppBpp"},
    "9/8": {"": "B-dB-dB-d", "jig": "B-dB-dBuD", "air": "BppBppBpp"},
    "12/8": {"": "B-dB-dB-dB-d", "slide": "B-DBuDB-DBuD", "air": "BppBppBppBpp"},
}


def rhythm_in(text: str) -> str:
    """Return the rhythm that the value of R: names; empty if it has no patterns."""
    words = text.lower()
    return next((name for word, name in _NAMES.items() if re.search(rf"\b{word}", words)), "")


@functools.lru_cache
def pattern_of(rhythm: str, meter: str) -> tuple[tuple[str, Fraction], ...]:
    """Return the signs of a bar, and their places in whole notes.

    A metre without patterns has the bass on its strong beats and the chord on the others.
    """
    known = _PATTERNS.get(meter)
    if known is None:
        return tuple(("B" if beat.letter == "f" else "d", beat.begin) for beat in beats_of(meter))
    return places_in(known.get(rhythm, known[""]))


def places_in(signs: str) -> tuple[tuple[str, Fraction], ...]:
    """Return the signs of a bar that say something, and their places in whole notes."""
    return tuple((sign, place * _EIGHTH) for place, sign in enumerate(signs) if sign != "-")
