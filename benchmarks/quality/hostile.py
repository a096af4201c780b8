"""How long files take that are made to take long, and how much memory.

    python -m benchmarks.quality.hostile

Each is as large as it may be, and is read in a process of its own. Printed are what comes of it,
the processor time, and the most memory.
"""

import io
import multiprocessing
import resource
import time
import zipfile
from collections.abc import Callable

from abcgen.errors import AbcgenError
from abcgen.support.console import table
from abcgen.tunebooks.importing import import_tune

_NOTES = 49_000  # of a MIDI file, two events each
_HEAD = b"MThd\0\0\0\6\0\0\0\1"
_BAR = (
    b"<attributes><divisions>24</divisions><key><fifths>0</fifths></key><time><beats>4</beats>"
    b"<beat-type>4</beat-type></time></attributes>"
)
_NOTE = b"<note><pitch><step>%c</step><octave>4</octave></pitch><duration>%d</duration>%s</note>"
_HARMONY = b"<harmony><root><root-step>%c</root-step></root><kind>major</kind></harmony>"


def midi(ticks: int, delta: int, length: int, pitches: int = 60) -> bytes:
    """Return many notes, each begun some ticks after the one before, and ended much later."""
    timed = [(n * delta, b"\x90%c\x40" % (20 + n * 7 % pitches)) for n in range(_NOTES)]
    timed += [(n * delta + length, b"\x80%c\0" % (20 + n * 7 % pitches)) for n in range(_NOTES)]
    return track(ticks, timed)


def track(ticks: int, timed: list[tuple[int, bytes]]) -> bytes:
    """Return a MIDI file of events."""
    body, now = bytearray(), 0
    for tick, event in sorted(timed):
        delta, now = tick - now, tick
        digits = [delta & 0x7F]
        while delta := delta >> 7:
            digits.append(delta & 0x7F | 0x80)
        body += bytes(reversed(digits)) + event
    return _HEAD + ticks.to_bytes(2, "big") + b"MTrk" + len(body).to_bytes(4, "big") + bytes(body)


def parts(bars: int, voices: int) -> bytes:
    """Return a MIDI file of a melody and chords under it in many tracks."""
    timed = [
        (beat * 96 + on * 90, bytes([(0x90, 0x80)[on] + voice % 9, 40 + voice * 5 % 50, 64]))
        for beat in range(bars * 4)
        for voice in range(voices)
        for on in (0, 1)
    ]
    return track(96, timed)


def score(*bars: bytes) -> bytes:
    """Return a MusicXML file of bars."""
    inside = b"".join(b"<measure>" + bar + b"</measure>" for bar in bars)
    return b"<score-partwise><part>" + inside + b"</part></score-partwise>"


def archive(data: bytes) -> bytes:
    """Return a compressed MusicXML file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("a.xml", data)
    return out.getvalue()


def _triplets(count: int) -> bytes:
    return b"".join(_NOTE % (b"CDEFGAB"[n % 7], (16, 8)[n % 2], b"") for n in range(count))


FILES: dict[str, Callable[[], bytes]] = {
    "notes a tick apart": lambda: midi(32767, 1, 3000, 100),
    "notes all at once": lambda: midi(480, 0, 480),
    "notes of a whole file": lambda: midi(480, 60, 60 * _NOTES),
    "runs of eighths": lambda: midi(24, 12, 12),
    "the same bar again and again": lambda: midi(24, 12, 12, 1),
    "25 tracks": lambda: parts(490, 25),
    "key signatures": lambda: track(
        96, [(n * 96, b"\xff\x59\2%c\0" % (n % 7)) for n in range(90_000)]
    ),
    "notes of one bar": lambda: score(_BAR + _triplets(60_000)),
    "bars": lambda: score(_BAR, *[_triplets(100)] * 700),
    "too many bars": lambda: score(_BAR, *[_triplets(1)] * 60_000),
    "chords of one bar": lambda: score(
        _BAR + b"".join(_HARMONY % b"CDEFGAB"[n % 7] for n in range(90_000)) + _triplets(6)
    ),
    "voices": lambda: score(
        _BAR + _triplets(6),
        *[b"".join(_NOTE % (67, 96, b"<voice>%d</voice>" % n) for n in range(50))] * 1500,
    ),
    "elements": lambda: b"<score-partwise>" + b"<a/>" * 4_000_000,
    "a text of megabytes": lambda: score(b"x" * (15 << 20)),
    "a bomb": lambda: archive(b"<score-partwise>" + b" " * (1 << 28)),
}


def _read(make: Callable[[], bytes], results: "multiprocessing.Queue[tuple[str, float]]") -> None:
    data = make()
    start = time.process_time()
    try:
        said = f"{len(import_tune(data, chords=True) or '')} characters"
    except AbcgenError as error:
        said = str(error)[:60]
    results.put((said, time.process_time() - start))


def main() -> None:
    """Print the figures."""
    rows = [("file", "KB", "seconds", "most MB", "what comes of it")]
    for name, make in FILES.items():
        results: multiprocessing.Queue[tuple[str, float]] = multiprocessing.Queue()
        process = multiprocessing.get_context("fork").Process(target=_read, args=(make, results))
        process.start()
        said, seconds = results.get(timeout=600)
        process.join()
        most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        rows.append((name, f"{len(make()) >> 10}", f"{seconds:.2f}", f"{most:.0f}", said))
    print(table(rows, align="<>>><"))


if __name__ == "__main__":
    main()
