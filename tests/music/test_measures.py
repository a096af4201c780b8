"""Time signatures by which the bars of a tune, as played, are counted."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abcgen.music.measures import missing_starts, time_signatures
from abcgen.music.notes import PlayedBar, music_of
from abcgen.notation.tune import Setting, read_tune

F = Fraction


def signatures(body: str, meter: str = "6/8", unit: str = "1/8") -> list[tuple[Fraction, str]]:
    """Return (onset in eighths, time signature)."""
    music = music_of(read_tune(f"X:1\nM:{meter}\nL:{unit}\nK:C\n{body}\n"))
    return [(s.onset * 8, f"{s.numerator}/{s.denominator}") for s in time_signatures(music.bars)]


@pytest.mark.parametrize(
    ("body", "meter", "unit", "expected"),
    [
        pytest.param("C6|C6|", "6/8", "1/8", [(0, "6/8")], id="no pickup"),
        pytest.param("C|C6|C6|", "6/8", "1/8", [(0, "1/8"), (1, "6/8")], id="pickup"),
        pytest.param("C2|C8|C8|", "4/4", "1/8", [(0, "1/4"), (2, "4/4")], id="a quarter"),
        pytest.param("C|C8|C8|", "C", "1/8", [(0, "1/8"), (1, "4/4")], id="common time"),
        pytest.param("C4|C8|C8|", "C|", "1/8", [(0, "1/2"), (4, "2/2")], id="cut time"),
        pytest.param("C2|C6|C6|", "6/8", "1/8", [(0, "2/8"), (2, "6/8")], id="two eighths"),
        pytest.param("C3|C16|", "4/4", "1/16", [(0, "3/16"), (F(3, 2), "4/4")], id="3/16"),
        pytest.param("C|C8|", "2/4", "1/16", [(0, "1/16"), (F(1, 2), "2/4")], id="1/16"),
        pytest.param("C/|C16|", "4/4", "1/16", [(0, "1/32"), (F(1, 4), "4/4")], id="1/32"),
        pytest.param(
            "C|C5|C6|", "6/8", "1/8", [(0, "1/8"), (1, "5/8"), (6, "6/8")], id="short after it"
        ),
        pytest.param("|:C|C6|C5:|", "6/8", "1/8", [(0, "1/8"), (1, "6/8")], id="completed"),
        pytest.param(
            "C|C6|C5||:E|E6|E5:|", "6/8", "1/8", [(0, "1/8"), (1, "6/8")], id="next section"
        ),
        pytest.param("|:C|C6|[1C5:|[2C5|]", "6/8", "1/8", [(0, "1/8"), (1, "6/8")], id="endings"),
        pytest.param("C6|C3|", "6/8", "1/8", [(0, "6/8")], id="a short bar at the end"),
        pytest.param("C|", "6/8", "1/8", [(0, "6/8")], id="nothing but a short bar"),
        pytest.param(
            "C6|C3|C6|", "6/8", "1/8", [(0, "6/8"), (6, "3/8"), (9, "6/8")], id="too short"
        ),
        pytest.param(
            "C6|C6||:E|E6|E5:|",
            "6/8",
            "1/8",
            [(0, "6/8"), (12, "1/8"), (13, "6/8")],
            id="a pickup that completes nothing",
        ),
        pytest.param(
            "C6|C4|C4|C6|",
            "6/8",
            "1/8",
            [(0, "6/8"), (6, "4/8"), (14, "6/8")],
            id="too much for one bar",
        ),
        pytest.param(
            "C6|C7|C6|", "6/8", "1/8", [(0, "6/8"), (6, "7/8"), (13, "6/8")], id="too long"
        ),
        pytest.param("C|C6|Z3|C6|", "6/8", "1/8", [(0, "1/8"), (1, "6/8")], id="rest of bars"),
        pytest.param(
            "C6|C5||\nM:9/8\nE|E9|",
            "6/8",
            "1/8",
            [(0, "6/8"), (12, "9/8")],
            id="a new metre after the pickup",
        ),
        pytest.param("C/3|C6|", "6/8", "1/8", [(0, "6/8")], id="what no signature can say"),
    ],
)
def test_time_signatures(
    body: str, meter: str, unit: str, expected: list[tuple[Fraction, str]]
) -> None:
    assert signatures(body, meter, unit) == expected


def test_a_bar_of_too_many_beats_keeps_the_signature_of_its_metre() -> None:
    assert signatures("C6|" + "C64 " * 40 + "C/8|C6|") == [(0, "6/8")]


def test_a_pickup_lacks_the_start_of_its_bar_and_a_last_bar_its_end() -> None:
    music = music_of(read_tune("X:1\nM:6/8\nL:1/8\nK:C\n|:C|C6|C5:|\n"))
    missing = [time * 8 for time in missing_starts(music.bars)]
    assert missing == [5, 0, 0, 5, 0, 0]


LENGTHS = st.lists(st.sampled_from([1, 2, 4, 5, 6, 7, 12]), min_size=1, max_size=12)


@given(LENGTHS)
def test_every_bar_begins_where_the_signatures_let_one_begin(lengths: list[int]) -> None:
    """Count bars as a notation program does; each played bar begins at one, or completes one."""
    bars, now = [], F(0)
    for length in lengths:
        bars.append(PlayedBar(now, F(length, 8), Setting("6/8", F(1, 8), "C")))
        now += F(length, 8)
    found = list(time_signatures(bars))
    ends = [*(signature.onset for signature in found[1:]), now]
    counted: set[Fraction] = set()
    for one, following in zip(found, ends, strict=True):
        time, length = one.onset, F(one.numerator, one.denominator)
        while time < following:
            counted.add(time)
            time += length
        # Each signature comes at the end of a bar; only the last bar of all may be cut off.
        assert time == following or following == now
    for before, bar in zip([None, *bars], bars, strict=False):
        completes = before is not None and before.duration < F(6, 8) > bar.duration
        assert bar.onset in counted or completes


def test_a_short_bar_after_a_pickup_lacks_its_end_and_not_its_beginning() -> None:
    music = music_of(read_tune("X:1\nM:6/8\nL:1/8\nK:C\nC|C5|C6|C5|C|\n"))
    assert [start * 8 for start in missing_starts(music.bars)] == [5, 0, 0, 0, 5]
