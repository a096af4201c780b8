"""Tunes that the critic of their network accepts, or the best of several."""

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from abcgen.generation.accepting import acceptance
from abcgen.generation.loop import DrawnTune, draw_tunes
from abcgen.generation.request import MAX_TUNE, Request
from abcgen.generation.stats import Stats
from abcgen.model.checkpoint import Checkpoint
from abcgen.model.engine import Engine

if TYPE_CHECKING:  # they take a while to load
    from abcgen.melodies.index import Limit
    from abcgen.model.critic.critic import Critic

#: Critics that are kept, each of a checkpoint.
_CRITICS = 8


def critic_of(checkpoint: Checkpoint, request: Request) -> "Critic | None":
    """Return what judges the tunes of a request; None if nothing does."""
    # At temperature 0 each attempt gives the same tune.
    judges = (request.critic or request.best_of > 1) and not request.sampler.greedy
    file = checkpoint.critic_file
    if file is None or request.raw or not judges:
        return None
    return _loaded(file, file.stat().st_mtime_ns)


@lru_cache(_CRITICS)
def _loaded(file: Path, _: int) -> "Critic":
    """Return the critic in a file that was changed at a time."""
    from abcgen.model.critic.critic import Critic

    return Critic.load(file)


def draw_best(
    engine: Engine,
    request: Request,
    numbers: Iterable[int],
    critic: "Critic | None",
    *,
    most: int | Callable[[int, int], int] = MAX_TUNE,
    limit: "Limit | None" = None,
    stats: Stats | None = None,
) -> Iterator[DrawnTune]:
    """Yield tunes in the order of their numbers, each accepted or the best of as many as wished.

    Parameters
    ----------
    engine, request, numbers, most, stats
        As for `abcgen.generation.loop.draw_tunes`.
    critic : Critic or None
        Refuses tunes, which are drawn again. Where there are several to choose from, none is drawn
        again, but it chooses, of equal ones the first; without it each tune is the only one.
    limit : Limit, optional
        What a tune may share with the corpus. If none of several stays within it, it is the last.
    """
    each = request.best_of if critic else 1
    accept = acceptance(limit, critic if each == 1 else None)
    drawn = draw_tunes(
        *(engine, request, numbers), each=each, most=most, accept=accept, stats=stats
    )
    if critic is None or each == 1:
        yield from drawn
        return
    while attempts := list(islice(drawn, each)):
        accepted = [tune for tune in attempts if tune.accepted] or attempts[-1:]
        yield max(accepted, key=lambda tune: critic.score(tune.text))
