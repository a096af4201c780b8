"""Sections that are played twice are written once."""

from abcgen.formats.midi import midi_of
from abcgen.formats.midi_in import abc_of_midi
from abcgen.grammar.faults import complaint
from abcgen.notation.tune import read_tune

A = "GABG c2BA|GABG A2D2|GABG c2BA|"
B = "d2ef gfed|cBAG FGAB|d2ef gfed|"
C = "e2dc BAGF|EFGA B2c2|dcBA GFED|"


def read_back(body: str, meter: str = "4/4") -> str:
    """Return the body of a tune that was written as MIDI and read, on one line."""
    text = abc_of_midi(midi_of(read_tune(f"X:1\nT:A\nM:{meter}\nL:1/8\nK:G\n{body}\n")))
    assert complaint(text) is None
    return text.partition("K:G\n")[2].replace("\n", "")


def test_two_sections_with_a_pickup() -> None:
    body = f"|:D|{A}G4 G3:||:d|{B}A4 A3:|"
    assert read_back(body) == body


def test_endings() -> None:
    body = f"|:D|{A}BAGF GABc|d2ef gfed|cBAG FGAB|[1 e2d2 c4|B4 A3:|[2 f2d2 c4|G4 G3||"
    assert read_back(body.replace("||", "|]")) == body.replace("||", "|]")


def test_a_pickup_outside_of_the_repeat() -> None:
    body = f"dc|:{A}G4 G4|{B}A4 A4:|"
    assert read_back(body) == body


def test_what_is_played_once_or_otherwise_stays_as_it_is() -> None:
    body = f"D|{A}G4 A4|{B}A4 B4|{C}G4 G3|]"
    assert read_back(body) == body


def test_a_section_of_one_chord_more_is_not_the_same() -> None:
    once = f'"G"{A}G4 G4|'
    assert ":|" in read_back(f"{once}{once[:-1]}|]")
    other = once.replace("A2D2", '"D7"A2D2')
    assert ":|" not in read_back(f"{once}{other[:-1]}|]")


def test_a_note_that_sounds_on_is_not_cut() -> None:
    same = f"{A}G4 A4|d2ef gfed|cBAG FGAB|"
    played = f"{same}d2ef g4-|g2fe d4|{same}d2ef g4-|g2ag g4|]"
    # The last bars alone differ, but a note goes into them.
    assert read_back(played) == f"|:{same}[1 d2ef g4-|g2fe d4:|[2 d2ef g4-|g2ag g4|]"
