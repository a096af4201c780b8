"""Chords are found in the other parts, voices and staves of a MusicXML file."""

import pytest

from abcgen.formats.musicxml_in import abc_of_musicxml
from tests.formats.musicxml_in.made import attributes, document, measure, note


def body(data: bytes, **options: bool) -> str:
    text = abc_of_musicxml(data, chords=True, **options)
    return text.partition("\nK:")[2].partition("\n")[2].replace("\n", "")


def chord(*steps: str, octave: int = 3, more: str = "") -> str:
    first, *others = steps
    return note(first, 8, more, octave=octave) + "".join(
        note(step, 8, more, "<chord/>", octave) for step in others
    )


def harmony(root: str, more: str = "") -> str:
    return f"<harmony><root><root-step>{root}</root-step></root><kind>major</kind>{more}</harmony>"


MELODY = measure(attributes() + note("E", 8)) + measure(note("D", 8), "2")
PLAYED = measure(attributes() + chord("C", "E", "G")) + measure(chord("G", "B"), "2")


def part(content: str) -> str:
    return f"<part id='P2'>{content}</part>"


def test_another_part_plays_the_chords() -> None:
    both = document(MELODY, parts=part(PLAYED))
    assert body(both) == '"C"E8|"G"D8|]'
    assert '"' not in abc_of_musicxml(both)  # unless they are asked for


def test_another_staff_plays_them() -> None:
    back = "<backup><duration>8</duration></backup>"
    low = "<staff>2</staff>"
    bars = (
        measure(attributes() + note("E", 8) + back + chord("C", "E", "G", more=low)),
        measure(note("D", 8) + back + chord("G", "B", "D", more=low), "2"),
    )
    assert body(document(*bars)) == '"C"E8|"G"D8|]'


def test_the_symbols_of_another_part_are_taken_before_what_it_plays() -> None:
    named = PLAYED.replace("</attributes>", f"</attributes>{harmony('A')}")
    assert body(document(MELODY, parts=part(named))) == '"A"E8|D8|]'


def test_own_symbols_are_enough() -> None:
    own = MELODY.replace("</attributes>", f"</attributes>{harmony('F')}")
    assert body(document(own, parts=part(PLAYED))) == '"F"E8|D8|]'


def test_chords_of_a_melody_that_sounds_elsewhere_are_moved_with_it() -> None:
    """A clarinet in B flat reads D where the piano plays C."""
    moved = "<transpose><chromatic>-2</chromatic></transpose></attributes>"
    clarinet = MELODY.replace("</attributes>", moved, 1)
    assert body(document(clarinet, parts=part(PLAYED))) == '"D"E8|"A"D8|]'
    named = PLAYED.replace("</attributes>", f"</attributes>{harmony('A')}")
    assert body(document(clarinet, parts=part(named))) == '"B"E8|D8|]'


def test_a_part_with_other_bars_than_the_melody_tells_no_chords() -> None:
    """A repeat begins within a bar of the melody."""
    repeat = '<barline location="middle"><repeat direction="forward"/></barline>'
    melody = measure(attributes() + note("E", 4) + repeat + note("E", 4))
    named = measure(attributes() + harmony("A") + chord("C", "E", "G"))
    assert body(document(melody, parts=part(named))) == "E4||:E4|]"
    back = f"<backup><duration>8</duration></backup>{note('C', 8, '<voice>2</voice>')}"
    whole = melody.replace("</measure>", f"{back}</measure>")
    assert body(document(whole, parts=part(named))) == '|:"A"E4 E4|]'


@pytest.mark.parametrize(
    ("offset", "text"),
    [("4", '"C"E4- "G"E4|]'), ("0", '"G"E8|]'), ("-9", '"G"E8|]'), ("4.1", '"C"E8|]')],
)
def test_a_symbol_within_a_note_has_an_offset(offset: str, text: str) -> None:
    said = harmony("C") + harmony("G", f"<offset>{offset}</offset>")
    found = body(document(measure(attributes() + said + note("E", 8))))
    assert found.replace(" ", "") == text.replace(" ", "")
