"""Whether abcgen and abc2midi play the same notes of people's tunes.

    python -m benchmarks.quality.same_playing BOOK... [--as-written]

Pitches, onsets and durations of all voices are compared. What abc2midi plays in its own way is
first removed from what both are given: grace notes, trills, rolls and dots, fermatas, which it
makes twice as long, and the rhythm hornpipe, which it always dots. Where a ``|:`` is missing, it is
written for abc2midi alone, at the place that the ABC standard 2.1 (section 4.8) names: the start
of the tune, or the latest double bar line or end of a repeat. With --as-written it is not.
"""

import argparse
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from abcgen.errors import NotationError
from abcgen.music.together import music_together
from abcgen.notation.tune import read_tune
from abcgen.notation.tunebook import label_of, split_tunebook
from abcgen.tunebooks.names import find_tunebooks, read_tunebook
from benchmarks.harness.missing_repeats import with_starts

_TICKS = 1920  # of a whole note
_NEAR = 11  # ticks that onsets may be apart; durations one or two more
_OPTIONS = ["-quiet", "-NGRA", "-NGUI", "-NFNP"]
_LONGEST = 20  # seconds that abc2midi may take
#: Else it strikes the notes of a chord one after the other.
_AT_ONCE = "%%MIDI chordattack 0\n"
_FIELD = re.compile(r"[A-Za-z]:(?![|:])|%")
_HORNPIPE = re.compile(r"^R:.*hornpipe.*\n", re.MULTILINE | re.IGNORECASE)
_OWN_WAY = re.compile(
    r"~|!(?:trill|roll|fermata)!|[TH](?=(?:\{[^}]*\})?\(*[\^_=]*[A-Ga-gxz\[(])"
    r"|\.(?=[\^_=]*[A-Ga-g])"
)


class Played(NamedTuple):
    """A note: its onset and its duration in ticks, and its pitch."""

    onset: int
    pitch: int
    duration: int


def plain(text: str) -> str:
    """Return a tune without what abc2midi plays in its own way."""
    lines = (line if _FIELD.match(line) else _OWN_WAY.sub("", line) for line in text.split("\n"))
    return _HORNPIPE.sub("", "\n".join(lines))


def ours(text: str) -> list[Played]:
    """Return the notes as abcgen plays them."""
    return sorted(
        Played(round(note.onset * _TICKS), note.pitch, round(note.duration * _TICKS))
        for _, lines in music_together(read_tune(text))
        for music in lines
        for note in music.notes
    )


def theirs(text: str, folder: Path) -> list[Played]:
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
            yield Played(round(onset * _TICKS), pitch, round(length * _TICKS))
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


def same(one: list[Played], other: list[Played]) -> bool:
    """Return whether two programs played the same notes."""
    return len(one) == len(other) and all(
        a.pitch == b.pitch
        and abs(a.onset - b.onset) <= _NEAR
        and abs(a.duration - b.duration) <= _NEAR + 2
        for a, b in zip(one, other, strict=True)
    )


def main() -> int:
    """Print how many tunes are played alike, and which are not."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("books", nargs="+")
    parser.add_argument("--as-written", action="store_true")
    options = parser.parse_args()
    for book in options.books:
        counts: Counter[str] = Counter()
        with tempfile.TemporaryDirectory() as folder:
            for path in find_tunebooks(book):
                for text in map(plain, split_tunebook(read_tunebook(path))):
                    heard = theirs(text if options.as_written else with_starts(text), Path(folder))
                    try:
                        found = "same" if same(ours(text), heard) else "other"
                    except NotationError:
                        found = "unread"
                    counts[found if heard else "silent"] += 1
                    if heard and found != "same":
                        label = label_of(text)
                        print(f"{path.name} X:{label.number} {label.title}: {found}")
        listed = ", ".join(f"{count} {name}" for name, count in counts.items())
        print(f"{book}: {listed}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
