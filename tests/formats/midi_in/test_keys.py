"""The key: its name where the file has it, else its signature with the mode that fits the notes."""

import pytest

from abcgen.formats.midi_in.harmony import Harmony
from abcgen.formats.midi_in.keys import keys_of
from tests.formats.midi_in.made import TICKS, line, recording

C, G, A_MINOR = Harmony(0, "", 0), Harmony(7, "", 7), Harmony(9, "m", 9)
#: Ends on D, and is mostly D and A.
ON_D = line(*[(pitch, 5040) for pitch in (62, 64, 66, 69, 67, 66, 64, 69, 61, 62, 62)])
#: The white notes, ending on D.
WHITE_ON_D = line(*[(pitch, 5040) for pitch in (62, 65, 69, 71, 72, 69, 67, 62, 60, 62)])


@pytest.mark.parametrize(
    ("said", "key"),
    [((2, False), "D"), ((1, False), "Dmix"), ((-1, True), "Dm"), ((0, True), "Ddor")],
)
def test_the_mode_is_that_of_the_last_note(said: tuple[int, bool], key: str) -> None:
    notes = WHITE_ON_D if said[1] else ON_D
    assert keys_of(recording(keys=[(0, *said)]), notes) == [(0, key)]


def test_a_file_without_key_gets_the_one_that_fits() -> None:
    assert keys_of(recording(), ON_D) == [(0, "D")]
    assert keys_of(recording(), WHITE_ON_D) == [(0, "Ddor")]


def test_the_last_note_decides_where_all_sound_as_long() -> None:
    scale = [60, 62, 64, 65, 67, 69, 71]
    for last, key in ((60, "C"), (69, "Am"), (62, "Ddor"), (67, "Gmix")):
        notes = [(pitch, 5040) for pitch in (*scale, last)]
        assert keys_of(recording(), line(*notes)) == [(0, key)]


def test_the_chords_speak_for_the_tonic() -> None:
    """Where a tune ends on the third of its chord."""
    notes = line(*[(pitch, 5040) for pitch in (69, 72, 69, 71, 69, 76, 69, 72)])
    said = recording()
    assert keys_of(said, notes) == [(0, "C")]
    assert keys_of(said, notes, (), [(0, A_MINOR), (35280, A_MINOR)]) == [(0, "Am")]


def test_a_half_close_at_the_end_is_no_tonic() -> None:
    """The music ends with the dominant, G7, and begins again in C."""
    notes = line(*[(pitch, 5040) for pitch in (64, 65, 67, 69, 67, 65, 67, 67)])
    assert keys_of(recording(), notes, (), [(0, C), (30240, G)]) == [(0, "Gmix")]
    assert keys_of(recording(), notes, (), [(0, C), (30240, G._replace(quality="7"))]) == [(0, "C")]


def test_a_half_close_may_end_without_its_seventh() -> None:
    notes = line(*[(pitch, 5040) for pitch in (64, 65, 67, 69, 67, 65, 67, 67)])
    chords = [(0, C), (20160, G._replace(quality="7")), (30240, G)]
    assert keys_of(recording(), notes, (), chords) == [(0, "C")]


def test_a_dominant_that_leads_in_is_no_first_chord() -> None:
    notes = line(*[(pitch, 5040) for pitch in (67, 64, 65, 67, 69, 67, 65, 67, 67)])
    seventh = G._replace(quality="7")
    chords = [(0, seventh), (5040, C), (40320, seventh)]
    assert keys_of(recording(), notes, (), chords) == [(0, "C")]


def test_a_key_that_one_track_says_counts_more_than_none_in_another() -> None:
    two = recording(keys=[(0, 2, False), (0, 0, False)])
    assert keys_of(two, ON_D) == [(0, "D")]


def test_no_sharps_and_flats_may_mean_that_nobody_said_a_key() -> None:
    """Many programs write so; the notes of a tune in A have three sharps."""
    in_a = line(*[(pitch, 5040) for pitch in (69, 73, 76, 71, 68, 66, 74, 76, 73, 69)])
    assert keys_of(recording(keys=[(0, 0, False)]), in_a) == [(0, "A")]
    # One accidental is one.
    almost = line(*[(pitch, 5040) for pitch in (60, 64, 67, 66, 67, 64, 65, 62, 59, 60) * 2])
    assert keys_of(recording(keys=[(0, 0, False)]), almost) == [(0, "C")]


def test_a_marker_names_the_key() -> None:
    named = recording(keys=[(0, 2, False)])
    named.markers.append((0, "K:Edor"))
    assert keys_of(named, ON_D) == [(0, "Edor")]
    # One of another signature is about something else.
    named.markers = [(0, "K:Eb"), (0, "K:nonsense")]
    assert keys_of(named, ON_D) == [(0, "D")]


def test_a_key_that_changes() -> None:
    changing = recording(keys=[(0, 2, False), (TICKS * 2, 1, False)])
    later = line(*[(62, 10080)] * 2, *[(67, 10080)] * 4)
    assert keys_of(changing, later) == [(0, "D"), (2 * 10080, "G")]
