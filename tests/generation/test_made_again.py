import json
import shutil
from pathlib import Path

import pytest

from abcgen.errors import CheckpointError, CorpusError
from abcgen.generation.made_again import checkpoint_of, remade, remarked
from abcgen.model.checkpoint import read_checkpoint

TUNE = "X:%d\nT:a\n%sK:C\nC8|]\n"


def remark_in(text: str, source: str) -> str | None:
    return text.split("N:")[1].split("\n")[0] if "N:" in text else None


def test_tunes_that_do_not_say_are_counted_unless_there_is_no_other(tmp_path: Path) -> None:
    book = tmp_path / "book.abc"
    book.write_text("% a book\n\n" + TUNE % (1, "") + "\n" + TUNE % (2, "N:how\n"))
    made, others = remarked(str(book), remark_in, "how")
    assert [(text[:3], remark) for text, remark in made] == [("X:2", "how")]
    assert others == 1
    book.write_text(TUNE % (1, ""))
    with pytest.raises(CorpusError, match=r"no tune of .*book\.abc says how"):
        remarked(str(book), remark_in, "how")


def test_all_tunes_are_of_one_checkpoint() -> None:
    label = read_checkpoint("folk").label
    folk = checkpoint_of([(1, label)], None, "book.abc")
    assert folk.label == label
    with pytest.raises(CheckpointError, match=r"X:7 of book\.abc was made by other 1; .*folk"):
        checkpoint_of([(1, folk.label), (7, "other 1")], None, "book.abc")


def test_tunes_from_before_and_after_plans_are_made_again_from_two_files(
    tmp_path: Path,
) -> None:
    folk = read_checkpoint("folk")
    shutil.copytree(folk.path, tmp_path / "planned")
    file = tmp_path / "planned" / "checkpoint.json"
    manifest = json.loads(file.read_text())
    manifest["recipe"]["plan_alone"] = True
    manifest["corpus"]["continues"] = {"checkpoint": folk.label, "lacks": ["plans.npz"]}
    file.write_text(json.dumps(manifest))
    planned = read_checkpoint(str(tmp_path / "planned"))
    name = str(planned.path)
    assert checkpoint_of([(1, folk.label)], name, "book.abc").label == folk.label
    assert checkpoint_of([(1, planned.label)], name, "book.abc") == planned
    with pytest.raises(CheckpointError, match=r"X:2 of book\.abc .* others .*: .* two files"):
        checkpoint_of([(1, planned.label), (2, folk.label)], name, "book.abc")


def test_a_tune_that_comes_out_different_is_told() -> None:
    told: list[str] = []
    made = [("X:1\nK:C\n", "C"), ("X:2\nK:C\n", "D")]
    again = remade(made, lambda text, key: f"\n{text[:3]}\nK:{key}", "book.abc", told.append)
    assert list(again) == ["\nX:1\nK:C", "\nX:2\nK:D"]
    assert len(told) == 1
    assert told[0].startswith("X:2 comes out different from book.abc")
