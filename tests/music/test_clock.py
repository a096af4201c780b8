"""Whole notes in seconds."""

from fractions import Fraction

import pytest

from abcgen.music.clock import Clock

F = Fraction
CLOCK = Clock([(F(0), 240), (F(2), 120), (F(3), 480)])  # a whole note takes 1, 2 and 0.5 s


@pytest.mark.parametrize(
    ("time", "seconds"), [(0, 0), (F(3, 2), 1.5), (2, 2), (F(5, 2), 3), (3, 4), (5, 5)]
)
def test_the_time_of_a_moment(time: Fraction, seconds: float) -> None:
    assert CLOCK.at(F(time)) == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("onset", "duration", "seconds"), [(0, 1, 1), (1, 1, 1), (1, 2, 3), (2, 1, 2), (0, 5, 5)]
)
def test_a_note_across_changes_of_tempo(onset: int, duration: int, seconds: float) -> None:
    assert CLOCK.lasting(F(onset), F(duration)) == pytest.approx(seconds)


def test_equal_notes_of_one_tempo_are_equally_long() -> None:
    assert len({CLOCK.lasting(F(n, 7), F(1, 8)) for n in range(13)}) == 1
