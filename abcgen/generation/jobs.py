"""An order for tunes, and how it is carried out: in this process, or shared among some."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from abcgen.errors import UsageError
from abcgen.generation.book import Part, tunebook, tunebook_within
from abcgen.generation.loop import Tally, draw_tunes, raw_text
from abcgen.generation.remark import Provenance
from abcgen.generation.request import Prime, begin
from abcgen.model.checkpoint import Checkpoint
from abcgen.model.engine import Engine, LiteRTEngine
from abcgen.network.engine import KerasEngine
from abcgen.support.extras import require

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
    numbers: range,
    length: int | None = None,
    *,
    jobs: int = 1,
    tally: Tally | None = None,
) -> Iterator[Iterator[Part]]:
    """Give the tunes of an order, one after the other.

    Parameters
    ----------
    order : Order
        What is drawn.
    numbers : range
        Those of the tunes.
    length : int, optional
        Characters that all tunes have at most.
    jobs : int
        Processes, which end with the block. The tunes are the same whatever the number. Only
        without `length` may it be more than 1, which is this process.
    tally : Tally, optional
        Counts what the mask does.

    Yields
    ------
    iterator of Part
        The tunes. It raises an `AbcgenError` if they cannot be drawn.
    """
    if jobs == 1:
        yield _carry_out(order, numbers, length, _streams(len(numbers), length), tally)
        return
    from abcgen.support.processes import sharing  # it takes a while to load

    assert length is None
    streams = _streams(-(-len(numbers) // jobs), None)
    with sharing(_carry_out_share, (order, streams, tally is not None), numbers, jobs) as tunes:
        yield _counted(tunes, tally or Tally())


def _counted(turns: Iterator[tuple[Part, Tally]], total: Tally) -> Iterator[Part]:
    for part, tally in turns:
        total.add(tally)
        yield part


def _carry_out_share(
    numbers: Iterator[int], order: Order, streams: int, stats: bool
) -> Iterator[tuple[Part, Tally]]:
    """Yield the tunes of one process, each with what was counted since the one before."""
    tally = Tally()
    for part in _carry_out(order, numbers, None, streams, tally if stats else None):
        yield part, tally.take()


def _carry_out(
    order: Order,
    numbers: Iterable[int],
    length: int | None,
    streams: int,
    tally: Tally | None,
) -> Iterator[Part]:
    checkpoint, made = order.checkpoint, order.made
    engine = engine_of(made.engine, checkpoint, streams)
    vocabulary = checkpoint.vocabulary
    if order.raw:
        drawn = draw_tunes(engine, vocabulary, made.choice, made.seed, made.prime, numbers=numbers)
        yield from map(Part, raw_text(drawn, length))
        return
    _, place = begin(vocabulary, made.wishes, Prime(made.prime))
    limit = None
    if order.most_shared is not None:
        from abcgen.melodies.index import Limit, NoveltyIndex  # it takes a while to load

        limit = Limit(NoveltyIndex.load(checkpoint.novelty_file), order.most_shared)
    if length is None:
        yield from tunebook(engine, vocabulary, made, place, numbers, limit=limit, tally=tally)
    else:
        assert isinstance(numbers, range)
        yield from tunebook_within(
            length, engine, vocabulary, made, place, numbers, limit=limit, tally=tally
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


def _streams(tunes: int, length: int | None) -> int:
    if length is None:
        return min(tunes, _MAX_STREAMS)
    likely = min(tunes, length // _TYPICAL_TUNE)
    return 1 if likely < _FEW else min(likely, _MAX_STREAMS)
