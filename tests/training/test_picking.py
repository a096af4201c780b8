import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from abcgen.model.checkpoint import Checkpoint, read_checkpoint, write_checkpoint
from abcgen.model.recipe import Recipe
from abcgen.model.vocabulary import Vocabulary
from abcgen.train import main
from abcgen.training.picking import Kept, report
from tests.conftest import Run, one_error_line
from tests.tunes import made_up_book

CHECKPOINT = Checkpoint(Path("mine"), Recipe(), Vocabulary.of("a"), {}, {"epoch": 20})


def kept(*copied: float | None, most: float | None = 0.12) -> Kept:
    """Return every tenth epoch, with these shares of copies."""
    rows = []
    for epoch, share in enumerate(copied, 1):
        row = {"epoch": 10.0 * epoch, "loss": 1.0, "val_loss": 1.5, "val_accuracy": 0.5}
        rows.append(row if share is None else {**row, "copied": share})
    return Kept(CHECKPOINT, rows, most)


@pytest.mark.parametrize(
    ("shares", "best", "rule"),
    [
        ((0.0, 0.12, 0.2), 20, "the last before more than 12% of its tunes were copies"),
        # What comes after the first that copies too much is not looked at.
        ((0.0, 0.2, 0.1), 10, "the last before"),
        ((0.0, 0.1), 20, "the last, since in none of these more than 12%"),
        ((0.2, 0.1), None, "none, since in the first of these more than 12%"),
        ((None, None), None, "not known, since copies were not counted"),
    ],
)
def test_the_best_is_the_last_before_it_copies_more_than_people(
    shares: tuple[float | None, ...], best: int | None, rule: str
) -> None:
    epochs = kept(*shares)
    assert epochs.best == best
    assert f"best: {rule}" in report(epochs)
    assert replace(epochs, most=None).best is None
    if shares[0] is not None:
        assert "best: not known, since too few tunes" in report(replace(epochs, most=None))


def test_the_table() -> None:
    head, first, second, _ = report(kept(0.0, None)).splitlines()
    columns = ["epoch", "training loss", "validation loss", "accuracy", "copies"]
    assert re.split("  +", head) == columns
    assert first.split() == ["10", "1.0000", "1.5000", "50.0%", "0%", "best"]
    assert second.split() == ["20", "1.0000", "1.5000", "50.0%", "-", "in", "use"]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A network of two styles, those of subfolders, which has kept each of its three epochs."""
    folder = tmp_path_factory.mktemp("trained")
    for name, first in (("even", 0), ("odd", 1)):
        (folder / "books" / name).mkdir(parents=True)
        book = folder / "books" / name / "book.abc"
        book.write_text(made_up_book(220, first=1000 * first + 1))
    options = [
        *("--embedding-dim", "8", "--rnn-sizes", "16", "--batch-size", "8", "--seq-length", "48"),
        *("--epochs", "3", "--keep-every", "1", "--learning-rate", "0.03", "--own", "0.1"),
    ]
    assert main([str(folder / "books"), "--out", str(folder), "--name", "mine", *options]) == 0
    return folder / "mine"


@pytest.mark.keras
def test_a_network_of_two_styles_is_trained(trained: Path, run: Run) -> None:
    checkpoint = read_checkpoint(str(trained))
    assert checkpoint.vocabulary.styles == ("even", "odd")
    assert checkpoint.corpus["books"] == checkpoint.corpus["styles"] == ["even", "odd"]
    card = (trained / "MODEL_CARD.md").read_text()
    assert "- `odd`; style `odd`" in card
    assert "writes in these styles: `even`, `odd`" in card
    for style in ("even", "odd"):
        done = run("sample", "--checkpoint", trained, "--style", style, "--seed", 1)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith(f"X:1\nG:{style}\nT:")


@pytest.mark.keras
def test_copies_are_counted_in_epochs_that_are_kept(trained: Path) -> None:
    head, *rows = (trained / "history.csv").read_text().splitlines()
    assert "copied" in head.split(",")
    assert len(rows) == 3
    for epoch in (1, 2, 3):
        picture = trained / "epochs" / f"{epoch:03}.curves.png"
        assert picture.read_bytes().startswith(b"\x89PNG")


@pytest.mark.keras
def test_another_epoch_is_picked(
    trained: Path, tmp_path: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "mine"
    shutil.copytree(trained, folder)
    before = read_checkpoint(str(folder))
    other = 1 if before.validation["epoch"] != 1 else 2
    assert main(["--pick", str(folder)]) == 0
    table = capsys.readouterr().out
    assert re.search(rf"^ *{before.validation['epoch']} .*in use", table, re.MULTILINE)
    assert read_checkpoint(str(folder)) == before  # only listed
    assert main(["--pick", str(folder), "--epoch", str(other)]) == 0
    assert f"after epoch {other}" in capsys.readouterr().err
    picked = read_checkpoint(str(folder))
    kept_weights = folder / "epochs" / f"{other:03}.weights.h5"
    assert picked.weights_file.read_bytes() == kept_weights.read_bytes()
    assert picked.engine_file.read_bytes() != before.sums["engine.tflite"]
    assert picked.sums["engine.tflite"] != before.sums["engine.tflite"]
    assert picked.validation["epoch"] == other
    assert f"at epoch {other}:" in (folder / "MODEL_CARD.md").read_text().replace("\n", " ")
    done = run("sample", "--checkpoint", folder, "--seed", 1)
    assert (done.returncode, done.stderr) == (0, "")
    # And back: the engine is the same that training made.
    first = before.validation["epoch"]
    assert main(["--pick", str(folder), "--epoch", str(first)]) == 0
    again = read_checkpoint(str(folder))
    assert again.sums["engine.tflite"] == before.sums["engine.tflite"]
    assert again.validation == before.validation


@pytest.mark.keras
def test_what_has_learned_from_the_tunes_of_another_epoch_is_left_behind(
    trained: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "mine"
    shutil.copytree(trained, folder)
    before = read_checkpoint(str(folder))
    learned = {"habits": {"checkpoint": before.label, "books": ["cobb"]}}
    files = {name: (lambda path: path.write_bytes(b"")) for name in ("habits.npz", "critic.npz")}
    write_checkpoint(replace(before, corpus=before.corpus | learned), files)
    assert main(["--pick", str(folder), "--epoch", "2"]) == 0
    picked = read_checkpoint(str(folder))
    assert not picked.sums.keys() & files.keys()
    assert picked.corpus == before.corpus
    assert "habits" not in (folder / "MODEL_CARD.md").read_text()


@pytest.mark.keras
def test_best_is_picked_by_the_rule(trained: Path, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    shutil.copytree(trained, folder)
    history = folder / "history.csv"
    head, *rows = history.read_text().splitlines()
    place = head.split(",").index("copied")
    lines = [row.split(",") for row in rows]
    for line, share in zip(lines, ("0.0", "0.0", "0.9"), strict=True):
        line[place] = share
    history.write_text("\n".join([head, *map(",".join, lines)]) + "\n")
    about = json.loads((folder / "checkpoint.json").read_text())
    assert main(["--pick", str(folder), "--epoch", "best"]) == 0
    assert read_checkpoint(str(folder)).validation["epoch"] == 2
    assert about["files"].keys() == read_checkpoint(str(folder)).sums.keys()


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--pick", "folk"], 1, "--keep-every"),
        (["--pick", "no-such"], 1, "no checkpoint 'no-such'"),
        (["book.abc", "--pick", "folk"], 2, "trains nothing"),
        (["book.abc", "--epoch", "3"], 2, "--epochs"),
        (["--pick", "folk", "--epoch", "first"], 2, "whole number"),
        (["book.abc", "--style", "a=b"], 2, "--style NAME=book.abc"),
    ],
)
def test_wrong_usage(
    arguments: list[str], code: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        found = main(arguments)
    except SystemExit as leaving:
        found = leaving.code  # type: ignore[assignment]
    assert found == code
    assert words in one_error_line(capsys.readouterr().err)


@pytest.mark.keras
def test_only_a_kept_epoch_can_be_picked(trained: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--pick", str(trained), "--epoch", "4"]) == 2
    assert "epoch 4 was not kept; these were: 1, 2, 3" in one_error_line(capsys.readouterr().err)


@pytest.mark.keras
def test_styles_go_on_from_styles(
    trained: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = tmp_path / "more.abc"
    book.write_text(made_up_book(60, first=5000))
    options = ["--from", str(trained), "--out", str(tmp_path), "--epochs", "1"]
    assert main([str(book), *options]) == 2
    assert "even, odd" in one_error_line(capsys.readouterr().err)
    assert main(["--style", f"more={book}", *options]) == 0
    assert read_checkpoint(str(tmp_path / "mine")).vocabulary.styles == ("even", "odd", "more")
