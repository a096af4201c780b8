"""The `abcgen.novelty` command."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from abcgen import novelty
from abcgen.evaluation import novelty_command
from abcgen.melodies.index import SHORTEST_RUN
from abcgen.melodies.melody import melody_of
from abcgen.tunebooks.corpus import Corpus, read_corpus
from abcgen.tunebooks.indexing import index_of
from tests.conftest import Run, one_error_line
from tests.tunes import made_up_book, made_up_tune


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    """A tunebook of a tune of `book`, one that nobody can read, and one of two notes."""
    path = tmp_path / "questions.abc"
    path.write_text(f"{made_up_tune(1)}\nX:2\nT:Bad\nK:C\nCD/0E|]\n\nX:3\nT:Short\nK:C\nCD|]\n")
    return path


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Corpus]:
    """A book of enough made-up tunes that twenty are held out, and the corpus it is."""
    path = tmp_path_factory.mktemp("big") / "big.abc"
    path.write_text(made_up_book(260))
    return path, read_corpus([str(path)])


def test_as_a_process(run: Run, questions: Path, book: Path) -> None:
    done = run("novelty", questions, "--corpus", book, "--threshold", "20")
    assert done.returncode == 0, done.stderr
    said = done.stderr.splitlines()
    assert said[0] == f"abcgen.novelty: reading {book}"
    assert said[1].startswith(f"abcgen.novelty: left out: {questions}: X:2 Bad: '/0' is")
    lines = done.stdout.splitlines()
    notes = len(melody_of(made_up_tune(1)).bars)
    assert lines[1].split()[:3] == ["these", "tunes", "2"]
    assert lines[1].endswith("1 (50.0 %)")
    assert lines[2].startswith("people's, held out")
    assert "a copy is more than 20 notes" in lines[3]
    assert lines[5].startswith(
        f"{questions}: X:1 Made Up No. 1: a copy, {notes} of {notes} notes in one run"
    )
    assert lines[5].endswith("100% in all")
    assert lines[6] == "  with made-up.abc: X:1 Made Up No. 1"
    assert lines[7].startswith("  here  bar 1 to 8, K:")
    assert lines[7].removeprefix("  here  ") == lines[8].removeprefix("  there ")
    assert lines[10] == f"{questions}: X:3 Short: no run of {SHORTEST_RUN} notes is in the corpus"


def test_json_and_stdin(
    big: tuple[Path, Corpus],
    questions: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(questions.read_bytes())))
    assert novelty.main(["-", "--corpus", str(big[0]), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    index = index_of(big[1])
    notes = len(melody_of(made_up_tune(1)).bars)
    assert found["threshold"] == index.threshold() < notes
    assert found["compared_with"] == len(index)
    assert found["people"]["tunes"] == len(index.held_out)
    assert found["people"]["copies"] <= len(index.held_out) * 0.05
    assert found["these"]["copies"] == 1 and found["these"]["percent"] == 50.0
    assert found["these"]["percentiles"] == {
        "50": 0,
        **dict.fromkeys(["90", "95", "99", "100"], notes),
    }
    first, short = found["tunes"]
    assert (first["number"], first["copies"], short["copies"]) == ("1", True, False)
    assert first["nearest"]["title"] == "Made Up No. 1" and short["nearest"] is None
    assert first["nearest"]["here"]["abc"] == first["nearest"]["there"]["abc"] != ""
    assert [one["number"] for one in found["unread"]] == ["2"]


def test_percentile_and_show(
    big: tuple[Path, Corpus],
    questions: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    index = index_of(big[1])
    monkeypatch.setattr(
        novelty_command, "read_corpus", lambda names, track, edition: big[1]
    )  # which takes a while
    thresholds = []
    for percentile in (0, 100):
        options = ["--percentile", str(percentile), "--show", "1", "--corpus", "big"]
        assert novelty.main([str(questions), *options]) == 0
        lines = capsys.readouterr().out.splitlines()
        assert lines[-1] == "... and 1 more (--show 2 lists them all)"
        (line,) = (line for line in lines if "a copy is more than" in line)
        thresholds.append(int(line.split("more than ")[1].split()[0]))
    assert thresholds == [index.threshold(0), index.threshold(100)]
    assert thresholds[0] < thresholds[1]


def test_wrong_usage_and_bad_files(
    book: Path, questions: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def complaint(*arguments: object) -> str:
        assert novelty.main([str(argument) for argument in arguments]) == 1
        out, err = capsys.readouterr()
        assert out == ""
        return one_error_line(err.removeprefix(f"abcgen.novelty: reading {arguments[-1]}\n"))

    unreadable = tmp_path / "unreadable.abc"
    unreadable.write_text("X:1\nK:C\n?|]\n")
    assert "is not a file, a folder or the name of a corpus" in complaint(tmp_path / "none.abc")
    assert "is not a file, a folder or the name of a corpus" in complaint(
        questions, "--corpus", tmp_path / "none"
    )
    assert "tunes of the corpus are held out" in complaint(questions, "--corpus", book)
    assert "has no tune that abcgen can read" in complaint(questions, "--corpus", unreadable)
    assert novelty.main([str(unreadable), "--threshold", "9", "--corpus", str(book)]) == 1
    assert "none of 1 tunes can be read" in capsys.readouterr().err.splitlines()[-1]
    for options in (["--threshold", "3"], ["--percentile", "101"], ["--show", "-1"], []):
        with pytest.raises(SystemExit) as left:
            novelty.main([str(questions), *options] if options else [])
        assert left.value.code == 2
        one_error_line(capsys.readouterr().err)


def test_what_it_does_not_load() -> None:
    script = (
        "import sys, abcgen.novelty\n"
        "heavy = {'music21', 'tensorflow', 'keras', 'matplotlib'} & set(sys.modules)\n"
        "sys.exit(f'loaded {heavy}' if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
