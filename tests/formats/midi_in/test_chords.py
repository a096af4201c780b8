"""Chord symbols are found again in the other parts."""

import pytest

from abcgen.formats.bar_text import WHOLE
from abcgen.formats.midi import midi_of
from abcgen.formats.midi_in import abc_of_midi
from abcgen.formats.midi_in.bars import Bar
from abcgen.formats.midi_in.chords import chords_of
from abcgen.formats.midi_in.heard import bass_of, heard_in
from abcgen.formats.midi_in.events import Part
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


def test_drums_on_a_channel_of_their_own_make_no_chords() -> None:
    drums = played((50, 0, 1), (42, 1, 2), (57, 2, 3))
    drums.name = "Drum kit"
    effects = played((41, 0, 4))
    effects.program = 127
    parts = [MELODY, drums, played(*block(C, 0, 4)), effects]
    assert {note.pitch for note in heard_in(parts, MELODY, TICKS, ())} == set(C)


def test_flats_where_the_key_has_them() -> None:
    assert found(*block((46, 50, 53), 0, 4), key="Eb") == [(0, "Bb")]
    assert found(*block((46, 50, 53), 0, 4), key="E") == [(0, "A#")]


def test_without_other_parts_there_are_none() -> None:
    assert found() == []
    assert bass_of(heard_in([MELODY], MELODY, TICKS, line_of(MELODY.notes, TICKS))) == []


def test_one_part_may_have_the_melody_and_its_chords() -> None:
    """As that of a piano: what is not in the melody is heard as chords, if there is enough."""
    high = [(p, place, place + 1) for place, p in enumerate((76, 77, 79, 77, 76, 74, 72, 71))]
    low = [*block((48, 52, 55), 0, 4), *block((43, 47, 50), 4, 8)]
    timed = sorted((a * TICKS, b * TICKS, p) for p, a, b in high + low)
    piano = part([(p, a, b) for a, b, p in timed])
    line = line_of(piano.notes, TICKS)
    assert [sound.pitches for sound in line] == [(p,) for p, _, _ in high]
    heard = heard_in([piano], piano, TICKS, line)
    assert chords_of(heard, BARS, "C") == [(0, "C"), (WHOLE, "G")]
    few = part([(76, a * TICKS, (a + 1) * TICKS) for a in range(9)] + [(48, 0, TICKS)])
    assert heard_in([few], few, TICKS, line_of(few.notes, TICKS)) == []


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
