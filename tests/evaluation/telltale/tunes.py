"""Tunes written for the tests of what tells."""

from collections.abc import Sequence

HEADER = "X:1\nT:{title}\nR:{rhythm}\nM:{meter}\nL:1/8\nK:{key}\n"


def tune(
    *sections: str,
    title: str = "The Plain One",
    rhythm: str = "reel",
    meter: str = "4/4",
    key: str = "C",
) -> str:
    """Return a tune of repeated sections, each its bars parted by ``|``."""
    header = HEADER.format(title=title, rhythm=rhythm, meter=meter, key=key)
    return header + "".join(f"|:{section}:|\n" for section in sections)


def section(plan: str, bars: Sequence[str] = ()) -> str:
    """Return the bars of a plan such as ``ABCDABEF``, each letter a bar of its own."""
    bars = bars or BARS
    return "|".join(bars["ABCDEFGH".index(letter)] for letter in plan)


#: Eight different bars in C; the last two end on the tonic.
BARS = (
    "cdef gfed",
    "egfe dcBA",
    "GABc d2e2",
    "fedc B2G2",
    "cBcd efga",
    "gfed cBAG",
    "FAGF EDEF",
    "GFED C4",
)
