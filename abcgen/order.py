"""An order for tunes, and how it is carried out: in this process, or shared among some."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from abcgen.book import Part, tunebook
from abcgen.checkpoint import Checkpoint
from abcgen.draw import Tally, draw_tunes, raw_text
from abcgen.engine import Engine, KerasEngine, LiteRTEngine
from abcgen.errors import UsageError
from abcgen.extras import require
from abcgen.provenance import Provenance
from abcgen.steering import Prime, begin

#: Streams side by side when there is enough to do; more gain little.
_MAX_STREAMS = 64
#: Tunes within a length that gain nothing from being drawn side by side: then the last of them,
#: which has to end in time, is drawn twice.
_FEW = 8
_TYPICAL_TUNE = 300  # characters


class Order(NamedTuple):
    """What tunes are drawn.

    Attributes
    ----------
    checkpoint : Checkpoint
        The network.
    made : Provenance
        How: the seed, what is asked for, the engine.
    raw : bool
        Whether the network may draw what it likes.
    most_shared : int, optional
        The longest run of notes that a tune may share with the corpus of the checkpoint.
    """

    checkpoint: Checkpoint
    made: Provenance
    raw: bool = False
    most_shared: int | None = None


@contextmanager
def carrying_out(
    order: Order,
    tunes: int | None,
    length: int | None = None,
    *,
    first: int = 1,
    jobs: int = 1,
    tally: Tally | None = None,
) -> Iterator[Iterator[Part]]:
    """Give the tunes of an order, one after the other; see `abcgen.book.tunebook`.

    Parameters
    ----------
    order : Order
        What is drawn.
    tunes, length, first, tally
        As in a tunebook.
    jobs : int
        Processes, which end with the block. The tunes are the same whatever the number. Only
        where `tunes` is given and `length` is not may it be more than 1, which is this process.

    Yields
    ------
    iterator of Part
        The tunes. It raises an `AbcgenError` if they cannot be drawn.
    """
    if jobs == 1:
        yield _carry_out(order, tunes, length, first=first, tally=tally)
        return
    from abcgen.workers import taking_turns  # it takes a while to load

    assert tunes is not None and length is None
    shares = [
        (order, len(range(job, tunes, jobs)), first + job, jobs, tally is not None)
        for job in range(jobs)
    ]
    with taking_turns(_carry_out_share, shares) as turns:
        yield _counted(turns, tally or Tally())


def _counted(turns: Iterator[tuple[Part, Tally]], total: Tally) -> Iterator[Part]:
    for part, tally in turns:
        total.add(tally)
        yield part


def _carry_out_share(
    order: Order, tunes: int, first: int, stride: int, stats: bool
) -> Iterator[tuple[Part, Tally]]:
    """Yield the tunes of one process, each with what was counted since the one before."""
    tally = Tally()
    counting = tally if stats else None
    for part in _carry_out(order, tunes, first=first, stride=stride, tally=counting):
        yield part, tally.take()


def _carry_out(
    order: Order,
    tunes: int | None,
    length: int | None = None,
    *,
    first: int = 1,
    stride: int = 1,
    tally: Tally | None = None,
) -> Iterator[Part]:
    checkpoint, made = order.checkpoint, order.made
    engine = engine_of(made.engine, checkpoint, _streams(tunes, length))
    vocabulary = checkpoint.vocabulary
    if order.raw:
        drawn = draw_tunes(
            engine,
            vocabulary,
            made.choice,
            made.seed,
            made.prime,
            tunes=tunes,
            first=first,
            stride=stride,
        )
        yield from map(Part, raw_text(drawn, length))
        return
    _, place = begin(vocabulary, made.wishes, Prime(made.prime))
    limit = None
    if order.most_shared is not None:
        from abcgen.novelty_index import Limit, NoveltyIndex  # it takes a while to load

        limit = Limit(NoveltyIndex.load(checkpoint.novelty_file), order.most_shared)
    yield from tunebook(
        engine,
        vocabulary,
        made,
        place,
        tunes,
        length,
        first=first,
        stride=stride,
        limit=limit,
        tally=tally,
    )


def engine_of(name: str, checkpoint: Checkpoint, streams: int) -> Engine:
    """Return the engine of a name, ``litert`` or ``keras``.

    Raises
    ------
    UsageError
        If there is none of this name.
    """
    if name == "keras":
        require("tensorflow", "train")
        return KerasEngine.of(checkpoint)
    if name != "litert":
        raise UsageError(f"no engine {name!r}; known: litert, keras")
    return LiteRTEngine(checkpoint, streams)


def _streams(tunes: int | None, length: int | None) -> int:
    if length is None:
        return min(tunes or 1, _MAX_STREAMS)
    likely = min(tunes or length, length // _TYPICAL_TUNE)
    return 1 if likely < _FEW else min(likely, _MAX_STREAMS)
