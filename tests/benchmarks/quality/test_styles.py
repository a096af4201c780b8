from pathlib import Path

import numpy as np
import pytest

from abcgen.evaluation.likelihood.int8_network import Int8Network
from abcgen.model.checkpoint import read_checkpoint
from abcgen.tunebooks.corpus import CorpusTune
from benchmarks.quality.styles import Kind, bits, shares_of
from tests.tunes import SPELLED

SLOW = "X:1\nT:Slow\nM:4/4\nL:1/8\nK:G\nG4 A4|B4 A4|G8|]\n"


def tune(text: str, split: str = "train") -> CorpusTune:
    return CorpusTune("book.abc", 1, "", text, split)


def test_a_tune_is_nearest_to_its_own_kind() -> None:
    slow, jigs = Kind("slow", [tune(SLOW)], "jig"), Kind("quick", [tune(SPELLED)], "jig")
    assert (slow.name, jigs.name) == ("slow", "quick, jigs")
    assert slow.distances([SLOW, SPELLED])[0] == pytest.approx(0)
    assert slow.distances([SLOW, SPELLED])[1] > jigs.distances([SPELLED])[0]
    assert slow.distances([SPELLED])[0] <= 2


def test_only_the_rhythm_asked_for_is_of_the_kind() -> None:
    reel = SPELLED.replace("R:jig", "R:reel")
    kind = Kind("quick", [tune(SPELLED), tune(reel), tune(reel, "test")], "reel")
    assert (kind.learned, kind.validation, kind.test) == ([reel], [], [reel])


def test_titles_are_read_and_not_judged(styled: Path) -> None:
    checkpoint = read_checkpoint(str(styled))
    odd = SPELLED.replace("The Plain One", "qXz Wv")
    found = [bits(checkpoint, [tune], "bach") for tune in (SPELLED, odd)]
    whole = [Int8Network(checkpoint, "bach").score([tune]).bits for tune in (SPELLED, odd)]
    assert whole[1] > whole[0] + 20
    assert found[1] == pytest.approx(found[0], rel=0.2)


def test_shares_add_up() -> None:
    counts = np.array([[1, 3], [0, 0]])
    assert shares_of(counts).tolist() == [[0.25, 0.75], [0, 0]]
