"""Charts: bars, shares of bars, repeats and endings."""

from fractions import Fraction

import pytest

from abcgen.errors import NotationError
from abcgen.notation.chart import Chart, ChartBar, read_chart


def shown(bar: ChartBar) -> str:
    return " ".join(f"{symbol.chord}@{symbol.place}" for symbol in bar)


def bars_of(chart: Chart) -> list[str]:
    return [shown(bar) for bar in chart.written()]


def test_the_chords_of_a_bar_share_it_evenly() -> None:
    chart = read_chart("G G C D7 | Em / / Am | G . D")
    assert [[symbol.place for symbol in bar] for bar in chart.written()] == [
        [0, Fraction(1, 4), Fraction(1, 2), Fraction(3, 4)],
        [0, Fraction(3, 4)],
        [0, Fraction(2, 3)],
    ]
    assert chart.chords() == ["G", "G", "C", "D7", "Em", "Am", "G", "D"]


def test_without_bar_lines_each_chord_has_a_bar() -> None:
    assert bars_of(read_chart("G C D7\nAm-D7 C- G")) == [
        "G@0", "C@0", "D7@0", "Am@0 D7@1/2", "Cm@0", "G@0"
    ]  # fmt: skip


def test_a_bar_repeated_and_a_bar_without_chords() -> None:
    chart = read_chart("G D | % | N.C. | % | C")
    assert bars_of(chart) == ["G@0 D@1/2", "G@0 D@1/2", "", "", "C@0"]
    assert chart.respelled == (("N.C.", ""),)


@pytest.mark.parametrize(
    "text",
    [
        "|: G | C |1 D :|2 Em || A | B :|",
        "|: G | C [1 D :| [2 Em || |: A | B :|",
        "|: G | C |[1 D :|[2 Em |: A | B :|",
        "|:G|C|1. D:|2. Em||\n|:A\nB:|",
    ],
)
def test_repeats_and_endings(text: str) -> None:
    first, second = read_chart(text).sections
    assert (first.repeated, second.repeated) == (True, True)
    assert [shown(bar) for bar in first.bars] == ["G@0", "C@0"]
    assert [[shown(bar) for bar in ending] for ending in first.endings] == [["D@0"], ["Em@0"]]
    assert [shown(bar) for bar in second.bars] == ["A@0", "B@0"]
    assert second.endings == ()


def test_sections_without_repeats() -> None:
    sections = read_chart("G | C || D | G |]").sections
    assert [(len(section.bars), section.repeated) for section in sections] == [
        (2, False),
        (2, False),
    ]


def test_the_metre_of_a_chart_and_several_choruses() -> None:
    chart = read_chart("3/4 G | 3/4 C")
    assert chart.meter == "3/4"
    assert bars_of(chart.times(2)) == ["G@0", "C@0"] * 2


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "there are no chords"),
        ("N.C. | / |", "there are no chords"),
        ("G | Hello | C", "'Hello' at character 5 is no chord"),
        ("G | C\nD | Hm", "'Hm' at line 2, column 5 is no chord"),
        ("3/4 G | 4/4 C", "two metres, 3/4 and, at character 9, 4/4"),
        ("|: G | [1 C :|", "a first ending without a second"),
        ("G |2 C", "the ending 2 at character 3 is out of place"),
        ("|1 G :|2 C", "no bars before them"),
        ("G : C", "':' at character 3"),
        (":| G", "repeats nothing"),
        ("G |1 C :|2 D :|3 E", "not more"),
    ],
)
def test_what_is_wrong_with_a_chart(text: str, words: str) -> None:
    with pytest.raises(NotationError, match=words.replace("|", r"\|")):
        read_chart(text)
