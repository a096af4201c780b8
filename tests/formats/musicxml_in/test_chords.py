"""Chord symbols of MusicXML."""

from xml.etree.ElementTree import fromstring

import pytest

from abcgen.formats.musicxml.directions import add_chord
from abcgen.formats.musicxml_in.chords import chord_of
from abcgen.notation.chords import QUALITIES


@pytest.mark.parametrize("quality", QUALITIES)
@pytest.mark.parametrize("bass", ["", "/C#", "/Eb"])
def test_every_chord_that_is_written_is_read(quality: str, bass: str) -> None:
    measure = fromstring("<measure/>")
    add_chord(measure, f"Bb{quality}{bass}")
    assert chord_of(measure[0]) == f"Bb{quality}{bass}"


@pytest.mark.parametrize(
    ("content", "chord"),
    [
        ("<root><root-step>C</root-step></root><kind>dominant-13th</kind>", "C9"),
        ("<root><root-step>C</root-step></root><kind>none</kind>", None),
        ("<root><root-step>C</root-step></root><kind>power</kind>", "C"),
        ('<root><root-step>C</root-step></root><kind text="7alt">other</kind>', "C7"),
        ('<root><root-step>C</root-step></root><kind text="?">other</kind>', "C"),
        ("<kind>major</kind>", None),
        (
            "<root><root-step>C</root-step><root-alter>x</root-alter></root><kind>major</kind>",
            None,
        ),
    ],
)
def test_other_chords(content: str, chord: str | None) -> None:
    assert chord_of(fromstring(f"<harmony>{content}</harmony>")) == chord
