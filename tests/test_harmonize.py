"""The `abcgen.harmonize` command."""

import re
from pathlib import Path

import pytest

from abcgen.harmonize import main
from abcgen.notation.tunebook import split_tunebook
from tests.conftest import Run, one_error_line
from tests.tunes import SPELLED, made_up_tune

CHORD = re.compile(r'"[A-G][^"]*"')


def test_as_a_process(run: Run) -> None:
    """Alternatives of a tune from stdin, numbered on; without chords, the tune."""
    tune = SPELLED.replace("X:1", "X:5")
    done = run("harmonize", "-", "--alternatives", 3, "--seed", 1, "--rich", input=tune)
    assert (done.returncode, done.stderr) == (0, "")
    tunes = [text.rstrip("\n") + "\n" for text in split_tunebook(done.stdout)]
    assert len(set(tunes)) == 3
    for number, text in enumerate(tunes, start=5):
        assert CHORD.sub("", text) == SPELLED.replace("X:1", f"X:{number}")
    assert '|:A|"D"dfa' in tunes[0]


def test_all_tunes_of_a_book(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, out = tmp_path / "book.abc", tmp_path / "out.abc"
    path.write_text(f"{made_up_tune(1)}\nX:2\nno key\n\n{made_up_tune(3)}")
    assert main([str(path), "--simple", "--out", str(out)]) == 0
    first, second = split_tunebook(out.read_text())
    assert CHORD.sub("", first).strip() == made_up_tune(1).strip()
    assert CHORD.sub("", second).strip() == made_up_tune(3).strip()
    assert "left out: X:2: " in capsys.readouterr().err
    assert main([str(path), "--tune", "3"]) == 0
    assert CHORD.sub("", capsys.readouterr().out).strip() == made_up_tune(3).strip()


def test_fewer_alternatives_than_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "tune.abc"
    path.write_text("X:1\nT:A\nM:3/4\nL:1/4\nK:D\ndfa|]\n")
    assert main([str(path), "--simple", "--alternatives", "99"]) == 0
    written = capsys.readouterr()
    count = len(list(split_tunebook(written.out)))
    assert count < 20
    assert f"{count} of 99 alternatives" in written.err


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["nowhere.abc"], 1, "nowhere.abc does not exist"),
        (["two.abc", "--tune", "3"], 2, "there is no tune 3"),
        (["bad.abc"], 1, "K: is missing"),
    ],
)
def test_what_is_wrong(
    arguments: list[str],
    code: int,
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("two.abc").write_text(made_up_tune(1) + "\n" + made_up_tune(2))
    Path("bad.abc").write_text("X:1\nT:A\nabc\n")
    assert main(arguments) == code
    assert words in one_error_line(capsys.readouterr().err)
