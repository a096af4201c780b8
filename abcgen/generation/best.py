"""The best of several tunes, by the critic of the network that drew them."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

from abcgen.generation.loop import DrawnTune, draw_tunes
from abcgen.generation.request import MAX_TUNE, Request
from abcgen.generation.stats import Stats
from abcgen.model.checkpoint import Checkpoint
from abcgen.model.engine import Engine

if TYPE_CHECKING:  # only a request for the best of several needs it
    from abcgen.model.critic.critic import Critic


def critic_of(checkpoint: Checkpoint, request: Request) -> "Critic | None":
    """Return what chooses among the tunes of a request; None if each is the only one."""
    file = checkpoint.critic_file if request.best_of > 1 else None
    if file is None:
        return None
    from abcgen.model.critic.critic import Critic

    return Critic.load(file)


def draw_best(
    engine: Engine,
    request: Request,
    numbers: Iterable[int],
    critic: "Critic | None",
    *,
    most: int | Callable[[int, int], int] = MAX_TUNE,
    accept: Callable[[str], bool] | None = None,
    stats: Stats | None = None,
) -> Iterator[DrawnTune]:
    """Yield tunes in the order of their numbers, each the best of as many as are asked for.

    Parameters
    ----------
    engine, request, numbers, most, accept, stats
        As for `abcgen.generation.loop.draw_tunes`. Where there are several to choose from, none is
        drawn again. If none of them is accepted, it is the last one.
    critic : Critic or None
        Chooses, of equal ones the first; without it each tune is the only one.
    """
    each = request.best_of if critic else 1
    drawn = draw_tunes(
        *(engine, request, numbers), each=each, most=most, accept=accept, stats=stats
    )
    if critic is None:
        yield from drawn
        return
    while attempts := list(islice(drawn, each)):
        accepted = [tune for tune in attempts if tune.accepted] or attempts[-1:]
        yield max(accepted, key=lambda tune: critic.score(tune.text))
