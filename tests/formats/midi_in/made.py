"""MIDI files made byte by byte, and parts made of a few notes."""

from collections.abc import Iterable, Sequence

from abcgen.formats.midi_in.events import Part, Recording, SaidKey, SaidMeter, Struck
from abcgen.formats.midi_in.line import Sound

TICKS = 480
END = b"\x00\xff\x2f\x00"
SCALE = (60, 62, 64, 65, 67, 69, 71, 72)


def number(value: int) -> bytes:
    """Return a number of seven bits a byte."""
    found = [value & 0x7F]
    while value := value >> 7:
        found.append(value & 0x7F | 0x80)
    return bytes(reversed(found))


def header(kind: int = 0, tracks: int = 1, ticks: int = TICKS, length: int = 6) -> bytes:
    fields = (length.to_bytes(4, "big"), *(n.to_bytes(2, "big") for n in (kind, tracks, ticks)))
    return b"MThd" + b"".join(fields)


def chunk(body: bytes, kind: bytes = b"MTrk", length: int | None = None) -> bytes:
    return kind + (len(body) if length is None else length).to_bytes(4, "big") + body


def meta(kind: int, data: bytes) -> bytes:
    return b"\x00\xff" + bytes([kind]) + number(len(data)) + data


def notes(pitches: Iterable[int] = SCALE, length: int = TICKS // 2, channel: int = 1) -> bytes:
    """Return the events of notes one after the other."""
    on, off = 0x90 + channel - 1, 0x80 + channel - 1
    return b"".join(
        bytes([0, on, pitch, 96]) + number(length) + bytes([off, pitch, 0]) for pitch in pitches
    )


def file_of(body: bytes = notes(), **head: int) -> bytes:
    return header(**head) + chunk(body + END)


def part(
    timed: Sequence[tuple[int, int, int]], track: int = 1, name: str = "", program: int = 0
) -> Part:
    """Return a part of (pitch, onset, end), times in ticks."""
    struck = [Struck(pitch, 96, onset, end) for pitch, onset, end in timed]
    return Part(track, 1, name, program, struck)


def recording(
    *parts: Part,
    meters: Sequence[tuple[int, int, int]] = (),
    keys: Sequence[tuple[int, int, bool]] = (),
    ticks: int = TICKS,
) -> Recording:
    return Recording(
        ticks,
        list(parts),
        [SaidMeter(*said) for said in meters],
        [SaidKey(*said) for said in keys],
    )


def line(*lengths: tuple[int, int]) -> list[Sound]:
    """Return a melody of (pitch, length) without rests; the pitch 0 is a rest."""
    now, found = 0, []
    for pitch, length in lengths:
        if pitch:
            found.append(Sound((pitch,), now, now + length))
        now += length
    return found
