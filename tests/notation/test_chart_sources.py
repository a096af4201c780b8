"""The chords of tunes and of song sheets."""

import pytest

from abcgen.errors import NotationError
from abcgen.notation.chart import read_chart
from abcgen.notation.chart_sources import chart_of_tune, read_song_sheet
from abcgen.notation.chart_text import is_song_sheet
from abcgen.notation.tune import read_tune

HEADER = "X:1\nT:T\nM:6/8\nL:1/8\nK:Ador\n"


def test_the_chords_of_a_tune() -> None:
    music = 'A|:"Am"ABc "G"ded|cBA GFE|[1 "Em"E3 E2A:|[2 "A7"A3 "^slow"A3||"D"d6|"A"A3 A2|]\n'
    chart = chart_of_tune(read_tune(HEADER + music))
    assert (chart.meter, chart.key) == ("6/8", "Ador")
    expected = read_chart("|: Am G | N.C. |1 Em :|2 A7 || D | A")
    assert chart.sections == expected.sections


def test_the_chord_of_a_pickup_is_left_out() -> None:
    chart = chart_of_tune(read_tune(HEADER + '|:"E7"E|"Am"A3 A3|"Dm"d3 d2:|\n'))
    assert chart.chords() == ["Am", "Dm"]


@pytest.mark.parametrize(
    ("music", "words"),
    [
        ("A6|\n", "no chord symbols"),
        ('"Am"A6|\nM:9/8\n"D"d9|\n', "two metres, 6/8 and 9/8"),
        ('|::"Am"A6::|\n', "more than twice"),
    ],
)
def test_tunes_that_are_no_chart(music: str, words: str) -> None:
    with pytest.raises(NotationError, match=words):
        chart_of_tune(read_tune(HEADER + music))


def test_a_song_sheet() -> None:
    sheet = (
        "{title: A Song}\n{key: G}\n{time: 3/4}\n# [X]\nAh [G]so [*softly][D7/F#]long\n[Em]now\n"
    )
    chart = read_song_sheet(sheet)
    assert (chart.key, chart.meter) == ("G", "3/4")
    assert chart.sections == read_chart("G D7/F# Em").sections


def test_a_sheet_with_a_chorus_tablature_and_names_of_sections() -> None:
    sheet = (
        "{meta: key Am}\n{meta: time 6/8}\n[Verse 1]\n{soc}\n[Am]Ah [(F)]so\n{eoc}\n"
        "{sot}\ne|--3--[2]-|\n{eot}\n{comment: [x2]}\n[C/G]long [|] [N.C.]now\n{chorus}\n"
    )
    chart = read_song_sheet(sheet)
    assert (chart.key, chart.meter) == ("Am", "6/8")
    assert chart.sections == read_chart("Am F C/G N.C. Am F").sections


def test_lines_are_counted_with_tablature_and_choruses() -> None:
    sheet = "{soc}\n[G]la\n{eoc}\n{sot}\n1\n2\n{eot}\n{chorus}\n[Hm]la\n"
    with pytest.raises(NotationError, match=r"\[Hm\] at line 9"):
        read_song_sheet(sheet)


@pytest.mark.parametrize(
    ("text", "sheet"),
    [
        ("[G]Amazing [C]grace", True),
        ("{title: x}\nla", True),
        ("[A]\n| G | C |\n[B]\n| D | G |", False),
        ("[A]\nG C\n[B]\nD G", False),
        ("[Verse]\nla", False),
    ],
)
def test_a_song_sheet_is_told_from_a_chart(text: str, sheet: bool) -> None:
    assert is_song_sheet(text) is sheet


def test_a_grid_has_bars() -> None:
    sheet = "[A]word\n{start_of_grid}\n| G . . D | % |\n{end_of_grid}\n"
    assert read_song_sheet(sheet).sections == read_chart("G / / D | %").sections


@pytest.mark.parametrize(
    ("sheet", "words"),
    [
        ("la [G]la\nla [Hello]la", r"\[Hello\] at line 2, column 4 is no chord"),
        ("{time: 3/4}\n[G]\n{time: 4/4}", "two metres, 3/4 and 4/4"),
        ("la la", "there are no chords"),
    ],
)
def test_what_is_wrong_with_a_sheet(sheet: str, words: str) -> None:
    with pytest.raises(NotationError, match=words):
        read_song_sheet(sheet)
