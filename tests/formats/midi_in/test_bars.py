"""Bars: the metre of the file, and pickups that it says, fills with rests, or shows by its bass."""

import pytest

from abcgen.errors import CorpusError
from abcgen.formats.bar_text import QUARTER
from abcgen.formats.midi_in.bars import bars_of
from abcgen.formats.midi_in.harmony import Heard
from abcgen.formats.midi_in.line import Sound
from tests.formats.midi_in.made import TICKS, line, recording

EIGHTH = QUARTER // 2


def eighths(count: int, rest: int = 0) -> list[Sound]:
    return line((0, rest * EIGHTH), *[(60 + place % 5, EIGHTH) for place in range(count)])


def found(
    meters: list[tuple[int, int, int]], melody: list[Sound], bass: list[int] | None = None
) -> list[tuple[float, float, str]]:
    """Return begin and length of each bar in eighths, and its metre."""
    if bass is None:
        bass = []
    bars = bars_of(recording(meters=meters), melody, [place * EIGHTH for place in bass])
    return [(bar.onset / EIGHTH, bar.length / EIGHTH, bar.meter) for bar in bars]


def test_bars_of_one_metre() -> None:
    assert found([(0, 6, 8)], eighths(12)) == [(0, 6, "6/8"), (6, 6, "6/8")]
    assert found([(0, 2, 2)], eighths(8)) == [(0, 8, "C|")]


def test_a_pickup_with_a_time_signature_of_its_own() -> None:
    bars = found([(0, 1, 8), (TICKS // 2, 6, 8)], eighths(7))
    assert bars == [(0, 1, "6/8"), (1, 6, "6/8")]
    # A later bar of the same length is an odd one, and no metre that comes back.
    eighth, bar = TICKS // 2, 2 * 3 * TICKS
    later = [(0, 1, 8), (eighth, 6, 8), (eighth + bar, 1, 8), (2 * eighth + bar, 6, 8)]
    assert {meter for _, _, meter in found(later, eighths(26))} == {"6/8"}


def test_two_short_bars_with_time_signatures_of_their_own() -> None:
    eighth = TICKS // 2
    meters = [(0, 2, 8), (2 * eighth, 1, 8), (3 * eighth, 6, 8)]
    bars = [(0, 2, "6/8"), (2, 1, "6/8"), (3, 6, "6/8"), (9, 6, "6/8")]
    assert found(meters, eighths(15)) == bars
    # A full bar before them is no pickup.
    meters = [(0, 9, 8), (9 * eighth, 1, 8), (10 * eighth, 6, 8)]
    assert found(meters, eighths(22))[0] == (0, 9, "9/8")


def test_a_pickup_that_a_rest_fills() -> None:
    assert found([(0, 4, 4)], eighths(10, rest=6)) == [(6, 2, "4/4"), (8, 8, "4/4")]
    # A short rest is one, and a bar of nothing is left out.
    assert found([(0, 4, 4)], eighths(6, rest=2)) == [(0, 8, "4/4")]
    assert found([(0, 4, 4)], eighths(8, rest=8)) == [(8, 8, "4/4")]


def test_silent_bars_before_the_music_are_left_out_with_their_pickup() -> None:
    late = line((0, 25 * EIGHTH), *[(60, EIGHTH)] * 8)
    assert found([(0, 4, 4)], late, bass=[1, 9, 17, 25])[0] == (25, 8, "4/4")


def test_a_pickup_within_a_triplet_keeps_the_rest_of_its_beat() -> None:
    third = QUARTER // 3
    melody = line((0, 3 * QUARTER + 2 * third), (60, third), *[(62, EIGHTH)] * 8)
    assert found([(0, 4, 4)], melody)[0] == (6, 2, "4/4")


def test_a_pickup_before_the_first_bass_note() -> None:
    bars = found([(0, 4, 4)], eighths(17), bass=[1, 5, 9, 13])
    assert bars == [(0, 1, "4/4"), (1, 8, "4/4"), (9, 8, "4/4")]
    # A bass that begins later, but plays on the bar lines of the file, says nothing.
    assert found([(0, 4, 4)], eighths(16), bass=[4, 8, 12, 16])[0] == (0, 8, "4/4")


def test_silence_before_music_that_begins_late_is_no_pickup() -> None:
    late = eighths(30, rest=2)
    assert found([(0, 4, 4)], late, bass=[2, 10, 18, 26])[0] == (2, 8, "4/4")
    # Nor is it where the file has another metre until then.
    assert found([(0, 4, 4), (TICKS, 6, 8)], eighths(12, rest=2))[0] == (2, 6, "6/8")


def test_chords_that_change_a_beat_late_move_the_bars() -> None:
    chords = ((48, 52, 55), (53, 57, 60), (55, 59, 62))
    heard = [
        Heard((2 + 8 * bar + 2 * beat) * EIGHTH, QUARTER, pitch)
        for bar in range(6)
        for beat in range(4)
        for pitch in chords[bar % 3]
    ]
    melody = eighths(44, rest=6)  # with a pickup of half a bar
    bars = bars_of(recording(meters=[(0, 4, 4)]), melody, [], heard)
    assert [(bar.onset / EIGHTH, bar.length / EIGHTH) for bar in bars[:2]] == [(6, 4), (10, 8)]


def test_metres_that_change_and_one_odd_bar() -> None:
    changes = found([(0, 4, 4), (4 * TICKS, 3, 4), (10 * TICKS, 4, 4)], eighths(28))
    assert changes == [(0, 8, "4/4"), (8, 6, "3/4"), (14, 6, "3/4"), (20, 8, "4/4")]
    odd = found([(0, 4, 4), (4 * TICKS, 5, 4), (9 * TICKS, 4, 4)], eighths(34))
    assert odd == [(0, 8, "4/4"), (8, 10, "4/4"), (18, 8, "4/4"), (26, 8, "4/4")]


def test_the_metre_of_a_file_without_one() -> None:
    assert found([], eighths(16))[1] == (8, 8, "4/4")
    # Notes of a quarter and a half, and a bass, on every third beat.
    waltz = line(*[(60, 4 * EIGHTH), (62, 2 * EIGHTH)] * 8)
    assert found([], waltz, bass=list(range(0, 48, 6)))[:2] == [(0, 6, "3/4"), (6, 6, "3/4")]
    thirds = line(*[(60, 7 * EIGHTH)] * 12)
    with pytest.raises(CorpusError, match="says no metre"):
        found([], thirds)


def test_a_file_of_too_many_bars_is_refused() -> None:
    with pytest.raises(CorpusError, match="more than 2000 bars"):
        found([(0, 1, 8)], [*eighths(8), Sound((60,), 2500 * EIGHTH, 2501 * EIGHTH)])


def test_chords_tell_the_metre_of_a_file_without_one() -> None:
    """The notes begin on all beats, and chords change with the bars, which begin a beat late."""
    chords = ((48, 52, 55), (53, 57, 60), (55, 59, 62))
    for beats, meter in ((3, "3/4"), (4, "4/4")):
        heard = [
            Heard((1 + beats * bar + beat) * QUARTER, QUARTER, pitch)
            for bar in range(12)
            for beat in range(beats)
            for pitch in chords[bar % 3]
        ]
        melody = eighths(24 * beats, rest=2)
        bars = bars_of(recording(), melody, [note.onset for note in heard], heard)
        assert (bars[0].meter, bars[0].onset) == (meter, QUARTER)
