"""The key: its name where the file has it, else its signature with the mode that fits the notes."""

import pytest

from abcgen.formats.midi_in.harmony import Harmony, Heard
from abcgen.formats.midi_in.keys import keys_of
from tests.formats.midi_in.made import TICKS, line, recording

C, G, A_MINOR = Harmony(0, "", 0), Harmony(7, "", 7), Harmony(9, "m", 9)
#: C, then G, as they are played.
PLAYED = [
    Heard(onset, length, pitch)
    for onset, length, pitches in ((0, 30240, (48, 52, 55)), (30240, 10080, (43, 47, 50)))
    for pitch in pitches
]
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


def test_where_all_notes_sound_as_long_a_melody_begins_and_ends_with_its_tonic() -> None:
    scale = [60, 62, 64, 65, 67, 69, 71]
    for tonic, key in ((60, "C"), (69, "Am"), (62, "Ddor")):
        notes = [(pitch, 5040) for pitch in (tonic, *scale, tonic)]
        assert keys_of(recording(), line(*notes)) == [(0, key)]


def test_the_chords_speak_for_the_tonic() -> None:
    """Where a tune ends on the fifth of its chord."""
    notes = line(*[(pitch, 5040) for pitch in (72, 76, 72, 71, 72, 76, 69, 76)])
    said = recording()
    assert keys_of(said, notes) == [(0, "C")]
    assert keys_of(said, notes, (), [(0, A_MINOR), (35280, A_MINOR)]) == [(0, "Am")]


@pytest.mark.parametrize("quality", ["", "7", "sus4"])
def test_what_is_cut_off_after_the_dominant_is_in_the_key_it_began_in(quality: str) -> None:
    """Music that is to begin again ends so, and so does a file that stops too early."""
    notes = line(*[(pitch, 5040) for pitch in (64, 65, 67, 60, 64, 65, 67, 67)])
    chords = [(0, C), (30240, G._replace(quality=quality))]
    assert keys_of(recording(), notes, PLAYED, chords) == [(0, "C")]


def test_a_melody_that_ends_with_another_note_of_its_chord() -> None:
    """Without chords, what sounds longest tells, not the last note alone."""
    pitches = (60, 60, 64, 67, 67, 60, 64, 62, 60, 60, 59, 62, 60, 60, 64, 65, 67)
    assert keys_of(recording(), line(*[(pitch, 5040) for pitch in pitches])) == [(0, "C")]


def test_a_dominant_that_leads_in_is_no_first_chord() -> None:
    notes = line(*[(pitch, 5040) for pitch in (67, 64, 65, 67, 69, 67, 65, 67, 67)])
    seventh = G._replace(quality="7")
    chords = [(0, seventh), (5040, C), (40320, seventh)]
    assert keys_of(recording(), notes, PLAYED, chords) == [(0, "C")]


def test_a_key_that_one_track_says_counts_more_than_none_in_another() -> None:
    two = recording(keys=[(0, 2, False), (0, 0, False)])
    assert keys_of(two, ON_D) == [(0, "D")]


def test_no_sharps_and_flats_may_mean_that_nobody_said_a_key() -> None:
    """Many programs write so; the notes of a tune in A have three sharps."""
    in_a = line(*[(pitch, 5040) for pitch in (69, 73, 76, 71, 68, 66, 74, 76, 73, 69)])
    assert keys_of(recording(keys=[(0, 0, False)]), in_a) == [(0, "A")]
    # Five notes have no accidentals in several keys.
    in_g = line(*[(pitch, 5040) for pitch in (67, 69, 71, 74, 76, 74, 71, 67, 69, 67)])
    assert keys_of(recording(keys=[(0, 0, False)]), in_g) == [(0, "G")]
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
