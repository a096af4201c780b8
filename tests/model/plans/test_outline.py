"""Plans read off tunes: which bar is made of which, and how sections end."""

import pytest

from abcgen.grammar.wishes import ONCE, REPEATED, REPEATED_AFTER_PICKUP
from abcgen.model.factors.plan import (
    BEGINS,
    CONTOUR,
    COPY,
    DEGREES,
    ENDS,
    MOVED,
    NEW,
    RESEMBLES,
    PlannedBar,
)
from abcgen.model.plans.outline import openings_of, plan_of

HEADER = "X:1\nT:A\nM:4/4\nL:1/8\nK:{key}\n"


def plan(music: str, key: str = "G") -> list[list[PlannedBar]]:
    """Return the planned bars of each section of a tune."""
    found = plan_of(HEADER.format(key=key) + music)
    assert found is not None
    return [list(bars) for bars in found.sections]


def last(music: str) -> PlannedBar:
    """Return what the last bar of a tune is."""
    return plan(music)[-1][-1]


@pytest.mark.parametrize(
    ("bar", "expected"),
    [
        ("GABc d2e2", PlannedBar(COPY, 0, 0)),
        ('"G"GABc "C"d2e2', PlannedBar(COPY, 0, 0)),  # other chords do not matter
        ("GABc dedB", PlannedBar(BEGINS, 0, 0)),
        ("GFED d2e2", PlannedBar(ENDS, 0, 0)),
        ("GABe d2B2", PlannedBar(RESEMBLES, 0, 0)),
        ("ABcd e2f2", PlannedBar(MOVED, 0, 0, 1)),
        ("FGAB c2d2", PlannedBar(MOVED, 0, 0, -1)),
        ("Aceg a2b2", PlannedBar(CONTOUR, 0, 0, 4)),
        ("g2f2 edcB", PlannedBar(NEW)),
    ],
)
def test_what_a_bar_is_made_of(bar: str, expected: PlannedBar) -> None:
    assert last(f"GABc d2e2|{bar}|]\n") == expected


def test_a_bar_is_rather_made_of_the_one_that_goes_on() -> None:
    """Bars 1 and 3 are alike; bar 6 goes on from bar 5, which is bar 2."""
    bars = ["GABc d2e2", "g2f2 e2d2", "GABc d2e2", "B2A2 G4", "g2f2 e2d2", "GABc d2e2"]
    assert plan("|".join(bars) + "|]\n")[0][-1] == PlannedBar(COPY, 0, 2)


def test_a_section_is_made_of_one_before_and_pickups_belong_to_no_bar() -> None:
    music = "d2|:g2f2 e2d2|GABc d2:|\n|:d2|c2B2 A2G2|GABc d2:|\n"
    assert plan(music) == [
        [PlannedBar(NEW), PlannedBar(NEW)],
        [PlannedBar(MOVED, 0, 0, -4), PlannedBar(COPY, 0, 1)],
    ]


def test_a_second_ending_has_no_plan_of_its_own() -> None:
    music = "|:GABc d2e2|[1 g2f2 e2d2:|\n[2 g2f2 g4||\nGABc d2e2|g2f2 g4|]\n"
    assert plan(music)[1] == [PlannedBar(COPY, 0, 0), PlannedBar(COPY, 0, 1)]


@pytest.mark.parametrize(
    ("key", "end", "degree"),
    [("G", "G8", 1), ("G", "g8", 1), ("Ador", "e8", 5), ("G", "^G8", DEGREES - 1), ("D", "^f8", 3)],
)
def test_how_a_section_ends(key: str, end: str, degree: int) -> None:
    found = plan_of(HEADER.format(key=key) + f"ABcd efga|{end}|]\n")
    assert found is not None
    assert found.targets == [degree]


@pytest.mark.parametrize(
    ("last", "close"),
    [
        ('"D7"A4 "G"G4', (5, 1)),
        ('"A7"A4 "D"D4', (2, 5)),
        ("G8", (4, 1)),  # of the bar before
        ('"G"G8', (4, 1)),
        ('"Bm"B4 "Bb"B4', (1, 3)),
    ],
)
def test_the_chords_that_a_section_closes_with(last: str, close: tuple[int, int]) -> None:
    found = plan_of(HEADER.format(key="G") + f'"C"c4 "G"d4|{last}|]\n')
    assert found is not None
    assert found.closes == [close]


def test_how_far_a_tune_reaches_and_whether_there_are_chords() -> None:
    bare = plan_of(HEADER.format(key="G") + "G,8|c'8|]\n")
    chords = plan_of(HEADER.format(key="G") + '"G"B8|]\n')
    assert bare is not None
    assert chords is not None
    assert (bare.high - bare.low, bare.style) == (17, 1)
    assert (chords.low, chords.high, chords.style) == (chords.low, chords.low, 2)


@pytest.mark.parametrize(
    ("music", "openings"),
    [
        ("A8|B8|]\n", (ONCE,)),
        ("|:A8|B8:|\n|:c8|d8:|\n", (REPEATED, REPEATED)),
        ("|:A8|B8:|\nc8|d8|]\n", (REPEATED, ONCE)),
        ("A8|B8||\n|:c8|d8:|\n", (ONCE, REPEATED)),
        ("A2|:A8|B6:|\n|:A2|c8|d6:|\n", (REPEATED_AFTER_PICKUP, REPEATED)),
        ("|:A8|[1 B8:|[2 c8||\nK:G\nB2|:d8|e6:|\n", (REPEATED, REPEATED_AFTER_PICKUP)),
        ("|:A8|\nB8|[1 c8:|\n[2 d8|]\n", (REPEATED,)),
    ],
)
def test_which_sections_are_repeated(music: str, openings: tuple[int, ...]) -> None:
    assert openings_of(music) == openings
    found = plan_of("X:1\nT:a\nM:4/4\nL:1/8\nK:C\n" + music)
    assert found
    assert found.openings == openings


def test_what_has_no_bars_has_no_plan() -> None:
    assert plan_of("X:1\nT:A\n") is None
    assert plan_of(HEADER.format(key="G")) is None
