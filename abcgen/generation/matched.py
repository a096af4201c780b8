"""Drawn tunes that match tunes by people: the same key, metre and rhythm, chords or none."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from abcgen.generation.best import critic_of, draw_best
from abcgen.generation.jobs import streams_of
from abcgen.generation.request import Request
from abcgen.grammar.header import CHORD_METERS
from abcgen.grammar.wishes import Wishes
from abcgen.model.checkpoint import Checkpoint
from abcgen.model.engine import LiteRTEngine
from abcgen.music.notes import music_of
from abcgen.notation.rhythms import spell_rhythm
from abcgen.notation.tune import read_tune
from abcgen.support.processes import in_order, workers

if TYPE_CHECKING:
    from abcgen.model.critic.critic import Critic

_TASKS_AHEAD = 2  # under way for each process
#: Wishes, and the numbers of the tunes that are drawn by them.
Task = tuple[Wishes, list[int]]


def wishes_of(text: str) -> Wishes:
    """Return the wishes for a tune that matches one in abcgen's spelling.

    Raises
    ------
    NotationError
        If abcgen cannot read it.
    """
    tune = read_tune(text)
    meter = tune.setting.meter
    return Wishes(
        key=tune.setting.key,
        meter=meter,
        rhythm=spell_rhythm(tune.field("R") or "") or "",
        chords=bool(music_of(tune).chords) and meter in CHORD_METERS,
    )


def tasks_of(people: Sequence[str]) -> list[Task]:
    """Return what is to be drawn for tunes by people: those with the same wishes together.

    The task with the most comes first, so that processes end together. The tune for the first of
    people's has the number 1.
    """
    numbers: dict[Wishes, list[int]] = defaultdict(list)
    for number, text in enumerate(people, start=1):
        numbers[wishes_of(text)].append(number)
    return sorted(numbers.items(), key=lambda task: -len(task[1]))


def draw_matched(
    checkpoint: Checkpoint,
    people: Sequence[str],
    request: Request,
    jobs: int = 1,
) -> list[str]:
    """Draw a tune for each tune by people, in their order.

    Parameters
    ----------
    checkpoint : Checkpoint
        The network.
    people : sequence of str
        Tunes in abcgen's spelling.
    request : Request
        How they are drawn, but for the wishes. The tune for the first of people's has the number 1.
    jobs : int
        Processes that share the work.
    """
    draw = partial(_draw, checkpoint, request, critic_of(checkpoint, request))
    with workers(jobs) as executor:
        drawn = dict(in_order(draw, tasks_of(people), executor, ahead=jobs * _TASKS_AHEAD))
    return [drawn[number] for number in range(1, len(people) + 1)]


def _draw(
    checkpoint: Checkpoint, request: Request, critic: "Critic | None", task: Task
) -> Iterator[tuple[int, str]]:
    """Yield the tunes of these numbers, each from its ``X:1`` on."""
    wishes, numbers = task
    engine = LiteRTEngine.of(checkpoint, streams_of(request, len(numbers)))
    for tune in draw_best(engine, replace(request, wishes=wishes), numbers, critic):
        yield tune.number, tune.text.rstrip("\n") + "\n"
