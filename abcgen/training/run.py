"""What `abcgen.train` does: choose what to train, and train it epoch by epoch.

The checkpoint is written as training goes on. Nothing is printed here: each message goes to the
function `say`.
"""

import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from abcgen.errors import CheckpointError, UsageError
from abcgen.generation.prime import enter, read_prime
from abcgen.grammar.wishes import ANYTHING
from abcgen.melodies.index import FEWEST_HELD_OUT, NoveltyIndex
from abcgen.model.checkpoint import RESUME_FOLDER, Checkpoint, read_checkpoint
from abcgen.model.recipe import Recipe
from abcgen.model.vocabulary import Vocabulary
from abcgen.network import backends
from abcgen.training.course import Course
from abcgen.training.history import USUAL_RUN, best_epoch, duration, line_of
from abcgen.training.lessons import Lessons, read_lessons
from abcgen.training.recipes import BOOKS, CONTINUED, NETWORK, find_recipe
from abcgen.training.record import record_epoch
from abcgen.training.state import TrainingState

#: Takes a message for the user.
Say = Callable[[str], object]

#: Each stream needs some tunes, or an epoch of a small book is only a few steps.
_TUNES_PER_STREAM = 12


@dataclass(frozen=True, slots=True)
class TrainingPlan:
    """What a command line asks to train.

    Attributes
    ----------
    recipe : Recipe
        What to build and how to train it.
    books : sequence of str
        The tunebooks, by name or path.
    base : Checkpoint, optional
        The checkpoint to continue from.
    styles : sequence of str
        The style of each book; none where there are no styles.
    """

    recipe: Recipe
    books: Sequence[str]
    base: Checkpoint | None
    styles: Sequence[str] = ()


def choose(
    books: Sequence[str],
    recipe: str | None,
    base: str | None,
    changes: Mapping[str, Any],
    styles: Sequence[str] = (),
) -> TrainingPlan:
    """Choose recipe, tunebooks and base.

    Parameters
    ----------
    books : sequence of str
        Names or paths of tunebooks; the recipe's own if there are none.
    recipe, base : str, optional
        A recipe's name, or that of a checkpoint to continue from.
    changes : mapping of str to object
        Field of the recipe -> its value, or None where it stays.
    styles : sequence of str
        The style of each book, or none; see `abcgen.training.styles`.

    Raises
    ------
    UsageError
        If these do not go together.
    CheckpointError
        If there is no checkpoint of this name.
    """
    if base:
        continued = read_checkpoint(base, sampled=False)
        if not books:
            raise UsageError("--from needs a tunebook to learn from")
        for name, value in {"recipe": recipe, **{name: changes[name] for name in NETWORK}}.items():
            if value is not None and name != "plan_size":
                raise UsageError(
                    f"--from continues with the network of its checkpoint: leave out "
                    f"--{name.replace('_', '-')}"
                )
        if continued.recipe.solos:
            raise UsageError(f"{base} plays solos, and such a network is trained from the start")
        if continued.vocabulary.styles and not styles:
            raise UsageError(
                f"{base} tells styles apart ({', '.join(continued.vocabulary.styles)}): name that "
                "of each tunebook, as in --style NAME=BOOK"
            )
        return TrainingPlan(
            continued.recipe.changed(**CONTINUED).changed(**changes), books, continued, styles
        )
    if not (books or recipe):
        raise UsageError(
            "name a tunebook to learn from, or a --recipe, which has its own (see --help)"
        )
    chosen = find_recipe(recipe or Recipe().name).changed(**changes)
    if chosen.solos and styles:
        raise UsageError(
            "a network of solos has no styles: leave out --style; of a folder whose subfolders "
            "would be styles, name the subfolders, as in FOLDER/*"
        )
    return TrainingPlan(chosen, books or BOOKS[chosen.name], None, styles)


def train(
    names_or_paths: Sequence[str],
    folder: Path,
    recipe: Recipe,
    *,
    seed: int = 0,
    resume: bool = False,
    tensorboard: Path | None = None,
    number: int = 1,
    base: Checkpoint | None = None,
    weights: Sequence[float] = (),
    styles: Sequence[str] = (),
    backend: str = backends.BACKENDS[0],
    voice: str | None = None,
    say: Say = lambda message: None,
) -> Checkpoint:
    """Train a network and write its checkpoint after every epoch; return that of the best epoch.

    Parameters
    ----------
    names_or_paths : sequence of str
        Corpora by name, files, folders; see `abcgen.tunebooks.corpus.read_corpus`.
    folder, number, tensorboard : Path, int, Path
        The checkpoint's folder, its number among those of its name, a folder for event files.
    recipe : Recipe
        What to build and how to train it. The batch size is lowered for a small corpus.
    seed : int
        Decides the first weights, the order of the tunes, their keys and the dropout.
    resume : bool
        Whether to continue after the last finished epoch of an interrupted run. By TensorFlow on
        a CPU it ends with exactly the weights of a run that was not interrupted.
    base : Checkpoint, optional
        The checkpoint to continue from; the recipe's network must be the same. New characters are
        added at the end of its vocabulary.
    weights, styles : sequence of float, sequence of str, optional
        For each name or path, how often its tunes are read in an epoch, 0 or more, once by
        default; and their style, for a network that tells styles apart.
    backend, voice, say : str, str, callable
        One of `abcgen.network.backends.BACKENDS`; of tunes with several voices, the one to learn
        from; what takes the messages about the run.

    Raises
    ------
    CorpusError
        If the corpus cannot be read or is too small.
    CheckpointError
        If there is a checkpoint already and `resume` is not set, or nothing to resume.
    """
    state = _state_in(folder, resume, say)
    edition = _edition_in(folder) if resume else None
    lessons = read_lessons(names_or_paths, recipe, weights, base, voice, styles, edition)
    recipe = _fitted(recipe, len(lessons.training), say)
    state.identify(_identity(recipe, seed, lessons, weights, backend, base))
    index = lessons.index(base)
    recipe = _judging_copies(recipe, index, lessons.vocabulary, say)
    folder.mkdir(parents=True, exist_ok=True)  # fails now, not after an epoch
    backends.load(backend)
    course = _course_of(recipe, seed, lessons, index, base, state)
    _run_epochs(folder, state, course, number, say, tensorboard)
    return read_checkpoint(str(folder), sampled=False)


def _state_in(folder: Path, resume: bool, say: Say) -> TrainingState:
    """Return the state to start from."""
    if resume:
        state = TrainingState.load(folder / RESUME_FOLDER)
        say(f"resuming after epoch {state.epoch}")
        return state
    if folder.exists() and any(folder.iterdir()):
        raise CheckpointError(
            f"{folder} exists; continue with --resume, or choose another --name or --out"
        )
    return TrainingState()


def _edition_in(folder: Path) -> int:
    """Return the edition of the spelling that an interrupted run began with."""
    return read_checkpoint(str(folder), sampled=False).vocabulary.edition


def _fitted(recipe: Recipe, tunes: int, say: Say) -> Recipe:
    """Lower the batch size if a corpus has too few tunes for it."""
    fitting = max(1, tunes // _TUNES_PER_STREAM)
    if recipe.batch_size <= fitting or recipe.snippets:
        return recipe
    say(f"{tunes} tunes to learn from: batch size {fitting} instead of {recipe.batch_size}")
    return recipe.changed(batch_size=fitting)


def _identity(
    recipe: Recipe,
    seed: int,
    lessons: Lessons,
    weights: Sequence[float],
    backend: str,
    base: Checkpoint | None,
) -> dict[str, Any]:
    """Return what must be the same when a run is resumed."""
    run = {"recipe": recipe.to_dict(), "seed": seed, "corpus": lessons.about["sha256"]}
    if weights:
        run["weights"] = list(weights)
    if backend != backends.BACKENDS[0]:
        run["backend"] = backend
    if base:
        run["base"] = base.label
    return run


def _judging_copies(
    recipe: Recipe, index: NoveltyIndex, vocabulary: Vocabulary, say: Say
) -> Recipe:
    """Return the recipe, without counting copies if there are too few tunes to say what one is."""
    if recipe.solos or not (recipe.originals or recipe.keep_every):
        return recipe
    enter(vocabulary, ANYTHING, read_prime(""))  # fails now if no tune can be written
    if len(index.held_out) < FEWEST_HELD_OUT:
        say(
            f"only {len(index.held_out)} tunes are held out, too few to say what a copy is: the "
            f"best epoch is chosen by its loss alone"
            + (f", and a copy is a run of more than {USUAL_RUN} notes" if recipe.keep_every else "")
        )
        return recipe.changed(originals=0)
    return recipe


def _course_of(
    recipe: Recipe,
    seed: int,
    lessons: Lessons,
    index: NoveltyIndex,
    base: Checkpoint | None,
    state: TrainingState,
) -> Course:
    """Build the network, with the weights of the state or the base if there are any."""
    from abcgen.network.build import (  # imports Keras
        AHEAD_TOLD,
        LETTERS_TOLD,
        REACH_TOLD,
        load_weights,
        weights_of,
    )
    from abcgen.network.transfer import letters_told, reach_told, read_weights
    from abcgen.training.approach import ahead_told
    from abcgen.training.trainer import Trainer

    trainer = Trainer(recipe, len(lessons.vocabulary), seed)
    if state.arrays:
        trainer.restore(state.arrays)
    else:
        known = weights_of(trainer.network)
        if recipe.planned:
            known[f"{LETTERS_TOLD}/embeddings"] = letters_told(lessons.vocabulary)
            known[f"{REACH_TOLD}/embeddings"] = reach_told(lessons.vocabulary)
            told = ahead_told(lessons.training, lessons.vocabulary)
            known[f"{AHEAD_TOLD}/embeddings"] = told
        if base:  # which may read no plans yet
            known.update(read_weights(base, lessons.vocabulary))
        load_weights(trainer.network, known)
    return Course(trainer, lessons, index, writes_at_once=base is not None)


def _run_epochs(
    folder: Path,
    state: TrainingState,
    course: Course,
    number: int,
    say: Say,
    tensorboard: Path | None,
) -> None:
    """Train until the recipe is over; write checkpoint and state after each epoch."""
    log = course.trainer.tensorboard_log(tensorboard) if tensorboard else None
    recipe = course.trainer.recipe
    started = 0.0
    while not recipe.is_over(state.epoch, state.best_epoch):
        row = course.run_epoch(state.epoch + 1)
        state.epoch += 1
        state.history.append(row)
        better = recipe.keep_last or best_epoch(state.history, course.most_copied) == state.epoch
        if better:
            state.best_epoch = state.epoch
        if log:
            log(row)
        say(line_of(row, recipe, better))
        record_epoch(folder, course, state.history, state.best_epoch, number)
        # The state comes last: --resume repeats an epoch that was interrupted before this.
        state.arrays = course.trainer.arrays()
        state.save(folder / RESUME_FOLDER)
        left = recipe.epochs - state.epoch
        if left and started:  # the first epoch took longer: TensorFlow compiled its graph
            say(f"{duration((time.monotonic() - started) * left)} left for {left} epochs")
        started = time.monotonic()
    if state.epoch < recipe.epochs:
        say(f"no better validation loss for {recipe.patience} epochs: stopped early")


def make_engine(checkpoint: Checkpoint, say: Say) -> None:
    """Make the engine file of a network trained by PyTorch, in a process that loads TensorFlow."""
    if find_spec("tensorflow"):
        converting = [sys.executable, "-m", "abcgen.convert", str(checkpoint.path)]
        subprocess.run(converting, check=True)
    else:
        say(
            f"there is no engine file yet, since TensorFlow is needed to make it; where that is "
            f"installed, run: python -m abcgen.convert {checkpoint.path}"
        )
