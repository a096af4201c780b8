"""Tunes with chords put in: the melody untouched, the chords from a palette and well named."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abcgen.generation.harmonize.harmonizing import Palette, chord_name, harmonized, ways_of
from abcgen.generation.harmonize.model import Harmony
from abcgen.music.notes import music_of
from abcgen.notation.chords import chord_pitches, spell_chord
from abcgen.notation.keys import tonic_of
from abcgen.notation.tune import read_tune
from tests.tunes import SPELLED, made_up_tune

HARMONY = Harmony.load()
CHORD = re.compile(r'"[A-G][^"]*"')
DECORATED = (
    'X:3\nT:The "G" One % X\nM:4/4\nL:1/8\nK:Em\n% "C"\n|:"Em"E2 "^slow"{d}(3efg "D7"B2>A2|\\\n'
    '"G"!f!G2-[GB]2 z4 :|\nw: la "A" la\n[Q:1/4=90]"Em"e8 |]\n'
)


@settings(max_examples=30)
@given(st.integers(0, 10_000), st.sampled_from(list(Palette)), st.integers(0, 5))
def test_the_melody_stays_to_the_character(number: int, palette: Palette, seed: int) -> None:
    tune = made_up_tune(number)
    ways = list(zip(range(3), harmonized(HARMONY, tune, palette, seed), strict=False))
    assert len({way for _, way in ways}) == len(ways)
    for _, way in ways:
        assert CHORD.sub("", way) == tune
        chords = music_of(read_tune(way)).chords
        assert chords[0].onset == 0
        assert all(spell_chord(chord.text) == chord.text for chord in chords)


def test_symbols_are_replaced_and_all_else_stays() -> None:
    own = next(harmonized(HARMONY, DECORATED))
    head, _, _ = DECORATED.partition("|:")
    own_head, _, own_body = own.partition("|:")
    assert own_head == head
    assert '"^slow"' in own_body
    assert 'la "A" la' in own_body
    music = 'E2 "^slow"{d}(3efg B2>A2|\\\n!f!G2-[GB]2 z4 :|\nw: la \n[Q:1/4=90]e8 |]\n'
    assert CHORD.sub("", own_body) == music.replace("la \n", "la  la\n")
    assert own_body.startswith('"Em"E2')
    assert next(harmonized(HARMONY, own)) == own


def test_the_simple_palette() -> None:
    for number in range(12):
        tune = made_up_tune(number)
        read = read_tune(tune)
        own = next(harmonized(HARMONY, tune, Palette.SIMPLE))
        for symbol in music_of(read_tune(own)).chords:
            root = chord_pitches(symbol.text)[1][0]
            assert (root - tonic_of(read.setting.key)) % 12 in (0, 5, 7, 10)
            assert "7" not in symbol.text


@pytest.mark.parametrize("palette", list(Palette))
@pytest.mark.parametrize(
    ("key", "music", "strange"),
    [
        ("Ador", "|:a3 aga|b2g age|EAA EAA|eag afd|EAA EAA|A3 A3:|", "A"),
        ("Edor", "|:EBB EBB|e2B BAF|EBB EBB|dBA FED|EBB EBB|E3 E3:|", "E"),
        ("Dmix", "|:DAD DAD|=c2A AGE|DAD DAD|=c2A GED|DED DAD|D3 D3:|", "Dm"),
    ],
)
def test_the_third_of_the_tonic_is_that_of_the_key(
    palette: Palette, key: str, music: str, strange: str
) -> None:
    tune = f"X:1\nT:A\nM:6/8\nL:1/8\nK:{key}\n{music}\n"
    for _, way in zip(range(6), harmonized(HARMONY, tune, palette), strict=False):
        assert not {strange, f"{strange}7"} & set(re.findall(r'"([^"]*)"', way)), way


def test_a_third_that_sounds_may_be_that_of_a_chord() -> None:
    tune = "X:1\nT:A\nM:6/8\nL:1/8\nK:Ador\n|:A^ce a2e|efd e^cA|A^ce e^cA|A3 A3:|\n"
    assert '"A"' in next(harmonized(HARMONY, tune, Palette.SIMPLE))


def test_a_seed_decides_the_others() -> None:
    first = ways_of(SPELLED, "rich", 4, 1)
    assert first == ways_of(SPELLED, "rich", 4, 1)
    other = ways_of(SPELLED, "rich", 4, 2)
    assert first[0] == other[0]
    assert first != other
    assert '"D"' in first[0]


@pytest.mark.parametrize(
    ("root", "quality", "key", "name"),
    [
        (7, "7", "D", "A7"),
        (9, "m", "Eb", "Cm"),
        (10, "", "G", "F"),
        (3, "", "Em", "G"),
        (10, "", "Ador", "G"),
        (11, "7", "F#", "E#7"),
        (8, "", "C#m", "A"),
        (8, "", "Ebm", "Cb"),
        (6, "dim", "C", "F#dim"),
        (1, "", "Cb", "C"),
    ],
)
def test_names_of_chords(root: int, quality: str, key: str, name: str) -> None:
    assert chord_name(root, quality, key) == name
    assert spell_chord(name) == name
