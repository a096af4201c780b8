"""Sections of plans that were learned, put together in new ways."""

import random

from abcgen.model.factors.plan import BEGINS, CONTOUR, COPY, MOVED, NEW, Plan, PlannedBar
from abcgen.model.plans.planner import Header, Planner
from abcgen.model.plans.seen import SeenSection, SeenSections

HEADER: Header = ("jig", "6/8", "D")
NEW_BAR = PlannedBar(NEW)
PLANS = [
    [
        [NEW_BAR, PlannedBar(MOVED, 0, 0, 2), PlannedBar(COPY, 0, 0)],
        [NEW_BAR, PlannedBar(COPY, 0, 1), PlannedBar(CONTOUR, 0, 2, -3)],
    ],
    [
        [NEW_BAR, NEW_BAR, PlannedBar(BEGINS, 0, 1)],
        [PlannedBar(BEGINS, 0, 2), NEW_BAR, PlannedBar(COPY, 1, 1)],
    ],
    [[NEW_BAR, NEW_BAR, NEW_BAR, *[PlannedBar(COPY, 0, 0), NEW_BAR, PlannedBar(COPY, 0, 0)]]],
]


def planner(styles: tuple[int, ...] = (1, 1, 1)) -> Planner:
    """Return what has learned the plans."""
    return Planner.of(
        (HEADER, Plan(sections, [1] * len(sections), 10, 20, style))
        for sections, style in zip(PLANS, styles, strict=True)
    )


def seen(styles: tuple[int, ...] = (1, 1, 1)) -> SeenSections:
    """Return the sections of the plans."""
    return SeenSections(planner(styles)._counts)


def bars_of(sections: list[SeenSection] | None) -> list[object]:
    """Return the bars of sections."""
    assert sections
    return [section.bars for section in sections]


def drawn(styles: tuple[int, ...], style: int) -> list[object]:
    """Return the different sections that are drawn in the form of the first two plans."""
    sections = seen(styles)
    found: list[object] = []
    for seed in range(100):
        one = bars_of(sections.draw(style, (3, 3), random.Random(seed)))
        if one not in found:
            found.append(one)
    return found


def test_the_sections_are_those_that_were_learned() -> None:
    sections = seen()
    assert [bars_of(sections.sections(number)) for number in range(len(PLANS))] == PLANS


def test_sections_of_several_plans_make_a_new_one() -> None:
    (a, b), (c, d) = PLANS[:2]
    found = drawn((1, 1, 1), 1)
    assert len(found) == 4
    assert all(one in found for one in ([a, b], [c, d], [a, d], [c, b]))


def test_where_few_plans_have_the_style_all_of_the_form_will_do() -> None:
    assert len(drawn((1, 2, 1), 1)) == 4


def test_where_enough_plans_have_the_style_no_other_will_do() -> None:
    many = [(HEADER, Plan(PLANS[0], [1, 1], 10, 20, 1))] * 4
    other = [(HEADER, Plan(PLANS[1], [1, 1], 10, 20, 2))] * 4
    sections = SeenSections(Planner.of(many + other)._counts)
    for seed in range(30):
        assert bars_of(sections.draw(1, (3, 3), random.Random(seed))) == PLANS[0]


def test_a_section_ends_on_the_tonic_where_that_of_another_tune_did() -> None:
    """On which other note, the header says: in G dorian here mostly on the seventh degree."""
    tonic, third, seventh = 1, 3, 7
    ends = [[tonic, tonic], [third, tonic], [tonic]]
    plans = [
        (HEADER, Plan(sections, targets, 10, 20, 1))
        for sections, targets in zip(PLANS, ends, strict=True)
    ]
    dorian = "jig", "6/8", "Gdor"
    other = Plan([[NEW_BAR] * 4] * 2, [seventh, tonic], 10, 20, 1)
    planner = Planner.of(plans + [(dorian, other)] * 50)
    drawn = [planner.draw(dorian, random.Random(seed), (3, 3)) for seed in range(60)]
    others = [plan.targets[0] for plan in drawn if plan.sections[0] == PLANS[1][0]]
    assert tonic not in others
    assert others.count(seventh) > 0.8 * len(others) > 0
    assert all(plan.targets[0] == tonic for plan in drawn if plan.sections[0] == PLANS[0][0])
    assert {plan.targets[1] for plan in drawn} == {tonic}
    # In D, where such a section ends on the tonic as often, it ends on another note all the same.
    major = [planner.draw(HEADER, random.Random(seed), (3, 3)) for seed in range(60)]
    others = [plan.targets[0] for plan in major if plan.sections[0] == PLANS[1][0]]
    assert others
    assert tonic not in others


def test_plans_of_networks_without_habits_are_drawn_as_ever() -> None:
    """So that their tunes can be made again. These are the ends that abcgen 0.21 drew."""
    again = [[NEW_BAR] * 2, [NEW_BAR, PlannedBar(COPY, 0, 1)]], [5, 1]
    new = [[NEW_BAR] * 2, [PlannedBar(COPY, 0, 0), NEW_BAR]], [1, 3]
    learned = Planner.of((HEADER, Plan(bars, ends, 10, 20, 1)) for bars, ends in (again, new))
    planner = Planner(learned._counts, as_before_habits=True)
    ends = [tuple(planner.draw(HEADER, random.Random(seed)).targets) for seed in range(8)]
    assert ends == [(3, 3), (3, 3), (1, 1), (5, 1), (1, 1), (1, 3), (1, 3), (1, 1)]
    assert (3, 3) not in [
        tuple(learned.draw(HEADER, random.Random(seed)).targets) for seed in range(50)
    ]


def test_a_form_that_was_never_seen_has_no_sections() -> None:
    assert seen().draw(1, (3, 4), random.Random(0)) is None


def test_in_a_form_that_was_never_seen_each_bar_is_drawn() -> None:
    plans = [planner().draw(HEADER, random.Random(seed), (3, 4)) for seed in range(20)]
    assert {tuple(map(len, plan.sections)) for plan in plans} == {(3, 4)}
    assert len({str(plan.sections) for plan in plans}) > 3
