"""Thirds that no part plays are those of the melody, or of the key."""

import pytest

from abcgen.formats.bar_text import WHOLE
from abcgen.formats.midi_in.harmony import Harmony, Heard
from abcgen.formats.midi_in.line import Sound
from abcgen.formats.midi_in.thirds import with_thirds

C, D, E, G, A, B = 0, 2, 4, 7, 9, 11


def quality_of(
    key: str, root: int, quality: str, accompaniment: tuple[int, ...], melody: int
) -> str:
    heard = [Heard(0, WHOLE, pitch) for pitch in accompaniment]
    line = [Sound((melody,), 0, WHOLE)]
    ((_, chord),) = with_thirds([(0, Harmony(root, quality, root))], heard, line, key)
    return chord.quality


@pytest.mark.parametrize(
    ("key", "root", "quality", "expected"),
    [
        ("C", A, "", "m"),
        ("Bm", B, "7", "m7"),
        ("C", G, "7", "7"),
        ("C", C, "m", ""),
        ("Am", E, "7", "7"),  # the dominant
        ("Ador", D, "m", ""),
        ("C", D, "sus4", "sus4"),
    ],
)
def test_a_third_that_is_not_played(key: str, root: int, quality: str, expected: str) -> None:
    fifths = (36 + root, 43 + root)
    assert quality_of(key, root, quality, fifths, 60 + root) == expected


def test_a_third_that_sounds_stays() -> None:
    assert quality_of("C", A, "", (45, 52), 61) == ""  # the melody has C sharp
    assert quality_of("C", A, "", (45, 52, 61), 69) == ""


def test_a_third_that_only_the_melody_has_is_that_of_the_chord() -> None:
    assert quality_of("D", B, "", (47, 54), 62) == "m"
    assert quality_of("C", C, "7", (48, 55, 58), 63) == "m7"
    assert quality_of("Am", E, "m", (40, 47), 68) == ""
    # Both thirds, as in a blues, tell nothing.
    assert quality_of("C", C, "7", (48, 55, 58, 64), 63) == "7"


def test_what_sounds_before_does_not_count() -> None:
    heard = [Heard(0, WHOLE, 61), Heard(WHOLE, WHOLE, 45)]
    chords = [(0, Harmony(A, "", A)), (WHOLE, Harmony(A, "", A))]
    found = with_thirds(chords, heard, [], "C")
    assert [chord.quality for _, chord in found] == ["", "m"]
