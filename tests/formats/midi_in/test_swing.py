"""Swing is told only where most beats have it."""

from abcgen.formats.midi_in.line import Sound
from abcgen.formats.midi_in.swing import straightened, swing_of, triplets_of


def beats(*places: tuple[float, ...]) -> list[Sound]:
    times = [100 * (beat + part) for beat, parts in enumerate(places) for part in parts]
    return [Sound((60,), time, time + 1) for time in times]


def test_swing_is_measured() -> None:
    assert swing_of(beats(*[(0, 0.62)] * 9), 100) == 0.62


def test_few_beats_tell_nothing() -> None:
    assert swing_of(beats(*[(0, 0.62)] * 5), 100) is None


def test_even_dotted_and_triplet_beats_do_not_swing() -> None:
    assert swing_of(beats(*[(0, 0.5)] * 20), 100) is None
    assert swing_of(beats(*[(0, 0.75)] * 20), 100) is None
    assert swing_of(beats(*[(0, 1 / 3, 2 / 3)] * 20), 100) is None
    assert swing_of(beats(*[(0, 0.62), (0, 0.5)] * 20), 100) is None
    assert swing_of(beats(*[(0, 0.62, 0.8)] * 20), 100) is None


def test_time_without_swing() -> None:
    assert [straightened(time, 0.6, 100) for time in (0, 30, 60, 80, 100, 160)] == [
        0, 25, 50, 75, 100, 150,
    ]  # fmt: skip


def test_triplets_are_beats_with_both_thirds() -> None:
    times = [0, 34, 66, 100, 166, 200, 233, 275, 333, 368]
    assert triplets_of(times, 100) == {0, 3}
