"""Notes are spelled as the key suggests, with the accidentals that a bar needs."""

import pytest

from abcgen.formats.midi_in.pitches import Accidentals
from abcgen.music.notes import music_of
from abcgen.notation.tune import read_tune


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
    bar = Accidentals(key)
    assert "".join(map(bar.note, pitches)) == text


@pytest.mark.parametrize("key", ["C", "F#m", "Gb", "C#", "Cb", "Ador", "Bmix", "Ebm"])
def test_what_is_written_sounds_as_it_was(key: str) -> None:
    pitches = [*range(40, 90), *range(90, 40, -3)]
    bar = Accidentals(key)
    text = "".join(map(bar.note, pitches))
    tune = read_tune(f"X:1\nL:1/16\nM:12/1\nK:{key}\n{text}|\n")
    assert [note.pitch for note in music_of(tune).notes] == pitches


def test_groups_and_ties() -> None:
    bar = Accidentals("C")
    assert bar.group((60, 64, 68)) == "[CE^G]"
    assert bar.tied((68,)) == "G"
