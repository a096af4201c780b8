"""Tunes as other programs play them: abc2midi and abcjs."""

import json
import os
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from abcgen.evaluation.referees.abcjs import ABCJS_FOLDER
from abcgen.support.programs import ProgramError, output_of

TICKS = 1920  # of a whole note
_OPTIONS = ["-quiet", "-NGRA", "-NGUI", "-NFNP"]
_LONGEST = 20  # seconds that abc2midi may take for a tune
_SECONDS_MORE = 0.2  # that Node may take for each
#: Else it strikes the notes of a chord one after the other.
_AT_ONCE = "%%MIDI chordattack 0\n"
#: Reads a list of tunes from stdin, and prints [start, pitch, duration] of the notes of each, in
#: whole notes; null of a tune that abcjs cannot read.
_SCRIPT = """
const abcjs = require(require.resolve("abcjs", { paths: [process.argv[1]] }));
function notes(text) {
  try {
    const found = abcjs.parseOnly(text)[0].setUpAudio({ chordsOff: true });
    return found.tracks.flat().filter((event) => event.cmd === "note" && event.duration > 0)
      .map((event) => [event.start, event.pitch, event.duration]);
  } catch { return null; }
}
const tunes = JSON.parse(require("fs").readFileSync(0, "utf8"));
process.stdout.write("\\n" + JSON.stringify(tunes.map(notes)) + "\\n");
"""


class Played(NamedTuple):
    """A note: its onset and its duration in ticks, and its pitch."""

    onset: int
    pitch: int
    duration: int


def by_abc2midi(text: str, folder: Path) -> list[Played]:
    """Return the notes as abc2midi plays them; none if it writes no file."""
    abc, midi = folder / "tune.abc", folder / "tune.mid"
    head, _, rest = text.strip().partition("\n")
    abc.write_text(f"{head}\n{_AT_ONCE}{rest}\n", encoding="latin-1", errors="replace")
    midi.unlink(missing_ok=True)
    command = ["abc2midi", str(abc), "-o", str(midi), *_OPTIONS]
    subprocess.run(command, stdout=subprocess.DEVNULL, timeout=_LONGEST, check=False)
    return sorted(_notes(midi.read_bytes())) if midi.exists() else []


def _notes(data: bytes) -> Iterator[Played]:
    """Yield the notes of a MIDI file; abc2midi begins each a tick late."""
    whole = 4 * int.from_bytes(data[12:14], "big")
    place = 14
    while place < len(data):
        size = int.from_bytes(data[place + 4 : place + 8], "big")
        for begin, pitch, end in _track(data[place + 8 : place + 8 + size]):
            onset, length = (begin - 1) / whole, (end - begin + 1) / whole
            yield Played(round(onset * TICKS), pitch, round(length * TICKS))
        place += 8 + size


def _track(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield the notes of a track: when each begins, its pitch, and when it ends."""
    place = now = status = 0
    sounding: dict[int, list[int]] = {}
    while place < len(data):
        delay, place = _number(data, place)
        now += delay
        if data[place] & 0x80:
            status = data[place]
            place += 1
        if status in (0xF0, 0xF7, 0xFF):
            size, place = _number(data, place + (status == 0xFF))
            place += size
            continue
        kind, pitch = status >> 4, data[place]
        velocity = 0 if kind in (0xC, 0xD) else data[place + 1]
        place += 1 if kind in (0xC, 0xD) else 2
        if kind == 0x9 and velocity:
            sounding.setdefault(pitch, []).append(now)
        elif kind in (0x8, 0x9) and sounding.get(pitch):
            yield sounding[pitch].pop(0), pitch, now


def _number(data: bytes, place: int) -> tuple[int, int]:
    """Return a number of variable length, and the place behind it."""
    value = 0
    while True:
        byte = data[place]
        place += 1
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, place


def by_abcjs(texts: Sequence[str]) -> list[list[Played]]:
    """Return the notes of tunes as abcjs plays them; none of those that it cannot read.

    Node must be on the path, and `ABCJS_FOLDER` names the folder with abcjs.
    """
    limit = _LONGEST + _SECONDS_MORE * len(texts)
    command = ["node", "-e", _SCRIPT, os.environ.get(ABCJS_FOLDER) or os.getcwd()]
    try:
        output = output_of(command, stdin=json.dumps(texts), limit=limit)
    except ProgramError:
        if len(texts) < 2:
            return [[] for _ in texts]
        # One of the tunes stops Node; the others are still to be read.
        middle = len(texts) // 2
        return [*by_abcjs(texts[:middle]), *by_abcjs(texts[middle:])]
    return [
        sorted(
            Played(round(start * TICKS), pitch, round(duration * TICKS))
            for start, pitch, duration in notes or ()
        )
        for notes in json.loads(output.splitlines()[-1])
    ]
