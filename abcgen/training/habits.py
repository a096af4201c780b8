"""Learn habits: what people choose in each situation more often than a network does.

From its own tunes a network strays a little with each note, and ends elsewhere than people: it
leaps to the last note, or goes to and fro between two. So tunes are drawn, choices are counted in
these and in people's, and each choice is made as much more likely as it is rarer; again and again,
for each change moves what comes after it. This is how the features of a maximum-entropy model are
fitted (Della Pietra, Della Pietra and Lafferty: Inducing features of random fields, 1997).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from abcgen.errors import UsageError
from abcgen.generation.jobs import streams_of
from abcgen.generation.loop import draw_tunes
from abcgen.generation.matched import Task, tasks_of
from abcgen.generation.request import Request
from abcgen.generation.sampler import Sampler
from abcgen.model.checkpoint import (
    CARD_FILE,
    CRITIC_FILE,
    HABITS_FILE,
    Checkpoint,
    read_checkpoint,
    write_checkpoint,
)
from abcgen.model.engine import LiteRTEngine, State
from abcgen.model.factors.layout import Layout
from abcgen.model.factors.plan import PlanTable
from abcgen.model.factors.reader import Reader
from abcgen.model.factors.rows import (
    BY_CHARACTER,
    BY_STEP,
    ECHOING,
    RECALLED,
    RECALLING,
    STEP,
    STEPS_AWAY,
)
from abcgen.model.factors.situations import changes_of, recalls
from abcgen.model.habits.choices import (
    ECHOES,
    FOLLOWED,
    RECALLS,
    STEP_HABITS,
    away_of,
    classes_of,
    echoed,
    goes_like,
    habits_of,
)
from abcgen.model.habits.habit import Habit
from abcgen.model.habits.habits import Habits
from abcgen.model.plans.outline import plan_of
from abcgen.model.vocabulary import Vocabulary
from abcgen.support.processes import in_order, num_processors, workers
from abcgen.training.model_card import model_card
from abcgen.training.peoples import peoples_tunes

#: How much of what is missing is made up for in each round.
_STEPS = 1.0, 1.0, 1.0, 0.9, 0.8, 0.7, 0.7, 0.6, 0.5, 0.5, 0.4, 0.3, 0.2
#: How much less that is for habits several of which often say the same of a choice.
_SHARES = {
    **dict.fromkeys(("moves", "turns", "rises", "paces", "heights"), 0.3),
    **dict.fromkeys(("lasts", RECALLS), 0.7),
    **dict.fromkeys(("alters", "inflects"), 0.6),
    **dict.fromkeys(("leads", "joins"), 0.6),
    **dict.fromkeys(("chords", "renews"), 0.7),
    ECHOES: 0.4,
    FOLLOWED: 0.6,
}
#: Tunes drawn for each of people's; the first seed; and the temperature. It is a little higher than
#: the usual one, at which habits were learned that made tunes easier to tell from people's.
_DRAWN, _SEED, _TEMPERATURE = 3, 2000, 0.9
#: What is added at most, in nats; and how many choices of both kinds weigh as much as those that
#: were counted, so that little is learned from a few.
_MOST, _UNSURE = 4.0, 8.0
#: What is added at most where people leave little to chance: how echoes and other bars are
#: followed, which notes and chords have signs, and how sections end.
_MOST_CERTAIN = dict.fromkeys(
    (ECHOES, FOLLOWED, "marks", "inflects", "qualities", "closes", "holds"), 8.0
)
_CHUNK = 64

#: How often each choice was taken, by the name of the habit: (contexts, choices).
Counts = dict[str, NDArray[np.float64]]
_Added = Mapping[str, NDArray[np.float32]]


def learn_habits(name_or_folder: str, books: Sequence[str], say: Callable[[str], None]) -> None:
    """Learn what people choose more often than a checkpoint does, and keep that in it.

    The network does not change; its tunes do, so that the checkpoint gets the next number.

    Parameters
    ----------
    name_or_folder : str
        The checkpoint.
    books : sequence of str
        Corpora by name, files or folders; people's tunes are those of the training split.
    say : callable
        Takes lines for the user.

    Raises
    ------
    CorpusError, CheckpointError, UsageError
        If something cannot be read, the network goes by no plans, or there are too few tunes.
    """
    checkpoint = read_checkpoint(name_or_folder)
    if checkpoint.plans_file is None:
        raise UsageError(
            f"{checkpoint.path.name} has no plans, and habits depend on them: train it with "
            "--plan-size"
        )
    people = peoples_tunes(checkpoint, books, "--habits")
    habits, theirs = Habits(checkpoint.vocabulary), _chosen_by_people(checkpoint, people)
    for number, step in enumerate(_STEPS):
        request = Request(_SEED + _DRAWN * number, Sampler(_TEMPERATURE))
        drawn = _chosen_when_drawn(checkpoint, habits.added, people, request)
        missing = {
            name: what_is_missing(habit, theirs[name], drawn[name])
            for name, habit in habits.kinds.items()
        }
        far = np.mean([_far(theirs[name], drawn[name]) for name in missing])
        say(f"round {number + 1} of {len(_STEPS)}: {far:.1%} of the choices are not as people's")
        habits.added = made_up_for(habits.added, missing, step)
    made = _after(checkpoint, books)
    writers = {
        HABITS_FILE: habits.save,
        CRITIC_FILE: None,  # it has learned from tunes without these habits
        CARD_FILE: lambda path: path.write_text(model_card(made), encoding="utf-8", newline="\n"),
    }
    write_checkpoint(made, writers)
    say(f"{made.path / HABITS_FILE} is there; it is number {made.version} of {made.path.name} now")
    if CRITIC_FILE in checkpoint.sums:
        say(train_critic_again(name_or_folder, books))


def train_critic_again(name_or_folder: str, books: Sequence[str]) -> str:
    """Return what to do about a critic that had learned from tunes as they no longer are."""
    return (
        "its critic had learned from other tunes, and no longer counts; train it again: python "
        f"-m abcgen.train {' '.join(books)} --critic {name_or_folder}"
    )


def _after(checkpoint: Checkpoint, books: Sequence[str]) -> Checkpoint:
    """Return a checkpoint as it is with habits."""
    before = checkpoint.corpus.get("habits", {"checkpoint": checkpoint.label})
    corpus = checkpoint.corpus | {"habits": before | {"books": list(books)}}
    return replace(checkpoint, version=checkpoint.version + 1, corpus=corpus)


def what_is_missing(
    habit: Habit, people: NDArray[np.float64], drawn: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return how much less likely each choice is in drawn tunes, in nats.

    Parameters
    ----------
    habit : Habit
        What is chosen.
    people, drawn : array, shape (contexts, choices)
        How often.
    """
    both = people + drawn
    pooled = both / np.maximum(both.sum(axis=1, keepdims=True), 1)
    theirs, own = (
        (counts + _UNSURE * pooled) / (counts.sum(axis=1, keepdims=True) + _UNSURE)
        for counts in (people, drawn)
    )
    # What neither takes may be impossible, and stays as it is.
    missing = np.log(np.where(both > 0, theirs, 1) / np.where(both > 0, own, 1))
    if habit.anything_else:
        missing -= missing[:, :1]
        missing[both == 0] = 0
    return missing


def made_up_for(
    added: _Added, missing: Mapping[str, NDArray[np.float64]], step: float
) -> dict[str, NDArray[np.float32]]:
    """Return what is added for each choice after a round, in nats.

    Parameters
    ----------
    added : mapping of str to array
        What was added before.
    missing : mapping of str to array
        How much less likely each choice is; see `what_is_missing`.
    step : float
        How much of that is made up for.
    """
    made = {}
    for name, before in added.items():
        share = np.full((len(before), 1), _SHARES.get(name, 1.0))
        if name == ECHOES:
            share[goes_like()] = _SHARES[FOLLOWED]  # where only one is heard
        most = _MOST_CERTAIN.get(name, _MOST)
        made[name] = np.clip(before + step * share * missing[name], -most, most).astype("f4")
    return made


def _far(people: NDArray[np.float64], drawn: NDArray[np.float64]) -> float:
    """Return the share of choices that would have to be others, if contexts came as people's do."""
    theirs, own = (
        counts / np.maximum(counts.sum(axis=1, keepdims=True), 1) for counts in (people, drawn)
    )
    share = people.sum(axis=1) / max(people.sum(), 1)
    known = drawn.sum(axis=1) > 0
    return float((share * abs(theirs - own).sum(axis=1) / 2)[known].sum())


def counted(
    kinds: Mapping[str, Habit],
    vocabulary: Vocabulary,
    situations: NDArray[np.int32],
    symbols: NDArray[np.int32],
    characters: NDArray[np.integer],
) -> Counts:
    """Return how often each choice was taken.

    Parameters
    ----------
    kinds : mapping of str to Habit
        What is chosen.
    vocabulary : Vocabulary
        V characters.
    situations : int32 array, shape (n, SITUATIONS)
        The situations before some characters; of those that do not count, zeros.
    symbols : int32 array, shape (n, F)
        The symbols of the character before each.
    characters : int array, shape (n,)
        The characters that came.
    """
    by_character = situations[:, BY_CHARACTER]
    rows, came = by_character.ravel(), np.repeat(characters, by_character.shape[1])
    counts = {}
    for name, habit in kinds.items():
        if not habit.numbers.size:
            continue
        place = np.full(len(vocabulary), -1)
        place[habit.characters] = np.arange(len(habit.characters))
        row, column = rows - habit.first, place[came]
        there = (row >= 0) & (row < len(habit.numbers)) & (column >= 0)
        numbers = habit.numbers[row[there], column[there]]
        counts[name] = _times(numbers[numbers >= 0], habit.shape)
    step = situations[:, STEP]
    away = np.where(step > 0, away_of(vocabulary)[step, characters], -1)
    noted, away = situations[away >= 0], away[away >= 0]
    for name, (first, end) in STEP_HABITS.items():
        row = noted[:, BY_STEP]
        at, column = np.nonzero((row >= first) & (row < end))
        numbers = (row[at, column] - first) * STEPS_AWAY + away[at]
        counts[name] = _times(numbers, kinds[name].shape)
    followed = recalls(noted[:, RECALLED], changes_of(STEPS_AWAY)[away])
    counts[RECALLS] = _times((noted[:, RECALLING] - 1) * 3 + followed, kinds[RECALLS].shape)
    layout = Layout(len(vocabulary), factored=True, planned=True)
    counts[ECHOES] = echoed(
        *(classes_of(vocabulary), situations[:, ECHOING]),
        *(layout.all_told(symbols), characters),
    )
    return counts


def _times(numbers: NDArray[np.integer], shape: tuple[int, int]) -> NDArray[np.float64]:
    """Return how often each number comes, as an array of this shape."""
    counts = np.bincount(numbers, minlength=shape[0] * shape[1])
    return counts.reshape(shape).astype(np.float64)


def _chosen_by_people(checkpoint: Checkpoint, people: Sequence[str]) -> Counts:
    some = (people[at : at + _CHUNK] for at in range(0, len(people), _CHUNK))
    with workers(num_processors()) as executor:
        count = partial(_count_people, checkpoint.vocabulary)
        return _summed(in_order(count, some, executor, ahead=2 * num_processors()))


def _count_people(vocabulary: Vocabulary, texts: Sequence[str]) -> Iterable[Counts]:
    """Yield what is chosen in some tunes, each read with its own plan."""
    situations: list[list[int]] = []
    symbols: list[list[int]] = []
    characters: list[int] = []
    for text in texts:
        plan = plan_of(text)
        if plan is None:
            continue
        reader = Reader(vocabulary, planned=True)
        reader.plan(PlanTable(plan))
        for character in vocabulary.encode(text).tolist():
            situations.append(reader.situation())
            symbols.append(reader.symbols.tolist())
            characters.append(character)
            reader.read(character)
    if characters:
        read = (np.array(numbers, np.int32) for numbers in (situations, symbols, characters))
        yield counted(habits_of(vocabulary), vocabulary, *read)


def _chosen_when_drawn(
    checkpoint: Checkpoint, added: _Added, people: Sequence[str], request: Request
) -> Counts:
    """Return what is chosen in tunes that are drawn to match people's, with some habits."""
    tasks = [
        (replace(request, seed=request.seed + more), task)
        for more in range(_DRAWN)
        for task in tasks_of(people)
    ]
    with workers(num_processors()) as executor:
        count = partial(_count_drawn, checkpoint, added)
        return _summed(in_order(count, tasks, executor, ahead=2 * num_processors()))


def _count_drawn(
    checkpoint: Checkpoint, added: _Added, task: tuple[Request, Task]
) -> Iterable[Counts]:
    request, (wishes, numbers) = task
    habits = Habits(checkpoint.vocabulary, added)
    streams = streams_of(request, len(numbers))
    engine = _Observed.of(checkpoint, streams, habits.tables(bounded=False))
    for _ in draw_tunes(engine, replace(request, wishes=wishes), numbers):
        pass
    seen = (np.concatenate(parts) for parts in zip(*engine.seen, strict=True))
    yield counted(habits.kinds, checkpoint.vocabulary, *seen)


class _Observed(LiteRTEngine):
    """An engine that keeps in which situations each character was read that was drawn."""

    def __init__(self, *about: Any) -> None:
        super().__init__(*about)
        #: The situations before each step, (N, SITUATIONS), the symbols of the character before,
        #: (N, F), and the characters read, (N,).
        self.seen: list[tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.integer]]] = []

    def step(self, characters: NDArray[np.integer]) -> NDArray[np.float32]:
        """Read a character a stream; see `LiteRTEngine.step`."""
        self.seen.append((self._situations.copy(), self._symbols.copy(), np.array(characters)))
        return super().step(characters)

    def restore(self, stream: int, state: State) -> None:
        """Set a stream back: what it reads next was not drawn."""
        super().restore(stream, state)
        self._situations[stream] = 0

    def keep(self, streams: list[int]) -> None:
        """Keep only some of the streams, numbered from 0 in the order given."""
        situations, symbols = self._situations[streams], self._symbols[streams]
        super().keep(streams)
        self._situations[:], self._symbols[:] = situations, symbols


def _summed(counts: Iterable[Counts]) -> Counts:
    first, *others = counts
    return {name: sum((more[name] for more in others), first[name]) for name in first}
