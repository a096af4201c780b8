"""Steps that are kept lead where the acceptor leads."""

import random

import pytest

from abcgen.grammar import steps
from abcgen.grammar.acceptor import Place, begin_tune
from abcgen.grammar.alphabet import EVERYTHING
from abcgen.grammar.bar import Start
from abcgen.grammar.steps import walk
from abcgen.grammar.wishes import Wishes

BEGIN = begin_tune(EVERYTHING, Wishes(remark=True))
TUNES = [
    "X:1\nT:One\nR:jig\nM:6/8\nL:1/8\nK:G\n"
    'D|:"G"GAB "D7"c2d|(3efg e2 d3-|d3 B>c d/c/B/A/|[1 G3-G2D:|\n[2 G6||\n'
    "K:D\n|:[df]2A F2A|z6|d3 e3:|\n",
    "X:12\nT:Two\nN:a remark\nM:C|\nL:1/8\nK:Am\nA2 c2 e2 c2|^G4 _B4|A8|]\n\n",
    # A change into the key that holds already is none.
    "X:1\nT:Three\nM:C\nL:1/8\nK:G\nG8||\nK:D\nD8||\nK:D\nD8|]\n",
]


def slowly(text: str, place: Place) -> tuple[Place, int, list[int]]:
    """Read a text by the acceptor alone: the last place, its position, and where bars begin."""
    begun = []
    for position, character in enumerate(text):
        if isinstance(place.local, Start):
            begun.append(position)
        if character not in place.allowed():
            return place, position, begun
        place = place.after(character)
    return place, len(text), begun


def wrong(text: str, chance: random.Random) -> str:
    """Return a text with one character changed, left out or put in."""
    at = chance.randrange(len(text))
    put = chance.choice(["", *"ABcz2/|:]\n (-"])
    return text[:at] + put + text[at + chance.randrange(2) :]


@pytest.mark.parametrize("text", TUNES)
@pytest.mark.parametrize("kept", [1, 50, 1 << 15])
def test_a_walk_ends_where_the_acceptor_does(
    text: str, kept: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "_MOST_KEPT", kept)
    monkeypatch.setattr(steps, "_MOST_CROSSINGS", kept)
    chance = random.Random(7)
    for one in [text, *(wrong(text, chance) for _ in range(100))]:
        cut = chance.randrange(len(one))
        middle, _, _ = slowly(one[:cut], BEGIN)
        for begin, rest in ((BEGIN, one), (middle, one[cut:])):
            place, position, passed = walk(rest, begin)
            begun = [
                at for _, _, local, at in passed if isinstance(local, Start) and at < len(rest)
            ]
            assert (place, position, begun) == slowly(rest, begin)
