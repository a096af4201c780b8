import io
import json
from pathlib import Path

import pytest

from abcgen import evaluate
from abcgen.evaluation import validity_command
from tests.conftest import Run, one_error_line
from tests.evaluation.made_up_referees import Absent, Strict


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the command know two referees, one of them not installed."""
    monkeypatch.setattr(validity_command, "REFEREES", (Strict(), Absent()))


@pytest.fixture
def two_tunes(tmp_path: Path) -> Path:
    path = tmp_path / "two.abc"
    path.write_text("% a book\n\nX:7\nT:Sound\nM:2/4\nK:G\nG4|]\n\nX:8\nT:Silent  One\nK:G\nz4|]\n")
    return path


# The referees.


# The bar rule.


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


def test_without_any_referee(
    two_tunes: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(validity_command, "REFEREES", (Absent(),))
    assert evaluate.main(["--validity", str(two_tunes)]) == 1
    assert "no referee is installed" in capsys.readouterr().err
