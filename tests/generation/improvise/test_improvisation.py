"""Tunes over chords: what stands in them, whoever draws."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from abcgen.errors import UsageError
from abcgen.generation.improvise.improvisation import improvisation, improvised
from abcgen.grammar.faults import complaint
from abcgen.notation.chart import Chart, read_chart
from abcgen.notation.chart_sources import chart_of_tune
from abcgen.notation.form import read_sections
from abcgen.notation.timing import bar_events
from abcgen.notation.tune import read_tune
from tests.generation.engines import VOCABULARY, Dice, Habit

CHORDS = ("G", "Am7", "D7/F#", "Bbmaj7", "Ebdim7", "C#m", "Fsus4", "N.C.")
METERS = {"4/4": (1, 2, 4), "6/8": (1, 2, 3), "3/4": (1, 2, 3), "2/4": (1, 2), "C|": (1, 2, 4)}


@st.composite
def charts(draw: st.DrawFn) -> tuple[Chart, str]:
    """A chart with repeats and endings, and a metre in which its chords share their bars."""
    meter = draw(st.sampled_from(sorted(METERS)))
    bar = st.sampled_from(METERS[meter]).flatmap(
        lambda count: st.lists(st.sampled_from(CHORDS), min_size=count, max_size=count)
    )
    bars = st.lists(bar.map(" ".join), min_size=1, max_size=5).map(" | ".join)
    text = "G |"
    for _ in range(draw(st.integers(1, 3))):
        kind = draw(st.sampled_from(["{} ||", "|: {} :|", "|: {} |1 {} :|2 {} ||"]))
        text += kind.format(*(draw(bars) for _ in range(kind.count("{}"))))
    return read_chart(text), meter


@settings(max_examples=25)
@given(
    charts(),
    st.integers(1, 1000),
    st.sampled_from(["D", "G", "Em", "Bm", "Edor", "Amix"]),
    st.sampled_from([None, "0"]),
)
def test_exactly_the_chords_given_stand_in_a_valid_tune(
    asked: tuple[Chart, str], seed: int, key: str, pickup: str | None
) -> None:
    """A network of habits draws, which knows nothing of music; repeats and endings are kept.

    Its notes leap through all octaves, so they have room in no other key.
    """
    chart, meter = asked
    if meter == "2/4":
        # This network may insist on quarters (L:1/4), in which two beats leave no room for one.
        pickup = "0"
    wanted = improvisation(chart, seed=seed, key=key, meter=meter, pickup=pickup)
    tunes = list(improvised(lambda n: Habit(VOCABULARY, n, seed), wanted, [1, 2]))
    for tune in tunes:
        assert complaint(tune) is None
        read = chart_of_tune(read_tune(tune))
        assert [list(section.written()) for section in read.sections] == [
            list(section.written()) for section in chart.sections
        ]
        assert [section.repeated for section in read.sections] == [
            section.repeated for section in chart.sections
        ]
        assert (read.key, read.meter) == (key, meter)


def test_a_number_decides_its_tune() -> None:
    wanted = improvisation(read_chart("G | C D | G"), seed=3)
    five = list(improvised(Dice, wanted, [1, 2, 3, 4, 5]))
    assert list(improvised(Dice, wanted, [4])) == five[3:4]
    assert len(set(five)) == 5


def test_close_adds_notes_of_the_chord_on_beats() -> None:
    """With a strong wish for them all notes on beats belong; those outside of the key, too."""
    from abcgen.generation.improvise.agreement import agreement_of

    chart = read_chart("E7 | A7 | Fm | D")
    shares = []
    for close in (0, 100):
        wanted = improvisation(chart, seed=1, key="D", close=close)
        shares.append([agreement_of(one).share for one in improvised(Dice, wanted, range(1, 9))])
    assert max(shares[0]) < 0.9
    assert sum(shares[1]) / 8 > 0.9


@pytest.mark.parametrize(
    ("chords", "meter", "pickup", "lengths"),
    [
        ("|: G | C D :| Em | D", "4/4", "1/8", [1, 8, 7, 1, 8, 7]),
        ("|: G | C |1 D :|2 Em", "6/8", "1/4", [2, 6, 6, 4, 4]),
        ("G | D |", "3/4", "3/8", [3, 6, 3]),
        ("G | D |", "3/4", "0", [6, 6]),
    ],
)
def test_a_pickup_begins_each_section_and_its_last_bar_lacks_it(
    chords: str, meter: str, pickup: str, lengths: list[int]
) -> None:
    wanted = improvisation(read_chart(chords), seed=2, meter=meter, pickup=pickup)
    for tune in improvised(Dice, wanted, range(1, 5)):
        assert complaint(tune) is None
        bars = [bar for section in read_sections(read_tune(tune)) for bar in section.written()]
        eighths = [8 * bar.setting.unit * sum(e.length for e in bar_events(bar)) for bar in bars]
        assert eighths == lengths
        assert re.findall(r'"([^"]*)"', tune) == wanted.chart.chords()


class Monotone(Dice):
    """A network that likes one note, and ends of bars, far more than all else."""

    def step(self, characters: NDArray[np.int32]) -> NDArray[np.float32]:
        logits = super().step(characters)
        for character in 'G|:"':
            logits[:, VOCABULARY.char2idx[character]] = 13
        return logits


def test_choruses_differ() -> None:
    """Even if the network would always write the same."""
    text = "|: G | D | C | G :|"
    same = []
    for choruses in (1, 3):
        chart = read_chart(text).times(3 // choruses)
        wanted = improvisation(chart, seed=1, key="G", choruses=choruses, close=0)
        (tune,) = improvised(Monotone, wanted, [1])
        one, other, last = re.findall(r"\|:(.*?):\|", tune.replace("\n", ""))
        same.append(one == other == last)
    assert same == [True, False]


def test_choruses_are_sections_of_their_own() -> None:
    wanted = improvisation(read_chart("G | D"), seed=1, choruses=3)
    (tune,) = improvised(Dice, wanted, [1])
    assert re.findall(r'"([^"]*)"', tune) == ["G", "D"] * 3
    assert (tune.count("||"), tune.count("|]")) == (2, 1)


@pytest.mark.parametrize(
    ("options", "meter"),
    [
        ({}, "4/4"),
        ({"rhythm": "jig"}, "6/8"),
        ({"rhythm": "polka"}, "2/4"),
        ({"rhythm": "reel"}, "4/4"),
        ({"rhythm": "waltz", "meter": "3/4"}, "3/4"),
    ],
)
def test_the_metre_where_none_is_named(options: dict[str, str], meter: str) -> None:
    assert improvisation(read_chart("G"), seed=1, **options).wishes.meter == meter


@pytest.mark.parametrize(
    ("chords", "options", "words"),
    [
        ("G", {"meter": "5/4"}, "no accompaniment for 5/4: expected one of 2/4"),
        ("G", {"key": "H"}, "no key 'H'"),
        ("G", {"choruses": 0}, "choruses must be a whole number, 1 or more"),
        ("G | " * 60, {"choruses": 3}, "at most 128 bars, these chords have 180"),
        ("G", {"close": -1}, "close must be 0 to 100"),
        ("G", {"close": float("nan")}, "close must be 0 to 100"),
        ("5/4 G", {}, "no accompaniment for 5/4"),
    ],
)
def test_what_no_tune_can_be(chords: str, options: dict[str, object], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        improvisation(read_chart(chords), seed=1, **options)  # type: ignore[arg-type]


def test_chords_that_do_not_share_a_bar() -> None:
    with pytest.raises(
        UsageError, match=r"bar 2 of the chords: .*do not share a bar of 4/4 evenly"
    ):
        list(improvised(Dice, improvisation(read_chart("G | G A D |"), seed=1), [1]))
