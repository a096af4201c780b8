"""Helpers of tests: read a MIDI file, and get the notes of a tune from abc2midi.

abc2midi reads ABC, too, and was written by other people: if it and `abcgen.music.notes` find the
same notes, both are very likely right.
"""

import shutil
import subprocess
import tempfile
from collections import defaultdict
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import pytest
from music21.midi import MidiFile

from abcgen.evaluation.referees.referee import Referee

ABC2MIDI = shutil.which("abc2midi")
_TIMEOUT = 60  # seconds that abc2midi may take for one tune

#: Marks a test that needs abc2midi, and skips it if that is not installed.
needs_abc2midi = [
    pytest.mark.referee,
    pytest.mark.skipif(ABC2MIDI is None, reason="abc2midi is not installed"),
]


def require(referee: Referee) -> Referee:
    """Return a referee, or skip the test if it is not available; mark such tests `referee`."""
    missing = referee.available()
    if missing is not None:
        pytest.skip(missing)
    return referee


class Heard(NamedTuple):
    """A note read from a MIDI file; onset and duration in whole notes."""

    onset: Fraction
    pitch: int
    duration: Fraction
    velocity: int = 0


def read_midi(data: bytes) -> MidiFile:
    """Return a MIDI file, read by music21."""
    file = MidiFile()
    file.readstr(data)
    return file


def heard_notes(data: bytes) -> dict[int, list[Heard]]:
    """Return the notes of each MIDI channel (1 to 16), in order of onset and pitch.

    Of two overlapping notes of one pitch the earlier one ends first; a note without an end is an
    error.
    """
    file = read_midi(data)
    whole = 4 * file.ticksPerQuarterNote
    channels: dict[int, list[Heard]] = defaultdict(list)
    for track in file.tracks:
        now = 0
        sounding: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
        for event in track.events:
            if event.type == "DeltaTime":
                now += event.time
                continue
            pitch = event.pitch
            if pitch is None:
                continue
            key = (event.channel, pitch)
            if event.isNoteOn() and event.velocity:
                sounding[key].append((now, event.velocity))
            elif sounding[key]:
                start, velocity = sounding[key].pop(0)
                length = Fraction(now - start, whole)
                channels[key[0]].append(Heard(Fraction(start, whole), pitch, length, velocity))
            else:
                raise ValueError(f"note {pitch} ends at tick {now} but never began")
        left = [key for key, starts in sounding.items() if starts]
        if left:
            raise ValueError(f"notes without an end (channel, pitch): {left}")
    return {channel: sorted(notes) for channel, notes in channels.items()}


def abc2midi_notes(text: str, *, grace: bool = False) -> list[Heard]:
    """Return the melody of a tune as abc2midi plays it, without chord symbols.

    Grace notes are played only if `grace`.
    """
    channels = _abc2midi(text, "-NGUI", *([] if grace else ["-NGRA"]))
    return [note for notes in channels.values() for note in notes]


def abc2midi_chords(text: str) -> list[Heard]:
    """Return what abc2midi plays of the chord symbols of a tune, in order of onset and pitch.

    Times are rounded to ten of its ticks, since each note begins one too late.
    """
    channels = _abc2midi(text)
    notes = [note for channel, found in channels.items() if channel > 1 for note in found]
    return sorted(
        Heard(begin, note.pitch, _rounded(note.onset + note.duration) - begin, note.velocity)
        for note in notes
        for begin in [_rounded(note.onset)]
    )


def _rounded(time: Fraction) -> Fraction:
    return Fraction(round(time * 192), 192)


def _abc2midi(text: str, *options: str) -> dict[int, list[Heard]]:
    """Return the notes of each channel of the file that abc2midi makes of a tune."""
    if ABC2MIDI is None:
        raise RuntimeError("abc2midi is not installed")
    with tempfile.TemporaryDirectory() as folder:
        abc, midi = Path(folder, "tune.abc"), Path(folder, "tune.mid")
        abc.write_text(text, encoding="utf-8")
        command = [ABC2MIDI, str(abc), "-silent", "-NFER", *options, "-o", str(midi)]
        subprocess.run(command, check=True, capture_output=True, timeout=_TIMEOUT)
        return heard_notes(midi.read_bytes())
