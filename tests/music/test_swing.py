"""Swing: off-beat eighths come later, and nothing else moves."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abcgen.errors import UsageError
from abcgen.music.notes import Music, music_of
from abcgen.music.ornaments import play_ornaments
from abcgen.music.swing import swung
from abcgen.notation.tune import read_tune

F = Fraction


def music(body: str, meter: str = "4/4") -> Music:
    return music_of(read_tune(f"X:1\nM:{meter}\nL:1/8\nK:C\n{body}\n"), ornaments=True)


def onsets(body: str, meter: str = "4/4", swing: float = 0.6) -> list[Fraction]:
    """Return the onsets in eighths."""
    return [note.onset * 8 for note in swung(music(body, meter), swing).notes]


@pytest.mark.parametrize(
    ("body", "meter", "expected"),
    [
        pytest.param("CDEF", "4/4", [0, F(6, 5), 2, F(16, 5)], id="eighths"),
        pytest.param("CDEF", "C|", [0, F(6, 5), 2, F(16, 5)], id="cut time"),
        pytest.param("CDE CDE", "6/8", range(6), id="a jig does not swing"),
        pytest.param("CDE", "3/8", range(3), id="nor do metres in eighths"),
        pytest.param("(3CDE C", "4/4", [0, F(2, 3), F(4, 3), 2], id="nor do triplets"),
        pytest.param("(3C/D/E/ (3C/D/E/", "4/4", [F(i, 3) for i in range(6)], id="nor small ones"),
        pytest.param("C>D E2", "4/4", [0, F(3, 2), 2], id="nor what is dotted"),
        pytest.param("C/D/E/F/", "4/4", [0, F(3, 5), F(6, 5), F(8, 5)], id="sixteenths"),
        pytest.param("C E2 C", "4/4", [0, F(6, 5), F(16, 5)], id="syncopes"),
        pytest.param("C|DEFGABcd|", "4/4", [F(1, 5), *[1 + 2 * (i // 2) + F(6, 5) * (i % 2)
            for i in range(8)]], id="a pickup is off the beat"),
        pytest.param("C2|C8|C7|", "4/4", [0, 2, 10], id="a pickup of a beat"),
        pytest.param("C6 C3/2 A>B|C|", "4/4", [0, 6, F(15, 2), 9, F(19, 2)], id="a beat cut off"),
        pytest.param("C8|C6 D|E|F8|", "4/4", [0, 8, 14, F(76, 5), 16], id="and one in the middle"),
    ],
)  # fmt: skip
def test_off_beat_eighths_come_later(body: str, meter: str, expected: list[Fraction]) -> None:
    assert onsets(body, meter) == list(expected)


def test_an_end_moves_like_the_beginning_that_it_meets() -> None:
    notes = swung(music("CDEF"), 2 / 3).notes
    assert [note.duration * 8 for note in notes] == [F(4, 3), F(2, 3)] * 2


def test_bars_duration_and_chords() -> None:
    straight = music('"C"C"G"DEF GABc|')
    result = swung(straight, 0.6)
    assert (result.bars, result.duration) == (straight.bars, straight.duration)
    assert [chord.onset * 8 for chord in result.chords] == [0, F(6, 5)]


def test_ornaments_are_played_on_swung_notes() -> None:
    notes = play_ornaments(swung(music("C{g}D"), 0.6).notes)
    expected = [(60, 0), (79, F(6, 5)), (62, F(6, 5) + F(1, 4))]
    assert [(note.pitch, note.onset * 8) for note in notes] == expected


@pytest.mark.parametrize("swing", [0.49, 0.91, -1, float("nan"), float("inf")])
def test_a_swing_that_makes_no_sense_is_refused(swing: float) -> None:
    with pytest.raises(UsageError, match=r"the swing must be 0\.5 \(straight\) to 0\.9, not"):
        swung(music("CDEF"), swing)


PIECES = ["C2", "D", "E/", "F3/2", "G3", "(3ABc", "(3A/B/c/", "z", "A>B", "[CE]2", "|", "c-c"]


@given(st.lists(st.sampled_from(PIECES), max_size=12), st.sampled_from([0.5, 0.6, 0.67, 0.9]))
def test_notes_keep_their_order_and_sound(pieces: list[str], swing: float) -> None:
    straight = music(f"{' '.join(pieces)} C|")
    result = swung(straight, swing)
    assert all(note.duration > 0 for note in result.notes)
    assert max(note.onset + note.duration for note in result.notes) <= straight.duration
    times = {
        time: moved
        for a, b in zip(straight.notes, result.notes, strict=True)
        for time, moved in ((a.onset, b.onset), (a.onset + a.duration, b.onset + b.duration))
    }
    ordered = [times[time] for time in sorted(times)]
    assert ordered == sorted(set(ordered))
    if swing == 0.5:
        assert result == straight
