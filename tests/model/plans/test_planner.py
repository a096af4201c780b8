"""Plans drawn like those of people's tunes."""

import random
from pathlib import Path

import numpy as np
import pytest

from abcgen.errors import CheckpointError
from abcgen.grammar.wishes import ONCE, REPEATED
from abcgen.model.factors.plan import COPY, NEW, Plan, PlannedBar
from abcgen.model.plans.outline import plan_of
from abcgen.model.plans.planner import Planner, header_of
from tests.model.test_factors import JIG

HEADER = header_of(JIG)
NEW_BAR = PlannedBar(NEW)
#: Bar 3 is bar 1; and the second section ends like the first.
SHORT = Plan(
    [[NEW_BAR, NEW_BAR, PlannedBar(COPY, 0, 0)], [NEW_BAR, PlannedBar(COPY, 0, 2)]],
    [1, 1],
    10,
    20,
    1,
    1,
    [(0, 0), (0, 0)],
)


def test_a_header_names_the_kind_of_tune() -> None:
    assert HEADER == ("jig", "6/8", "D")
    assert header_of("X:1\nK:Ador\n") == ("", "", "Ador")


def test_what_was_learned_from_one_plan_is_that_plan() -> None:
    planner = Planner.of([(HEADER, SHORT)] * 50)
    drawn = [planner.draw(HEADER, random.Random(seed)) for seed in range(100)]
    assert sum(plan == SHORT for plan in drawn) > 30
    assert {plan.style for plan in drawn} == {1}


def test_form_and_chords_are_kept_where_they_are_given() -> None:
    planner = Planner.of_tunes([JIG])
    for seed in range(50):
        plan = planner.draw(("reel", "4/4", "Ador"), random.Random(seed), (4, 2, 9), 1)
        assert tuple(map(len, plan.sections)) == (4, 2, 9)
        assert (plan.style, plan.tonic, len(plan.targets)) == (1, 5, 3)


def test_sections_are_repeated_as_they_were_together() -> None:
    """Whether the second section is repeated depends on the first."""
    together = [(REPEATED, ONCE), (ONCE, REPEATED)]
    plans = [SHORT._replace(openings=openings) for openings in together]
    planner = Planner.of((HEADER, plan) for plan in plans * 40)
    drawn = [planner.draw(HEADER, random.Random(seed)).openings for seed in range(100)]
    assert sum(openings in together for openings in drawn) > 90
    assert set(together) <= set(drawn)
    assert len(planner.draw(HEADER, random.Random(1), (5, 6, 7)).openings) == 3


def test_plans_from_before_repeats_were_learned_leave_them_open(tmp_path: Path) -> None:
    Planner.of([(HEADER, SHORT)]).save(tmp_path / "plans.npz")
    with np.load(tmp_path / "plans.npz") as stored:
        assert not [name for name in stored.files if "opening" in name]
    planner = Planner.load(tmp_path / "plans.npz")
    assert planner.draw(HEADER, random.Random(1)).openings == ()
    assert planner.bits(HEADER, SHORT._replace(openings=(1, 1)))["opening"] == 0


@pytest.mark.parametrize("key", ["", "H", "x dorian", '"Am'])
def test_a_header_written_without_the_grammar_has_a_plan(key: str) -> None:
    assert Planner.of_tunes([JIG]).draw(("jig", "6/8", key), random.Random(1)).tonic == 0


def test_a_bar_is_made_of_one_before_it() -> None:
    found = plan_of(JIG)
    assert found is not None
    planner = Planner.of([(HEADER, found), (HEADER, SHORT)])
    for seed in range(200):
        plan = planner.draw(HEADER, random.Random(seed), (seed % 7 + 1, 8, 3))
        for section, bars in enumerate(plan.sections):
            for at, bar in enumerate(bars):
                if bar.kind >= COPY:
                    assert (0, 0) <= (bar.section, bar.bar) < (section, at)
                    assert bar.bar < len(plan.sections[bar.section])


def test_what_is_like_what_was_learned_costs_less() -> None:
    planner = Planner.of([(HEADER, SHORT)] * 20)
    other = SHORT._replace(sections=[SHORT.sections[0], [PlannedBar(COPY, 0, 1), NEW_BAR]])
    assert sum(planner.bits(HEADER, SHORT).values()) < 10
    assert planner.bits(HEADER, other)["bar"] > planner.bits(HEADER, SHORT)["bar"] + 5


def test_a_planner_draws_the_same_after_it_was_saved(tmp_path: Path) -> None:
    planner = Planner.of_tunes([JIG])
    planner.save(tmp_path / "plans.npz")
    again = Planner.load(tmp_path / "plans.npz")
    for seed in range(10):
        first, second = (one.draw(HEADER, random.Random(seed)) for one in (planner, again))
        assert first == second


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "plans.npz").write_bytes(b"PK\x03\x04 nothing")
    with pytest.raises(CheckpointError, match=r"plans\.npz is damaged"):
        Planner.load(tmp_path / "plans.npz")


def test_sections_whose_last_bars_are_the_same_end_on_the_same_note() -> None:
    unlike = SHORT._replace(targets=[5, 1])
    planner = Planner.of([(HEADER, unlike)] * 20)
    drawn = [planner.draw(HEADER, random.Random(seed)) for seed in range(50)]
    alike = [plan for plan in drawn if plan.sections == SHORT.sections]
    assert alike
    assert all(plan.targets[0] == plan.targets[1] for plan in alike)
