import shutil
from pathlib import Path

import pytest

from abcgen.evaluation.referees.abc2midi import Abc2midi
from abcgen.evaluation.referees.abcjs import ABCJS_FOLDER, Abcjs
from abcgen.evaluation.referees.referee import Referee
from abcgen.evaluation.referees.with_music21 import Music21
from tests.evaluation.referees.tried_tunes import CANONICAL, GOOD, HEADER, WRONG
from tests.referee import require

#: What each referee reports; None if it does not notice the fault.
SAID = {
    "over-full bar": ("has 5/2 time units", "bar 2 lasts 5/8", "bar 2 lasts 5/8"),
    "short bar": ("has 3/2 time units", "bar 2 lasts 3/8", "bar 2 lasts 3/8"),
    "full bar before a pickup": ("Warning", "bar 2 lacks 0", "bar 2 lacks 0"),
    "unmatched repeat": ("Assuming repeat", None, None),
    "unmatched ending": ("found [1 or like before |:", None, None),
    "lone ending": (None, None, None),
    "open chord": ("Error", "Expected ']' to end the chord", "no closing bracket"),
    "dangling tie": ("Could not find note to be tied", None, None),
}


OTHERS = (Abc2midi(), Abcjs(), Music21())


@pytest.mark.referee
@pytest.mark.parametrize("referee", OTHERS, ids=lambda referee: referee.name)
def test_a_good_tune_is_good_for_all(referee: Referee) -> None:
    assert require(referee).judge([GOOD]) == [None]
    assert referee.version()[0].isdigit()


@pytest.mark.referee
@pytest.mark.parametrize("referee", OTHERS, ids=lambda referee: referee.name)
def test_what_the_acceptor_takes_is_good_for_all(referee: Referee) -> None:
    assert require(referee).judge([CANONICAL]) == [None]


@pytest.mark.referee
@pytest.mark.parametrize("place", range(3), ids=[referee.name for referee in OTHERS])
def test_each_says_what_it_notices(place: int) -> None:
    names = list(WRONG)
    said = require(OTHERS[place]).judge([HEADER + WRONG[name] for name in names])
    for name, reason in zip(names, said, strict=True):
        expected = SAID[name][place]
        if expected is None:
            assert reason is None, name
        else:
            assert reason is not None and expected in reason, name
            assert "\n" not in reason and "<" not in reason


@pytest.mark.referee
@pytest.mark.parametrize("referee", [Abcjs(), Music21()], ids=lambda referee: referee.name)
def test_signs_of_repeats(referee: Referee) -> None:
    tunes = ["G|ABcd|efg|:A|ABcd|efg:|\n", "|:G|ABcd|efg::A|ABcd|efg:|\n", "G|ABcd|efg||A|Bcd|]\n"]
    assert require(referee).judge([HEADER + tune for tune in tunes]) == [None, None, None]


@pytest.mark.referee
@pytest.mark.parametrize("referee", [Abcjs(), Music21()], ids=lambda referee: referee.name)
def test_metre_changes_and_tunes_without_notes(referee: Referee) -> None:
    changed = HEADER + "|:G4|G4:|\nM:3/4\n|:G2|c4d2|c4:|\n"
    inside = HEADER + "|:G4|\nM:3/4\nG4A2|\nM:2/4\nG4|G4:|\n"
    empty = HEADER + "\n"
    free = HEADER.replace("2/4", "none") + "G4|G|ABcde|]\n"
    said = require(referee).judge([changed, inside, empty, free])
    assert said == [None, None, "it holds no note", None]


def test_what_is_missing_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(ABCJS_FOLDER, str(tmp_path))
    if shutil.which("node"):
        assert "npm install abcjs" in (Abcjs().available() or "")
        assert Abcjs().version() == ""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "abcMIDI" in (Abc2midi().available() or "")
    assert "Node.js" in (Abcjs().available() or "")
