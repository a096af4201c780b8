"""How well new bars fit in between given ones.

    python -m benchmarks.quality.redrawing

Gaps of 1, 2 and 4 bars in tunes that are held out of a book are drawn again, with weights
and without. Printed are the streams that were lost, the tunes that the grammar refuses, how often
the pitch is the original's where a note of the original begins, the bits that the network needs for
all bars, and the processor time. The first alternative, whose bits they are, may be the original.
Of the first eight others that are not, the one nearest to the original is taken. What stands in
brackets is the 95 % interval, by how much gaps differ from each other. Takes some minutes.
"""

import argparse
import math
import random
import time
from collections.abc import Iterator
from statistics import fmean

from abcgen.errors import NotationError, VocabularyError
from abcgen.generation.redraw.again import Network
from abcgen.generation.redraw.alternatives import draw_bars, with_bars
from abcgen.generation.redraw.bars import BarredTune, barred
from abcgen.generation.redraw.bits import bits_of_bars
from abcgen.generation.redraw.command import network_of
from abcgen.generation.redraw.drawing import BEHIND, Drawing
from abcgen.generation.redraw.taste import notes_of, pitch_at
from abcgen.generation.sampler import Sampler
from abcgen.model.checkpoint import read_checkpoint
from abcgen.support import defaults
from abcgen.support.console import table
from abcgen.tunebooks.corpus import read_corpus

_SIZES = (1, 2, 4)  # bars
_FIRST = 3  # the bar before which no gap begins
_CHECKED = 8  # alternatives of each gap that are looked at
_Z = 1.959964  # standard deviations of a 95 % interval


def tunes_of(book: str, checkpoint: str, count: int) -> Iterator[BarredTune]:
    """Yield held-out tunes of a book by chance, of 12 bars or more, that the network can read."""
    vocabulary = read_checkpoint(checkpoint).vocabulary
    tunes = [tune.text for tune in read_corpus([book]).tunes if tune.split != "train"]
    random.Random(1).shuffle(tunes)
    for text in tunes:
        try:
            tune = barred(text, vocabulary)
        except (NotationError, VocabularyError):
            continue
        if tune.last >= _FIRST + 2 * max(_SIZES):
            yield tune
            count -= 1
        if not count:
            return


def same_pitches(tune: BarredTune, numbers: frozenset[int], bars: tuple[str, ...]) -> list[bool]:
    """Return for each note of the original bars whether its pitch sounds there in the new ones."""
    same = []
    for bar, music in zip(tune.written(numbers), bars, strict=True):
        before, after = (
            notes_of(text, bar.key, tune.meter, tune.unit) for text in (tune.music(bar), music)
        )
        same += [pitch_at(after, note.onset) == note.pitch for note in before]
    return same


def share(gaps: list[list[bool]]) -> str:
    """Return the share of the notes of all gaps for which it is true, with its 95 % interval."""
    notes = sum(map(len, gaps))
    value = sum(map(sum, gaps)) / notes
    spread = _Z * math.sqrt(sum((sum(gap) - value * len(gap)) ** 2 for gap in gaps)) / notes
    return f"{value:.3f} ({value - spread:.2f}..{value + spread:.2f})"


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("book", nargs="?", default="oneills")
    parser.add_argument("--gaps", type=int, default=40, help="gaps of each size (default: 40)")
    parser.add_argument("--checkpoint", default=defaults.CHECKPOINT)
    parser.add_argument("--temperature", type=float, default=defaults.TEMPERATURE_IN_PLACE)
    arguments = parser.parse_args()
    network = network_of(read_checkpoint(arguments.checkpoint))
    tunes = list(tunes_of(arguments.book, arguments.checkpoint, arguments.gaps))
    head = "bars,behind,streams,lost,refused,same pitch,nearest of 8,bits,original's,s"
    rows = [tuple(head.split(","))]
    for size in _SIZES:
        for behind in (0, BEHIND):
            rows.append(figures(network, tunes, size, behind, arguments.temperature))
    print(f"{len(tunes)} gaps of each size in {arguments.book}, {arguments.checkpoint}")
    print(table(rows, align=">"))


def figures(
    network: Network, tunes: list[BarredTune], size: int, behind: int, temperature: float
) -> tuple[str, ...]:
    """Return the figures of gaps of one size, each in another tune."""
    where = random.Random(size)
    same: list[list[bool]] = []  # of each gap
    nearest: list[list[bool]] = []
    bits: list[float] = []
    before: list[float] = []
    seconds: list[float] = []
    streams = lost = refused = checked = 0
    for seed, tune in enumerate(tunes):
        first = where.randint(_FIRST, tune.last - size)
        numbers = frozenset(range(first, first + size))
        drawing = Drawing(numbers, seed, Sampler(temperature), behind=behind)
        start = time.process_time()
        found = draw_bars(network.reader, network.engine_of, tune, drawing)
        seconds.append(time.process_time() - start)
        streams += drawing.num_streams
        lost += found.lost
        original = tuple(tune.music(bar) for bar in tune.written(numbers))
        others = [bars for bars in found.bars if bars != original][:_CHECKED]
        texts = [with_bars(tune, numbers, bars) for bars in (found.bars[0], *others)]
        checked += len(texts)
        refused += texts.count(None)
        same.append(same_pitches(tune, numbers, found.bars[0]))
        alike = (same_pitches(tune, numbers, bars) for bars in others)
        nearest.append(max(alike, key=sum, default=[]))
        before.append(sum(bits_of_bars(network.reader, tune).values()))
        new = barred(texts[0] or tune.spelled, network.checkpoint.vocabulary)
        bits.append(sum(bits_of_bars(network.reader, new).values()))
    return (
        str(size),
        str(behind),
        str(streams),
        f"{lost / streams:.2%}",
        f"{refused} of {checked}",
        share(same),
        share(nearest),
        f"{fmean(bits):.1f}",
        f"{fmean(before):.1f}",
        f"{fmean(seconds):.2f}",
    )


if __name__ == "__main__":
    main()
