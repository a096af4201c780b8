import shutil
from pathlib import Path

import numpy as np
import pytest

from abcgen.formats.midi import midi_of
from abcgen.grammar.faults import complaint
from abcgen.notation.tune import read_tune
from abcgen.train import build_parser, main
from tests.conftest import Run, one_error_line
from tests.tunes import made_up_tune

pytestmark = pytest.mark.keras

#: The recipe TINY as options, with dropout and in other keys, for four epochs.
OPTIONS = (
    *("--embedding-dim", 8, "--rnn-sizes", "16,16", "--batch-size", 6, "--seq-length", 24),
    *("--transposed", 0.5, "--dropout", 0.4, "--epochs", 4, "--learning-rate", 0.01, "--seed", 1),
)


def test_a_checkpoint_is_never_overwritten(
    tiny: Path, book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (tiny / "checkpoint.json").read_text()
    assert main([str(book), "--out", str(tiny.parent), "--name", tiny.name]) == 1
    assert "--resume" in one_error_line(capsys.readouterr().err)
    assert (tiny / "checkpoint.json").read_text() == before


def test_a_folder_of_midi_files_is_a_style(tmp_path: Path, run: Run) -> None:
    songs = tmp_path / "songs"
    songs.mkdir()
    for number in range(1, 41):
        (songs / f"{number}.mid").write_bytes(midi_of(read_tune(made_up_tune(number))))
    (songs / "drums.mid").write_bytes(b"MThd")  # one bad file loses none of the others
    options = [*OPTIONS, "--epochs", 2, "--keep-every", 1, "--name", "style", "--out", tmp_path]
    assert main([str(songs), *map(str, options)]) == 0
    kept = sorted(file.name for file in (tmp_path / "style" / "epochs").iterdir())
    assert kept == ["001.curves.png", "001.weights.h5", "002.curves.png", "002.weights.h5"]
    done = run("sample", "--checkpoint", tmp_path / "style", "--tunes", 1, "--seed", 3)
    assert (done.returncode, complaint(done.stdout)) == (0, None)


def test_a_loss_that_is_no_number_ends_the_run_with_a_line(
    book: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import abcgen.training.trainer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(abcgen.training.trainer.Trainer, "_test", lambda *_: [np.nan, 0, 1])
        code = main([str(book), "--out", str(tmp_path), *map(str, OPTIONS)])
    assert code == 1
    assert "--learning-rate" in one_error_line(capsys.readouterr().err)


def test_a_folder_that_cannot_be_made_is_an_error_before_training(
    book: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("mine")
    assert main([str(book), "--out", str(tmp_path / "file"), *map(str, OPTIONS)]) == 1
    one_error_line(capsys.readouterr().err)


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["no-such-book"], 1, "no-such-book"),
        (["BOOK", "--recipe", "flok"], 2, "did you mean folk"),
        (["BOOK", "--name", "../up"], 2, "--name"),
        (["BOOK", "--epochs", "0"], 2, "epochs"),
        (["BOOK", "--dropout", "1.5"], 2, "dropout"),
        (["BOOK", "--keep-every", "-1"], 2, "keep_every"),
        (["BOOK", "--rnn-sizes", "16,x"], 2, "'16,x'"),
        (["BOOK", "--weights", "1,0.5"], 2, "a number for each of the 1 books, not 2"),
        (["BOOK", "--weights", "1;2"], 2, "'1;2'"),
        (["BOOK", "--weights", "0"], 2, "0 or more"),
        (["BOOK", "--weights", "-1,1"], 2, "--weights"),
        (["BOOK", "--schedule", "cosin"], 2, "did you mean cosine"),
        (["--from", "TINY"], 2, "tunebook"),
        (["BOOK", "--from", "TINY", "--rnn-sizes", "8"], 2, "leave out --rnn-sizes"),
        (["BOOK", "--from", "no-such"], 1, "no checkpoint 'no-such'"),
        (["BOOK", "--from", "TINY", "--recipe", "folk"], 2, "leave out --recipe"),
        (["BOOK", "--resume", "--name", "nothing"], 1, "nothing to resume"),
    ],
)
def test_bad_input(
    arguments: list[str],
    code: int,
    words: str,
    book: Path,
    tiny: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    known = {"BOOK": str(book), "TINY": str(tiny)}
    named = [known.get(argument, argument) for argument in arguments]
    try:
        found = main([*named, "--out", str(tmp_path)])
    except SystemExit as leaving:
        found = leaving.code  # type: ignore[assignment]
    assert found == code
    assert words in one_error_line(capsys.readouterr().err)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("backend", "extra"), [("tensorflow", "train"), ("torch", "torch")])
def test_without_what_computes_it_says_what_to_install(
    backend: str,
    extra: str,
    book: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    import importlib.util

    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert main(["no-such.abc", "--out", str(tmp_path), "--backend", backend]) == 1
    assert "no-such.abc" in one_error_line(capsys.readouterr().err)
    assert main([str(book), "--out", str(tmp_path), "--backend", backend]) == 1
    assert f"pip install 'abcgen[{extra}]'" in one_error_line(capsys.readouterr().err)


def test_a_checkpoint_has_a_number_which_was_once_called_version() -> None:
    numbers = [
        build_parser().parse_args(["book", *option]).number
        for option in ((), ("--number", "3"), ("--version", "4"))
    ]
    assert numbers == [1, 3, 4]
    assert "--version" not in build_parser().format_help()


def test_one_midi_file_with_chords_teaches_solos(
    tmp_path: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    tune = made_up_tune(2).replace("|:", '|:"G"')
    (tmp_path / "solo.mid").write_bytes(midi_of(read_tune(tune)))
    command = [str(tmp_path / "solo.mid"), "--recipe", "djmodel", "--out", str(tmp_path)]
    assert main([*command, "--epochs", "2", "--seq-length", "8", "--name", "solo"]) == 0
    solo = str(tmp_path / "solo")
    assert f'abcgen.improvise "G | C D7 | G" --checkpoint {solo}' in capsys.readouterr().err
    card = " ".join((tmp_path / "solo" / "MODEL_CARD.md").read_text().split())
    assert "plays solos over given chords" in card
    made = run("improvise", "C | F G | C", "--checkpoint", solo, "--seed", 1)
    assert (made.returncode, complaint(made.stdout)) == (0, None)
    book = tmp_path / "book.abc"
    book.write_text(made.stdout)
    again = run("improvise", "--like", book, "--checkpoint", solo)
    assert again.stdout == made.stdout
    for refused in (
        run("sample", "--checkpoint", solo),
        run("train", *command, "--from", solo, "--name", "more"),
    ):
        assert refused.returncode == 2
        one_error_line(refused.stderr)


def test_a_network_of_solos_needs_chords_and_has_no_styles(
    book: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--recipe", "djmodel", "--out", str(tmp_path)]
    for kind in ("jigs", "reels"):
        (tmp_path / "kinds" / kind).mkdir(parents=True)
        shutil.copy(book, tmp_path / "kinds" / kind)
    for books, code, words in (
        ([str(book)], 1, "none of 80 tunes that can be read has chord symbols"),
        (["--style", f"a={book}"], 2, "leave out --style"),
        ([str(tmp_path / "kinds")], 2, "name the subfolders"),
        ([str(book), "--weights", "2"], 2, "leave out --weights"),
    ):
        assert main([*books, *options]) == code
        assert words in one_error_line(capsys.readouterr().err)
