import json
import re
import shutil
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from abcgen.errors import CheckpointError
from abcgen.grammar.alphabet import FIRST_EDITION, NEWEST_EDITION
from abcgen.model.checkpoint import (
    FORMAT_VERSION,
    Checkpoint,
    known_titles,
    read_checkpoint,
    write_checkpoint,
    write_titles,
)
from abcgen.model.recipe import Recipe
from abcgen.model.vocabulary import Vocabulary
from abcgen.support.defaults import CHECKPOINT
from tests.conftest import ROOT

FIGURES = {"epoch": 1, "loss": 1.0, "bits_per_char": 1.44, "accuracy": 0.5}


@pytest.fixture
def small(tmp_path: Path) -> Checkpoint:
    """A checkpoint of a few files, without a network."""
    vocabulary = Vocabulary.of("abc\n")
    checkpoint = Checkpoint(tmp_path / "small", Recipe(), vocabulary, {"books": ["a"]}, FIGURES)
    write_checkpoint(
        checkpoint,
        {
            "engine.tflite": lambda path: path.write_bytes(b"engine"),
            "history.csv": lambda path: path.write_text("epoch\n1\n"),
            "network.weights.h5": lambda path: path.write_bytes(b"weights"),
            "novelty.npz": lambda path: path.write_bytes(b"index"),
        },
    )
    return checkpoint


def test_what_is_written_is_read(small: Checkpoint) -> None:
    assert read_checkpoint(str(small.path)) == small
    assert sorted(file.name for file in small.path.iterdir()) == [
        "checkpoint.json",
        "engine.tflite",
        "history.csv",
        "network.weights.h5",
        "novelty.npz",
    ]


def test_the_edition_of_the_spelling_is_kept(small: Checkpoint) -> None:
    manifest = small.path / "checkpoint.json"
    written = json.loads(manifest.read_text())
    assert read_checkpoint(str(small.path)).vocabulary.edition == NEWEST_EDITION
    # Older checkpoints do not name it: their networks learned from the first.
    del written["spelling"]
    manifest.write_text(json.dumps(written))
    older = read_checkpoint(str(small.path))
    assert older.vocabulary.edition == FIRST_EDITION
    write_checkpoint(older, {})
    assert read_checkpoint(str(small.path)) == older
    for edition in (NEWEST_EDITION + 1, "2"):
        manifest.write_text(json.dumps({**written, "spelling": edition}))
        with pytest.raises(CheckpointError, match=r"edition .* of the spelling .* update abcgen"):
            read_checkpoint(str(small.path))


def test_a_file_that_is_not_written_again_stays_verified(small: Checkpoint) -> None:
    write_checkpoint(small, {"history.csv": lambda path: path.write_text("epoch\n1\n2\n")})
    read_checkpoint(str(small.path))
    checkpoint = read_checkpoint(str(small.path))
    assert checkpoint.engine_file.read_bytes() == b"engine"
    (small.path / "engine.tflite").write_bytes(b"engine!")
    with pytest.raises(CheckpointError, match="damaged"):
        _ = checkpoint.engine_file


def test_what_fails_leaves_the_old_checkpoint(small: Checkpoint) -> None:
    def fail(path: Path) -> None:
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        write_checkpoint(
            small,
            {"history.csv": lambda path: path.write_text("new"), "engine.tflite": fail},
        )
    assert read_checkpoint(str(small.path)) == small
    assert len(list(small.path.iterdir())) == 5


@pytest.mark.parametrize("name", ["engine.tflite", "network.weights.h5", "novelty.npz"])
def test_a_flipped_byte_is_found_when_the_file_is_used(small: Checkpoint, name: str) -> None:
    (small.path / name).write_bytes(b"other")
    checkpoint = read_checkpoint(str(small.path))
    files = {
        "engine.tflite": lambda: checkpoint.engine_file,
        "network.weights.h5": lambda: checkpoint.weights_file,
        "novelty.npz": lambda: checkpoint.novelty_file,
    }
    with pytest.raises(CheckpointError, match=f"{re.escape(name)} is damaged: expected SHA-256"):
        files.pop(name)()
    for use in files.values():
        assert use().exists()


def used(checkpoint: Checkpoint) -> None:
    """Use all files of a checkpoint."""
    read_checkpoint(str(checkpoint.path))
    _ = checkpoint.engine_file, checkpoint.novelty_file, checkpoint.weights_file


@pytest.mark.parametrize(
    "name", ["checkpoint.json", "engine.tflite", "network.weights.h5", "novelty.npz"]
)
def test_a_file_that_cannot_be_read_is_named(
    small: Checkpoint, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkpoint = read_checkpoint(str(small.path))
    file, opened = small.path / name, Path.open

    def forbid(path: Path, *arguments: Any, **options: Any) -> object:
        if path == file:
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, *arguments, **options)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "open", forbid)
        with pytest.raises(CheckpointError, match=f"{re.escape(name)} cannot be read: Permission"):
            used(checkpoint)
    used(checkpoint)
    file.unlink()
    file.mkdir()
    with pytest.raises(CheckpointError, match=f"{re.escape(name)} cannot be read: .*; restore"):
        used(checkpoint)


def test_a_folder_without_rights_is_an_error(
    small: Checkpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbid(path: Path) -> bool:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "exists", forbid)
    with pytest.raises(CheckpointError, match=r"small cannot be read: Permission denied; .*"):
        read_checkpoint(str(small.path))


@pytest.mark.parametrize("name", ["engine.tflite", "network.weights.h5", "novelty.npz"])
def test_a_missing_file_is_named(small: Checkpoint, name: str) -> None:
    (small.path / name).unlink()
    with pytest.raises(CheckpointError, match=f"lacks {re.escape(name)}"):
        read_checkpoint(str(small.path))


@pytest.mark.parametrize(
    ("version", "remedy"), [(FORMAT_VERSION + 1, "update abcgen"), (0, "train it again")]
)
def test_another_format_version_is_refused_with_both_numbers(
    small: Checkpoint, version: int, remedy: str
) -> None:
    manifest = small.path / "checkpoint.json"
    values = json.loads(manifest.read_text())
    manifest.write_text(json.dumps({**values, "format": version}))
    expected = f"format version {version}, this abcgen reads version {FORMAT_VERSION}; {remedy}"
    with pytest.raises(CheckpointError, match=expected):
        read_checkpoint(str(small.path))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"format": 1}',
        '{"format": 1, "files": 3}',
        '{"format": "x"}',
        '{"format": 1, "files": {}}',
    ],
)
def test_a_damaged_manifest_is_an_error_that_names_it(small: Checkpoint, text: str) -> None:
    (small.path / "checkpoint.json").write_text(text)
    with pytest.raises(CheckpointError):
        read_checkpoint(str(small.path))


def test_files_are_looked_for_in_the_checkpoints_folder_alone(small: Checkpoint) -> None:
    outside = small.path.parent / "secret"
    outside.write_text("x")
    manifest = small.path / "checkpoint.json"
    values = json.loads(manifest.read_text())
    values["files"]["../secret"] = values["files"]["engine.tflite"]
    manifest.write_text(json.dumps(values))
    with pytest.raises(CheckpointError, match="lacks secret"):
        read_checkpoint(str(small.path))


def test_names_are_found_here_before_those_that_come_with_abcgen(
    small: Checkpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert read_checkpoint(CHECKPOINT).path == ROOT / "checkpoints" / CHECKPOINT
    shutil.copytree(small.path, tmp_path / "checkpoints" / CHECKPOINT)
    assert read_checkpoint(CHECKPOINT).path == Path("checkpoints") / CHECKPOINT
    with pytest.raises(CheckpointError, match=f"did you mean {CHECKPOINT}"):
        read_checkpoint("folks")


def test_a_folder_that_is_no_checkpoint(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"not a checkpoint: it has no checkpoint\.json"):
        read_checkpoint(str(tmp_path))
    with pytest.raises(CheckpointError, match=r"there is no folder .*none: expected that of a"):
        read_checkpoint(str(tmp_path / "none"))
    with pytest.raises(CheckpointError, match="no checkpoint is named: expected a name"):
        read_checkpoint("")


def test_the_shipped_checkpoint_holds_all_that_is_promised() -> None:
    checkpoint = read_checkpoint(CHECKPOINT)
    names = {file.name for file in (ROOT / "checkpoints" / CHECKPOINT).iterdir()}
    assert names >= {
        "checkpoint.json",
        "engine.tflite",
        "network.weights.h5",
        "history.csv",
        "curves.png",
        "MODEL_CARD.md",
    }
    assert checkpoint.corpus["books"] == ["nottingham", "cobb"]
    # What sampling needs at the least: a header, a body, the end of a tune.
    assert set("X:1\nT:M/L|K8 GABcdefg") <= set(checkpoint.vocabulary.idx2char)


def test_styles_are_remembered(small: Checkpoint) -> None:
    assert "styles" not in json.loads((small.path / "checkpoint.json").read_text())
    styles = {"bach": {"R": [], "M": ["3/2", "C"]}, "reel": {}}
    styled = replace(small, vocabulary=Vocabulary("\nabc", styles))
    write_checkpoint(styled, {})
    found = read_checkpoint(str(small.path)).vocabulary
    assert found == styled.vocabulary != Vocabulary("\nabc", ["bach", "reel"])
    assert found.styles == ("bach", "reel")
    assert found.alphabet.known("bach", "M") == ("3/2", "C")
    assert found.alphabet.known("reel", "M") is found.alphabet.known("bach", "K") is None


def test_titles_that_are_no_text_are_refused(small: Checkpoint) -> None:
    write_checkpoint(small, {"titles.txt": lambda path: path.write_bytes(b"The Lark\n\xff\n")})
    with pytest.raises(CheckpointError, match=r"titles\.txt is damaged: expected titles in UTF-8"):
        known_titles(read_checkpoint(str(small.path)))
    write_checkpoint(small, {"titles.txt": partial(write_titles, ["A Reel", "The Lark"])})
    assert known_titles(read_checkpoint(str(small.path))) == {"A Reel", "The Lark"}


def test_tunes_from_before_the_plans_are_this_checkpoints_too(small: Checkpoint) -> None:
    continues = {"checkpoint": "other 3 01234567", "lacks": ["plans.npz", "titles.txt"]}
    sums = small.sums | {"plans.npz": "0" * 64, "titles.txt": "0" * 64}
    planned = replace(
        small, recipe=Recipe(plan_alone=True), corpus={"continues": continues}, sums=sums
    )
    assert planned.that_made(planned.label, "X:1") is planned
    before = planned.that_made("other 3 01234567", "X:1")
    assert before.label == "other 3 01234567"
    assert before.plans_file is None
    assert before.titles_file is None
    with pytest.raises(CheckpointError, match=r"X:1 was made by other 4; .* is small 1 "):
        planned.that_made("other 4", "X:1")


@pytest.mark.parametrize(
    ("recipe", "lacks"),
    [(Recipe(), ["plans.npz"]), (Recipe(plan_alone=True), ["titles.txt"])],
    ids=["it learned more than plans", "the other had plans"],
)
def test_tunes_of_a_checkpoint_that_it_continues_from_are_not(
    small: Checkpoint, recipe: Recipe, lacks: list[str]
) -> None:
    continued = {"continues": {"checkpoint": "other 3 01234567", "lacks": lacks}}
    with pytest.raises(CheckpointError, match="was made by other 3 01234567"):
        replace(small, recipe=recipe, corpus=continued).that_made("other 3 01234567", "X:1")
