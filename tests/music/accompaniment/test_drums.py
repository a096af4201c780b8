from fractions import Fraction

import pytest
from hypothesis import given, settings

from abcgen.music.accompaniment import accompany
from abcgen.music.notes import music_of
from abcgen.notation.tune import read_tune
from tests.music.accompaniment.tunes import tunes

DEEP, OPEN, LIGHT = 41, 64, 62


def strokes(text: str) -> list[tuple[Fraction, int]]:
    """Return (onset in eighths, key) of what the drum plays."""
    tune = read_tune(text)
    parts = accompany(tune, music_of(tune), accompaniment="none", drums=True)
    return [(sound.onset * 8, sound.pitch) for part in parts for sound in part.sounds]


@pytest.mark.parametrize(
    ("rhythm", "meter", "expected"),
    [
        ("jig", "6/8", [(0, DEEP), (1, LIGHT), (2, LIGHT), (3, OPEN), (4, LIGHT), (5, LIGHT)]),
        ("polka", "2/4", [(0, DEEP), (1, OPEN), (2, DEEP), (3, OPEN)]),
        ("waltz", "3/4", [(0, DEEP), (2, LIGHT), (4, LIGHT)]),
        ("air", "4/4", [(0, DEEP), (4, OPEN)]),
        ("", "5/4", [(0, DEEP), (2, LIGHT), (4, DEEP), (6, LIGHT), (8, LIGHT)]),
    ],
)
def test_patterns(rhythm: str, meter: str, expected: list[object]) -> None:
    eighths = int(Fraction(meter) * 8)
    text = f"X:1\nR:{rhythm}\nM:{meter}\nL:1/8\nK:C\n{'c' * eighths}|z{eighths}|\n"
    assert strokes(text) == expected


def test_it_waits_for_the_first_bar_and_stops_at_the_last_note() -> None:
    found = strokes("X:1\nR:reel\nM:4/4\nL:1/8\nK:C\nd2|c8|c4 c4|\n")
    assert found[0] == (2, DEEP)
    assert found[-1] == (14, DEEP)
    assert strokes("X:1\nR:reel\nM:4/4\nL:1/8\nK:C\nz8|\n") == []


@settings(max_examples=30)
@given(tunes())
def test_it_keeps_within_the_tune(text: str) -> None:
    tune = read_tune(text)
    music = music_of(tune)
    for part in accompany(tune, music, accompaniment="none", drums=True):
        assert part.drums
        ends = [sound.onset + sound.duration for sound in part.sounds]
        assert all(sound.duration > 0 for sound in part.sounds)
        assert max(ends) <= music.duration
