"""What accompanies a tune with chord symbols: a bass and chords."""

from fractions import Fraction

import pytest

from abcgen.music.accompaniment import accompaniment
from abcgen.music.notes import music_of
from abcgen.music.performance import perform
from abcgen.notation.tune import read_tune

F = Fraction
C_BASS, C_CHORD, G_BASS = [36], [48, 52, 55], [43]


def sounds_of(body: str, meter: str) -> list[tuple[Fraction, Fraction, list[int]]]:
    """Return (onset, duration in eighths, pitches) of what sounds together."""
    music = music_of(read_tune(f"X:1\nM:{meter}\nL:1/8\nK:C\n{body}\n"))
    together: dict[tuple[Fraction, Fraction], list[int]] = {}
    for sound in accompaniment(music):
        together.setdefault((sound.onset * 8, sound.duration * 8), []).append(sound.pitch)
    return [(*times, pitches) for times, pitches in together.items()]


@pytest.mark.parametrize(
    ("body", "meter", "expected"),
    [
        pytest.param(
            '"C"c8|',
            "4/4",
            [(0, 2, C_BASS), (2, 2, C_CHORD), (4, 2, C_BASS), (6, 2, C_CHORD)],
            id="four",
        ),
        pytest.param(
            '"C"c6|', "3/4", [(0, 2, C_BASS), (2, 2, C_CHORD), (4, 2, C_CHORD)], id="three"
        ),
        pytest.param(
            '"C"c6|',
            "6/8",
            [(0, 1, C_BASS), (2, 1, C_CHORD), (3, 1, C_BASS), (5, 1, C_CHORD)],
            id="six",
        ),
        pytest.param(
            '"C"c2"G"c2|', "2/4", [(0, 2, C_BASS), (2, 2, G_BASS)], id="a new chord shows its bass"
        ),
        pytest.param(
            '"C"c>"G"B|', "2/4", [(0, F(3, 2), C_BASS)], id="cut where the next chord begins"
        ),
        pytest.param(
            '"C"c6|z4',
            "4/4",
            [(0, 2, C_BASS), (2, 2, C_BASS), (4, 2, C_CHORD), (6, 2, C_BASS), (8, 2, C_CHORD)],
            id="pickup",
        ),
        pytest.param('"C"c2"N.C."c2|c4|', "2/4", [(0, 2, C_BASS)], id="no chord"),
        pytest.param(
            '"C""G"c2"slowly"c2|', "2/4", [(0, 2, C_BASS), (2, 2, C_CHORD)], id="the first"
        ),
        pytest.param(
            '"C"c2"C#\u00b07"c2|c2"C"c2|', "2/4", [(0, 2, C_BASS), (6, 2, C_BASS)], id="unknown"
        ),
        pytest.param('"C"c2"Fine"c2|', "2/4", [(0, 2, C_BASS), (2, 2, C_CHORD)], id="Fine"),
        pytest.param('"C/G"c4|', "2/4", [(0, 2, G_BASS), (2, 2, C_CHORD)], id="another bass"),
        pytest.param("c4|", "2/4", [], id="without chords"),
    ],
)
def test_accompaniment(body: str, meter: str, expected: list[object]) -> None:
    assert sounds_of(body, meter) == expected


def test_chord_symbols_are_silent_while_they_are_off() -> None:
    one = read_tune('X:1\nM:2/4\nL:1/8\nK:C\n"C"c4|[I:MIDI gchordoff]"G"d4|[I:MIDI gchordon]d4|\n')
    heard = [(sound.onset, sound.pitch) for sound in perform(one).chords]
    assert heard == [(0, 36), *((F(1, 4), pitch) for pitch in C_CHORD), (1, 43)] + [
        (F(5, 4), pitch) for pitch in (50, 55, 59)
    ]
