"""An order for tunes, and how it is carried out: by this process, or shared among several."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
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

#: Tunes in the blocks that processes draw: a small one first, so that the first tunes come soon,
#: then larger ones, and towards the end smaller ones, so that all processes end together. Streams
#: are idle while the last tunes of a block are drawn: that costs as much as some 13 tunes.
_FIRST_BLOCK, _GROWTH, _LARGEST_BLOCK = 32, 8, 1024
_LAST_BLOCK = 128  # with fewer tunes left for each process, each draws its share at once
_BLOCKS_AHEAD = 2  # under way for each process


class Order(NamedTuple):
    """Which tunes are drawn, and how.

    Attributes
    ----------
    checkpoint : Checkpoint
        The network.
    made : Provenance
        How they are made: the seed, what is asked for, the engine.
    raw : bool
        Whether the network draws without the grammar.
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
    """Draw the tunes of an order, one after the other.

    Parameters
    ----------
    order : Order
        What is drawn.
    numbers : range
        The tunes' numbers.
    length : int, optional
        Characters that all tunes together have at most.
    jobs : int
        Processes, which end with the block; 1 is this process. The tunes are the same whatever the
        number. With `length`, only 1 is possible.
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
    from abcgen.support.processes import in_order, workers  # it takes a while to load

    assert length is None
    carry_out = partial(_carry_out_block, order=order, stats=tally is not None)
    blocks = _blocks(numbers, jobs)
    with workers(jobs) as executor:
        drawn = in_order(carry_out, blocks, executor, ahead=jobs * _BLOCKS_AHEAD)
        yield _counted(drawn, tally or Tally())


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
        size = min(size * _GROWTH, _LARGEST_BLOCK)


def _counted(drawn: Iterator[tuple[Part, Tally]], total: Tally) -> Iterator[Part]:
    for part, tally in drawn:
        total.add(tally)
        yield part


def _carry_out_block(numbers: range, order: Order, stats: bool) -> Iterator[tuple[Part, Tally]]:
    """Yield the tunes of a block, each with what was counted since the one before."""
    tally = Tally()
    streams = _streams(len(numbers), None)
    for part in _carry_out(order, numbers, None, streams, tally if stats else None):
        yield part, tally.take()


def _carry_out(
    order: Order,
    numbers: range,
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
        yield from tunebook_within(
            length, engine, vocabulary, made, place, numbers, limit=limit, tally=tally
        )


def engine_of(name: str, checkpoint: Checkpoint, streams: int) -> Engine:
    """Return the engine of a name, ``litert`` or ``keras``.

    Raises
    ------
    UsageError
        If there is no engine of this name.
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
