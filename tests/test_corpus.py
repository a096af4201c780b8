"""The `abcgen.corpus` command."""

import json
from pathlib import Path

import pytest

from abcgen.corpus import main
from abcgen.notation.tune import read_tune
from abcgen.notation.tunebook import split_tunebook
from abcgen.tunebooks.corpus import numbered_book
from tests.conftest import Run, one_error_line
from tests.tunes import made_up_book, respell

BAD = "X:900\nT:Broken\nM:6/8\nK:D\nabc def ?|\n"


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b"", "empty"), (b"Dear reader,\n", "no line begins with X:"), (b"\x00\x01X:1", "not text")],
)
def test_a_file_that_is_not_a_tunebook(
    data: bytes, reason: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "f.abc"
    file.write_bytes(data)
    assert main([str(file)]) == 1
    assert reason in one_error_line(capsys.readouterr().err)


def test_the_report(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(book)]) == 0
    assert capsys.readouterr().out.startswith("80 tunes, ")
    assert main([str(book), "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["tunes"] == 80
    assert sum(split["tunes"] for split in figures["splits"].values()) == 80
    assert sum(figures["rhythms"].values()) == 80


def test_tunes_go_into_a_file_numbered(book: Path, tmp_path: Path, run: Run) -> None:
    out = tmp_path / "spelled.abc"
    result = run("corpus", book, "--out", out)
    assert (result.returncode, result.stdout) == (0, "")
    assert f"tunes written to {out}: 80; left out: 0" in result.stderr
    tunes = list(split_tunebook(out.read_text()))
    assert [read_tune(tune).number for tune in tunes] == list(range(1, 81))
    assert numbered_book([respell(tune) for tune in tunes]) == out.read_text()


def test_stdin(book: Path, tmp_path: Path, run: Run) -> None:
    by_name, piped = tmp_path / "by-name.abc", tmp_path / "piped.abc"
    assert run("corpus", book, "--canonical", "--out", by_name).returncode == 0
    for _ in range(2):  # the second time the file is there, and may be overwritten
        result = run("corpus", "-", "--canonical", "--out", piped, input=book.read_text())
        assert result.returncode == 0, result.stderr
    assert piped.read_text() == by_name.read_text()
    report = json.loads(run("corpus", "-", "--json", input=book.read_text()).stdout)
    assert report["files"] == {"stdin": 80}


def test_stdin_that_is_not_a_tunebook(run: Run) -> None:
    for text, reason in (("", "the file is empty"), ("Dear reader", "no line begins with X:")):
        result = run("corpus", "-", input=text)
        assert result.returncode == 1
        assert f"stdin: {reason}" in one_error_line(result.stderr)


def test_of_several_voices_the_one_that_is_named_is_read(tmp_path: Path, run: Run) -> None:
    file, out = tmp_path / "book.abc", tmp_path / "out.abc"
    file.write_text("X:1\nT:A\nM:4/4\nL:1/8\nK:C\nV:1\nC8|D8|\nV:Low\nE8|F8|\n")
    result = run("corpus", file, "--canonical", "--voice", "Low", "--out", out)
    assert result.returncode == 0
    assert out.read_text().endswith("K:C\nE8|F8|]\n")
    assert run("corpus", file, "--out", out).returncode == 0
    assert out.read_text().endswith("K:C\nC8|D8|]\n")
    result = run("corpus", file, "--voice", "High", "--out", out)
    assert "it has no voice 'High'; it has 2 voices: 1, Low" in one_error_line(result.stderr)


def test_what_is_read_is_never_overwritten(tmp_path: Path, run: Run) -> None:
    file = tmp_path / "mine.abc"
    file.write_text(made_up_book(3))
    result = run("corpus", tmp_path, "--out", file)
    assert result.returncode == 2
    assert "overwrite" in one_error_line(result.stderr)
    assert file.read_text() == made_up_book(3)


def test_a_book_of_which_nothing_can_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "prose.abc"
    file.write_text("X: marks the spot.\nDear reader,\n")
    assert main([str(file)]) == 1
    assert "none of 1 tunes" in one_error_line(capsys.readouterr().err)


def test_an_output_that_cannot_be_written_is_one_line(book: Path, tmp_path: Path, run: Run) -> None:
    (tmp_path / "file").write_text("")
    result = run("corpus", book, "--out", tmp_path / "file" / "out.abc")
    assert result.returncode == 1
    assert "file" in one_error_line(result.stderr)


def test_the_report_counts_reasons_by_kind(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    full_last = "X:%d\nT:Full\nM:6/8\nL:1/8\nK:D\n|:A|def def|def %s:|\n\n"
    unknown = BAD.replace("?", "?" * 3)
    file = tmp_path / "a.abc"
    texts = [full_last % (901, "def"), full_last % (902, "d2e"), BAD, unknown]
    file.write_text(made_up_book(2) + "\n" + "\n".join(texts))
    kinds = {
        "the bar before `:|` and the pickup do not make one bar": 2,
        "it is not certain what is meant: line ..., column ...: a stray character is ignored: "
        "...": 2,
    }
    assert main([str(file), "--canonical", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["reasons"] == kinds
    assert main([str(file), "--canonical"]) == 0
    lines = capsys.readouterr().out.splitlines()
    at = lines.index("4 left out because they cannot be read or written validly")
    assert [line.strip() for line in lines[at + 1 : at + 3]] == [f"2 {kind}" for kind in kinds]
    assert (
        "a.abc X:901 Full: bar 2: the bar before `:|` must lack the pickup (1/8)" in lines[at + 3]
    )
