"""Odd and damaged files give the notes that are there, or a line that says what is wrong."""

import random

import pytest

from abcgen.errors import AbcgenError, CorpusError
from abcgen.formats.midi_in import abc_of_midi, events
from abcgen.formats.midi_in.events import MOST_BYTES, read_events
from tests.formats.midi_in.made import (
    END,
    SCALE,
    TICKS,
    chunk,
    file_of,
    header,
    meta,
    notes,
    number,
)

GOOD = file_of()
DRUMS = notes(channel=10)
#: What follows is read as the eight notes of `SCALE`.
WHOLE = {
    "format 0": GOOD,
    "format 1": header(1, 2) + chunk(END) + chunk(notes() + END),
    "packed into RIFF": b"RIFF" + bytes(4) + b"RMIDdata" + bytes(4) + GOOD,
    "running status": file_of(
        b"\x00\x90" + b"".join(bytes([p, 96]) + number(240) + bytes([p, 0, 0]) for p in SCALE)[:-1]
    ),
    "a chunk that is no track": header() + chunk(b"anything", b"XFIH") + chunk(notes() + END),
    "a longer header": header(length=8) + b"\0\0" + chunk(notes() + END),
    "more tracks announced": file_of(tracks=9),
    "fewer tracks announced": header(1, 1) + chunk(END) + chunk(notes() + END),
    "no end of the track": header() + chunk(notes()),
    "bytes after the end": GOOD + b"\0\xffrubbish",
    "the track's length too long": header() + chunk(notes() + END, length=99_999),
    "a track of length 0": header(1, 2) + chunk(notes() + END, length=0) + chunk(END),
    "a long system message": file_of(b"\0\xf0" + number(5000) + b"\x45" * 5000 + notes()),
    "an empty text": file_of(meta(1, b"") + notes()),
    "a text that is no UTF-8": file_of(meta(3, b"\xc9t\xe9") + notes()),
    "nine sharps": file_of(meta(0x59, b"\x09\x00") + notes()),
    "an empty key signature": file_of(meta(0x59, b"") + notes()),
    "a metre of no beats": file_of(meta(0x58, b"\x00\x02\x18\x08") + notes()),
    "a metre of 1/2^200 notes": file_of(meta(0x58, b"\x04\xc8\x18\x08") + notes()),
    "an empty tempo": file_of(meta(0x51, b"") + notes()),
    "a tempo of nothing": file_of(meta(0x51, b"\0\0\0") + notes()),
    "a text longer than the file": file_of(notes() + b"\0\xff\x01" + number(9999) + b"text"),
    "an alien chunk without an end": header() + chunk(notes() + END) + b"XFKM\xff\xff\xff\xff",
    "two melodies in a row of tracks": header(1, 3)
    + chunk(b"")
    + chunk(notes() + END)
    + chunk(END),
    "bends, pressure and pedals": file_of(
        b"\0\xe1\0\x40\0\xd1\x20\0\xa1\x3c\x20\0\xb1\x40\x7f" + notes()
    ),
    "an unknown event": file_of(meta(0x60, b"what") + notes()),
    "notes that are never ended": file_of(
        b"".join(bytes([0, 0x90, p, 96]) + number(240) + bytes([0x80, p, 0]) for p in SCALE[:-1])
        + bytes([0, 0x90, SCALE[-1], 96])
        + number(240)
        + bytes([0xB0, 1, 1])
    ),
    "ends without beginnings": file_of(bytes([0, 0x80, 40, 0]) + notes()),
    "notes of no length": file_of(bytes([0, 0x90, 50, 96, 0, 0x80, 50, 0]) + notes()),
    "format 2 with one track": file_of(kind=2),
    "drums beside": header(1, 2) + chunk(DRUMS + END) + chunk(notes() + END),
}
#: What follows is refused; the reason has these words.
REFUSED = {
    "nothing": (b"", "is empty"),
    "text": (b"X:1\nK:C\nCDE|\n", "begin with MThd"),
    "cut off in the header": (GOOD[:11], "cut off"),
    "format 2": (header(2, 2) + chunk(notes() + END) * 2, "format 2, which holds several pieces"),
    "format 3": (file_of(kind=3), "format 3: expected 0 or 1"),
    "SMPTE": (file_of(ticks=0xE728), "SMPTE"),
    "no ticks": (file_of(ticks=0), "0 ticks"),
    "drums alone": (file_of(DRUMS), "no melody: expected notes, found 8 drum beats"),
    "no notes": (file_of(b""), "no melody"),
    "no track": (header(), "no melody"),
    "a rest of years": (
        file_of(notes() + b"\xff\xff\xff\x7f\x90\x40\x40" + bytes([96, 0x80, 64, 0])),
        "quarter notes",
    ),
    "keys without end": (file_of(meta(0x59, b"\0\0") * 1001 + notes()), "1000 time or key"),
    "ten million events": (
        header() + chunk(b"\0\x90\x3c\x40" * 10_000_000, length=40_000_000),
        r"has 38\.1 MB; at most 1 MB",
    ),
    "too large": (header() + bytes(MOST_BYTES), r"has 1\.0 MB; at most 1 MB"),
}


@pytest.mark.parametrize("name", WHOLE)
def test_the_notes_that_are_there_are_read(name: str) -> None:
    recording = read_events(WHOLE[name])
    struck = [note for part in recording.parts for note in part.notes]
    assert [note.pitch for note in struck] == list(SCALE)
    assert [note.onset for note in struck] == [place * TICKS // 2 for place in range(8)]
    assert {note.end - note.onset for note in struck} == {TICKS // 2}
    assert "CDEF GABc" in abc_of_midi(WHOLE[name])


@pytest.mark.parametrize(
    ("data", "name"),
    [
        ("Caf\u00e9".encode(), "Caf\u00e9"),
        ("Don\u2019t".encode("cp1252"), "Don\u2019t"),
        ("Gr\u00f6\u00dfe".encode("latin-1"), "Gr\u00f6\u00dfe"),
        ("Tune".encode("utf-16"), "Tune"),
        ("\u041a\u0430\u0442\u044e\u0448\u0430".encode("cp1251"), ""),
        ("\u3055\u304f\u3089 \u3055".encode("shift_jis"), ""),
    ],
)
def test_names_in_the_encodings_of_their_programs(data: bytes, name: str) -> None:
    assert read_events(file_of(meta(3, data) + notes())).names == [name]


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_refused_in_a_line(name: str) -> None:
    data, words = REFUSED[name]
    with pytest.raises(CorpusError, match=words) as refused:
        read_events(data)
    assert "\n" not in str(refused.value)


def test_notes_without_beats_are_refused() -> None:
    """As in a recording without a click: the ticks say nothing about the music."""
    chance = random.Random(1)
    anywhere = b"".join(notes([60 + n % 7], chance.randint(100, 700)) for n in range(80))
    with pytest.raises(CorpusError, match="do not follow its beats") as refused:
        abc_of_midi(file_of(anywhere))
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("cut", range(30, len(GOOD)))
def test_a_file_that_is_cut_off_has_the_notes_before_and_says_so(cut: int) -> None:
    recording = read_events(GOOD[:cut])
    assert "track 1 of the MIDI file is cut off" in recording.damage
    struck = recording.parts[0].notes
    assert 1 <= len(struck) <= len(SCALE)
    assert [note.pitch for note in struck] == list(SCALE[: len(struck)])


def test_a_track_that_is_missing_is_told() -> None:
    assert read_events(GOOD).damage == ""
    two = header(1, 2) + chunk(notes() + END)
    assert read_events(two).damage == "the MIDI file ends early: it has 1 of 2 tracks"
    assert read_events(two + chunk(END)).damage == ""


def test_a_track_without_its_end_is_whole() -> None:
    assert read_events(header(0, 1) + chunk(notes())).damage == ""


def test_what_a_file_says_is_read() -> None:
    said = (
        meta(3, b"The  Song\n")
        + meta(0x58, b"\x06\x03\x24\x08")
        + meta(0x59, b"\xfe\x01")
        + meta(6, b"K:Gm")
        + b"\0\xc0\x28"
    )
    recording = read_events(file_of(said + notes()))
    assert (recording.names, recording.markers) == (["The Song"], [(0, "K:Gm")])
    meter, key = recording.meters[0], recording.keys[0]
    assert (meter.numerator, meter.denominator) == (6, 8)
    assert (key.fifths, key.minor) == (-2, True)
    assert recording.parts[0].program == 0x28


def test_a_file_of_too_many_events_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "MOST_EVENTS", 2 * len(SCALE) + 1)
    read_events(file_of())
    with pytest.raises(CorpusError, match="more than 17 events"):
        read_events(file_of(notes((*SCALE, 74))))


def test_a_pitch_that_is_struck_again_ends_in_turn() -> None:
    twice = b"\0\x90\x3c\x60\x10\x90\x3c\x60\x10\x80\x3c\0\x10\x80\x3c\0"
    struck = read_events(file_of(twice)).parts[0].notes
    assert [(note.onset, note.end) for note in struck] == [(0, 32), (16, 48)]


def test_damaged_files_never_raise_anything_else() -> None:
    chance = random.Random(5)
    whole = header(1, 2) + chunk(meta(0x58, b"\x06\x03\x24\x08") + END) + chunk(notes() + END)
    for _ in range(300):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 6)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            abc_of_midi(bytes(data[: chance.randint(1, len(data))]))
        except AbcgenError as error:
            assert "\n" not in str(error)
