"""Each tune has a plan of its own, which is drawn with it and which its sections keep to."""

import itertools

import pytest

from abcgen.generation.loop import DrawnTune, draw_tunes
from abcgen.generation.request import Request
from abcgen.grammar.faults import complaint
from abcgen.grammar.wishes import Wishes
from abcgen.model.factors.plan import NEW, Plan, PlannedBar
from abcgen.model.plans.outline import plan_of
from abcgen.model.plans.planner import Planner
from tests.generation.engines import Dice

HEADER = "X:1\nT:a\nM:C\nL:1/8\nK:C\n"
FORMS = [(2, 3), (4,), (2, 2, 2)]
PLANNER = Planner.of(
    [
        (
            ("", "C", "C"),
            Plan([[PlannedBar(NEW)] * bars for bars in form], [1] * len(form), 8, 20, 1),
        )
        for form in FORMS
    ]
)


def drawn(streams: int, tunes: int = 20, **settings: object) -> tuple[list[DrawnTune], Dice]:
    """Return random tunes, and what drew them."""
    engine = Dice(streams, PLANNER)
    request = Request(5, **{"prime": HEADER, **settings})  # type: ignore[arg-type]
    return list(itertools.islice(draw_tunes(engine, request), tunes)), engine


def forms_of(tunes: list[DrawnTune]) -> list[tuple[int, ...]]:
    """Return the bars of the sections of each tune, without pickups."""
    plans = [plan_of(tune.text) for tune in tunes]
    return [tuple(map(len, plan.sections)) if plan else () for plan in plans]


def test_every_tune_is_valid_and_has_the_form_of_its_plan() -> None:
    tunes, engine = drawn(1)
    assert all(complaint(tune.text.removesuffix("\n")) is None for tune in tunes)
    planned = [tuple(map(len, plan.sections)) for plan in engine.plans[: len(tunes)]]
    assert set(planned) == set(FORMS)
    assert forms_of(tunes) == planned


@pytest.mark.parametrize("streams", [2, 7])
def test_the_streams_drawn_side_by_side_change_no_tune(streams: int) -> None:
    assert drawn(streams)[0] == drawn(1)[0]


def test_a_form_that_is_asked_for_is_kept() -> None:
    tunes, engine = drawn(3, wishes=Wishes(form=(3, 3)))
    assert {tuple(map(len, plan.sections)) for plan in engine.plans} == {(3, 3)}
    assert set(forms_of(tunes)) == {(3, 3)}


@pytest.mark.parametrize(("chords", "style"), [(True, 2), (False, 1)])
def test_a_plan_knows_whether_chords_are_asked_for(chords: bool, style: int) -> None:
    _, engine = drawn(1, 3, wishes=Wishes(chords=chords))
    assert {plan.style for plan in engine.plans} == {style}


def test_a_tune_that_has_begun_goes_by_a_plan_from_its_next_bar_on() -> None:
    tunes, engine = drawn(1, 5, prime=HEADER + "|:C8|")
    assert len(engine.plans) >= len(tunes)
    assert all(complaint(tune.text.removesuffix("\n")) is None for tune in tunes)


def test_a_tune_that_must_end_is_let_go() -> None:
    """A plan of many bars does not keep a tune from ending where it may have few characters."""
    many = Plan([[PlannedBar(NEW)] * 32] * 4, [1] * 4, 8, 20, 1)
    engine = Dice(1, Planner.of([(("", "C", "C"), many)]))
    tunes = itertools.islice(draw_tunes(engine, Request(1, prime=HEADER), most=300), 10)
    for tune in tunes:
        assert tune.whole
        assert len(tune.text) <= 300
        assert complaint(tune.text.removesuffix("\n")) is None


def test_a_raw_tune_has_a_plan_once_its_header_is_over() -> None:
    _, engine = drawn(1, 1, raw=True)
    assert len(engine.plans) >= 1
