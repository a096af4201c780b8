"""Which chord some notes make."""

import pytest

from abcgen.formats.bar_text import QUARTER
from abcgen.formats.midi_in.harmony import Harmony, Heard, Judged, harmony_of

C, G = Harmony(0, "", 0), Harmony(7, "", 7)


def judged(*beats: tuple[int, ...], before: Harmony | None = None) -> Judged:
    """Return the chord of notes, those of each beat together."""
    notes = [
        Heard(beat * QUARTER, QUARTER, pitch)
        for beat, pitches in enumerate(beats)
        for pitch in pitches
    ]
    return harmony_of(notes, before, {})


TRIAD = (60, 64, 67)


@pytest.mark.parametrize(
    ("beats", "chord", "certain"),
    [
        ([(36,), TRIAD, (43,), TRIAD], (0, "", 0), True),  # the bass goes to the fifth and back
        ([(50,), (54, 57, 62), (45,), (54, 57, 62)], (2, "", 2), True),  # a bass in the middle
        ([(40, *TRIAD)], (0, "", 4), True),  # the third is in the bass
        ([(38, *TRIAD)], (0, "", 0), True),  # not its second note
        ([(36,), TRIAD, (38,), TRIAD], (0, "", 0), True),  # it walks
        ([(40, 52, 55, 59), (36, 52, 55, 60)], (0, "maj7", 0), False),  # Em, then C
        ([TRIAD, TRIAD, (62, 65, 71)], (0, "", 0), False),
        # A root that hardly sounds is none; G and C over a bass are mostly G.
        ([(55, 59, 62)] * 5 + [(55, 60, 64)], (7, "", 7), True),
        ([(43, 55, 59, 62), (43, 55, 60, 64)], (7, "", 7), False),
        # On C, C6 has the notes of Am7, and what begins on its root is most of C.
        ([(48,), (45,), (43,)], (0, "6", 0), False),
        ([(36, 64, 67, 69, 71)], (0, "6", 0), False),
        ([(36, 60, 64, 67, 69, 71)], (0, "", 0), False),
        # A bass may begin with another note of a chord than its root.
        ([(45, 57, 62, 66), (42, 57, 62, 66)], (2, "", 2), True),
        # A piano's bass walks in octaves, and plays a root that is missing above.
        ([(36, 48), TRIAD, (38, 50), TRIAD], (0, "", 0), True),
        ([(38, 50), (54, 57, 60), (45, 57), (54, 57, 60)], (2, "7", 2), True),
    ],
)
def test_chords(beats: list[tuple[int, ...]], chord: tuple[int, str, int], certain: bool) -> None:
    found = judged(*beats)
    assert found.chord == chord
    assert (found.share >= 0.85) == certain


def test_a_fifth_in_the_bass_of_the_chord_before_is_no_other_chord() -> None:
    assert judged((43, *TRIAD), before=C) == (1, C)
    assert judged((43, *TRIAD), before=G).chord == Harmony(0, "", 7)


def test_a_seventh_chord_goes_on_without_its_root() -> None:
    seventh = Harmony(2, "7", 2)
    assert judged((45, 54, 57, 60), before=seventh).chord == seventh
    assert judged((45, 54, 57, 60), before=C).chord.quality == "dim"


def test_two_notes_of_the_chord_before_are_no_other_chord() -> None:
    minor = Harmony(4, "m", 4)
    assert judged((40, 47, 52), before=minor) == (1, minor)
    assert judged((40, 47, 52), before=C).chord.root == 4


def test_a_note_alone() -> None:
    assert judged((43,), before=C) == (1, C)
    # Where it is played on and on in the bass, it is a root.
    assert judged((43,), (43, 55), (43, 55), before=C).chord.root == 7
    alone = judged((45,), before=C)
    assert (alone.chord, alone.share < 0.85) == (Harmony(9, "", 9), True)


def test_notes_too_short_for_the_grid_count() -> None:
    notes = [Heard(0, 0, pitch) for pitch in (60, 61, 62, 66)]
    assert harmony_of(notes, None, {}).share < 0.85
