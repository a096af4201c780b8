from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import abcgen
from abcgen.api.entering import Played, written

LENGTHS = [Fraction(units, 4) for units in (1, 2, 3, 4, 6, 8, 12, 16, 20, 28, 64)]
NOTES = st.lists(
    st.builds(Played, st.none() | st.integers(48, 90), st.sampled_from(LENGTHS)), min_size=1
)


@given(NOTES, st.sampled_from(["C", "Edor", "Bbm", "F#"]), st.sampled_from(["C", "6/8", "3/4"]))
def test_what_is_written_sounds_as_it_was_played(notes: list[Played], key: str, meter: str) -> None:
    music = written(notes, key=key, meter=meter)
    tune = abcgen.Tune(f"X:1\nT:a\nM:{meter}\nL:1/8\nK:{key}\n{music}\n")
    heard = [(note.pitch, note.onset * 8, note.duration * 8) for note in tune.music().notes]
    onset, played = Fraction(0), []
    for pitch, eighths in notes:
        if pitch is not None:
            played.append((pitch, onset, eighths))
        onset += eighths
    assert heard == played


@pytest.mark.parametrize(
    ("notes", "music"),
    [
        ([], ""),
        ([Played(60, Fraction(8))], "C8|"),
        ([Played(60, Fraction(9))], "C8-|C"),
        ([Played(66, Fraction(1)), Played(66, Fraction(1))], "^FF"),
        ([Played(66, Fraction(8)), Played(66, Fraction(1))], "^F8|^F"),
    ],
)
def test_bars_and_accidentals(notes: list[Played], music: str) -> None:
    assert written(notes, key="C", meter="4/4") == music
