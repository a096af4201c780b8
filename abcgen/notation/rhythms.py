"""Rhythms (R:): the names of dances, and the metres that they have."""

import re

#: The dances that may be written in R:.
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
#: abc2midi always plays hornpipes dotted, and refuses them in other metres.
HORNPIPE = "hornpipe"
HORNPIPE_METERS = frozenset({"2/4", "4/4", "C"})
_COMMON = frozenset({"2/4", "4/4", "C", "C|", "2/2"})
#: Dance -> its customary metres. Tunebooks have others now and then, so the acceptor takes them;
#: but where a metre is asked for, only dances that are customary in it are written.
CUSTOMARY_METERS = {
    **dict.fromkeys(("reel", "strathspey", "fling", "schottische", "barndance"), _COMMON),
    **dict.fromkeys(("jig", "double jig", "single jig"), frozenset({"6/8"})),
    **dict.fromkeys(("waltz", "mazurka", "minuet"), frozenset({"3/4"})),
    HORNPIPE: HORNPIPE_METERS,
    "polka": frozenset({"2/4", "4/4", "C"}),
    "slide": frozenset({"6/8", "12/8"}),
    "slip jig": frozenset({"9/8"}),
    "three-two": frozenset({"3/2"}),
}


def spell_rhythm(text: str) -> str | None:
    """Return the name of a rhythm as it is written in R:, or None if it is not a known one."""
    words = " ".join(re.sub(r"[^a-z\- ]", " ", text.lower()).split())
    words = _PLURALS.get(words, words)
    for name in (words, words.removesuffix("s")):
        if name in RHYTHMS:
            return name
    return None
