"""Rhythms (R:): the names of dances, and the metres that players let them have."""

import re

#: The dances that are written in R:, in their own words.
RHYTHMS = (
    "air",
    "barndance",
    "double jig",
    "fling",
    "hornpipe",
    "jig",
    "lament",
    "march",
    "mazurka",
    "minuet",
    "polka",
    "quickstep",
    "reel",
    "schottische",
    "set dance",
    "single jig",
    "slide",
    "slip jig",
    "song",
    "strathspey",
    "three-two",
    "waltz",
)
_PLURALS = {"waltzes": "waltz", "barn dance": "barndance", "highland fling": "fling"}
#: abc2midi plays hornpipes dotted, whatever is written, and refuses them in other metres.
HORNPIPE = "hornpipe"
HORNPIPE_METERS = frozenset({"2/4", "4/4", "C"})


def spell_rhythm(text: str) -> str | None:
    """Return the name of a rhythm as it is written in R:, or None if it is no known one."""
    words = " ".join(re.sub(r"[^a-z\- ]", " ", text.lower()).split())
    words = _PLURALS.get(words, words)
    for name in (words, words.removesuffix("s")):
        if name in RHYTHMS:
            return name
    return None
