"""Chord symbols as people write them."""

import pytest

from abcgen.notation.chord_symbols import is_silent, read_chord
from abcgen.notation.chords import QUALITIES, spell_chord

#: Spelling -> the ways of lead sheets to write the same chord.
WAYS = {
    "C": "C CM Cmaj CMaj Cma Cmajor",
    "Cm": "Cm C- Cmin Cmi Cminor",
    "C7": "C7 Cdom7",
    "Cmaj7": "Cmaj7 CMaj7 CM7 Cj7 Cma7 CMA7 C^7 C^ C\u0394 C\u03947",
    "Cm7": "Cm7 C-7 Cmin7 Cmi7 CMI7 C\u22127",
    "Cdim": "Cdim C\u00b0 Co",
    "Cdim7": "Cdim7 C\u00b07 Co7",
    "Caug": "Caug C+ C(#5)",
    "Caug7": "C7#5 C+7 Caug7 C7+ C7(#5)",
    "C6": "C6",
    "Cm6": "Cm6 C-6",
    "C9": "C9",
    "Csus4": "Csus Csus4 C4",
    "Csus2": "Csus2 C2",
    "C7sus4": "C7sus C7sus4",
    "C/E": "C/E C/e",
    "G#dim7": "G#\u00b07 G\u266f\u00b07",
    "Bbm7/Ab": "Bbm7/Ab B\u266d-7/A\u266d",
}
#: What ABC players know no symbol for -> the nearest.
NEAREST = {
    "Cdim": "Cm7b5 Cm7(b5) C\u00f8 C\u00f87 C-7b5",
    "Cm": "CmM7 Cm(maj7) C-^7 CmMaj7 Cm/maj7 Cm(add9) Cmadd9",
    "Cmaj7": "Cmaj9 C^9 Cmaj13 Cmaj7#11",
    "Cm7": "Cm9 Cm11",
    "C9": "C13",
    "C7": "C7b9 C7#9 C7(b9) C7alt C7b5 C7#11 C11 C7b9b13",
    "C6": "C6/9 C69",
    "Caug": "C+M7 C+maj7",
    "C7sus4": "C9sus4 C13sus",
    "C": "Cadd9 C(add9) C5 C(no3) Cadd2",
}


@pytest.mark.parametrize(("spelled", "ways"), WAYS.items())
def test_ways_to_write_the_same_chord(spelled: str, ways: str) -> None:
    for way in ways.split():
        assert read_chord(way) == (spelled, True), way


@pytest.mark.parametrize(("spelled", "ways"), NEAREST.items())
def test_the_nearest_chord_that_players_know(spelled: str, ways: str) -> None:
    for way in ways.split():
        assert read_chord(way) == (spelled, False), way


def test_what_is_spelled_is_read_as_it_is() -> None:
    for quality in QUALITIES:
        for chord in (f"F#{quality}", f"B{quality}/D"):
            assert read_chord(chord) == (chord, True)
            assert spell_chord(chord) == chord


@pytest.mark.parametrize("text", ["", "H", "Fine", "D.C.", "Dodd", "Cx", "C/H", "am", "G|", "A'm"])
def test_what_is_no_chord(text: str) -> None:
    assert read_chord(text) is None


def test_silence() -> None:
    assert is_silent("N.C.")
    assert is_silent("NC")
    assert not is_silent("C")
