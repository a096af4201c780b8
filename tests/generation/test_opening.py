"""The opening of any tune, spelled as primes must be."""

import pytest

from abcgen.errors import NotationError, UsageError
from abcgen.generation.build_request import build_request
from abcgen.generation.opening import spelled_opening
from abcgen.generation.sampler import Sampler
from abcgen.grammar.wishes import ANYTHING, Wishes
from abcgen.model.checkpoint import read_checkpoint

REAL = "X:3\nT:Made Up\nC:Trad.\nR:reel\nM:4/4\nL:1/8\nQ:1/2=90\nK:Gmajor\n"
SPELLED = "X:1\nT:Made Up\nR:reel\nM:4/4\nL:1/8\nK:G\n"


@pytest.mark.parametrize(
    ("text", "wishes", "spelled"),
    [
        (REAL + "|:~G2BG {a}dGBG|A2cA", ANYTHING, SPELLED + "|:G2BG dGBG|A2cA"),
        (REAL + "|:G2BG dGBG|\n", ANYTHING, SPELLED + "|:G2BG dGBG|"),
        (REAL, ANYTHING, SPELLED),
        (REAL + "|:G2BG dGBG:|\n|:d8|B", ANYTHING, SPELLED + "|:G2BG dGBG:|\n|:d8|B"),
        (REAL + "G2BG dGBG:|", ANYTHING, SPELLED + "|:G2BG dGBG:|"),
        (REAL + "G2BG dGBG:||", ANYTHING, SPELLED + "|:G2BG dGBG:|"),
        (REAL + "G2BG dGBG||\n", ANYTHING, SPELLED + "G2BG dGBG||"),
        (REAL + "G2BG dGBG|]", ANYTHING, SPELLED + "G2BG dGBG|]"),
        ("M:3/4\nL:1/16\nK:Edor\nE4 G4", ANYTHING, "X:1\nT:Untitled\nM:3/4\nL:1/8\nK:Edor\nE2 G2"),
        (
            "|:GAB cde|d",
            Wishes(key="G", meter="6/8", title="Mine"),
            "X:1\nT:Mine\nM:6/8\nL:1/8\nK:G\n|:GAB cde|d",
        ),
    ],
)
def test_openings_are_spelled(text: str, wishes: Wishes, spelled: str) -> None:
    assert spelled_opening(text, wishes).replace("X:3", "X:1") == spelled


@pytest.mark.parametrize("text", ["GAB", REAL + "G ?? A", REAL + "(3A(3B"])
def test_what_is_not_certain_is_no_opening(text: str) -> None:
    with pytest.raises(NotationError):
        spelled_opening(text, ANYTHING)


def test_a_prime_is_spelled_only_where_it_must_be() -> None:
    checkpoint = read_checkpoint("folk")
    sampler = Sampler()

    def prime(text: str, wishes: Wishes = ANYTHING) -> str:
        return build_request(checkpoint, wishes=wishes, sampler=sampler, prime=text).prime

    assert prime(SPELLED + "G2 B") == SPELLED + "G2 B"
    assert prime(REAL + "~G2B") == SPELLED + "G2B"
    with pytest.raises(UsageError, match="bar 1"):
        prime(SPELLED + "G2BG dGBGG|A")
