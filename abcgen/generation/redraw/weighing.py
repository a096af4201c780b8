"""Candidates for the free bars weighed by what follows, and put in order by chance and weight."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from abcgen.generation.noise import Noise
from abcgen.generation.redraw.bars import BarredTune
from abcgen.generation.redraw.drawing import Drawing
from abcgen.generation.redraw.particles import Particles

#: The number of the draw for what is chosen among what was drawn.
_CHOICE = 0


def in_order(
    particles: Particles,
    others: NDArray[np.float64],
    stops: Sequence[int],
    drawing: Drawing,
    heed: Callable[[float], None] | None = None,
) -> list[int]:
    """Let candidates read what stands behind the free bars; return them as they are chosen.

    Chance chooses each by its weight: Gumbel noise is added to log weights, and the first n are n
    draws without replacement, whatever n.

    Parameters
    ----------
    particles : Particles
        Behind the last free bar, one for each of N candidates.
    others : float64 array, shape (N,)
        What else adds to the log weight of each.
    stops : sequence of int
        The positions up to which is read; at each but the last, candidates may be left out.
    drawing : Drawing
        What is asked for.
    heed : callable, optional
        Told how much is done, 0 to 1; what it raises ends the work.

    Returns
    -------
    list of int
        Those that are not lost. Those that were left out are behind the others, and the sooner the
        further behind.
    """
    log_weight = np.zeros(len(others))
    chance = _chance(len(others), drawing.seed)
    going, left_out = np.arange(len(others)), np.zeros(0, np.int64)
    for number, stop in enumerate(stops, 1):
        particles.run(stop, heed and _part_of(heed, number - 1, len(stops)))
        if drawing.behind:
            log_weight[going] = particles.log_weight
        scores = log_weight + others + chance
        ranked = going[np.argsort(-scores[going], kind="stable")]
        ranked = ranked[np.isfinite(scores[ranked])]
        many = max(-(-len(ranked) // 2), drawing.sift) if number < len(stops) else len(ranked)
        left_out = np.concatenate([ranked[many:], left_out])
        before, going = going, np.sort(ranked[:many])
        particles.keep(np.searchsorted(before, going).tolist())
    order: list[int] = [*ranked[:many].tolist(), *left_out.tolist()]
    return order


def stops_of(tune: BarredTune, drawing: Drawing) -> list[int]:
    """Return the positions up to which a tune is read behind the last free bar."""
    last = max(place for place, bar in enumerate(tune.bars) if bar.number in drawing.bars)
    if not drawing.behind:
        return [tune.bars[last].end + 1]
    starts = [bar.start for bar in tune.bars[last + 2 :]] + [len(tune.text)]
    behind = starts[: drawing.behind]
    return behind if drawing.sift else behind[-1:]


def _chance(count: int, seed: int) -> NDArray[np.float32]:
    """Return the Gumbel noise of candidates, (N,)."""
    noise = Noise(1, count, 1.0)
    noise.begin(0, seed, _CHOICE, _CHOICE)
    chance: NDArray[np.float32] = noise.next()[0]
    return chance


def _part_of(heed: Callable[[float], None], before: int, parts: int) -> Callable[[float], None]:
    """Return what tells how much is done of all, where so many equal parts are done before."""
    return lambda done: heed((before + done) / parts)
