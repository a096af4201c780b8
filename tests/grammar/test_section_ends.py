"""Rests where sections end: each makes full bars with what follows it."""

import pytest

from abcgen.errors import NotationError
from abcgen.grammar.alphabet import FIRST_EDITION, SECOND_EDITION
from abcgen.grammar.section_ends import complete_ends
from abcgen.grammar.spelling import canonical
from abcgen.music.notes import music_of
from abcgen.notation.form import read_sections
from abcgen.notation.tune import Tune, read_tune

JIG, REEL, WALTZ = "M:6/8", "M:4/4", "M:3/4"


def tune_of(body: str, meter: str = JIG) -> Tune:
    return read_tune(f"X:1\nT:x\n{meter}\nL:1/8\nK:C\n{body}\n")


def spelled(body: str, meter: str = JIG) -> str:
    """Return the music of a tune as the second edition spells it, on one line."""
    music = canonical(tune_of(body, meter)).partition("K:C\n")[2]
    return music.replace("\n", "")


@pytest.mark.parametrize(
    ("body", "meter", "expected"),
    [
        pytest.param(
            "|:cde fga|gab c'2:|\n|:efg abc'|g3 c2:|",
            JIG,
            "|:cde fga|gab c'2z:||:efg abc'|g3 c2z:|",
            id="without a pickup, both times",
        ),
        pytest.param(
            "|:cde fga|gab c'2:|\n|:g|efg abc'|g3 c2:|",
            JIG,
            "|:cde fga|[1 gab c'2z:|[2 gab c'2|||:g|efg abc'|g3 c2:|",
            id="the second time, the pickup of the next section follows",
        ),
        pytest.param(
            "|:cde fga|g3:|\n|:gab|efg abc'|g3:|",
            JIG,
            "|:cde fga|[1 g3z3:|[2 g3|||:gab|efg abc'|g3:|",
            id="also if that is half a bar",
        ),
        pytest.param(
            "|:g|cde fga|gab c'2:|\n|:efg abc'|g3 c3:|",
            JIG,
            "|:g|cde fga|[1 gab c'2:|[2 gab c'2z|||:efg abc'|g3 c3:|",
            id="the first time, its own",
        ),
        pytest.param(
            "|:cde fga|[1 gab c'2:|[2 gab e'2|]\n|:g|efg abc'|g3 c2:|",
            JIG,
            "|:cde fga|[1 gab c'2z:|[2 gab e'2|||:g|efg abc'|g3 c2:|",
            id="in endings that are written",
        ),
        pytest.param(
            "cdef gabc'|g4 c2||efga bagf|e4 c4|]",
            REEL,
            "cdef gabc'|g4 c2z2||efga bagf|e4 c4|]",
            id="before a double bar line",
        ),
        pytest.param(
            "G2|cdef gabc'|g4 c3||G|efga bagf|e4 c3|]",
            REEL,
            "G2|cdef gabc'|g4 c3||G|efga bagf|e4 c3z|]",
            id="at the end of the tune",
        ),
        pytest.param(
            "|:G2|c2 d2 e2|c4 z2:|\n|:G2|e2 d2 c2|c4:|",
            WALTZ,
            "|:G2|c2 d2 e2|c4:||:G2|e2 d2 c2|c4:|",
            id="a rest gives way to the pickup",
        ),
        pytest.param(
            "|:G|cde fga|g3 c z2:|\n|:G|efg abc'|g3 c2:|",
            JIG,
            "|:G|cde fga|g3 c z:||:G|efg abc'|g3 c2:|",
            id="and is shortened by it",
        ),
    ],
)
def test_rests_at_the_ends_of_sections(body: str, meter: str, expected: str) -> None:
    assert spelled(body, meter) == expected
    with pytest.raises(NotationError):
        canonical(tune_of(body, meter), edition=FIRST_EDITION)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("|:cde fga|gab c'd':|", id="the last note is not on a beat"),
        pytest.param("|:cde fga|ga c'3:|", id="nor is this one"),
        pytest.param("|:cde fg|gab c'3:|", id="a bar within a section"),
        pytest.param("|:g|cde fga|gab c'3:|", id="a note would have to be shorter"),
        pytest.param("|:g2|cde fga|gab c'2:|", id="here, too"),
        pytest.param("|:cde fga|gab c2-:|", id="a tie"),
        pytest.param("|:cde fga|c3:|", id="half of the bar is missing"),
    ],
)
def test_what_is_not_certain_stays_a_fault(body: str) -> None:
    body += "\n|:efg abc'|g3 c3:|"
    if body.startswith("|:g"):
        body = body.replace("|:efg", "|:g|efg").replace("c3:|", "c2:|")
    with pytest.raises(NotationError):
        canonical(tune_of(body))


@pytest.mark.parametrize(
    "body",
    [
        "|:cde fga|gab c'2:|\n|:g|efg abc'|g3 c2:|",
        "|:g|cde fga|gab c'2:|\n|:efg abc'|g3 c3:|",
        "cde fga|gab c'2||efg abc'|g3 c2|]",
    ],
)
def test_the_notes_are_played_as_before_one_after_the_other(body: str) -> None:
    tune = tune_of(body)
    after = music_of(read_tune(canonical(tune, edition=SECOND_EDITION)))
    assert [(note.pitch, note.duration) for note in after.notes] == [
        (note.pitch, note.duration) for note in music_of(tune).notes
    ]


def test_sections_that_fit_stay_as_they_are() -> None:
    sections = read_sections(tune_of("|:g|cde fga|gab c'2:|\n|:g|efg abc'|g3 c2:|"))
    before = [section.copied() for section in sections]
    assert not complete_ends(sections)
    assert sections == before
