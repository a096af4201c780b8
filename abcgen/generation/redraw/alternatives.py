"""Alternatives for some bars of a tune: what may stand there is drawn, and the best is chosen."""

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from abcgen.errors import NotationError
from abcgen.generation.loop import state_behind
from abcgen.generation.redraw.bars import BarredTune, WrittenBar, beginning, read_along
from abcgen.generation.redraw.drawing import Drawing
from abcgen.generation.redraw.particles import FreeBar, Particles
from abcgen.generation.redraw.taste import taste_of
from abcgen.generation.redraw.weighing import in_order, stops_of
from abcgen.grammar.faults import complaint
from abcgen.grammar.lines import break_anew
from abcgen.model.engine import Engine
from abcgen.model.vocabulary import END_OF_TUNE


class Redrawn(NamedTuple):
    """The distinct alternatives that were drawn; the tune as it was may be one of them.

    Attributes
    ----------
    bars : list of tuple of str
        The free bars of each, in the order in which they were chosen.
    lost : int
        Streams whose bars did not let the tune go on.
    """

    bars: list[tuple[str, ...]]
    lost: int


def draw_bars(
    reader: Engine,
    engine_of: Callable[[int], Engine],
    tune: BarredTune,
    drawing: Drawing,
    heed: Callable[[float], None] | None = None,
) -> Redrawn:
    """Draw bars of a tune again.

    Parameters
    ----------
    reader : Engine
        One stream, which reads what stands before the first free bar.
    engine_of : callable
        Gives an engine of the same network with a number of streams.
    tune : BarredTune
        The tune.
    drawing : Drawing
        What is asked for.
    heed : callable, optional
        Told after each step how much is done, 0 to 1; what it raises ends the work.
    """
    free = tune.written(drawing.bars)
    pinned = _free_bars(tune, drawing.bars)
    count, sampler = drawing.num_streams, drawing.sampler
    particles = Particles(engine_of(1), count, tune.text, pinned, sampler, drawing.density)
    _read_up_to(free[0].start, tune, reader, particles)
    taste = taste_of(tune, drawing)
    # What is asked of each bar by itself decides at once which streams go on.
    begins = free if drawing.density else _gaps(tune, drawing.bars)
    later = [bar.start for bar in begins][1:]
    for gap, stop in enumerate([*later, free[-1].end + 1], start=1):
        particles.use_noise(drawing.seed, gap)
        particles.run(stop, heed and partial(_half_of, heed, 0.0))
        if gap <= len(later) and np.isfinite(particles.log_weight).any():
            weights = particles.log_weight
            if drawing.density and taste:
                weights = weights + [taste(bars) for bars in particles.drawn]
            particles.choose(_resampled(weights, drawing.seed, gap))
    lost = int(np.isneginf(particles.log_weight).sum())
    if lost == drawing.num_streams:
        return Redrawn([], lost)
    counts = _merge(particles)
    candidates = [tuple(bars) for bars in particles.drawn]
    others = np.log([counts[bars] for bars in candidates])
    if taste:
        others = others + [taste(bars) for bars in candidates]
    half = heed and partial(_half_of, heed, 0.5)
    order = in_order(particles, others, stops_of(tune, drawing), drawing, half)
    chosen = [candidates[i] for i in order]
    return Redrawn(chosen, drawing.num_streams - sum(counts[bars] for bars in chosen))


def _half_of(heed: Callable[[float], None], before: float, done: float) -> None:
    """Tell how much is done of all, where so much of one half is."""
    heed(before + done / 2)


def _free_bars(tune: BarredTune, numbers: frozenset[int]) -> dict[int, FreeBar]:
    """Return what each free bar must be, by the position where it begins."""
    free = {}
    for bar, after in zip(tune.bars, [*tune.bars[1:], None], strict=True):
        if bar.number in numbers:
            # Into a bar that stays as it is no note may be tied.
            tied = (
                after is not None
                and after.number in numbers
                and tune.text[bar.end : after.start] == "|"
            )
            free[bar.start] = FreeBar(bar.end, bar.pinned(tune.text[bar.end], tied))
    return free


def _gaps(tune: BarredTune, numbers: frozenset[int]) -> list[WrittenBar]:
    """Return the first bar of each run of free bars."""
    before = [None, *tune.bars[:-1]]
    return [
        bar
        for bar, last in zip(tune.bars, before, strict=True)
        if bar.number in numbers and (last is None or last.number not in numbers)
    ]


def _read_up_to(start: int, tune: BarredTune, reader: Engine, particles: Particles) -> None:
    """Let all streams begin where one has read a tune up to a position."""
    place, read = beginning(reader.vocabulary), [END_OF_TUNE]
    for _, character, at in read_along(tune.text[:start], place):
        read.append(character)
        place = at.after(character)
    known = reader.vocabulary.encode("".join(read)).tolist()
    particles.begin(state_behind(reader, known[:-1]), read[-1], place, start)


def _resampled(log_weight: NDArray[np.float64], seed: int, gap: int) -> list[int]:
    """Return K streams, each as often as its weight asks for: systematic resampling."""
    weight = np.exp(log_weight - log_weight.max())
    digest = hashlib.sha256(f"{seed} resampled {gap}".encode()).digest()
    offset = int.from_bytes(digest[:8], "little") / 2**64
    count = len(weight)
    marks = (np.arange(count) + offset) / count * weight.sum()
    chosen: list[int] = np.searchsorted(weight.cumsum(), marks, side="right").tolist()
    return [min(stream, count - 1) for stream in chosen]


def _merge(particles: Particles) -> Counter[tuple[str, ...]]:
    """Keep one stream of those that have drawn the same; return how many there were of each."""
    alive = np.isfinite(particles.log_weight).nonzero()[0].tolist()
    counts = Counter(tuple(particles.drawn[stream]) for stream in alive)
    first = {tuple(particles.drawn[stream]): stream for stream in reversed(alive)}
    particles.keep(sorted(first.values()))
    return counts


def with_bars(tune: BarredTune, numbers: frozenset[int], bars: Sequence[str]) -> str | None:
    """Return a tune in canonical spelling with other bars, or None if that is no tune.

    Parameters
    ----------
    tune : BarredTune
        The tune.
    numbers : frozenset of int
        The bars that are replaced.
    bars : sequence of str
        Their new music, in order.
    """
    parts, done = [], tune.body
    for bar, music in zip(tune.written(numbers), bars, strict=True):
        parts += [tune.text[done : bar.start], music]
        done = bar.end
    parts.append(tune.text[done:].removesuffix(END_OF_TUNE))
    try:
        text = tune.header + break_anew("".join(parts), tune.meter, tune.unit)
    except NotationError:
        return None
    return text if complaint(text) is None else None
