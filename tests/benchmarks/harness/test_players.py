"""Other programs play tunes."""

from pathlib import Path

import pytest

from abcgen.evaluation.referees.abcjs import Abcjs
from benchmarks.harness.players import Played, by_abc2midi, by_abcjs
from tests.referee import needs_abc2midi, require

TUNE = "X:1\nT:Made Up\nM:4/4\nL:1/8\nQ:1/4=90\nK:G\n|:c2 z2 [FA]4:|\n"
NOTES = [(0, 72, 480), (960, 66, 960), (960, 69, 960)]
PLAYED = [Played(at + again, *one) for again in (0, 1920) for at, *one in NOTES]


@needs_abc2midi[0]
@needs_abc2midi[1]
def test_abc2midi(tmp_path: Path) -> None:
    assert by_abc2midi(TUNE, tmp_path) == PLAYED
    assert by_abc2midi("X:1\nT:none\n", tmp_path) == []


@pytest.mark.referee
def test_abcjs() -> None:
    require(Abcjs())
    assert by_abcjs([TUNE, "X:1\nT:none\nK:C\n", TUNE]) == [PLAYED, [], PLAYED]
    assert by_abcjs([]) == []
