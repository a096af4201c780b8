"""Tables looked up in C: the same numbers as in numpy."""

import importlib
import random
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import abcgen.model.lookup
from abcgen.model.engine import Symbols, lookup_of
from abcgen.model.factors.layout import FIRST_ECHO, Layout
from abcgen.model.factors.plan import DEGREES, ECHOED, KINDS, STEPS, Plan, PlannedBar
from abcgen.model.factors.position import LAGS
from abcgen.model.factors.rows import (
    BY_CHARACTER,
    BY_STEP,
    CHANGES,
    ECHOING,
    ECHOINGS,
    RECALLED,
    RECALLING,
    SITUATIONS,
    STAGES,
    STEP,
    STEPS_AWAY,
    STYLES,
)
from abcgen.model.habits.choices import CLASSES, SHAPE_OF_ECHOES
from abcgen.model.lookup import plain
from abcgen.model.lookup.tables import GATES, HabitTables, Tables, shapes_of
from abcgen.model.recipe import Recipe
from abcgen.training.recipes import RECIPES
from tests.model.test_factors import JIG, REEL, VOCABULARY

compiled = pytest.importorskip(
    "abcgen.model.lookup.compiled", reason="there was no C compiler", exc_type=ImportError
)
V = len(VOCABULARY)
FOLK = RECIPES["folk"].changed(embedding_dim=5)
KINDS_OF_NETWORKS = {
    "planned": FOLK.changed(plan_size=3),
    "factored": FOLK,
    "plain": FOLK.changed(factored=False),
    "one-hot": FOLK.changed(factored=False, embedding_dim=0),
}


def layout_of(recipe: Recipe) -> Layout:
    return Layout(V, recipe.factored, recipe.planned)


def made_up_tables(recipe: Recipe, seed: int) -> Tables:
    numbers = np.random.default_rng(seed)
    shapes = shapes_of(recipe, layout_of(recipe))
    made = {name: numbers.normal(size=of).astype("f") for name, of in shapes.items()}
    if "plan_letters" in made:
        made["plan_letters"] = numbers.integers(0, V + 1, shapes["plan_letters"]).astype("f")
    return Tables.unpacked(made)


def made_up_plan(chance: random.Random) -> Plan:
    kinds = [chance.randrange(KINDS) for _ in range(8)]
    bars = [PlannedBar(kind, 0, at // 2, chance.randint(-3, 3)) for at, kind in enumerate(kinds)]
    targets = [chance.randrange(DEGREES) for _ in range(2)]
    closes = [(chance.randint(0, 7), chance.randint(0, 7)) for _ in range(2)]
    return Plan([bars, bars], targets, 20, 30, chance.choice([1, 2]), 2, closes)


def both(recipe: Recipe, tables: Tables, symbols: Any, says: Any) -> Any:
    """Yield the vectors and the logits by C and by numpy."""
    layout = layout_of(recipe)
    size = tables.vectors.shape[1] + recipe.plan_size
    for of in (compiled.Lookup, plain.Lookup):
        vectors, logits = np.ones((len(symbols), size), "f"), np.ones((len(symbols), V), "f")
        before = says[:, :V] / 3
        lookup = of(layout, tables)
        lookup.vectors(symbols, vectors)
        if recipe.planned:
            lookup.add_plan(symbols, before, says, logits)
        yield vectors, logits


@pytest.mark.parametrize("recipe", KINDS_OF_NETWORKS.values(), ids=KINDS_OF_NETWORKS)
@settings(max_examples=15)
@given(seed=st.integers(0, 10**6))
def test_c_and_numpy_find_the_same(recipe: Recipe, seed: int) -> None:
    """To the last bit, wherever three streams are: before a plan, without one, or in its end."""
    chance, reader = random.Random(seed), Symbols(recipe, VOCABULARY, 3)
    for stream in range(chance.randint(0, 3)):
        reader.plan(stream, made_up_plan(chance))
    tables, numbers = made_up_tables(recipe, seed), np.random.default_rng(seed)
    texts = [VOCABULARY.encode(chance.choice([JIG, REEL, REEL + JIG])) for _ in range(3)]
    for characters in map(np.array, zip(*texts, strict=False)):
        symbols = np.empty((3, reader.columns), np.int32)
        reader.read(characters, symbols)
        says = numbers.normal(size=(3, V + GATES)).astype("f")
        one, other = both(recipe, tables, symbols, says)
        assert np.array_equal(one[0], other[0])
        assert np.array_equal(one[1], other[1])


def made_up_habits(seed: int) -> HabitTables:
    numbers = np.random.default_rng(seed)
    return HabitTables(
        numbers.normal(size=(20, V)).astype("f"),
        numbers.normal(size=(20, STEPS_AWAY)).astype("f"),
        numbers.integers(-1, STEPS_AWAY, (STEPS, V), np.int32),
        numbers.normal(size=(STYLES * STAGES, 2)).astype("f"),
        numbers.normal(size=SHAPE_OF_ECHOES).astype("f"),
        numbers.integers(1, CLASSES + 1, V, np.int32),
        np.array([-3, 2], np.float32),
    )


def some_situations(seed: int) -> Any:
    """Return situations and symbols of three streams."""
    numbers, layout = np.random.default_rng(seed), layout_of(KINDS_OF_NETWORKS["planned"])
    situations = numbers.integers(0, 20, (3, SITUATIONS), np.int32)
    situations[:, STEP] = numbers.integers(0, STEPS, 3)
    situations[:, RECALLING] = numbers.integers(1, STYLES * STAGES + 1, 3)
    # What has followed the last two has followed the last one.
    after_two = numbers.integers(0, 1 << CHANGES, 3)
    after_one = after_two | numbers.integers(0, 1 << CHANGES, 3)
    situations[:, RECALLED] = after_one | after_two << CHANGES
    situations[:, ECHOING] = numbers.integers(0, ECHOINGS + 1, 3)
    symbols = np.tile(np.array(layout.nowhere, np.int32), (3, 1))
    symbols[:, FIRST_ECHO : layout.plain_columns] += numbers.integers(
        0, layout.echo_size, (3, len(LAGS)), np.int32
    )
    symbols[:, -1] += numbers.integers(0, ECHOED * layout.echo_size, 3, np.int32)
    return situations, symbols


def what_habits_add(layout: Layout, habits: HabitTables, situation: Any, symbols: Any) -> Any:
    """Return what is added to the logits of one stream, added up one by one."""
    added = habits.rows[situation[BY_CHARACTER]].sum(axis=0)
    steps = habits.steps[situation[BY_STEP]].sum(axis=0)
    for number, up in enumerate(range(-8, 9)):
        change = min(max(up, -5), 5) + 5
        after_one, after_two = (situation[RECALLED] >> change + more & 1 for more in (0, CHANGES))
        if after_one:
            steps[number] += habits.recalled[situation[RECALLING] - 1, after_two]
    for character, away in enumerate(habits.away[situation[STEP]]):
        if situation[STEP] and away >= 0:
            added[character] += min(max(steps[away], habits.bounds[0]), habits.bounds[1])
    told, trust = layout.all_told(symbols)
    for lag, character in enumerate(told):
        if situation[ECHOING] and character:
            of = situation[ECHOING] - 1, lag, trust[lag], habits.classes[character - 1] - 1
            added[character - 1] += habits.echoes[of]
    return added


@pytest.mark.parametrize("seed", range(10))
def test_habits_are_added_alike(seed: int) -> None:
    of = layout_of(KINDS_OF_NETWORKS["planned"]), made_up_tables(KINDS_OF_NETWORKS["planned"], 1)
    before = np.random.default_rng(seed).normal(size=(3, V)).astype("f")
    habits, (situations, symbols) = made_up_habits(seed), some_situations(seed)
    one, other = before.copy(), before.copy()
    compiled.Lookup(*of).add_habits(habits, situations, symbols, one)
    plain.Lookup(*of).add_habits(habits, situations, symbols, other)
    assert np.array_equal(one, other)
    streams = zip(situations, symbols, strict=True)
    expected = [what_habits_add(of[0], habits, *stream) for stream in streams]
    np.testing.assert_allclose(one, before + expected, atol=1e-5)


def test_habits_of_other_sizes_or_of_no_situation_are_refused() -> None:
    of = layout_of(KINDS_OF_NETWORKS["planned"]), made_up_tables(KINDS_OF_NETWORKS["planned"], 1)
    add = compiled.Lookup(*of).add_habits
    habits, (situations, symbols), logits = (
        made_up_habits(1),
        some_situations(1),
        np.zeros((3, V), "f"),
    )
    for column, wrong in (
        (BY_CHARACTER.start, 20),
        (BY_STEP.start, -1),
        (STEP, STEPS),
        (RECALLING, STYLES * STAGES + 1),
        (ECHOING, -1),
        (ECHOING, ECHOINGS + 1),
    ):
        other = situations.copy()
        other[2, column] = wrong
        with pytest.raises(IndexError, match="stream 2"):
            add(habits, other, symbols, logits)
    wrong_symbols = symbols.copy()
    wrong_symbols[1, FIRST_ECHO] = 0
    situations[1, ECHOING] = 1
    with pytest.raises(IndexError, match="stream 1"):
        add(habits, situations, wrong_symbols, logits)
    with pytest.raises(ValueError, match="other sizes"):
        add(habits, situations, symbols, logits[:, 1:].copy())
    with pytest.raises(ValueError, match="other sizes"):
        add(habits._replace(echoes=habits.echoes[1:]), situations, symbols, logits)
    with pytest.raises(ValueError, match="other sizes"):
        add(habits._replace(recalled=habits.recalled[1:]), situations, symbols, logits)
    with pytest.raises(ValueError, match="other sizes"):
        add(habits._replace(away=habits.away[1:]), situations, symbols, logits)
    with pytest.raises(ValueError, match="other sizes"):
        add(habits._replace(classes=habits.classes[1:]), situations, symbols, logits)
    with pytest.raises(ValueError, match="other sizes"):
        add(habits._replace(bounds=habits.bounds[1:]), situations, symbols, logits)


def test_a_symbol_without_a_row_is_refused() -> None:
    recipe = KINDS_OF_NETWORKS["planned"]
    layout = layout_of(recipe)
    lookup = compiled.Lookup(layout, made_up_tables(recipe, 1))
    before, logits, says = *np.zeros((2, 2, V), "f"), np.zeros((2, V + GATES), "f")
    vectors = np.empty((2, 8), "f")
    for wrong in (-1, layout.size + 100):
        symbols = np.tile(np.array(layout.nowhere, np.int32), (2, 1))
        symbols[1, 3] = wrong
        with pytest.raises(IndexError, match="stream 1"):
            lookup.vectors(symbols, vectors)
    for column, wrong in ((7, 0), (-1, layout.size + 100), (layout.plain_columns, 0)):
        symbols = np.tile(np.array(layout.nowhere, np.int32), (2, 1))
        symbols[1, layout.plain_columns + 3] += 2  # there is a plan
        symbols[1, column] = wrong
        with pytest.raises(IndexError, match="stream 1"):
            lookup.add_plan(symbols, before, says, logits)


def test_arrays_of_other_sizes_are_refused() -> None:
    recipe = KINDS_OF_NETWORKS["planned"]
    layout, tables = layout_of(recipe), made_up_tables(KINDS_OF_NETWORKS["planned"], 1)
    symbols = np.tile(np.array(layout.nowhere, np.int32), (2, 1))
    before, logits, says = *np.zeros((2, 2, V), "f"), np.zeros((2, V + GATES), "f")
    lookup = compiled.Lookup(layout, tables)
    with pytest.raises(ValueError, match="other sizes"):
        lookup.vectors(symbols, np.empty((2, 7), "f"))
    with pytest.raises(ValueError, match="other sizes"):
        lookup.vectors(symbols[:, :4].copy(), np.empty((2, 8), "f"))
    with pytest.raises(ValueError, match="other sizes"):
        lookup.add_plan(symbols, before, says[:1], logits)
    with pytest.raises(ValueError, match="other sizes"):
        lookup.add_plan(symbols, before[:1], says, logits)
    with pytest.raises(ValueError, match="other sizes"):
        lookup.add_plan(symbols, before, says, logits[:, :-1].copy())
    with pytest.raises(ValueError, match="other sizes"):
        short = tables._replace(plan=tables.plan and tables.plan._replace(trust=says[0, :3]))
        compiled.Lookup(layout, short).add_plan(symbols, before, says, logits)


def test_what_was_compiled_for_another_version_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("abcgen.model.lookup._lookup.version", "0.1")
    with pytest.raises(ImportError, match="install it again"):
        importlib.reload(compiled)


def test_where_nothing_was_compiled_numpy_looks_things_up(monkeypatch: pytest.MonkeyPatch) -> None:
    recipe = KINDS_OF_NETWORKS["planned"]
    of = layout_of(recipe), made_up_tables(recipe, 1)
    assert isinstance(lookup_of(*of), compiled.Lookup)
    monkeypatch.delattr(abcgen.model.lookup, "compiled")
    monkeypatch.setitem(sys.modules, "abcgen.model.lookup.compiled", None)
    assert isinstance(lookup_of(*of), plain.Lookup)
