"""The settings of a run, the tunes that some parts work on, and clocks."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from abcgen.generation.book import Book
from abcgen.generation.request import Request
from abcgen.model.checkpoint import Checkpoint, read_checkpoint
from abcgen.model.engine import LiteRTEngine
from abcgen.support.files import writing

SEED = 1
#: Streams that sample the tunes to work on; the tunes do not depend on it.
_STREAMS = 64


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a run.

    Attributes
    ----------
    checkpoint : str
        The folder of the network.
    repeats : int
        How often abcgen and the baseline are measured.
    tunes : int
        The largest number of tunes at which growth is measured.
    folder : Path
        For files that are removed after the run.
    """

    checkpoint: str
    repeats: int
    tunes: int
    folder: Path

    @property
    def few(self) -> int:
        """How often slow things are measured."""
        return (self.repeats + 1) // 2

    def network(self) -> Checkpoint:
        """Read the checkpoint."""
        return read_checkpoint(self.checkpoint)


def drawn_book(settings: Settings, tunes: int) -> Path:
    """Return a tunebook of `tunes` sampled tunes, made at the first call of a run.

    So no benchmark needs a tunebook from elsewhere.
    """
    file = settings.folder / f"{tunes}.abc"
    if not file.exists():
        checkpoint = settings.network()
        request = Request(SEED, checkpoint=checkpoint.label)
        drawn = Book(LiteRTEngine.of(checkpoint, min(_STREAMS, tunes)), request)
        with writing(file) as book:
            book.writelines(tune.text for tune in drawn.tunes(range(1, tunes + 1)))
    return file


def seconds_of(work: Callable[[], object], clock: Callable[[], float]) -> float:
    """Return the seconds of some work by a clock, `time.perf_counter` or `time.process_time`."""
    start = clock()
    work()
    return clock() - start


def processor_seconds(work: Callable[[], object]) -> float:
    """Return the processor time of some work, which other programs hardly change."""
    return seconds_of(work, time.process_time)


def wall_seconds(work: Callable[[], object]) -> float:
    """Return the time on the clock of some work, in one or several processes."""
    return seconds_of(work, time.perf_counter)
