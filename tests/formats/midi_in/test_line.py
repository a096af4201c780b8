"""One line of notes: the highest ones, and double stops together."""

import itertools

from abcgen.formats.midi_in.line import Sound, line_of
from tests.formats.midi_in.made import TICKS, part


def heard(*timed: tuple[int, int, int]) -> list[tuple[tuple[int, ...], float, float]]:
    sounds = line_of(sorted(part(timed).notes, key=lambda n: (n.onset, n.pitch)), TICKS)
    return [(sound.pitches, sound.onset, sound.end) for sound in sounds]


def test_a_double_stop_in_a_melody_stays() -> None:
    found = heard((60, 0, 240), (64, 240, 480), (67, 240, 480), (60, 480, 720))
    assert found == [((60,), 0, 240), ((64, 67), 240, 480), ((60,), 480, 720)]


def test_of_chords_only_the_highest_notes_are_melody() -> None:
    chords = [(p, place * 240, place * 240 + 240) for place in range(4) for p in (60, 64, 67)]
    assert heard(*chords) == [((67,), n * 240, n * 240 + 240) for n in range(4)]


def test_notes_that_are_played_almost_together_are_together() -> None:
    found = heard((60, 0, 240), (62, 240, 470), (65, 246, 476), (60, 480, 700))
    assert found[1] == ((62, 65), 240, 476)


def test_a_strummed_chord_is_one() -> None:
    """Each of its strings sounds when the next is struck; grace notes end before."""
    strummed = [(60, 0, 460), (64, 25, 460), (67, 50, 460)]
    assert heard(*strummed, (60, 480, 940), (64, 500, 940), (67, 520, 940)) == [
        ((67,), 0, 460),
        ((67,), 480, 940),
    ]
    # The last string may be the one on the beat, and strings a twelfth of a beat apart.
    assert heard((60, 440, 940), (67, 480, 940), (60, 960, 1420)) == [
        ((60, 67), 480, 940),
        ((60,), 960, 1420),
    ]
    assert len(heard((62, 0, 25), (64, 25, 50), (67, 50, 460))) == 3


def test_fast_notes_of_one_pitch_stay_two() -> None:
    assert len(heard((60, 0, 8), (60, 8, 16), (62, 16, 240))) == 3


def test_a_long_note_ends_where_the_next_begins() -> None:
    assert heard((60, 0, 300), (62, 240, 480)) == [((60,), 0, 240), ((62,), 240, 480)]


def test_a_low_note_under_a_melody_note_is_left_out() -> None:
    assert heard((72, 0, 960), (50, 240, 480), (74, 960, 1200)) == [
        ((72,), 0, 960),
        ((74,), 960, 1200),
    ]


def test_no_note_sounds_when_the_next_begins() -> None:
    timed = [(60 + n % 7, n * 37, n * 37 + 100) for n in range(50)]
    sounds: list[Sound] = line_of(part(timed).notes, TICKS)
    assert all(a.end <= b.onset for a, b in itertools.pairwise(sounds))
