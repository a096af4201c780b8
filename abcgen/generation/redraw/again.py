"""Tunes with bars drawn again, as they stand in a book, and the same made again."""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from abcgen.errors import AbcgenError, CorpusError
from abcgen.generation.build_request import build_request
from abcgen.generation.jobs import MAX_STREAMS, draw_book
from abcgen.generation.redraw.alternatives import draw_bars, with_bars
from abcgen.generation.redraw.bars import BarredTune, beginning, read_along
from abcgen.generation.redraw.drawing import Drawing
from abcgen.generation.redraw.readings import Readings
from abcgen.generation.redraw.remark import RemarkedBars, redraw_remark
from abcgen.generation.redraw.selection import checked
from abcgen.generation.remark import with_remark
from abcgen.generation.sampler import Sampler
from abcgen.model.checkpoint import Checkpoint
from abcgen.model.engine import Engine
from abcgen.notation.tunebook import numbered

_SHOWN = 3  # digests in a message


class Network(NamedTuple):
    """A network that redraws.

    Attributes
    ----------
    checkpoint : Checkpoint
        What it is.
    reader : Engine
        One stream of it.
    engine_of : callable
        Gives an engine of it with a number of streams.
    heed : callable, optional
        Told how much of the drawing is done, 0 to 1; what it raises ends the work.
    readings : Readings, optional
        Keeps what is drawn, since it is likely to be read next.
    """

    checkpoint: Checkpoint
    reader: Engine
    engine_of: Callable[[int], Engine]
    heed: Callable[[float], None] | None = None
    readings: Readings | None = None


def redrawn(network: Network, tune: BarredTune, drawing: Drawing) -> Iterator[str]:
    """Yield the alternatives for bars of a tune: whole tunes, in canonical spelling.

    Each is another one, and none is the tune itself. The first has its number, the others count
    on. Each says in its N: line how it was made.

    Raises
    ------
    AbcgenError
        If there is none.
    """
    rank = 0
    original = tuple(map(tune.music, tune.written(drawing.bars)))
    drawn = draw_bars(network.reader, network.engine_of, tune, drawing, network.heed)
    for bars in drawn.bars:
        text = with_bars(tune, drawing.bars, bars) if bars != original else None
        if text is not None:
            made = RemarkedBars(network.checkpoint.label, tune.digest, drawing, rank + 1)
            remarked = numbered(with_remark(text, redraw_remark(made)), tune.number + rank)
            if network.readings:
                network.readings.add(remarked, tune.replaced(drawing.bars, bars, text))
            yield remarked
            rank += 1
    if not rank:
        raise AbcgenError(
            f"in {_attempts(drawing.num_streams)} the network wrote nothing else there: try a "
            "higher temperature, another seed or more bars"
        )


def _attempts(number: int) -> str:
    return f"{number} attempt{'s' * (number != 1)}"


def redrawn_like(network: Network, bases: Sequence[BarredTune], made: RemarkedBars) -> str:
    """Return a tune made again from its remark and the tune that it was made from.

    Parameters
    ----------
    network : Network
        The one that made it.
    bases : sequence of BarredTune
        Tunes among which that tune is.
    made : RemarkedBars
        What the remark says.

    Raises
    ------
    CorpusError
        If none is the tune that it was made from, or there is no such alternative.
    """
    for base in bases:
        if base.digest == made.base:
            checked(base, made.drawing.bars)
            for text in islice(redrawn(network, base, made.drawing), made.rank - 1, None):
                return text
            raise CorpusError(
                f"there is no alternative of rank {made.rank}; its N: line was edited"
            )
    found = ", ".join(base.digest for base in bases[:_SHOWN]) or "no tune that can be read"
    raise CorpusError(
        f"it was made from a tune whose digest is {made.base}; found {found}: give the tune as it "
        "was"
    )


def continued(
    network: Network, tune: BarredTune, first: int, count: int, seed: int | None, sampler: Sampler
) -> Iterator[str]:
    """Yield tunes that begin as one does and go on from a bar to a new end.

    They are primed with what stands before the bar, and their N: lines say so.

    Raises
    ------
    UsageError
        If there is no such bar.
    VocabularyError
        If the network lacks a character of the title.
    """
    start = next(bar.start for bar in tune.written(checked(tune, frozenset((first,)))))
    begun = read_along(tune.text[:start], beginning(network.reader.vocabulary))
    body = "".join(character for position, character, _ in begun if position >= tune.body)
    # Whoever asks for several chooses among them.
    request = build_request(
        network.checkpoint, sampler=sampler, seed=seed, prime=tune.header + body, critic=False
    )
    seen: set[str] = set()
    engine = network.engine_of(min(count, MAX_STREAMS)) if count > 1 else network.reader
    for drawn in draw_book(engine, network.checkpoint, request, range(1, count + 1)):
        text = numbered(drawn.text.lstrip("\n"), tune.number + len(seen))
        body = text[text.index("\nM:") :]
        if body not in seen:
            seen.add(body)
            yield text
