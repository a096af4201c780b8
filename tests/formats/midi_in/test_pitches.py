"""MIDI note numbers are spelled as the key suggests."""

import pytest

from abcgen.formats.bar_text import Accidentals, Head
from abcgen.formats.midi_in.pitches import spelled
from abcgen.music.notes import music_of
from abcgen.notation.tune import read_tune


def written(key: str, pitches: list[int]) -> str:
    bar = Accidentals(key)
    return "".join(bar.written(Head(*spelled(pitch, key))) for pitch in pitches)


@pytest.mark.parametrize(
    ("key", "pitches", "text"),
    [
        ("C", [60, 72, 48, 84, 36], "CcC,c'C,,"),
        ("G", [66, 65, 66], "F=F^F"),
        ("C", [61, 62], "^CD"),
        ("C", [63, 62], "_ED"),
        ("C", [66, 67, 65], "^FG=F"),
        ("C", [70, 69], "_BA"),
        ("Am", [68, 69], "^GA"),
        ("Bb", [63, 64, 63], "E=E_E"),
        ("Eb", [59, 60], "=B,C"),
        ("F#", [65, 71], "EB"),
    ],
)
def test_spelling(key: str, pitches: list[int], text: str) -> None:
    assert written(key, pitches) == text


@pytest.mark.parametrize("key", ["C", "F#m", "Gb", "C#", "Cb", "Ador", "Bmix", "Ebm"])
def test_what_is_written_sounds_as_it_was(key: str) -> None:
    pitches = [*range(40, 90), *range(90, 40, -3)]
    tune = read_tune(f"X:1\nL:1/16\nM:12/1\nK:{key}\n{written(key, pitches)}|\n")
    assert [note.pitch for note in music_of(tune).notes] == pitches
