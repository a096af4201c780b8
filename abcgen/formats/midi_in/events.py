"""What a MIDI file holds: its notes by part, its metres and keys, its texts.

Files are read as they are found: many have odd chunks or wrong lengths, and a track that is damaged
counts up to the damage. music21 reads events, too, but thirty times as slowly, and raises a dozen
kinds of errors where a file is damaged.
"""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from abcgen.errors import CorpusError

#: Bytes of a file; a tune with all its parts has some 10,000.
MOST_BYTES = 1 << 20
#: Events of a file, which take some seconds to read; a song with all its parts has some 20,000.
MOST_EVENTS = 100_000
#: Time and key signatures of a file.
_MOST_SIGNATURES = 1000
#: Quarter notes that a file may last; most of a longer one would be rests.
_MOST_QUARTERS = 20_000
_DRUMS = 10  # the channel whose notes are no pitches
#: The status bytes of events without a channel, and the upper half of those that have one.
_META, _SYSTEM = 0xFF, (0xF0, 0xF7)
_NOTE_OFF, _NOTE_ON, _PROGRAM, _PRESSURE = 0x8, 0x9, 0xC, 0xD
#: The kinds of meta events that are read.
_NAME, _MARKER, _END, _METER, _KEY = 0x03, 0x06, 0x2F, 0x58, 0x59
_MOST_DIGITS = 4  # bytes of a number of any length
_CHUNK_HEAD = 8  # bytes
_FRAMES = 0x8000  # the bit that says that time is counted in frames
_SEVERAL_PIECES = 2  # the format whose tracks are pieces of their own
_RIFF_HEAD = 20  # bytes before the MIDI file that is packed into a RIFF file


@dataclass(frozen=True, slots=True)
class Struck:
    """A note: MIDI note number, velocity from 1 to 127, when it begins and ends in ticks."""

    pitch: int
    velocity: int
    onset: int
    end: int


@dataclass(slots=True)
class Part:
    """The notes of one channel in one track.

    Attributes
    ----------
    track : int
        The number of the track in the file, from 1.
    channel : int
        1 to 16.
    name : str
        Of the track, or an empty string.
    program : int
        The first MIDI program, counted from 0.
    notes : list of Struck
        In order of onset, then pitch.
    """

    track: int
    channel: int
    name: str = ""
    program: int = 0
    notes: list[Struck] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class SaidMeter:
    """A time signature and its tick."""

    tick: int
    numerator: int
    denominator: int


@dataclass(frozen=True, slots=True)
class SaidKey:
    """A key signature and its tick: fifths, sharps positive, and whether its third is minor."""

    tick: int
    fifths: int
    minor: bool


@dataclass(slots=True)
class Recording:
    """A MIDI file.

    Attributes
    ----------
    ticks : int
        Of a quarter note.
    parts : list of Part
        In the order of the file, without drums and without empty ones.
    meters : list of SaidMeter
        In order.
    keys : list of SaidKey
        In order.
    names : list of str
        The names of the tracks, in order; empty where a track has none.
    markers : list of (int, str)
        Tick and text of each marker.
    drums : int
        The notes of drums that are left out.
    events : int
        That have been read.
    damage : str
        What is wrong with the file, whose notes up to there are read; empty if nothing is.
    """

    ticks: int
    parts: list[Part] = field(default_factory=list)
    meters: list[SaidMeter] = field(default_factory=list)
    keys: list[SaidKey] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    markers: list[tuple[int, str]] = field(default_factory=list)
    drums: int = 0
    events: int = 0
    damage: str = ""


def check_size(size: int) -> None:
    """Raise unless a MIDI file of so many bytes is read.

    Raises
    ------
    CorpusError
        If it is too large for the memory and the time that a tune is worth.
    """
    if size > MOST_BYTES:
        raise CorpusError(
            f"the MIDI file has {size / 2**20:.1f} MB; at most {MOST_BYTES / 2**20:.0f} MB is read"
        )


def read_events(data: bytes) -> Recording:
    """Return what a MIDI file holds.

    Parameters
    ----------
    data : bytes
        A standard MIDI file of format 0 or 1, or of 2 with one track; it may be packed into a RIFF
        file.

    Raises
    ------
    CorpusError
        If it is no such file or too long, or has no notes; the message says which.
    """
    check_size(len(data))
    if data[:4] == b"RIFF" and data[8:12] == b"RMID":
        data = data[_RIFF_HEAD:]
    recording = Recording(_ticks_of(data))
    start = _CHUNK_HEAD + int.from_bytes(data[4:8], "big")
    track = 0
    for track, (body, whole) in enumerate(_tracks(data, start), start=1):
        if not (_read_track(recording, track, body) or whole or recording.damage):
            recording.damage = f"track {track} of the MIDI file is cut off; it is read up to there"
    said = int.from_bytes(data[10:12], "big")
    if track < said and not recording.damage:
        recording.damage = f"the MIDI file ends early: it has {track} of {said} tracks"
    if not recording.parts:
        found = f"{recording.drums} drum beats" if recording.drums else "none"
        raise CorpusError(f"the MIDI file has no melody: expected notes, found {found}")
    for part in recording.parts:
        part.notes.sort(key=lambda note: (note.onset, note.pitch))
    recording.meters.sort(key=lambda meter: meter.tick)
    recording.keys.sort(key=lambda key: key.tick)
    if max(len(recording.meters), len(recording.keys)) > _MOST_SIGNATURES:
        raise CorpusError(f"the MIDI file has more than {_MOST_SIGNATURES} time or key signatures")
    last = max(note.end for part in recording.parts for note in part.notes)
    if last > _MOST_QUARTERS * recording.ticks:
        raise CorpusError(
            f"the MIDI file lasts {last // recording.ticks} quarter notes; at most "
            f"{_MOST_QUARTERS} are read"
        )
    return recording


def _ticks_of(data: bytes) -> int:
    """Return the ticks of a quarter note that the header says, if the file can be read."""
    if not data:
        raise CorpusError("the file is empty: expected MIDI")
    if data[:4] != b"MThd":
        raise CorpusError("the file is not a MIDI file: it does not begin with MThd")
    if len(data) < _CHUNK_HEAD + 6:
        raise CorpusError("the MIDI file is cut off within its header")
    kind, tracks, ticks = (int.from_bytes(data[at : at + 2], "big") for at in (8, 10, 12))
    if kind == _SEVERAL_PIECES and tracks > 1:
        raise CorpusError(
            f"the MIDI file has format {kind}, which holds several pieces; save the one you want "
            "as format 0 or 1"
        )
    if kind > _SEVERAL_PIECES:
        raise CorpusError(f"the MIDI file has format {kind}: expected 0 or 1")
    if ticks & _FRAMES:
        raise CorpusError(
            "the MIDI file counts time in frames (SMPTE), not in beats, so it has no bars"
        )
    if not ticks:
        raise CorpusError("the MIDI file says that a quarter note has 0 ticks")
    return ticks


def _tracks(data: bytes, start: int) -> Iterator[tuple[bytes, bool]]:
    """Yield the bytes of each track, and whether all are there.

    Where a length is wrong, the next track is looked for.
    """
    while 0 <= start < len(data):
        head = data[start : start + _CHUNK_HEAD]
        body = start + _CHUNK_HEAD
        end = body + int.from_bytes(head[4:], "big")
        follows = end >= len(data) or data[end : end + 4].isalpha()
        another = data.find(b"MTrk", body)
        if not follows or (end > len(data) and another >= 0):
            end = another if another >= 0 else len(data)
        if head[:4] == b"MTrk":
            yield data[body:end], end <= len(data)
        elif not head[:4].isalpha():
            end = another
        start = end


class _Event(NamedTuple):
    """An event: its tick, its status byte, and what follows that.

    A meta event has the status `_META` and its kind as the first number; others have one or two
    numbers below 128. The status 0 stands for the place where a track is cut off or damaged.
    """

    tick: int
    status: int
    first: int
    second: int
    data: bytes = b""


def _events(track: bytes) -> Iterator[_Event]:
    """Yield the events up to the end of a track, or up to where it is damaged."""
    at = tick = running = 0
    try:
        while at < len(track):
            delta, at = _number(track, at)
            tick += delta
            status = track[at]
            at += status >> 7
            if status in (_META, *_SYSTEM):
                kind = track[at] if status == _META else 0
                length, at = _number(track, at + (status == _META))
                if status == _META:
                    yield _Event(tick, _META, kind, 0, track[at : at + length])
                at += length
                continue
            # A byte below 128 is data: the status of the event before holds on.
            running = status if status >> 7 else running
            if not 0x80 <= running < min(_SYSTEM) or tick > _MOST_QUARTERS << 15:
                break
            single = running >> 4 in (_PROGRAM, _PRESSURE)
            second = 0 if single else track[at + 1]
            yield _Event(tick, running, track[at] & 0x7F, second & 0x7F)
            at += 2 - single
        else:
            return
    except IndexError:
        pass
    yield _Event(tick, 0, 0, 0)  # what still sounds has sounded until here


def _number(track: bytes, at: int) -> tuple[int, int]:
    """Return a number of seven bits a byte, and where it ends.

    Raises
    ------
    IndexError
        If the track ends in it, or it is too long.
    """
    value = 0
    for end in range(at, at + _MOST_DIGITS):
        value = value << 7 | track[end] & 0x7F
        if track[end] < 0x80:
            return value, end + 1
    raise IndexError


def _read_track(recording: Recording, track: int, body: bytes) -> bool:
    """Add what a track holds, and return whether it is known to be all of it."""
    parts: dict[int, Part] = {}
    begun: dict[tuple[int, int], list[tuple[int, int]]] = {}  # onset and velocity, the oldest first
    programs: dict[int, int] = {}
    name, tick, ended = "", 0, False

    def end(channel: int, pitch: int, tick: int) -> None:
        onset, velocity = begun[channel, pitch].pop(0)
        part = parts.setdefault(channel, Part(track, channel))
        if tick > onset:
            part.notes.append(Struck(pitch, velocity, onset, tick))

    for tick, status, first, second, data in _events(body):
        recording.events += 1
        if recording.events > MOST_EVENTS:
            raise CorpusError(f"the MIDI file has more than {MOST_EVENTS} events")
        kind, channel = status >> 4, (status & 0xF) + 1
        if not status:
            damage = f"track {track} of the MIDI file is cut off or damaged; it is read up to there"
            recording.damage = recording.damage or damage
        elif status == _META:
            ended = first == _END
            if ended:
                break
            name = name or (_text(data) if first == _NAME else "")
            _read_meta(recording, tick, first, data)
        elif kind in (_NOTE_ON, _NOTE_OFF):
            strikes = kind == _NOTE_ON and second > 0
            if channel == _DRUMS:
                recording.drums += strikes
            elif strikes:
                begun.setdefault((channel, first), []).append((tick, second))
            elif begun.get((channel, first)):
                end(channel, first, tick)
        elif kind == _PROGRAM:
            programs.setdefault(channel, first)
    for (channel, pitch), open_notes in begun.items():
        for _ in list(open_notes):
            end(channel, pitch, tick)
    recording.names.append(name)
    for channel, part in sorted(parts.items()):
        if part.notes:
            part.name, part.program = name, programs.get(channel, 0)
            recording.parts.append(part)
    return ended


def _read_meta(recording: Recording, tick: int, kind: int, data: bytes) -> None:
    """Add a time signature, a key signature or a text; one that makes no sense is left out."""
    if kind == _METER and len(data) >= 2:
        if data[0] and data[1] <= 6:
            recording.meters.append(SaidMeter(tick, data[0], 1 << data[1]))
    elif kind == _KEY and len(data) >= 2:
        fifths = int.from_bytes(data[:1], "big", signed=True)
        if abs(fifths) <= 7:
            recording.keys.append(SaidKey(tick, fifths, data[1] == 1))
    elif kind == _MARKER:
        recording.markers.append((tick, _text(data)))


def _text(data: bytes) -> str:
    """Return a text, which MIDI gives no encoding, on one line; nothing if it is not legible.

    Western letters stand between plain ones. Where most letters are others, they are those of
    another script in an encoding that cannot be told.
    """
    if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        text = data.decode("utf-16", "replace")
    else:
        try:
            text = data.decode()
        except UnicodeDecodeError:
            text = data.decode("cp1252", "replace")
            if 2 * sum(not c.isascii() for c in text) > sum(not c.isspace() for c in text):
                return ""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
