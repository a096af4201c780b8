import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from abcgen.errors import CheckpointError
from abcgen.generation.request import Request
from abcgen.model.checkpoint import CRITIC_FILE, HABITS_FILE, read_checkpoint
from abcgen.model.factors.rows import MOVES, MOVING, SITUATIONS
from abcgen.model.habits.habit import Habit
from abcgen.training import habits as training
from abcgen.training.habits import counted, made_up_for, what_is_missing
from abcgen.training.peoples import peoples_tunes
from tests.conftest import ROOT, Run, one_error_line
from tests.model.habits.test_choices import KINDS, VOCABULARY, reader_of
from tests.tunes import made_up_book

RARE = Habit((1, 3), 1, np.arange(3), np.arange(3, dtype=np.int32)[None])


def test_what_people_choose_more_often_becomes_likelier() -> None:
    people, drawn = np.array([[700.0, 200, 100]]), np.array([[700.0, 100, 200]])
    missing = what_is_missing(RARE, people, drawn)
    np.testing.assert_allclose(missing, [[0, np.log(2), -np.log(2)]], atol=0.05)
    assert not what_is_missing(RARE, people, people).any()


def test_little_is_learned_from_a_few_and_nothing_from_none() -> None:
    few = what_is_missing(RARE, np.array([[2.0, 0, 0]]), np.array([[0.0, 2, 0]]))
    assert 0 < few[0, 0] < 0.5
    assert few[0, 2] == 0
    assert not what_is_missing(RARE, np.zeros((1, 3)), np.zeros((1, 3))).any()


def test_anything_else_stays_as_it_is() -> None:
    habit = RARE._replace(anything_else=True)
    missing = what_is_missing(habit, np.array([[80.0, 20, 0]]), np.array([[90.0, 10, 0]]))
    assert missing[0, 0] == missing[0, 2] == 0
    assert missing[0, 1] == pytest.approx(np.log((20 / 80) / (10 / 90)), abs=0.15)


def test_how_far_choices_are_apart_is_a_share_of_them() -> None:
    people, drawn = np.array([[1.0, 99], [100, 0]]), np.array([[50.0, 0], [10, 0]])
    assert training._far(people, drawn) == pytest.approx(0.5 * 0.99)
    assert training._far(people, 3 * people) == 0


def test_choices_are_counted_where_they_were_taken() -> None:
    reader = reader_of("GAB")
    situations = np.zeros((3, SITUATIONS), np.int32)
    situations[:2] = reader.situation()
    characters = VOCABULARY.encode("cc|")
    symbols = np.tile(np.array(reader.symbols), (3, 1))
    counts = counted(KINDS, VOCABULARY, situations, symbols, characters)
    up, step = 5 + 1, 8 + 1
    assert counts["moves"][(12 + up) * 12 + up, step] == counts["moves"].sum() == 2
    assert situations[0].min() == 0
    assert situations[0][MOVING] >= MOVES
    assert counts["turns"].sum() == counts["rises"].sum() == counts["recalls"].sum() == 2


def test_habits_are_learned_kept_and_followed(
    run: Run, book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "folk"
    shutil.copytree(ROOT / "checkpoints" / "folk", folder)
    before = read_checkpoint(str(folder))
    monkeypatch.setattr(training, "_STEPS", (0.7,))
    monkeypatch.setattr(training, "_DRAWN", 1)
    said: list[str] = []
    training.learn_habits(str(folder), [str(book)], said.append)
    after = read_checkpoint(str(folder))
    assert after.habits_file == folder / HABITS_FILE
    assert after.version == before.version + 1
    assert CRITIC_FILE not in after.sums
    assert after.corpus["habits"]["books"] == [str(book)]
    assert f"version {after.version}" in (folder / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert said[0].startswith("round 1 of 1: ")
    assert said[-1].endswith(f"--critic {folder}")
    drawn = run("sample", "--checkpoint", folder, "--form", 2, "--seed", 1).stdout
    assert drawn
    first = after.habits_file.read_bytes()
    training.learn_habits(str(folder), [str(book)], said.append)
    assert read_checkpoint(str(folder)).version == before.version + 2
    assert (folder / HABITS_FILE).read_bytes() == first


def test_tunes_that_people_write_differ_less_after_a_round(book: Path) -> None:
    """What is drawn with the habits of a round is nearer to people's than without them."""
    folk = read_checkpoint("folk")
    people = peoples_tunes(folk, [str(book)], "a test")
    theirs = training._chosen_by_people(folk, people)
    none = training.Habits(folk.vocabulary)
    without = training._chosen_when_drawn(folk, none.added, people, Request(1))
    missing = {
        name: what_is_missing(habit, theirs[name], without[name])
        for name, habit in none.kinds.items()
    }
    added = made_up_for(none.added, missing, 1)
    following = training._chosen_when_drawn(folk, added, people, Request(1))
    for name in ("moves", "closes", "lands"):
        nearer, far = (training._far(theirs[name], drawn[name]) for drawn in (following, without))
        assert nearer < far


def test_a_network_without_plans_has_no_habits(tiny: Path, book: Path) -> None:
    with pytest.raises(training.UsageError, match="tiny has no plans, and habits depend on them"):
        training.learn_habits(str(tiny), [str(book)], print)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--habits", "folk"], "--habits needs tunebooks by people"),
        (["book.abc", "--habits", "folk", "--recipe", "folk"], "leave out --recipe"),
        (["book.abc", "--habits", "folk", "--from", "folk"], "no network: leave out --from"),
        (["book.abc", "--habits", "folk", "--name", "a", "--epoch", "3"], "out --name and --epoch"),
        (["book.abc", "--habits", "none"], "no checkpoint 'none'"),
        (["book.abc", "--habits", "folk"], "has 3 tunes to learn from, and --habits needs 50"),
        (["book.abc", "--habits", "folk", "--critic", "folk"], "then habits, then a critic"),
        (["missing.abc", "--habits", "folk"], "missing.abc"),
        (["--pick", "folk", "--habits", "folk"], "leave out one"),
    ],
)
def test_wrong_usage(run: Run, tmp_path: Path, options: list[str], words: str) -> None:
    (tmp_path / "book.abc").write_text(made_up_book(3))
    result = run("train", *options, cwd=tmp_path)
    missing = "missing" in words or "no checkpoint" in words
    assert (result.returncode, result.stdout) == (1 if missing else 2, "")
    assert words in one_error_line(result.stderr)


def test_tunes_from_before_the_habits_are_this_checkpoints_too(tmp_path: Path) -> None:
    folder = tmp_path / "folk"
    shutil.copytree(ROOT / "checkpoints" / "folk", folder)
    manifest = json.loads((folder / "checkpoint.json").read_text(encoding="utf-8"))
    manifest["corpus"]["habits"] = {"checkpoint": "folk 1 01234567", "books": ["cobb"]}
    manifest["files"][HABITS_FILE] = "0" * 64
    (folder / HABITS_FILE).write_bytes(b"")
    (folder / "checkpoint.json").write_text(json.dumps(manifest), encoding="utf-8")
    now = read_checkpoint(str(folder))
    before = now.that_made("folk 1 01234567", "X:1")
    assert (before.label, before.habits_file) == ("folk 1 01234567", None)
    assert before.plans_file
    assert now.that_made(now.label, "X:1") is now
    with pytest.raises(CheckpointError, match="was made by folk 2"):
        now.that_made("folk 2", "X:1")
