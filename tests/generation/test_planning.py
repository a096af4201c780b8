"""Each tune has a plan of its own, which is drawn with it and which its sections keep to."""

import itertools
from typing import Any

import pytest

from abcgen.generation.loop import DrawnTune, draw_tunes
from abcgen.generation.request import Request
from abcgen.grammar.faults import complaint
from abcgen.grammar.wishes import ONCE, REPEATED, REPEATED_AFTER_PICKUP, Wishes
from abcgen.model.factors.plan import NEW, Plan, PlannedBar
from abcgen.model.plans.outline import openings_of, plan_of
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


def test_every_section_is_repeated_if_its_plan_says_so() -> None:
    openings = [
        (ONCE, REPEATED),
        (REPEATED_AFTER_PICKUP, ONCE),
        (REPEATED, REPEATED),
        (ONCE, ONCE),
    ]
    bars = [[PlannedBar(NEW)] * 2, [PlannedBar(NEW)] * 3]
    planner = Planner.of(
        [(("", "C", "C"), Plan(bars, [1, 1], 8, 20, 1, openings=each)) for each in openings]
    )
    engine = Dice(1, planner)
    tunes = [tune.text for tune in draw_tunes(engine, Request(5, prime=HEADER), range(1, 31))]
    assert all(complaint(text.removesuffix("\n")) is None for text in tunes)
    # A pickup that is tied to the next bar cannot stand before a repeat.
    kept = [
        (openings_of(text.removeprefix(HEADER)), plan.openings)
        for text, plan in zip(tunes, engine.plans, strict=True)
        if "-|" not in text.removeprefix(HEADER).partition("|")[0] + "|"
    ]
    assert all(found == planned for found, planned in kept)
    assert {found for found, _ in kept} == set(openings)


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


def test_a_form_with_a_section_that_cannot_be_asked_for_is_drawn_again() -> None:
    """Without sections to keep to, a tune would go on until it must end."""
    header = "", "C", "C"
    plans = [
        (header, Plan([[PlannedBar(NEW)] * bars for bars in form], [1] * len(form), 8, 20, 1))
        for form in [(1, 13), (4, 4)]
    ]
    engine = Dice(1, Planner.of(plans))
    tunes = list(itertools.islice(draw_tunes(engine, Request(5, prime=HEADER)), 10))
    assert set(forms_of(tunes)) == {(4, 4)}


BEGUN = {
    "a bar": "|:C8|",
    "half a bar": "|:C2",
    "a pickup and a bar": "C2|C8|",
    "a section": "|:C8|C8:|\n",
    "a section and a bar": "|:C8|C8:|\n|:D8|",
    "all but an ending": "|:C8|[1 C8:|",
}


@pytest.mark.parametrize("music", BEGUN.values(), ids=BEGUN)
def test_a_tune_that_has_begun_goes_on_in_the_form_of_its_plan(music: str) -> None:
    tunes, engine = drawn(1, 5, prime=HEADER + music)
    assert all(complaint(tune.text.removesuffix("\n")) is None for tune in tunes)
    assert forms_of(tunes) == [tuple(map(len, plan.sections)) for plan in engine.plans[:5]]
    assert all(form in FORMS for form in forms_of(tunes))


@pytest.mark.parametrize(
    ("music", "form"),
    [
        ("C8|" * 4 + "\nC8|", (8, 8)),
        ("|:C8|C8|C8:|\n", (3, 8)),
        ("|:C8:|\n", (1, 8)),
        ("C8|C8|]\n", (2,)),
    ],
)
def test_a_tune_that_has_begun_as_no_plan_does_ends_all_the_same(
    music: str, form: tuple[int, ...]
) -> None:
    tunes, _ = drawn(1, 5, prime=HEADER + music)
    assert set(forms_of(tunes)) == {form}


@pytest.mark.parametrize("streams", [2, 7])
def test_the_streams_change_no_tune_that_has_begun(streams: int) -> None:
    begun = HEADER + "C8|"
    assert drawn(streams, 5, prime=begun)[0] == drawn(1, 5, prime=begun)[0]


@pytest.mark.parametrize(("music", "style"), [('"C"C8|', 2), ("C8|", 1), ('"C"C4', 2), ("C", 1)])
@pytest.mark.parametrize("settings", [{}, {"wishes": Wishes(form=(4,))}, {"raw": True}])
def test_a_tune_that_has_begun_goes_on_with_chords_or_without(
    music: str, style: int, settings: dict[str, Any]
) -> None:
    header = "", "C", "C"
    plans = [(header, Plan([[PlannedBar(NEW)] * 4], [1], 8, 20, known)) for known in (1, 2)]
    engine = Dice(1, Planner.of(plans))
    list(itertools.islice(draw_tunes(engine, Request(5, prime=HEADER + music, **settings)), 5))
    assert {plan.style for plan in engine.plans} == {style}


def test_an_opening_without_notes_may_go_on_with_chords() -> None:
    header = "", "C", "C"
    plans = [(header, Plan([[PlannedBar(NEW)] * 4], [1], 8, 20, known)) for known in (1, 2)]
    engine = Dice(1, Planner.of(plans))
    list(itertools.islice(draw_tunes(engine, Request(5, prime=HEADER + "|:")), 10))
    assert {plan.style for plan in engine.plans} == {1, 2}


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
