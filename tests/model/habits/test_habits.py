from pathlib import Path

import numpy as np
import pytest

from abcgen.errors import CheckpointError
from abcgen.model import parallel
from abcgen.model.checkpoint import read_checkpoint
from abcgen.model.engine import LiteRTEngine
from abcgen.model.factors.layout import Layout
from abcgen.model.factors.plan import NEW, Plan, PlannedBar
from abcgen.model.habits.choices import STEP_HABITS
from abcgen.model.habits.habits import Habits
from abcgen.model.lookup.plain import add_habits
from abcgen.support.processes import num_processors
from tests.model.habits.test_choices import KINDS, VOCABULARY, chosen, reader_of

TEXT = 'X:1\nT:a\nM:4/4\nL:1/8\nK:G\n"G"G2AB c2de|'


def some_habits() -> Habits:
    numbers = np.random.default_rng(1)
    added = {name: numbers.normal(size=habit.shape).astype("f") for name, habit in KINDS.items()}
    return Habits(VOCABULARY, added)


def test_the_tables_add_up_what_each_choice_is_given() -> None:
    """Without echoes, and before anything is recalled."""
    habits = some_habits()
    tables, layout = habits.tables(), Layout(len(VOCABULARY), factored=True, planned=True)
    tables.echoes[:] = 0
    for text in ('"G"GA', 'G"', "G8|A4G", "G8|A,B,C", "d'"):
        reader = reader_of(text)
        logits = np.zeros((1, len(VOCABULARY)), np.float32)
        read = (np.array([row], np.int32) for row in (reader.situation(), reader.symbols))
        add_habits(layout, tables, *read, logits)
        for character, index in VOCABULARY.char2idx.items():
            expected = by_step = 0.0
            for name in KINDS:
                if (found := chosen(name, reader, character)) is not None:
                    by_step += name in STEP_HABITS and float(habits.added[name][found])
                    expected += name not in STEP_HABITS and float(habits.added[name][found])
            # Together those of the next step add no more than 2 nats, and take away no more than 4.
            expected += min(max(by_step, -4), 2)
            assert logits[0, index] == pytest.approx(expected, abs=1e-5)
    # While they are learned, they are not bounded.
    assert habits.tables(bounded=False).bounds.tolist() == [-np.inf, np.inf]


def test_they_are_kept(tmp_path: Path) -> None:
    habits = some_habits()
    habits.save(tmp_path / "habits.npz")
    found = Habits.load(tmp_path / "habits.npz", VOCABULARY)
    for name, added in habits.added.items():
        np.testing.assert_array_equal(found.added[name], np.round(32 * added) / 32)


@pytest.mark.parametrize("damage", ["text", "shape", "lacking", "infinite"])
def test_a_damaged_file_is_refused(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "habits.npz"
    added = dict(some_habits().added)
    if damage == "shape":
        added["moves"] = added["moves"][:5]
    if damage == "lacking":
        del added["moves"]
    if damage == "infinite":
        added["moves"][3, 3] = np.inf
    with path.open("wb") as file:
        np.savez(file, **added)
    if damage == "text":
        path.write_text("no habits")
    words = r"damaged .*; restore the checkpoint"
    if damage in ("shape", "lacking"):
        words = r"has other habits .*: python -m abcgen\.train BOOKS --habits "
    with pytest.raises(CheckpointError, match=words):
        Habits.load(path, VOCABULARY)


def test_what_is_drawn_by_a_plan_has_them_and_nothing_else_does() -> None:
    folk = read_checkpoint("folk")
    habits = Habits(folk.vocabulary)
    for added in habits.added.values():
        added[:] = np.random.default_rng(2).normal(size=added.shape)
    plain, other = (
        LiteRTEngine.of(folk, 2, Habits(folk.vocabulary).tables()),
        LiteRTEngine.of(folk, 2, habits.tables()),
    )
    plan = Plan([[PlannedBar(NEW), PlannedBar(NEW)]], [1], 19, 30, 2, 4, [(5, 1)])
    for engine in (plain, other):
        engine.plan(1, plan)
    differs = []
    for character in folk.vocabulary.encode(TEXT):
        one, two = (engine.step(np.full(2, character)).copy() for engine in (plain, other))
        assert np.array_equal(one[0], two[0])
        differs.append(not np.array_equal(one[1], two[1]))
    header = len(TEXT[: TEXT.index('"G"')])
    assert not any(differs[: header - 1])
    assert differs[header - 1 :].count(False) <= 1  # within the chord symbol


def test_parts_of_the_streams_have_them_as_all_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "_others_running", lambda: 0)
    folk = read_checkpoint("folk")
    habits = Habits(folk.vocabulary)
    for added in habits.added.values():
        added[:] = np.random.default_rng(3).normal(size=added.shape)
    alone = LiteRTEngine.of(folk, 32, habits.tables())
    together = parallel.ParallelEngine.of(folk, 32, habits.tables())
    assert together._parts or num_processors() == 1
    plan = Plan([[PlannedBar(NEW), PlannedBar(NEW)]], [1], 19, 30, 1, 4)
    for engine in (alone, together):
        for stream in range(32):
            engine.plan(stream, plan)
    for character in folk.vocabulary.encode(TEXT):
        given = np.full(32, character)
        assert np.array_equal(alone.step(given), together.step(given))
