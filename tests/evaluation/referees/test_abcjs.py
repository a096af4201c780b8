import json
import shutil
from pathlib import Path

import pytest

from abcgen.evaluation.referees import (
    Abcjs,
    abcjs,
)
from abcgen.evaluation.referees.abcjs import ABCJS_FOLDER
from abcgen.support.programs import ProgramError
from tests.referee import require


@pytest.mark.referee
@pytest.mark.parametrize("meter", ["C", "C|", "4/4", "(2+2)/4"])
def test_abcjs_reads_common_time_and_two_voices(meter: str) -> None:
    common = f"X:1\nT:t\nM:{meter}\nL:1/8\nK:C\nV:1\nGABc GABc|(3:2:3GAB c2 y G4|\nV:2\nG8|G6|]\n"
    (said,) = require(Abcjs()).judge([common])
    assert said == "the last bar lacks 1/4, but the tune begins with a pickup of 0"


def test_a_tune_that_stops_node_leaves_the_others_their_verdicts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def hang(command: list[str], *, stdin: str, limit: float) -> str:
        if "HANG" in stdin:
            raise ProgramError(f"{command[0]} took longer than 20 seconds")
        return json.dumps([{"warnings": [], "voices": [[["note", 1]]]} for _ in json.loads(stdin)])

    monkeypatch.setattr(abcjs, "output_of", hang)
    said = Abcjs().judge(["a", "b", "HANG", "d", "e"])
    assert said == [None, None, "node took longer than 20 seconds", None, None]


@pytest.mark.skipif(shutil.which("node") is None, reason="needs Node.js")
def test_abcjs_is_found_where_the_variable_says(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    package = tmp_path / "node_modules" / "abcjs"
    package.mkdir(parents=True)
    (package / "index.js").write_text("exports.signature = 'abcjs-basic v0.1.2';\n")
    monkeypatch.setenv(ABCJS_FOLDER, str(tmp_path))
    assert Abcjs().available() is None
    assert Abcjs().version() == "0.1.2"
