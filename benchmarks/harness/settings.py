"""What every part of the benchmarks is given, and the tunes that some of them work on."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from abcgen.generation.book import tunebook
from abcgen.generation.remark import Provenance, label_of
from abcgen.generation.request import Prime, begin
from abcgen.generation.sampler import Choice
from abcgen.grammar.acceptor import ANYTHING, Place
from abcgen.model.checkpoint import Checkpoint, read_checkpoint
from abcgen.model.engine import LiteRTEngine
from abcgen.support.files import writing

SEED = 1
#: Streams that the tunes to work on are drawn by; they are the same by any number.
_STREAMS = 64


@dataclass(frozen=True, slots=True)
class Settings:
    """How a run is done.

    Attributes
    ----------
    checkpoint : str
        The folder of the network.
    repeats : int
        Turns of ours and the baseline.
    tunes : int
        The most tunes that growth is followed to.
    folder : Path
        For files that are gone after the run.
    """

    checkpoint: str
    repeats: int
    tunes: int
    folder: Path

    @property
    def few(self) -> int:
        """Turns of what takes long."""
        return (self.repeats + 1) // 2

    def network(self) -> Checkpoint:
        """Return the checkpoint, read."""
        return read_checkpoint(self.checkpoint)


def beginning(checkpoint: Checkpoint) -> tuple[str, Place]:
    """Return what every masked tune begins with, and where the acceptor is behind it."""
    return begin(checkpoint.vocabulary, ANYTHING, Prime())


def drawn_book(settings: Settings, tunes: int) -> Path:
    """Return a tunebook of so many tunes, drawn now if it was not before in this run.

    So no benchmark needs anything that has to be fetched.
    """
    file = settings.folder / f"{tunes}.abc"
    if not file.exists():
        checkpoint = settings.network()
        prime, place = beginning(checkpoint)
        made = Provenance(label_of(checkpoint), SEED, Choice(), ANYTHING, prime, "litert")
        engine = LiteRTEngine.of(checkpoint, min(_STREAMS, tunes))
        with writing(file) as book:
            numbers = range(1, tunes + 1)
            for part in tunebook(engine, checkpoint.vocabulary, made, place, numbers):
                book.write(part.text)
    return file


def seconds_of(work: Callable[[], object], clock: Callable[[], float]) -> float:
    """Return how long something takes by a clock: `time.perf_counter`, `time.process_time`."""
    start = clock()
    work()
    return clock() - start


def processor_seconds(work: Callable[[], object]) -> float:
    """Return the processor's time that something takes, which other work hardly changes."""
    return seconds_of(work, time.process_time)


def wall_seconds(work: Callable[[], object]) -> float:
    """Return the time that passes while something is done, by however many processes."""
    return seconds_of(work, time.perf_counter)
