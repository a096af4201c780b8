"""Chord symbols are found again in the other parts."""

import pytest

from abcgen.formats.bar_text import WHOLE
from abcgen.formats.midi import midi_of
from abcgen.formats.midi_in import abc_of_midi
from abcgen.formats.midi_in.bars import Bar
from abcgen.formats.midi_in.chords import chords_of
from abcgen.formats.midi_in.events import Part
from abcgen.formats.midi_in.heard import heard_in
from abcgen.formats.midi_in.line import line_of
from abcgen.music.notes import music_of
from abcgen.notation.tune import read_tune
from tests.formats.midi_in.made import TICKS, part

BARS = [Bar(place * WHOLE, (place + 1) * WHOLE, "4/4", WHOLE) for place in range(4)]
MELODY = part([(72, 0, 4 * 4 * TICKS)], track=1)


C, D = (48, 52, 55), (50, 54, 57)


def played(*timed: tuple[int, int, int]) -> Part:
    """Return a part of notes with times in beats."""
    return part([(pitch, a * TICKS, b * TICKS) for pitch, a, b in timed], track=2)


def found(*timed: tuple[int, int, int], key: str = "C") -> list[tuple[float, str]]:
    """Return chords and their bars of an accompaniment, with times in beats."""
    heard = heard_in([MELODY, played(*timed)], MELODY, TICKS, line_of(MELODY.notes, TICKS))
    return [(onset / WHOLE, symbol) for onset, symbol in chords_of(heard, BARS, key)]


def block(pitches: tuple[int, ...], begin: int, end: int) -> list[tuple[int, int, int]]:
    return [(pitch, begin, end) for pitch in pitches]


def test_block_chords() -> None:
    first, second = block((48, 52, 55), 0, 4), block((53, 57, 60), 4, 8)
    assert found(*first, *second) == [(0, "C"), (1, "F")]


def test_two_chords_in_a_bar_and_a_bass() -> None:
    first, second = block((36, 52, 55, 60), 0, 2), block((43, 53, 55, 59, 62), 2, 4)
    assert found(*first, *second) == [(0, "C"), (0.5, "G7")]
    assert found(*block((40, 52, 55, 60), 0, 4)) == [(0, "C/E")]
    # Without a bass, what is lowest in a chord says nothing.
    assert found(*block((52, 55, 60), 0, 4)) == [(0, "C")]


def test_a_chord_that_is_broken_up() -> None:
    arpeggio = [(p, place, place + 1) for place, p in enumerate((45, 60, 64, 69))]
    assert found(*arpeggio) == [(0, "Am")]


def test_three_chords_in_a_bar_of_three_halves() -> None:
    halves = [block(pitches, 2 * n, 2 * n + 2) for n, pitches in enumerate([C, D, C])]
    heard = heard_in([MELODY, played(*halves[0], *halves[1], *halves[2])], MELODY, TICKS, ())
    whole = 3 * WHOLE // 2
    assert chords_of(heard, [Bar(0, whole, "3/2", whole)], "C") == [
        (0, "C"),
        (whole // 3, "D"),
        (2 * whole // 3, "C"),
    ]


def test_a_chord_that_rings_on_over_a_bar_line_is_that_of_its_bar() -> None:
    """The guitar strikes F at the third beat of a bar, and in the next one C after its bass."""
    first = [*block((41,), 0, 2), *block((53, 57, 60), 2, 5)]
    second = [*block((36,), 4, 6), *block((48, 52, 55), 6, 8)]
    assert found(*first, *second) == [(0, "F"), (1, "C")]
    # One that is held for as long is heard, and so is one that nothing follows.
    held = [*block((53, 57, 60), 0, 4), *block((57,), 3, 8), *block((48, 52, 55), 4, 8)]
    assert found(*held)[1:] == [(1, "C6")]


def test_a_chord_that_comes_an_eighth_early_is_that_of_the_next_bar() -> None:
    def at(pitches: tuple[int, ...], begin: float, end: float) -> list[tuple[int, int, int]]:
        return [(pitch, round(begin * 2), round(end * 2)) for pitch in pitches]

    timed = [*at(C, 0, 3.5), *at(D, 3.5, 8)]
    halves = part([(p, a * TICKS // 2, b * TICKS // 2) for p, a, b in timed], track=2)
    heard = heard_in([MELODY, halves], MELODY, TICKS, ())
    assert chords_of(heard, BARS, "C") == [(0, "C"), (WHOLE, "D")]


@pytest.mark.parametrize(
    ("meter", "bars"),
    [
        ("4/4", '"G"G2AB "D7"c2BA|"Em"G4 "C"E4|"Am7"A4 "D/F#"A4|"G"G8'),
        ("6/8", '"D"d3 "A7"e3|"Bm"d3 "G"B3|"A7"A3 "D"d3|"D"d6'),
        ("3/4", '"F"F2A2c2|"C7"B2G2E2|"Dm"F4 D2|"F"F6'),
    ],
)
def test_the_chords_of_abcgens_own_accompaniment(meter: str, bars: str) -> None:
    tune = read_tune(f"X:1\nM:{meter}\nL:1/8\nK:C\n{bars}|]\n")
    back = read_tune(abc_of_midi(midi_of(tune)))
    before, after = (
        [(chord.onset, chord.text) for chord in music_of(one).chords] for one in (tune, back)
    )
    assert dict(before).items() >= dict(after).items()
    assert [text for _, text in after] == [
        text for place, (_, text) in enumerate(before) if not place or text != before[place - 1][1]
    ]
