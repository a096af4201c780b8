from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abcgen.grammar.mending import fill_last, mend
from abcgen.notation.form import Section, read_sections
from abcgen.notation.timing import bar_events
from abcgen.notation.tune import read_tune
from tests.tunes import made_up_tune


def sections_of(body: str) -> list[Section]:
    return read_sections(read_tune(f"X:1\nM:4/4\nL:1/8\nK:C\n{body}\n"))


def filled(sections: list[Section], wide: bool = False) -> list[Section]:
    """Return mended sections with the last bar filled, if it lacks something."""
    mended = mend(sections, wide)
    before = written(mended)
    assert fill_last(mended, wide) == (written(mended) != before)
    return mended


def written(sections: list[Section]) -> list[list[str]]:
    """Return the bars of each section as they are written."""
    return [
        ["".join(token.text for token in bar.tokens).strip() for bar in section.written()]
        for section in sections
    ]


@pytest.mark.parametrize(
    ("body", "mended"),
    [
        pytest.param("c4-c4|", "c4-c4", id="a tie stays"),
        pytest.param("c4-d4|", "c4d4", id="a slur goes"),
        pytest.param("c4-C4|", "c4C4", id="an octave is another pitch"),
        pytest.param("c4-^c4|", "c4-^c4", id="an accidental may be a slip: it is left for a fault"),
        pytest.param("c4-[ce]4|", "c4-[ce]4", id="into a group that has the note"),
        pytest.param("c4-[eg]4|", "c4[eg]4", id="into a group that lacks it"),
        pytest.param("c4-z4|", "c4z4", id="into a rest"),
        pytest.param("[ce]4-c4|", "[ce]4-c4", id="of a group"),
    ],
)
def test_slurs(body: str, mended: str) -> None:
    assert written(mend(sections_of(body))) == [[mended]]


def test_a_slur_over_a_bar_line() -> None:
    assert written(mend(sections_of("c8-|d8-|d8|"))) == [["c8", "d8-", "d8"]]
    assert written(mend(sections_of("|:c8|[1 d8-:|[2 e8|]"))) == [["c8", "d8-", "e8"]]


@pytest.mark.parametrize(
    ("body", "sections"),
    [
        pytest.param("c8|d8|e8|", [3], id="nothing changes"),
        pytest.param("c8|d8|\nK:G\ne8|f8|", [2, 2], id="another key"),
        pytest.param("|:c8|d8|\nK:G\ne8|f8:|", [4], id="not within a repeat"),
        pytest.param("c8|d3|e5|f8|", [2, 2], id="a bar cut in two"),
        pytest.param("c8|d3|e4|f8|", [4], id="two short bars that make no whole one"),
        pytest.param("e2|c6|", [2], id="a pickup and the bar that lacks it"),
    ],
)
def test_sections_begin(body: str, sections: list[int]) -> None:
    assert [len(bars) for bars in written(mend(sections_of(body)))] == sections


@pytest.mark.parametrize(
    ("body", "last"),
    [
        ("c8|d6|", "d6z2/1"),
        ("c8|d8|", "d8"),
        ("e2|c8|d4|", "d4z2/1"),
        ("e2|c8|d6|", "d6"),
        ("c8|d5/2|", "d5/2z11/2"),
        ("|:c8|d6:|", "d6"),
        ("|:c8|[1 d8:|[2 e6|]", "e6z2/1"),
        ("c8|d9|", "d9"),
    ],
)
def test_the_last_bar_is_filled_up_to_the_pickup(body: str, last: str) -> None:
    assert written(mend(sections_of(body)))[-1][-1] == last.partition("z")[0]
    assert written(filled(sections_of(body)))[-1][-1] == last


@pytest.mark.parametrize(
    ("body", "last"),
    [
        ("e2|c8|d4z4|", "d4z2/1"),
        ("e2|c8|d6 z2 |", "d6"),
        ("e2|c8|z8|", "z6/1"),
        ("e2|c8|d7z|", "d7z"),
        ("e2|c8|d8|", "d8"),
        ("c8|d4z4|", "d4z4"),
        ("e2|c8|:d4z4:|", "d4z4"),
    ],
)
def test_a_rest_at_the_end_is_shortened_by_the_pickup(body: str, last: str) -> None:
    mended = filled(sections_of(body), wide=True)
    assert written(mended)[-1][-1].replace(" ", "") == last
    kept = written(sections_of(body))[-1][-1]
    assert written(filled(sections_of(body)))[-1][-1] == kept


@given(st.integers(0, 10_000), st.booleans())
def test_a_tune_without_faults_stays_as_it_is(number: int, wide: bool) -> None:
    tune = read_tune(made_up_tune(number))
    assert filled(read_sections(tune), wide) == read_sections(tune)


@given(st.lists(st.sampled_from("cde"), min_size=1, max_size=8), st.booleans())
def test_what_sounds_stays_and_only_rests_come(notes: list[str], fill: bool) -> None:
    sections = sections_of("g8|" + "-".join(notes))
    (section,) = filled(sections) if fill else mend(sections)
    _, bar = section.bars
    assert [token.text for token in bar.tokens if token.kind == "note"] == notes
    length = sum((event.length for event in bar_events(bar)), Fraction(0))
    assert length == (8 if fill else len(notes))


@pytest.mark.parametrize(
    ("body", "mended"),
    [
        pytest.param("^c4-^c4|", "^c4-c4", id="within a bar"),
        pytest.param("^c8-|^c4d4|", "^c8- c4d4", id="over a bar line"),
        pytest.param("^c8-|^c4c4|", "^c8- ^c4c4", id="but not if it holds on"),
        pytest.param("^c4-^^c4|", "^c4-^^c4", id="another accidental"),
        pytest.param("^c4^c4|", "^c4^c4", id="without a tie"),
        pytest.param("|:c8|d8-|[1 d8:|[2 d8|]", "c8 d8- d8 d8", id="a tie into endings"),
        pytest.param("|:c8|d8-|[1 e8:|[2 d8|]", "c8 d8- e8 d8", id="into one of them"),
        pytest.param("|:c8|d8-|[1 e8:|[2 f8|]", "c8 d8 e8 f8", id="a slur into endings"),
    ],
)
def test_ties_of_the_second_edition(body: str, mended: str) -> None:
    (bars,) = written(mend(sections_of(body), wide=True))
    assert " ".join(bars) == mended
