"""The `abcgen.redraw` command."""

import io
import re
from pathlib import Path

import pytest

from abcgen.generation.redraw.bars import barred
from abcgen.grammar.faults import complaint
from abcgen.model.checkpoint import read_checkpoint
from abcgen.notation.tunebook import split_tunebook
from abcgen.redraw import main
from tests.conftest import Run, one_error_line
from tests.tunes import SPELLED, made_up_book, made_up_tune

NUMBERED = SPELLED.replace("X:1", "X:5")


@pytest.fixture
def tune(tmp_path: Path) -> Path:
    path = tmp_path / "tune.abc"
    path.write_text(NUMBERED)
    return path


def bars_of(abc: str) -> list[str]:
    read = barred(abc, read_checkpoint().vocabulary)
    return [read.music(bar) for bar in read.bars]


def test_as_a_process(run: Run, tune: Path) -> None:
    """Three alternatives: numbered on, canonical, unlike each other, the rest as it was."""
    done = run("redraw", tune, "--bars", "3", "--alternatives", 3, "--seed", 4)
    assert (done.returncode, done.stderr) == (0, "")
    tunes = list(split_tunebook(done.stdout))
    assert [text.splitlines()[0] for text in tunes] == ["X:5", "X:6", "X:7"]
    assert len({re.sub("^[XN]:.*", "", text, flags=re.MULTILINE) for text in tunes}) == 3
    before = bars_of(NUMBERED)
    for rank, text in enumerate(tunes, start=1):
        assert complaint(text.rstrip("\n") + "\n") is None
        assert text.splitlines()[1:3] == ["T:The Plain One", "R:jig"]
        assert f", bars 3, seed 4, rank {rank}, " in text
        bars = bars_of(text)
        assert bars[4] != before[4]
        assert bars[:4] + bars[5:] == before[:4] + before[5:]
    assert done.stdout == "\n".join(text.rstrip("\n") + "\n" for text in tunes)


@pytest.mark.parametrize(
    "options",
    [
        ["--bars", "2"],
        ["--keep", "0-2"],
        ["--vary", "--seed", "1"],
        ["--vary", "0.5", "--bars", "1,3"],
        ["--answer", "1"],
    ],
)
def test_like_makes_the_same_again(
    options: list[str], tune: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = tmp_path / "made.abc"
    assert main([str(tune), *options, "--alternatives", "2", "--out", str(made)]) == 0
    capsys.readouterr()
    # Among other tunes, of which one cannot be read.
    base = tmp_path / "base.abc"
    base.write_text(f"{made_up_book(2)}\nX:3\nno tune\n\n{NUMBERED}")
    assert main([str(base), "--like", str(made)]) == 0
    assert capsys.readouterr() == (made.read_text(), "")


def test_a_seed_is_told_and_gives_the_same(tune: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tune), "--bars", "1"]) == 0
    out, err = capsys.readouterr()
    assert ", temperature 0.9," in out  # a little bolder than whole tunes
    seed = re.fullmatch(r"abcgen\.redraw: seed (\d+)\n", err)
    assert seed
    assert main([str(tune), "--bars", "1", "--seed", seed[1]]) == 0
    assert capsys.readouterr() == (out, "")


def test_what_there_is_is_written_where_more_is_asked_for(
    tune: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--bars", "0", "--temperature", "0.3", "--alternatives", "64", "--seed", "1"]
    assert main([str(tune), *options]) == 0
    out, err = capsys.readouterr()
    written = len(list(split_tunebook(out)))
    assert 0 < written < 64
    assert f"{written} of 64 alternatives: the network wrote no others" in err


def test_going_on_from_a_bar(run: Run, tune: Path, tmp_path: Path) -> None:
    done = run("redraw", tune, "--from-bar", 3, "--seed", 2, "--alternatives", 2)
    assert (done.returncode, done.stderr) == (0, "")
    for number, text in enumerate(split_tunebook(done.stdout), start=5):
        assert text.startswith(f"X:{number}\nT:The Plain One\n")
        assert bars_of(text)[:4] == bars_of(NUMBERED)[:4]
        assert complaint(text.rstrip("\n") + "\n") is None
    book = tmp_path / "book.abc"
    book.write_text(done.stdout)
    assert run("sample", "--like", book).stdout == done.stdout


def test_nought_is_a_value(tune: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Bar 0 is the pickup, and a variation may be as free as it likes."""
    for options, remark in ((["--from-bar", "0"], "seed 4, tune 1"), (["--vary", "0"], "vary 0.0")):
        assert main([str(tune), *options, "--seed", "4"]) == 0
        assert remark in capsys.readouterr().out
    assert main([str(tune), "--vary", "0", "--from-bar", "0"]) == 2
    assert "--vary and --from-bar do not go together" in one_error_line(capsys.readouterr().err)


def test_sampling_does_not_make_rewritten_bars_again(run: Run, tune: Path, tmp_path: Path) -> None:
    book = tmp_path / "book.abc"
    book.write_text(run("redraw", tune, "--bars", "3", "--seed", 4).stdout)
    done = run("sample", "--like", book)
    assert done.returncode == 1
    assert "abcgen.redraw --like makes rewritten bars again" in one_error_line(done.stderr)


def test_bits_of_each_bar(
    tune: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(tune.read_bytes())))
    assert main(["-", "--bits"]) == 0
    head, *rows = capsys.readouterr().out.splitlines()
    assert head.split() == ["bar", "bits"]
    assert [row.split()[0] for row in rows] == ["0", "1", "2", "3", "4"]
    assert rows[2].endswith("gec A2 + e")
    assert all(float(row.split()[1]) > 0 for row in rows)


def test_one_of_several_tunes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = tmp_path / "book.abc"
    book.write_text(made_up_book(3))
    assert main([str(book), "--tune", "2", "--bars", "3", "--seed", "1"]) == 0
    assert capsys.readouterr().out.startswith("X:2\nT:Made Up No. 2\n")
    assert main([str(book), "--bars", "3", "--seed", "1"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("X:1\nT:Made Up No. 1\n")
    assert err == "abcgen.redraw: the first of 3 tunes; --tune N takes another\n"
    assert main([str(book), "--tune", "4", "--bars", "3"]) == 2
    assert "has 3 tunes; there is no tune 4" in one_error_line(capsys.readouterr().err)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ([], "say which bars"),
        (["--bars", "40"], "no bar 40: the tune has bars 1 to 4, and bar 0, the pickup"),
        (["--bars", ""], "found none"),
        (["--bars", "four"], "such as 5,6 or 1-4, found 'four'"),
        (["--bars", "0-4"], "all bars"),
        (["--bars", "1", "--keep", "1"], "no bar"),
        (["--bars", "1", "--answer", "1"], "--bars and --answer do not go together"),
        (["--bits", "--seed", "1"], "leave out --seed"),
        (["--answer", "3-4"], "as many behind"),
        (["--from-bar", "9"], "no bar 9"),
        (["--bars", "1", "--tune", "2"], "has 1 tune; there is no tune"),
        (["--bars", "1", "--checkpoint", "flok"], "did you mean folk"),
        (["--like", "{tune}"], "no tune of"),
    ],
)
def test_wrong_usage_says_why(
    options: list[str], words: str, tune: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main([str(tune), *(option.format(tune=tune) for option in options)])
    out, err = capsys.readouterr()
    assert code in (1, 2) and out == ""
    assert words in one_error_line(err)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("nothing\n", "no line begins with X:"),
        (made_up_tune(1).replace("K:", "W:"), "K:"),
        ("X:1\nM:C\nL:1/8\nK:D\nABc|ABc|ABc|]\nABcd|\n", "no spelling that every player takes"),
    ],
)
def test_what_is_no_tune_is_refused(
    text: str, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "file.abc"
    file.write_text(text)
    assert main([str(file), "--bars", "1"]) in (1, 2)
    out, err = capsys.readouterr()
    assert out == "" and words in one_error_line(err)
    (tmp_path / "empty").mkdir()
    assert main([str(tmp_path / "empty"), "--bars", "1"]) == 1
    assert "has no .abc file" in one_error_line(capsys.readouterr().err)


def test_another_tune_is_not_taken_for_the_base(
    tune: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made, other = tmp_path / "made.abc", tmp_path / "other.abc"
    other.write_text(made_up_tune(1))
    assert main([str(tune), "--bars", "1", "--seed", "1", "--out", str(made)]) == 0
    assert main([str(other), "--like", str(made)]) == 1
    assert "X:5" in one_error_line(capsys.readouterr().err)
    made.write_text(made.read_text().replace("dfa", "dfb"))
    assert main([str(tune), "--like", str(made)]) == 0
