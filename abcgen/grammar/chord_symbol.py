"""Chord symbols, character by character: what may follow, and how one is closed soonest."""

from functools import cache

from abcgen.grammar.alphabet import Alphabet
from abcgen.notation.chords import QUALITIES


def _by_head() -> dict[str, tuple[str, bool]]:
    """Return for each head of a quality the characters that may follow, and if it is whole."""
    heads: dict[str, tuple[str, bool]] = {}
    for quality in QUALITIES:
        for end in range(len(quality) + 1):
            more, whole = heads.get(quality[:end], ("", False))
            following = quality[end : end + 1]
            heads[quality[:end]] = (
                more + (following if following not in more else ""),
                whole or not following,
            )
    return heads


_QUALITIES_BY_HEAD = _by_head()


def chord_continuations(text: str, alphabet: Alphabet) -> str:
    """Return what may follow within a chord symbol, the closing quote included."""
    # The same for every root, and after the slash whatever stands before it: that way few heads
    # of chord symbols are worked out.
    above, slash, below = on_any_root(text).partition("/")
    return _chord_continuations(slash + below if slash else above, alphabet)


def on_any_root(text: str) -> str:
    """Return the head of a chord symbol with every root replaced by the same one."""
    above, slash, below = text.partition("/")
    altered = above[1:2] and above[1:2] in "#b"
    root = "A#"[: 2 if altered else len(above[:1])]
    return root + above[len(root) :] + slash + "A#"[: len(below)]


@cache
def _chord_continuations(text: str, alphabet: Alphabet) -> str:
    above, slash, below = text.partition("/")
    if slash:
        more = {0: "ABCDEFG", 1: '#b"', 2: '"'}[len(below)]
    elif not above:
        more = "ABCDEFG"
    else:
        altered = above[1:2] == "#"
        quality = above[2 if altered else 1 :]
        characters, whole = _QUALITIES_BY_HEAD[quality]
        more = ("" if altered or quality else "#b") + characters + ('"/' if whole else "")
    # What would begin something that cannot be written to its end is left out.
    if '"' not in alphabet.characters:
        return ""
    return "".join(
        character
        for character in more
        if character in alphabet.characters
        and (character == '"' or chord_continuations(text + character, alphabet))
    )


@cache
def chord_end(text: str, alphabet: Alphabet) -> str:
    """Return the shortest way to close a chord symbol of which a head has been read."""
    more = chord_continuations(text, alphabet)
    if '"' in more:
        return '"'
    return min((c + chord_end(text + c, alphabet) for c in more), key=len)
