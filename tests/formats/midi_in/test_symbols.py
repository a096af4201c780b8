"""Chord symbols as a musician spells them."""

import pytest

from abcgen.formats.midi_in.harmony import Harmony
from abcgen.formats.midi_in.symbols import moved_symbol, symbols_of

C, D, E, F, G, A, B = 0, 2, 4, 5, 7, 9, 11
SHARP = 1


@pytest.mark.parametrize(
    ("key", "chord", "symbol"),
    [
        ("C", (B - SHARP, "maj7", B - SHARP), "Bbmaj7"),
        ("C", (F + SHARP, "dim", F + SHARP), "F#dim"),
        ("C", (C + SHARP, "dim7", C + SHARP), "C#dim7"),
        ("C", (C + SHARP, "7", C + SHARP), "Db7"),
        ("C", (C + SHARP, "m", C + SHARP), "C#m"),
        ("Am", (G + SHARP, "dim7", G + SHARP), "G#dim7"),
        ("Gm", (D, "7", F + SHARP), "D7/F#"),
        ("Gm", (C + SHARP, "", C + SHARP), "Db"),
        ("Ador", (A, "7", C + SHARP), "A7/C#"),
        ("Eb", (D + SHARP, "", A + SHARP), "Eb/Bb"),
        ("Eb", (D + SHARP, "", D + SHARP), "Eb"),
        ("E", (A + SHARP, "dim", A + SHARP), "A#dim"),
        ("E", (B, "", D + SHARP), "B/D#"),
        ("Bb", (E, "7", E), "E7"),
        ("G", (B, "m", D + SHARP), "Bm/D#"),
        ("Db", (C + SHARP, "m", E), "Dbm/E"),
    ],
)
def test_spelling(key: str, chord: tuple[int, str, int], symbol: str) -> None:
    assert symbols_of([(0, Harmony(*chord))], key) == [(0, symbol)]


def test_every_chord_has_a_usual_name_in_every_key() -> None:
    odd = {"Cb", "Fb", "E#", "B#"}
    for key in ("C", "F#", "Gb", "C#m", "Ebm", "Ddor", "Bphr"):
        for root in range(12):
            for bass in range(12):
                ((_, symbol),) = symbols_of([(0, Harmony(root, "7", bass))], key)
                assert not odd & set(symbol.replace("7", "").split("/")), symbol


@pytest.mark.parametrize(
    ("symbol", "semitones", "key", "moved"),
    [
        ("Bb7/D", 2, "D", "C7/E"),
        ("Fm", 2, "D", "Gm"),
        ("Eb", -3, "C", "C"),
        ("C#dim", 9, "F", "Bbdim"),
    ],
)
def test_symbols_are_moved(symbol: str, semitones: int, key: str, moved: str) -> None:
    assert moved_symbol(symbol, semitones, key) == moved
