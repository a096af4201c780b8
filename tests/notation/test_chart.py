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


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("| G | | C | |", "G | G | C | C"),
        ("| G - C - | D /// | Em// Am |", "G / C / | D / / / | Em / / Am"),
        ("G - C > D7", "G C D7"),
        ("(G) | (C D7) | G* | (N.C.) | no chord", "G | C D7 | G | N.C. | N.C."),
        ("A minor | Db Maj 7 | C7 b9 C add 9", "Am | Dbmaj7 | C7b9 Cadd9"),
        ("G\u2502C \u2016 \U0001d106 D \U0001d107", "G | C || |: D :|"),
        ("|: G | C | 1. D :| 2. Em ||", "|: G | C |1 D :|2 Em ||"),
        ("|: G | C |1 D :|2 Em :| A", "|: G | C |1 D :|2 Em || A"),
        ("# mine\nG | C // to here\n// over", "G | C"),
        ("Intro: G | C\n[Verse 1]\nD | G\nB part:\nEm", "G | C || D | G || Em"),
        ("A: | G | C |\nB: |: D | G :|", "G | C || |: D | G :|"),
        ("Chorus\nG C\nBridge 2\nD G", "[a] G C\n[b] D G"),
    ],
)
def test_ways_in_which_charts_are_typed(text: str, plain: str) -> None:
    assert read_chart(text).sections == read_chart(plain).sections


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("G | C x2\nD | Em (3x)", "G | C | G | C | D | Em | D | Em | D | Em"),
        ("|: G | C :| x2", "|: G | C :|"),
        ("|: G | C :| (x3)", "G | C | G | C | G | C"),
        ("|: G | C :| \u00d74 D", "|: G | C | G | C :| D"),
        ("G | C || D | G || D.C.", "G | C || D | G || G | C || D | G"),
        (
            "|: G | C |1 D :|2 Em | Fine || A | B | D.C. al Fine",
            "|: G|C|1 D :|2 Em || A|B || G|C|Em",
        ),
        (
            "G | Segno | C | To Coda | D | D.S. al Coda | Coda | Em",
            "G || C || D || C || Em",
        ),
    ],
)
def test_what_is_played_again_is_written_out(text: str, plain: str) -> None:
    assert read_chart(text).sections == read_chart(plain).sections


def test_words_among_the_chords_are_left_out_and_named() -> None:
    chart = read_chart(
        "Amazing Grace\n\nG      C    G\nAmazing grace how sweet\nG  D7\nthe sound\n"
    )
    assert bars_of(chart) == ["G@0", "C@0", "G@0", "G@0", "D7@0"]
    assert chart.words == ("Amazing Grace", "Amazing grace how sweet", "the sound")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("|: G | Fine | C :|", "'Fine' at character 8 stands within a repeat"),
        ("G | D.C. al Fine", "expected Fine before it"),
        ("G | D.S. al Coda", "expected To Coda before it"),
        ("G x0", "expected x2 or more"),
        ("|: G | C x2 :|", "out of place"),
        ("G " + "x99 " * 9, "more than 2000 bars"),
        ("G | C | " + "D.C. | " * 40, "more than 2000 bars"),
        ("G D\nHm C G", "'Hm' at line 2, column 1 is no chord"),
    ],
)
def test_what_cannot_be_played_again(text: str, words: str) -> None:
    with pytest.raises(NotationError, match=words):
        read_chart(text)
