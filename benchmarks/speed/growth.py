"""How the time and memory of sampling, reading and rendering grow with the number of tunes.

Each series is measured in a process of its own, so that its memory is not that of another.
"""

import itertools
import multiprocessing
import re
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from abcgen.formats.folder import render
from abcgen.generation.loop import draw_tunes
from abcgen.generation.request import Request
from abcgen.model.engine import LiteRTEngine
from abcgen.notation.tunebook import numbered, split_tunebook
from abcgen.tunebooks.corpus import read_corpus
from benchmarks.harness.figures import LESS, REPORTED, Figure, compared
from benchmarks.harness.settings import SEED, Settings

TITLE = "From few tunes to many"
ABOUT = (
    "Processor time and peak memory of one process after a number of tunes; each series is one "
    "run, since it is long. Time is per tune, compared with the time per tune at the smallest "
    "number of at least 100; for sampling it is per character, since 128 streams have "
    "128 tunes in progress before the first is done. Memory is the peak of the whole process, "
    "including Python and its libraries, compared with that at 1,000 tunes. So 1 means linear "
    "time and constant memory. One stream is measured up to a fifth of the tunes."
)
_ONE_STREAM = 5  # one stream is measured up to 1 / 5 of the tunes
_FIRST, _TIMES = 10, 10  # sizes are 10, 100, 1000 ...
_BASE_OF_TIME, _BASE_OF_MEMORY = 100, 1000  # tunes
_DRAWN = "growth.abc"
_KIB_IN_MB = 1e6 / 1024


@dataclass(frozen=True, slots=True)
class Mark:
    """The state of a series after a number of tunes.

    Attributes
    ----------
    tunes : int
        Tunes done so far.
    work : int
        What time is divided by: tunes, or characters sampled.
    seconds : float
        Processor time so far.
    memory : float
        Peak memory so far, in MB.
    """

    tunes: int
    work: int
    seconds: float
    memory: float


def sizes_to(most: int) -> list[int]:
    """Return the numbers of tunes at which to measure: powers of ten, and at last `most`."""
    powers = itertools.takewhile(
        lambda size: size < most, (_FIRST * _TIMES**power for power in itertools.count())
    )
    return [*powers, most]


def peak_memory() -> float:
    """Return the peak memory of this process in MB."""
    try:
        status = Path("/proc/self/status").read_text(encoding="utf-8")
    except OSError:
        status = ""
    # On Linux, `resource` would give the peak of the parent process if that is larger.
    peak = re.search(r"^VmHWM:\s*(\d+) kB$", status, re.MULTILINE)
    if peak:
        return int(peak[1]) / _KIB_IN_MB
    import resource  # not on Windows

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1e6 if sys.platform == "darwin" else _KIB_IN_MB)


class _Counting(LiteRTEngine):
    """An engine that counts its steps."""

    steps = 0

    def step(self, characters: NDArray[np.integer]) -> NDArray[np.float32]:
        """Read a character a stream; see `LiteRTEngine.step`."""
        self.steps += 1
        return super().step(characters)


def sampling(settings: Settings, streams: int, most: int) -> list[Mark]:
    """Sample tunes by a number of streams, into a file."""
    checkpoint = settings.network()
    sizes = sizes_to(most)
    marks = []
    with (settings.folder / _DRAWN).open("w", encoding="utf-8") as book:
        start = time.process_time()
        engine = _Counting.of(checkpoint, streams)
        drawn = draw_tunes(engine, Request(SEED))
        for count, tune in enumerate(itertools.islice(drawn, most), start=1):
            book.write(numbered(tune.text, count))
            if count in sizes:
                seconds = time.process_time() - start
                marks.append(Mark(count, engine.steps * streams, seconds, peak_memory()))
    return marks


def reading(book: Path, tunes: int) -> list[Mark]:
    """Read the first tunes of a book as a corpus."""
    texts = itertools.islice(split_tunebook(book.read_text(encoding="utf-8")), tunes)
    some = book.with_name(f"{tunes}-of-{book.name}")
    some.write_text("\n".join(text.strip("\n") + "\n" for text in texts), encoding="utf-8")
    start = time.process_time()
    read_corpus([str(some)])
    return [Mark(tunes, tunes, time.process_time() - start, peak_memory())]


def rendering(book: Path, out: Path, most: int) -> list[Mark]:
    """Write the MIDI files of the first tunes of a book, in one process."""
    sizes = sizes_to(most)
    marks = []
    start = time.process_time()
    results = render(book.read_text(encoding="utf-8"), out)
    for result in itertools.islice(results, most):
        for path in result.paths:
            path.unlink()  # so that the disk does not fill up
        if result.place in sizes:
            seconds = time.process_time() - start
            marks.append(Mark(result.place, result.place, seconds, peak_memory()))
    return marks


def figures_of(series: str, what: str, marks: list[Mark]) -> Iterator[Figure]:
    """Yield the figures of a series: time at each size, and memory at those above 1,000."""
    first = next((mark for mark in marks if mark.tunes >= _BASE_OF_TIME), None)
    if first is None:
        return
    unit = "µs a tune" if first.work == first.tunes else "µs a character"
    for mark in marks:
        if mark is first:
            continue
        # The first tunes include the time of what is loaded and computed once.
        better = LESS if mark.tunes > first.tunes else REPORTED
        pace, before = mark.seconds / mark.work, first.seconds / first.work
        yield compared(
            f"growth/{series} time {mark.tunes}",
            f"{what}: time at {mark.tunes:,} tunes",
            f"at {first.tunes:,} tunes",
            better,
            [1e6 * pace],
            [1e6 * before],
            unit,
        )
    at = {mark.tunes: mark.memory for mark in marks}
    for tunes, memory in at.items():
        if tunes > _BASE_OF_MEMORY and _BASE_OF_MEMORY in at:
            yield compared(
                f"growth/{series} memory {tunes}",
                f"{what}: peak memory at {tunes:,} tunes",
                f"at {_BASE_OF_MEMORY:,} tunes",
                LESS,
                [memory],
                [at[_BASE_OF_MEMORY]],
                "MB",
            )


def alone(work: Callable[..., list[Mark]], *arguments: object) -> list[Mark]:
    """Return what a function returns in a process of its own."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(work, *arguments).result()


def measure(settings: Settings) -> Iterator[Figure]:
    """Yield the figures."""
    most = settings.tunes
    marks = alone(sampling, settings, 1, max(1, most // _ONE_STREAM))
    yield from figures_of("one stream", "sampling, one stream", marks)
    marks = alone(sampling, settings, 128, most)
    yield from figures_of("128 streams", "sampling, 128 streams", marks)
    book = settings.folder / _DRAWN
    marks = [mark for size in sizes_to(most) for mark in alone(reading, book, size)]
    yield from figures_of("reading", "reading", marks)
    marks = alone(rendering, book, settings.folder / "midi-of-many", most)
    yield from figures_of("rendering", "rendering", marks)
