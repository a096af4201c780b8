"""Bar lines where the chords change, in files whose music begins a beat late."""

import pytest

from abcgen.formats.bar_text import QUARTER, WHOLE
from abcgen.formats.midi_in.downbeats import by_bass, by_changes, standing_out
from abcgen.formats.midi_in.harmony import Heard

C, F, G = (48, 52, 55), (53, 57, 60), (55, 59, 62)


def strummed(*chords: tuple[int, ...], late: int, beats: int = 4) -> list[Heard]:
    """Return a chord for each bar, struck on its beats, after some beats of silence."""
    return [
        Heard((late + bar * beats + beat) * QUARTER, QUARTER, pitch)
        for bar, chord in enumerate(chords)
        for beat in range(beats)
        for pitch in chord
    ]


@pytest.mark.parametrize("late", [1, 2, 3])
def test_music_that_begins_late(late: int) -> None:
    heard = strummed(C, F, C, G, C, late=late)
    assert by_changes(WHOLE, heard[0].onset, heard) == late * QUARTER
    waltz = strummed(C, F, C, G, C, late=1, beats=3)
    assert by_changes(3 * QUARTER, QUARTER, waltz) == QUARTER


def test_a_pickup_of_all_parts_does_not_move_the_bars() -> None:
    heard = [*strummed(G, late=3, beats=1), *strummed(C, F, C, G, C, late=4)]
    assert by_changes(WHOLE, 3 * QUARTER, heard) == 0


def test_music_that_begins_with_the_file_or_says_nothing() -> None:
    assert by_changes(WHOLE, 0, strummed(C, F, C, late=0)) == 0
    assert by_changes(WHOLE, QUARTER, strummed(C, C, C, C, late=1)) == 0
    assert by_changes(WHOLE, 2 * QUARTER, []) == 0
    assert by_changes(WHOLE // 64, QUARTER, strummed(C, F, C, late=1)) == 0  # no beat fits in


def test_a_bass_that_begins_with_the_first_full_bar() -> None:
    later = [QUARTER + bar * WHOLE for bar in range(4)]
    assert by_bass(WHOLE, later) == QUARTER
    assert by_bass(WHOLE, [bar * WHOLE for bar in range(4)]) == 0
    assert by_bass(WHOLE, []) == 0


def test_the_changes_stand_out_in_the_metre_of_the_music() -> None:
    waltz, march = (strummed(*[C, F, C, G] * 4, late=1, beats=beats) for beats in (3, 4))
    assert standing_out(3 * QUARTER, waltz) > 1.2 * standing_out(WHOLE, waltz)
    assert standing_out(WHOLE, march) > 1.2 * standing_out(3 * QUARTER, march)
    assert standing_out(WHOLE, strummed(C, F, C, late=0)) == 0
    assert standing_out(WHOLE, []) == 0


def test_some_chords_that_come_a_beat_early_do_not_move_the_bars() -> None:
    """The notes change there a little more than on the bar lines, which says too little."""
    heard = strummed(C, late=3, beats=1)
    for bar in range(16):
        chord, following = (C, F) if bar % 2 == 0 else (F, C)
        beats = (chord, chord, chord, chord if bar % 2 else following)
        for beat, pitches in enumerate(beats):
            heard += strummed(pitches, late=4 + 4 * bar + beat, beats=1)
    assert by_changes(WHOLE, 3 * QUARTER, heard) == 0
