"""The tunes of a request drawn: in this process, or shared among several."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from abcgen.errors import UsageError
from abcgen.generation.best import critic_of
from abcgen.generation.book import Book, BookTune
from abcgen.generation.loop import DrawnTune, draw_tunes
from abcgen.generation.request import Request
from abcgen.generation.stats import Stats
from abcgen.model.checkpoint import Checkpoint
from abcgen.model.engine import Engine, LiteRTEngine
from abcgen.support.extras import require

if TYPE_CHECKING:
    from abcgen.melodies.index import Limit

#: Streams side by side when there is enough to do; more gain little.
MAX_STREAMS = 64
#: Tunes within a length that gain nothing from being drawn side by side: the last of them, which
#: has to end in time, would be drawn twice.
_FEW = 8
_TYPICAL_TUNE = 300  # characters

#: Tunes in the blocks that processes draw: a small one first, so that the first tunes come soon,
#: then large ones, and towards the end smaller ones, so that all processes end together. Streams
#: are idle while the last tunes of a block are drawn: that costs as much as some 13 tunes.
_FIRST_BLOCK, _LARGEST_BLOCK = 32, 1024
_LAST_BLOCK = 128  # with fewer tunes left for each process, each draws its share at once
_BLOCKS_AHEAD = 2  # under way for each process
#: With fewer tunes for each process, to start it takes longer than it saves on some machines.
_TUNES_PER_JOB = 250

#: Numbers for the books that are drawn in blocks.
_runs = itertools.count()
#: The engine that this process draws the blocks of a book with, and the number of that.
_kept: tuple[int, Engine] | None = None


@contextmanager
def drawing(
    checkpoint: Checkpoint,
    request: Request,
    numbers: range,
    length: int | None = None,
    *,
    jobs: int = 1,
    stats: Stats | None = None,
) -> Iterator[Iterator[BookTune]]:
    """Give the tunes of a request, one after the other.

    Parameters
    ----------
    checkpoint : Checkpoint
        The network.
    request : Request
        What is asked for.
    numbers : range
        The numbers of the tunes.
    length : int, optional
        The most characters of all tunes together.
    jobs : int
        Processes, which end with the block. The tunes are the same whatever their number. More
        than 1, which is this process, only without `length`.
    stats : Stats, optional
        Counts what the mask does.

    Yields
    ------
    iterator of BookTune
        The tunes. It raises an `AbcgenError` if they cannot be drawn.
    """
    if jobs == 1:
        engine = engine_of(request.engine, checkpoint, streams_of(request, len(numbers), length))
        yield draw_book(engine, checkpoint, request, numbers, length, stats=stats)
        return
    if length is not None:
        raise ValueError("tunes within a length depend on each other: they need one process")
    from abcgen.support.processes import in_order, workers  # it takes a while to load

    draw = partial(_draw_block, next(_runs), checkpoint, request, stats is not None)
    with workers(jobs) as executor:
        blocks = _blocks(numbers, jobs)
        yield _counted(in_order(draw, blocks, executor, ahead=jobs * _BLOCKS_AHEAD), stats)


def worthwhile_jobs(count: int) -> int:
    """Return how many processes draw so many tunes: at most one for each processor."""
    most = count // _TUNES_PER_JOB
    if most <= 1:
        return 1
    from abcgen.support.processes import num_processors  # it takes a while to load

    return min(most, num_processors())


def _blocks(numbers: range, jobs: int) -> Iterator[range]:
    """Cut numbers into rounds of blocks, one for each process.

    A round leaves a quarter or more for later ones, by which processes of unequal speed still end
    together ("factoring": Hummel, Schonberg and Flynn 1992).
    """
    size = _FIRST_BLOCK
    while numbers:
        share = -(-len(numbers) // jobs)
        block = share if share < _LAST_BLOCK else min(size, share * 3 // 4)
        for _ in range(jobs):
            if numbers:
                yield numbers[:block]
            numbers = numbers[block:]
        size = _LARGEST_BLOCK


def _counted(drawn: Iterator[tuple[BookTune, Stats]], total: Stats | None) -> Iterator[BookTune]:
    for tune, stats in drawn:
        if total:
            total.add(stats)
        yield tune


def _draw_block(
    run: int, checkpoint: Checkpoint, request: Request, count: bool, numbers: range
) -> Iterator[tuple[BookTune, Stats]]:
    """Yield the tunes of a block, each with what was counted since the one before."""
    engine = _engine_kept(run, checkpoint, request, len(numbers))
    stats = Stats()
    given = stats if count else None
    for tune in draw_book(engine, checkpoint, request, numbers, stats=given):
        yield tune, stats.take()


def _engine_kept(run: int, checkpoint: Checkpoint, request: Request, tunes: int) -> Engine:
    """Return the engine of this process for a book, ready for a block of so many tunes."""
    global _kept
    kept, streams = _kept, streams_of(request, tunes)
    if kept is None or kept[0] != run:
        kept = _kept = run, engine_of(request.engine, checkpoint, streams)
    engine = kept[1]
    if isinstance(engine, LiteRTEngine):  # that of Keras always has one stream
        # Most were let go with the last tunes of the block before; what they hold is not needed.
        engine.keep([0] * streams)
    return engine


def draw_book(
    engine: Engine,
    checkpoint: Checkpoint,
    request: Request,
    numbers: range,
    length: int | None = None,
    *,
    stats: Stats | None = None,
) -> Iterator[BookTune]:
    """Yield the tunes of a request by an engine of the checkpoint; see `drawing`."""
    if request.raw:
        yield from map(BookTune, raw_text(draw_tunes(engine, request, numbers), length))
        return
    limit, critic = limit_of(checkpoint, request), critic_of(checkpoint, request)
    book = Book(engine, request, limit=limit, critic=critic, stats=stats)
    if length is None:
        yield from book.tunes(numbers)
    else:
        yield from book.tunes_within(length, numbers)


def raw_text(drawn: Iterator[DrawnTune], length: int | None) -> Iterator[str]:
    """Yield exactly the characters drawn, or the first `length` of them."""
    for tune in drawn:
        yield tune.text[:length]
        if length is not None:
            length -= len(tune.text)
            if length <= 0:
                return


def limit_of(checkpoint: Checkpoint, request: Request) -> "Limit | None":
    """Return what the tunes of a request may share with the checkpoint's corpus."""
    if request.max_shared is None:
        return None
    from abcgen.melodies.index import Limit, NoveltyIndex  # it takes a while to load

    return Limit(NoveltyIndex.load(checkpoint.novelty_file), request.max_shared)


def engine_of(name: str, checkpoint: Checkpoint, streams: int) -> Engine:
    """Return the engine of a name, ``litert`` or ``keras``.

    Raises
    ------
    UsageError
        If there is no engine of this name.
    """
    if name == "keras":
        require("tensorflow", "train")
        from abcgen.network.engine import KerasEngine

        return KerasEngine.of(checkpoint)
    if name != "litert":
        raise UsageError(f"no engine {name!r}; known: litert, keras")
    return LiteRTEngine.of(checkpoint, streams)


def streams_of(request: Request, tunes: int, length: int | None = None) -> int:
    """Return how many streams to draw so many tunes of a request with."""
    return _streams(tunes * request.best_of, length if length is None else length * request.best_of)


def _streams(tunes: int, length: int | None) -> int:
    """Return how many streams to draw tunes with."""
    if length is None:
        return min(tunes, MAX_STREAMS)
    likely = min(tunes, length // _TYPICAL_TUNE)
    return 1 if likely < _FEW else min(likely, MAX_STREAMS)
