import csv
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from abcgen.errors import CheckpointError
from abcgen.generation.loop import DrawnTune
from abcgen.melodies.index import NoveltyIndex
from abcgen.model.checkpoint import read_checkpoint
from abcgen.training.own_tunes import OwnTunes
from abcgen.training.run import train
from abcgen.training.state import TrainingState
from tests.conftest import ROOT, TINY, Run
from tests.tunes import ONLY_BY_THE_SECOND, made_up_book, made_up_tune

pytestmark = pytest.mark.keras


def history_of(folder: Path) -> list[dict[str, str]]:
    """Return the rows without the seconds, which no run has in common with another."""
    with (folder / "history.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert all(float(row.pop("seconds")) >= 0 for row in rows)
    return rows


def test_a_checkpoint_holds_what_is_promised(tiny: Path) -> None:
    checkpoint = read_checkpoint(str(tiny))
    assert {file.name for file in tiny.iterdir()} == {
        "MODEL_CARD.md",
        "checkpoint.json",
        "curves.png",
        "engine.tflite",
        "history.csv",
        "network.weights.h5",
        "novelty.npz",
        "resume",
        "titles.txt",
    }
    assert checkpoint.recipe == TINY
    rows = history_of(tiny)
    assert [row["epoch"] for row in rows] == ["1", "2"]
    best = min(rows, key=lambda row: float(row["val_loss"]))
    assert checkpoint.validation["loss"] == float(best["val_loss"])
    assert checkpoint.validation["bits_per_char"] == pytest.approx(
        float(best["val_loss"]) / np.log(2)
    )
    assert (tiny / "curves.png").read_bytes().startswith(b"\x89PNG")
    card = " ".join((tiny / "MODEL_CARD.md").read_text().split())
    assert f"{checkpoint.validation['bits_per_char']:.3f} bits" in card
    assert "made-up.abc" in card


def test_it_learns(tiny: Path) -> None:
    first, second = (float(row["val_loss"]) for row in history_of(tiny))
    assert second < first < np.log(len(read_checkpoint(str(tiny)).vocabulary))


def test_nothing_in_a_checkpoint_names_this_machine(tiny: Path, book: Path) -> None:
    for name in ("checkpoint.json", "MODEL_CARD.md"):
        assert str(book.parent) not in (tiny / name).read_text()


def test_the_weights_hold_no_optimisers_slots(tiny: Path) -> None:
    import h5py

    names: list[str] = []
    with h5py.File(tiny / "network.weights.h5") as file:
        file.visit(names.append)
    assert any("lstm_1" in name for name in names)
    assert not any("optimizer" in name for name in names)


#: Wide enough layers, long enough sequences: of smaller ones no two runs ever differed.
WIDE = (
    *("--rnn-sizes", "128,128", "--embedding-dim", 16, "--batch-size", 32, "--seq-length", 96),
    *("--snippets", "--steps", 4, "--epochs", 3, "--learning-rate", 0.02, "--seed", 1),
)


@pytest.mark.slow
def test_a_run_can_be_repeated_and_resumed_to_the_last_bit(
    book: Path, tmp_path: Path, run: Run
) -> None:
    arguments = [str(book), "--out", str(tmp_path), *map(str, WIDE)]
    for name in ("once", "twice"):
        assert run("train", *arguments, "--name", name).returncode == 0

    command = [sys.executable, "-m", "abcgen.train", *arguments, "--name", "killed"]
    environment = dict(os.environ, PYTHONPATH=str(ROOT))
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if "epoch 2/3" in line:  # printed before it is recorded, so epoch 2 is done twice
                process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    resumed = run("train", *arguments, "--name", "killed", "--resume")
    assert resumed.returncode == 0
    assert "resuming after epoch" in resumed.stderr

    once = tmp_path / "once"
    expected = TrainingState.load(once / "resume").arrays
    for other in (tmp_path / "twice", tmp_path / "killed"):
        assert history_of(other) == history_of(once)
        found = TrainingState.load(other / "resume").arrays
        assert found.keys() == expected.keys()
        differing = [name for name in expected if found[name].tobytes() != expected[name].tobytes()]
        assert differing == []
        for name in ("network.weights.h5", "engine.tflite"):
            assert (other / name).read_bytes() == (once / name).read_bytes()


def test_a_run_is_not_resumed_with_other_options(tiny: Path, book: Path, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(tiny, folder)
    with pytest.raises(CheckpointError, match=r"rnn_sizes = \[16, 16, 16\] .* 32"):
        train([str(book)], folder, TINY.changed(rnn_sizes=(32,) * 3), seed=1, resume=True)
    with pytest.raises(CheckpointError, match=r"seed = 1 .* 2"):
        train([str(book)], folder, TINY, seed=2, resume=True)
    more = tmp_path / "more.abc"
    more.write_text(made_up_book(90))
    with pytest.raises(CheckpointError, match="corpus"):
        train([str(more)], folder, TINY, seed=1, resume=True)


def test_books_may_weigh_differently(book: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.abc"
    other.write_text("\n".join(made_up_tune(number) for number in range(200, 260)))
    folders = [tmp_path / name for name in ("even", "uneven")]
    small = TINY.changed(epochs=1)
    for folder, weights in zip(folders, [(), (1.0, 0.0)], strict=True):
        train([str(book), str(other)], folder, small, seed=1, weights=weights)
    assert history_of(folders[0]) != history_of(folders[1])
    assert "- `other.abc`; 0 times an epoch" in (folders[1] / "MODEL_CARD.md").read_text()
    for folder, weights in zip(folders, [(1.0, 0.5), ()], strict=True):
        with pytest.raises(CheckpointError, match="weights"):
            train([str(book), str(other)], folder, small, seed=1, resume=True, weights=weights)


def test_a_finished_run_resumes_to_itself(tiny: Path, book: Path, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(tiny, folder)
    before = (folder / "checkpoint.json").read_text()
    train([str(book)], folder, TINY, seed=1, resume=True)
    assert (folder / "checkpoint.json").read_text() == before


def test_what_an_older_version_began_goes_on_with_the_same_tunes(
    tiny: Path, book: Path, tmp_path: Path
) -> None:
    folder, more = tmp_path / "copy", tmp_path / book.name
    shutil.copytree(tiny, folder)
    about = json.loads((folder / "checkpoint.json").read_text())
    del about["spelling"]  # as versions wrote it that knew the first edition alone
    (folder / "checkpoint.json").write_text(json.dumps(about))
    more.write_text(f"{book.read_text()}\n{ONLY_BY_THE_SECOND}")
    train([str(more)], folder, TINY, seed=1, resume=True)
    with pytest.raises(CheckpointError, match="corpus"):
        train([str(more)], shutil.copytree(tiny, tmp_path / "new"), TINY, seed=1, resume=True)


def test_weights_and_curves_of_epochs_are_kept_and_training_stops_early(
    book: Path, tmp_path: Path
) -> None:
    recipe = TINY.changed(epochs=9, learning_rate=0.0, patience=2)
    checkpoint = train([str(book)], tmp_path / "kept", recipe.changed(keep_every=2))
    assert checkpoint.validation["epoch"] == 1
    assert len(history_of(tmp_path / "kept")) == 3
    assert sorted(file.name for file in (tmp_path / "kept" / "epochs").iterdir()) == [
        "002.curves.png",
        "002.weights.h5",
    ]


def test_in_the_second_half_it_learns_from_its_own_tunes(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[list[DrawnTune]] = []

    def fitting(_: OwnTunes, drawn: list[DrawnTune]) -> list[str]:
        written.append(drawn)
        return [made_up_tune(9)]

    monkeypatch.setattr(OwnTunes, "fitting", fitting)
    recipe = TINY.changed(epochs=4, own=0.1, patience=0)
    train([str(book)], tmp_path / "own", recipe)
    assert [len(drawn) for drawn in written] == [8, 8]  # a tenth of the tunes
    assert written[0] != written[1]
    assert [row["own"] for row in history_of(tmp_path / "own")] == ["0.0", "0.0", "0.125", "0.125"]


def test_tensorboard_gets_the_figures(book: Path, tmp_path: Path) -> None:
    pytest.importorskip("tensorboard")
    train(
        [str(book)],
        tmp_path / "logged",
        TINY.changed(epochs=1),
        tensorboard=tmp_path / "events",
    )
    (file,) = (tmp_path / "events").iterdir()
    assert b"val_loss" in file.read_bytes()


def test_a_small_book_gets_a_smaller_batch(tmp_path: Path) -> None:
    file = tmp_path / "small.abc"
    file.write_text(made_up_book(40))
    said: list[str] = []
    recipe = TINY.changed(epochs=1, batch_size=32)
    checkpoint = train([str(file)], tmp_path / "small", recipe, say=said.append)
    assert checkpoint.recipe.batch_size < 32
    assert "batch size" in said[0]
    assert "epoch 1/1" in said[1]


def test_it_continues_from_a_checkpoint_with_more_characters(tiny: Path, tmp_path: Path) -> None:
    book = tmp_path / "other.abc"
    book.write_text(
        made_up_book(400, first=200).replace("Made Up", "Qui~te").replace(":|\n\n", "|]\n\n")
    )
    base = read_checkpoint(str(tiny))
    assert "~" not in base.vocabulary.char2idx
    recipe = base.recipe.changed(epochs=1, originals=4)
    checkpoint = train([str(book)], tmp_path / "mine", recipe, base=base)
    known = len(base.vocabulary)
    assert checkpoint.vocabulary.idx2char[:known] == base.vocabulary.idx2char
    assert "~" in checkpoint.vocabulary.idx2char[known:]
    assert checkpoint.corpus["continues"]["checkpoint"].startswith("tiny 1 ")
    # It does not begin anew.
    first = float(history_of(tmp_path / "mine")[0]["loss"])
    assert first < float(history_of(tiny)[0]["loss"]) - 0.1
    # The tunes of both are what it must not copy.
    index = NoveltyIndex.load(checkpoint.novelty_file)
    assert len(index) > len(NoveltyIndex.load(base.novelty_file))
    assert index.longest_run(made_up_tune(200)) > 8
    assert "tiny 1 " in (tmp_path / "mine" / "MODEL_CARD.md").read_text()
    assert {"copied"} < set(history_of(tmp_path / "mine")[0])


def test_continuing_on_the_same_tunes_adds_none_to_the_index(
    tiny: Path, book: Path, tmp_path: Path
) -> None:
    base = read_checkpoint(str(tiny))
    for name in ("second", "third"):
        base = train([str(book)], tmp_path / name, TINY.changed(epochs=1), base=base)
        known = NoveltyIndex.load(base.novelty_file)
        assert len(known) == len(NoveltyIndex.load(tiny / "novelty.npz"))


def test_the_last_epoch_may_be_the_one_that_is_kept(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from abcgen.training.trainer import Trainer

    losses = iter([2.0, 3.0, 2.0, 3.0])
    monkeypatch.setattr(Trainer, "judge", lambda *_: (next(losses), 0.5))
    best = train([str(book)], tmp_path / "best", TINY, seed=1)
    last = train([str(book)], tmp_path / "last", TINY.changed(keep_last=True), seed=1)
    assert (best.validation["epoch"], last.validation["epoch"]) == (1, 2)
    assert best.weights_file.read_bytes() != last.weights_file.read_bytes()


def test_a_damaged_state_is_named(tiny: Path, book: Path, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(tiny, folder)
    state = folder / "resume" / "state.npz"
    state.write_bytes(state.read_bytes()[:1000])
    with pytest.raises(CheckpointError, match=r"state\.npz is damaged"):
        train([str(book)], folder, TINY, seed=1, resume=True)
