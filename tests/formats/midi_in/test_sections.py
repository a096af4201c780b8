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


def test_passes_may_differ_in_a_few_chords() -> None:
    """Those of the first one are written; where many of them differ, both passes are."""
    bars = ('"G"GABG c2BA|', "GABG A2D2|", "GABG c2BA|", "G4 G4|")
    for other, repeated in (
        ((*bars[:1], 'GABG "D7"A2D2|', *bars[:1], bars[3]), True),
        (('"Em"GABG c2BA|', *bars[1:]), False),
    ):
        found = read_back(f"{''.join(bars)}{''.join(other)}]")
        assert (found == f"|:{''.join(bars)[:-1]}:|") == repeated
        assert (":|" in found) == repeated


def test_a_pickup_without_chords_the_first_time() -> None:
    """The last chord of the first pass sounds on in the pickup of the second one."""
    body = '|:D|"G"GABG c2BA|"D7"GABG A2D2|"C"cBcd e2dc|"D7"d4 "G"G3:||:d|"Em"e2de "C"cdec|'
    body += '"G"BGBd "D7"c2A2|"C"cBcd e2dc|"D7"d4 "G"G3:|'
    assert read_back(body) == body


def test_the_last_ending_may_lack_a_pickup() -> None:
    long = f"{B}A4 B4|{A}"
    body = f"{C}G4 G4|{long}A4 A3d|{long}A4 A3|]"
    assert read_back(f"D|{body}") == f"D|{C}G4 G4|||:{long}[1 A4 A3d:|[2 A4 A3|]"


def test_a_note_before_a_bar_line_where_a_repeat_begins_belongs_to_the_ending_before() -> None:
    long = f"{A}G4 G4|{B}d2ef g2"
    found = read_back(f"D|{long}dD|{long}ee|{C}A4 A4|{C}A4 A4|]")
    assert found == f"|:D|{long[:-7]}[1 d2ef g2d:|[2 d2ef g2ee||:{C}A4 A4:|".replace("||:", "|||:")


def test_a_note_that_sounds_on_is_not_cut() -> None:
    same = f"{A}G4 A4|d2ef gfed|cBAG FGAB|"
    played = f"{same}d2ef g4-|g2fe d4|{same}d2ef g4-|g2ag g4|]"
    # The last bars alone differ, but a note goes into them.
    assert read_back(played) == f"|:{same}[1 d2ef g4-|g2fe d4:|[2 d2ef g4-|g2ag g4|]"
