import io
import json
import os
import shutil
import sys
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import pytest

from abcgen import __version__, evaluate
from abcgen.evaluation import validity as verdicts
from abcgen.evaluation import validity_command
from abcgen.evaluation.referees import (
    REFEREES,
    Abc2midi,
    Abcjs,
    Acceptor,
    Music21,
    Referee,
    abc2midi,
    abcjs,
)
from abcgen.evaluation.referees.abcjs import ABCJS_FOLDER
from abcgen.evaluation.referees.bars import BarLine, Meter, bar_complaint
from abcgen.support.programs import ProgramError, output_of
from tests.conftest import Run, one_error_line
from tests.referee import require

HEADER = "X:1\nT:The Tried One\nR:polka\nM:2/4\nL:1/8\nK:G\n"
GOOD = HEADER + '|:G|A>Bcd|"D"e2-(3efg|1 f2e:|2 [DF]2 e||\n|:{a}g|f2ed|c2B:|\n'
#: The same, as abcgen spells it.
CANONICAL = HEADER + '|:G|ABcd|"D"e2(3efg|[1 f2e:|[2 [DF]2e||\n|:g|f2ed|c2B:|\n'
#: Name -> a tune with one thing wrong.
WRONG = {
    "over-full bar": "|:GABc|d2ded|e2d2|G4:|\n",
    "short bar": "|:GABc|ded|e2d2|G4:|\n",
    "full bar before a pickup": "|:G|ABcd|G4:|\n",
    "unmatched repeat": "|:GABc|d2e2:|\ne2d2|G4:|\n",
    "unmatched ending": "|:GABc|d2e2:|\nGABc|1 d2e2:|2 G4|]\n",
    "lone ending": "|:GABc|d2e2|1 G2B2:|\n|:G4|G4:|\n",
    "open chord": "|:GABc|[GBd2|e2d2|G4:|\n",
    "dangling tie": "|:GABc|d2e2|e2d2|G4-:|\n",
}
#: What abcgen's own acceptor says of them.
OWN = {
    "over-full bar": "bar 2: it lasts 5/8, not 4/8",
    "short bar": "bar 2: it lasts 3/8, not 4/8",
    "full bar before a pickup": "bar 3: the bar before `:|` must lack the pickup (1/8)",
    "unmatched repeat": "bar 4: `:|` without a `|:`",
    "unmatched ending": "bar 4: the ending 1 is not where",
    "lone ending": "bar 3: the ending 1 is not where",
    "open chord": "bar 2: notes at once have a length of their own",
    "dangling tie": "bar 4: a tie over the end of a section",
}
#: What each referee says of them. None stands for what it does not notice.
SAID = {
    "over-full bar": ("has 5/2 time units", "bar 2 lasts 5/8", "bar 2 lasts 5/8"),
    "short bar": ("has 3/2 time units", "bar 2 lasts 3/8", "bar 2 lasts 3/8"),
    "full bar before a pickup": ("Warning", "bar 3 lacks 0", "bar 3 lacks 0"),
    "unmatched repeat": ("Assuming repeat", None, None),
    "unmatched ending": ("found [1 or like before |:", None, None),
    "lone ending": (None, None, None),
    "open chord": ("Error", "Expected ']' to end the chord", "no closing bracket"),
    "dangling tie": ("Could not find note to be tied", None, None),
}
OTHERS = (Abc2midi(), Abcjs(), Music21())


class _Strict(Referee):
    """A referee of the tests: no tune may hold a z."""

    name = "strict"

    def available(self) -> str | None:
        return None

    def judge(self, tunes: Sequence[str]) -> list[str | None]:
        return ["it holds a z" if "z" in tune else None for tune in tunes]


class _Absent(_Strict):
    name = "absent"

    def available(self) -> str | None:
        return "absent is not installed: get it somewhere"


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the command know two referees, one of them not installed."""
    monkeypatch.setattr(validity_command, "REFEREES", (_Strict(), _Absent()))


@pytest.fixture
def two_tunes(tmp_path: Path) -> Path:
    path = tmp_path / "two.abc"
    path.write_text("% a book\n\nX:7\nT:Sound\nM:2/4\nK:G\nG4|]\n\nX:8\nT:Silent  One\nK:G\nz4|]\n")
    return path


# The referees.


@pytest.mark.referee
@pytest.mark.parametrize("referee", OTHERS, ids=lambda referee: referee.name)
def test_a_good_tune_is_good_for_all(referee: Referee) -> None:
    assert require(referee).judge([GOOD]) == [None]
    assert referee.version()[0].isdigit()


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


def test_the_acceptor_takes_one_spelling_only() -> None:
    acceptor = Acceptor()
    assert acceptor.available() is None
    assert acceptor.version() == __version__
    assert REFEREES[0].name == acceptor.name
    renumbered = CANONICAL.replace("X:1\n", "X:712\n").replace("M:", "N:drawn by hand\nM:")
    refused, *taken = acceptor.judge([GOOD, CANONICAL, renumbered, CANONICAL + "\n\n"])
    assert refused is not None and refused.startswith("bar ")
    assert taken == [None, None, None]


@pytest.mark.parametrize("name", WRONG)
def test_the_acceptor_notices_everything(name: str) -> None:
    (said,) = Acceptor().judge([HEADER + WRONG[name]])
    assert said is not None and said.startswith(OWN[name])
    assert "\n" not in said


@pytest.mark.referee
@pytest.mark.parametrize("referee", OTHERS, ids=lambda referee: referee.name)
def test_what_the_acceptor_takes_is_good_for_all(referee: Referee) -> None:
    assert require(referee).judge([CANONICAL]) == [None]


def test_music21_sees_bars_before_it_splits_them() -> None:
    long_bars = HEADER + "GABc|GABcdefg|GABc|G4|]\n"
    assert Music21().judge([long_bars, GOOD]) == ["bar 2 lasts 1 where 1/2 is due", None]


def test_music21_is_given_no_bar_that_fills_the_memory() -> None:
    endless = GOOD.replace("M:2/4", "M:none") + "GA20002|\n"
    assert Music21().judge([endless]) == ["a note lasts 10001 quarter notes"]


def test_music21_that_cannot_read_is_a_reason() -> None:
    (reason,) = Music21().judge(["X:1\nT:No key\nABC|\n"])
    assert reason is not None and "no active default note length" in reason


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


@pytest.mark.referee
@pytest.mark.parametrize("meter", ["C", "C|", "4/4", "(2+2)/4"])
def test_abcjs_reads_common_time_and_two_voices(meter: str) -> None:
    common = f"X:1\nT:t\nM:{meter}\nL:1/8\nK:C\nV:1\nGABc GABc|(3:2:3GAB c2 y G4|\nV:2\nG8|G6|]\n"
    (said,) = require(Abcjs()).judge([common])
    assert said == "the last bar lacks 1/4, but the tune begins with a pickup of 0"


def test_a_program_that_hangs_is_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    def hang(command: list[str], *_: object, stdin: str = "", **__: object) -> str:
        if command[0] == "abc2midi" or "HANG" in stdin:
            raise ProgramError(f"{command[0]} took longer than 20 seconds")
        return json.dumps([{"warnings": [], "voices": [[["note", 1]]]} for _ in json.loads(stdin)])

    for module in (abc2midi, abcjs):
        monkeypatch.setattr(module, "output_of", hang)
    assert Abc2midi().judge([GOOD]) == ["abc2midi took longer than 20 seconds"]
    # What stops Node is found, and the others have their verdicts.
    said = Abcjs().judge(["a", "b", "HANG", "d", "e"])
    assert said == [None, None, "node took longer than 20 seconds", None, None]


def test_a_real_program_that_fails_or_hangs() -> None:
    def run_python(script: str, limit: float = 60.0) -> str:
        return output_of([sys.executable, "-c", script], limit=limit)

    with pytest.raises(ProgramError, match=r"took longer than 0\.1 seconds"):
        run_python("import time; time.sleep(60)", limit=0.1)
    with pytest.raises(ProgramError, match="failed with code 1: so it is"):
        run_python("import sys; sys.exit('so it is')")
    if os.name == "posix":
        with pytest.raises(ProgramError, match="was ended by signal 9"):
            run_python("import os; os.kill(os.getpid(), 9)")


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


def test_what_is_missing_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(ABCJS_FOLDER, str(tmp_path))
    if shutil.which("node"):
        assert "npm install abcjs" in (Abcjs().available() or "")
        assert Abcjs().version() == ""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "abcMIDI" in (Abc2midi().available() or "")
    assert "Node.js" in (Abcjs().available() or "")


# The bar rule.


def _symbols(text: str) -> list[Fraction | Meter | BarLine]:
    """Read `M4/4 8 | 8`: metres, bars by their length in eighths, and bar lines."""
    lines = {
        "|": BarLine(),
        "|:": BarLine(opens=True),
        ":|": BarLine(closes=True),
        "::": BarLine(opens=True, closes=True),
        "||": BarLine(double=True),
        "[": BarLine(ending=True, drawn=False),
        "|[": BarLine(ending=True),
    }
    return [
        lines[word]
        if word in lines
        else Meter(Fraction(word[1:]))
        if word[0] == "M"
        else Fraction(int(word), 8)
        for word in text.split()
    ]


@pytest.mark.parametrize(
    "text",
    [
        "M4/4 8 | 8 | 4 4 ||",
        "M4/4 2 | 8 | 6 ||",
        "M4/4 |: 2 | 8 | 6 :| |: 2 | 8 | 6 :|",
        "M4/4 2 | 8 | 6 :: 2 | 8 | 6 :|",
        "M4/4 |: 8 | 8 |[ 8 :| [ 8 || |: 8 | 8 :|",
        "M4/4 |: 2 | 8 | 8 |[ 6 :| [ 6 || 2 | 8 | 6 ||",
        "M4/4 |: 2 | 8 | 4 [ 2 :| [ 2 :| |: 2 | 6 :|",  # endings that begin inside of a bar
        "M4/4 |: 2 | 8 | 4 || 4 | 6 :|",  # a double line inside of a bar
        "M4/4 |: 2 | 8 | 6 :| M6/8 |: 1 | 6 | 5 :|",
        "M4/4 |: 2 | 8 | M6/8 6 | M4/4 8 | 6 :|",
        "8 | 3 | 5 ||",  # no metre, no measure
    ],
)
def test_right_bars(text: str) -> None:
    assert bar_complaint(_symbols(text)) is None


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("M4/4 8 | 7 | 8 ||", "bar 2 lasts 7/8 where 1 is due"),
        ("M4/4 9 | 8 | 8 ||", "bar 1 lasts 9/8 where 1 is due"),
        ("M4/4 8 | 8 | 6 ||", "the last bar lacks 1/4, but the tune begins with a pickup of 0"),
        ("M4/4 2 | 8 | 8", "the last bar lacks 0, but the tune begins with a pickup of 1/4"),
        ("M4/4 2 | 8 | 8 :|", "bar 3 lacks 0, but its repeat begins with a pickup of 1/4"),
        ("M4/4 2 | 8 | 6 :| 4 | 8 | 4 :|", "bar 4 lasts 1/2 where 1/4 is due"),
        ("M4/4 8 | 8 :| 2 | 8 | 6 :|", "bar 3 lasts 1/4 where 1 is due"),
        ("M4/4 8 |[ 8 :| [ 6 ||", "the last bar lacks 1/4, but the tune begins with a pickup of 0"),
        ("M4/4 8 |[ 6 :| [ 8 ||", "bar 2 lacks 1/4, but its repeat begins with a pickup of 0"),
        ("M4/4 8 | M6/8 8 | 6 ||", "bar 2 lasts 1 where 3/4 is due"),
        ("M4/4", "it holds no note"),
    ],
)
def test_wrong_bars(text: str, complaint: str) -> None:
    assert bar_complaint(_symbols(text)) == complaint


# The command.


@pytest.mark.usefixtures("two")
def test_table(two_tunes: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate.main(["--validity", str(two_tunes)]) == 0
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert [line.split() for line in lines[:3]] == [
        ["referee", "version", "tunes", "valid", "percent"],
        ["strict", "2", "1", "50.00"],
        ["all", "of", "them", "2", "1", "50.00"],
    ]
    assert lines[3:] == ["", f"{two_tunes}: X:8 Silent One: strict: it holds a z"]
    assert err == ("abcgen.evaluate: left out: absent: absent is not installed: get it somewhere\n")


@pytest.mark.usefixtures("two")
def test_show(two_tunes: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with two_tunes.open("a") as file:
        file.write("\nX:9\nT:Another\nK:G\nz4|]\n")
    evaluate.main(["--validity", "--show", "1", str(two_tunes)])
    shown = capsys.readouterr().out.splitlines()
    assert shown[-2].endswith("X:8 Silent One: strict: it holds a z")
    assert shown[-1] == "... and 1 more (--show 2 lists them all)"
    evaluate.main(["--validity", "--show", "0", str(two_tunes)])
    assert len(capsys.readouterr().out.splitlines()) == 3


@pytest.mark.usefixtures("two")
def test_json(two_tunes: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate.main(["--validity", "--json", str(two_tunes)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["referees"][0] == {
        "referee": "strict",
        "version": "",
        "tunes": 2,
        "valid": 1,
        "percent": 50.0,
    }
    assert found["missing"] == {"absent": "absent is not installed: get it somewhere"}
    assert [tune["valid"] for tune in found["tunes"]] == [True, False]
    assert found["tunes"][1] == {
        "source": str(two_tunes),
        "number": "8",
        "title": "Silent One",
        "valid": False,
        "verdicts": {"strict": {"valid": False, "reason": "it holds a z"}},
    }


@pytest.mark.usefixtures("two")
def test_stdin_and_folders(
    two_tunes: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    stdin = io.TextIOWrapper(io.BytesIO(b"X:1\nK:C\nz|]\n"))
    monkeypatch.setattr("sys.stdin", stdin)
    assert evaluate.main(["--validity", "-", str(two_tunes.parent)]) == 0
    out = capsys.readouterr().out
    assert "stdin: X:1: strict: it holds a z" in out
    assert out.splitlines()[1].split() == ["strict", "3", "1", "33.33"]


def test_judge_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verdicts, "_TUNES_AT_ONCE", 2)
    steps: list[int] = []
    said = verdicts.judge(["a", "z", "a"], [_Strict(), _Absent()], progress=steps.append)
    assert said == {"strict": [None, "it holds a z", None]}
    assert steps == [2, 3]


@pytest.mark.parametrize("jobs", [1, 2, 3, 9])
def test_processes_judge_alike(jobs: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verdicts, "_TUNES_AT_ONCE", 2)
    tunes = ["a", "z", "a", "a", "z", "z", "z"]
    steps: list[int] = []
    said = verdicts.judge(tunes, [_Strict(), _Absent()], jobs=jobs, progress=steps.append)
    assert said == {"strict": ["it holds a z" if tune == "z" else None for tune in tunes]}
    assert steps == [2, 4, 6, 7]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "the file is empty"),
        ("no music here\n", "has no tune: no line begins with X:"),
        (None, "is not a file, a folder or the name of a corpus"),
    ],
)
def test_bad_files(
    content: str | None, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bad.abc"
    if content is not None:
        path.write_text(content)
    assert evaluate.main(["--validity", str(path)]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert message in one_error_line(err) and str(path) in err


def test_wrong_usage(capsys: pytest.CaptureFixture[str], two_tunes: Path) -> None:
    assert evaluate.main([str(two_tunes)]) == 2
    assert "--validity" in one_error_line(capsys.readouterr().err)
    assert evaluate.main(["--validity"]) == 2
    assert "needs a FILE" in one_error_line(capsys.readouterr().err)
    with pytest.raises(SystemExit) as left:
        evaluate.main(["--validity", "--show", "-1", str(two_tunes)])
    assert left.value.code == 2


def test_as_a_process(run: Run, tmp_path: Path) -> None:
    done = run("evaluate", tmp_path / "none.abc")
    assert done.returncode == 2
    assert "--validity" in one_error_line(done.stderr)


def test_nobody_to_judge(
    two_tunes: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(validity_command, "REFEREES", (_Absent(),))
    assert evaluate.main(["--validity", str(two_tunes)]) == 1
    assert "no referee is installed" in capsys.readouterr().err
