"""What `abcgen.train` does: a network trained epoch by epoch, its checkpoint written as it goes."""

import csv
import hashlib
import math
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from abcgen.errors import CheckpointError, CorpusError
from abcgen.generation.prime import enter, read_prime
from abcgen.grammar.acceptor import NEEDED
from abcgen.grammar.wishes import ANYTHING
from abcgen.melodies.index import FEWEST_HELD_OUT, NoveltyIndex
from abcgen.model.checkpoint import (
    CARD_FILE,
    CURVES_FILE,
    ENGINE_FILE,
    HISTORY_FILE,
    NOVELTY_FILE,
    RESUME_FOLDER,
    WEIGHTS_FILE,
    Checkpoint,
    read_checkpoint,
    write_checkpoint,
)
from abcgen.model.recipes import Recipe
from abcgen.model.vocabulary import END_OF_TUNE, Vocabulary
from abcgen.network import backends
from abcgen.network.transfer import grown_vocabulary
from abcgen.training.augmentation import Versions, versions_of
from abcgen.training.dataset import EncodedTunes, SnippetDataset, StreamDataset
from abcgen.training.model_card import model_card
from abcgen.training.own_tunes import OwnTunes
from abcgen.training.state import TrainingState
from abcgen.tunebooks.corpus import Corpus, read_corpus
from abcgen.tunebooks.indexing import index_of

if TYPE_CHECKING:
    from abcgen.training.trainer import Trainer

#: A stream should hold some tunes, or an epoch of a small book is but a handful of steps.
_TUNES_PER_STREAM = 12
#: So many tunes are hardly enough to say which epoch is the best.
_FEW_TO_VALIDATE = 10
_EPOCHS_FOLDER = "epochs"


def train(
    names_or_paths: Sequence[str],
    folder: Path,
    recipe: Recipe,
    *,
    seed: int = 0,
    resume: bool = False,
    tensorboard: Path | None = None,
    version: int = 1,
    base: Checkpoint | None = None,
    weights: Sequence[float] = (),
) -> Checkpoint:
    """Train a network and write its checkpoint after every epoch that is the best so far.

    Parameters
    ----------
    names_or_paths : sequence of str
        Corpora by name, files, folders; see `abcgen.tunebooks.corpus.read_corpus`.
    folder : Path
        The checkpoint's folder.
    recipe : Recipe
        What to build and how to train it. The batch size is lowered for a small corpus.
    seed : int
        Decides the first weights, the order of tunes, their keys and the dropout.
    resume : bool
        Whether to go on from the last finished epoch of a run that was cut off. It then reaches
        the losses of a run that was not.
    tensorboard : Path, optional
        A folder for TensorBoard's event files.
    version : int
        Which checkpoint of this name it is to be.
    base : Checkpoint, optional
        The checkpoint to go on from: its weights, and its vocabulary with what is new behind it.
        The recipe's network must be its.
    weights : sequence of float, optional
        How often the tunes of each of the names and paths are read in an epoch, 0 or more; once
        unless given.

    Returns
    -------
    Checkpoint
        The best epoch's.

    Raises
    ------
    CorpusError
        If the corpus cannot be read or is too small.
    CheckpointError
        If there is a checkpoint already and `resume` is not set, or nothing to resume.
    """
    state_folder = folder / RESUME_FOLDER
    if not resume and folder.exists() and any(folder.iterdir()):
        raise CheckpointError(
            f"{folder} exists; go on with --resume, or choose another --name or --out"
        )
    state = TrainingState.load(state_folder) if resume else None
    lessons = _lessons(names_or_paths, recipe, weights, base)
    recipe = _fitted(recipe, len(lessons.training))
    run = {"recipe": recipe.to_dict(), "seed": seed, "corpus": lessons.about["sha256"]}
    if weights:
        run["weights"] = list(weights)
    if backends.chosen() != backends.BACKENDS[0]:
        run["backend"] = backends.chosen()
    if base:
        run["base"] = base.label
    if state is None:
        state = TrainingState(run)
    else:
        state.check_same_run(run)
        say(f"going on after epoch {state.epoch}")

    index = _index(lessons, base)
    recipe = _judging_originality(recipe, index, lessons.vocabulary)
    folder.mkdir(parents=True, exist_ok=True)  # says so now if it cannot be written

    from abcgen.network.build import load_weights  # loads what trains
    from abcgen.network.transfer import read_weights
    from abcgen.training.trainer import Trainer

    trainer = Trainer(recipe, len(lessons.vocabulary), seed)
    if resume:
        trainer.restore(state.arrays)
    elif base:
        load_weights(trainer.network, read_weights(base, lessons.vocabulary))
    course = _Course(trainer, lessons, index, writes_at_once=base is not None)
    started = 0.0
    log = trainer.tensorboard_log(tensorboard) if tensorboard else None
    while not recipe.is_over(state.epoch, state.best_epoch):
        row = course.run_epoch(state.epoch + 1)
        state.epoch += 1
        state.history.append(row)
        better = recipe.keep_last or (best_epoch(state.history, course.most_copied) == state.epoch)
        if better:
            state.best_epoch = state.epoch
        if log:
            log(row)
        say(_line(row, recipe, better))
        _record(folder, state, trainer, lessons, version, better, index)
        if recipe.keep_every and state.epoch % recipe.keep_every == 0:
            kept = folder / _EPOCHS_FOLDER / f"{state.epoch:03}.weights.h5"
            kept.parent.mkdir(exist_ok=True)
            trainer.save_weights(kept)
        # Last of all: whatever was cut off before this is done again by --resume.
        state.arrays = trainer.arrays()
        state.save(state_folder)
        left = recipe.epochs - state.epoch
        if left and started:  # the first epoch took longer: TensorFlow was still compiling
            say(f"{_duration((time.monotonic() - started) * left)} left for {left} epochs")
        started = time.monotonic()
    if state.epoch < recipe.epochs:
        say(f"no better validation loss for {recipe.patience} epochs: stopped early")
    return read_checkpoint(str(folder), sampled=False)


@dataclass(frozen=True, slots=True)
class _Lessons:
    """What a network learns from, and is judged by.

    Attributes
    ----------
    corpus : Corpus
        All that was read.
    training, validation : list of str
        The tunes to learn from and those to judge by.
    times : list of float
        How often each of the first is read in an epoch; empty where all are once.
    versions : list of Versions
        Of each of them, in other keys and under other titles; empty where none are read.
    vocabulary : Vocabulary
        The characters of all, and those that every valid tune may need.
    about : dict
        What the checkpoint says of it.
    """

    corpus: Corpus
    training: list[str]
    validation: list[str]
    times: list[float]
    versions: list[Versions]
    vocabulary: Vocabulary
    about: dict[str, Any]


def _lessons(
    names_or_paths: Sequence[str],
    recipe: Recipe,
    weights: Sequence[float],
    base: Checkpoint | None,
) -> _Lessons:
    """Read what is to be learned."""
    corpus = read_corpus(names_or_paths)
    training, validation = _halves(corpus)
    times = (
        [weights[tune.book] for tune in corpus.tunes if tune.split == "train"] if weights else []
    )
    versions = versions_of(training) if recipe.transposed else []
    learned = (text for version in versions for text in version.texts)
    # What every valid tune may need is known, even if all tunes of a book end with `:|`.
    text = "".join([END_OF_TUNE, *NEEDED, *(tune.text for tune in corpus.tunes), *learned])
    vocabulary = grown_vocabulary(base.vocabulary, text) if base else Vocabulary.of(text)
    about = describe_corpus(names_or_paths, corpus)
    if base:
        about["continues"] = {"checkpoint": base.label, "books": base.corpus["books"]}
    if weights:
        about["weights"] = list(weights)
    return _Lessons(corpus, training, validation, times, versions, vocabulary, about)


def _index(lessons: _Lessons, base: Checkpoint | None) -> NoveltyIndex:
    """Return the index of all tunes that the network has learned from in the end."""
    index = index_of(lessons.corpus)
    if base:
        known = NoveltyIndex.load(base.novelty_file)
        # Gone on with on the same tunes, it has learned no others than it knew before.
        same = base.corpus["sha256"] == lessons.about["sha256"]
        index = known if same else index.joined(known)
    return index


def _judging_originality(recipe: Recipe, index: NoveltyIndex, vocabulary: Vocabulary) -> Recipe:
    """Return the recipe, without originals where none can be told from copies."""
    if recipe.originals and len(index.held_out) < FEWEST_HELD_OUT:
        say(
            f"only {len(index.held_out)} tunes are held out, too few to say what a copy is: the "
            f"best epoch is chosen by its loss alone"
        )
        return recipe.changed(originals=0)
    if recipe.originals:
        enter(vocabulary, ANYTHING, read_prime(""))  # says so now if no tune can be written
    return recipe


class _Course:
    """Epochs, each with what the network reads, writes and is judged by.

    Parameters
    ----------
    trainer : Trainer
        The network.
    lessons : _Lessons
        What it learns from.
    index : NoveltyIndex
        The same as melodies.
    writes_at_once : bool
        Whether it reads its own tunes from the first epoch on. One that begins from nothing writes
        nothing in the first half that would be any use.

    Attributes
    ----------
    most_copied : float
        The share of its tunes that may be copies.
    """

    def __init__(
        self, trainer: "Trainer", lessons: _Lessons, index: NoveltyIndex, writes_at_once: bool
    ) -> None:
        recipe = trainer.recipe
        self._trainer, self._vocabulary, self._index = trainer, lessons.vocabulary, index
        self._sets = datasets(
            recipe,
            lessons.vocabulary,
            lessons.training,
            lessons.validation,
            lessons.versions,
            lessons.times,
        )
        self._chooser = OwnTunes(lessons.training, lessons.times) if recipe.own else None
        self._first_written = 1 if writes_at_once else recipe.epochs // 2 + 1
        self.most_copied = _most_copied(index, recipe.originals)

    def run_epoch(self, epoch: int) -> dict[str, float]:
        """Run an epoch, counted from 1; return its row of ``history.csv``."""
        began = time.monotonic()
        own: list[str] = []
        share = 0.0
        if self._chooser and epoch >= self._first_written:
            own, share = self._own_tunes(self._chooser, epoch)
        row = self._trainer.run_epoch(epoch, *self._sets, own)
        if self._chooser:
            row["own"] = round(share, 3)
        row["seconds"] = round(time.monotonic() - began, 1)
        originals = self._trainer.recipe.originals
        if originals:
            drawn = self._trainer.draw(self._vocabulary, range(1, originals + 1), masked=True)
            row["copied"] = _copied([tune.text for tune in drawn], self._index)
        return row

    def _own_tunes(self, chooser: OwnTunes, epoch: int) -> tuple[list[str], float]:
        """Return what the network is to read of its own tunes, and the share that will do."""
        trainer = self._trainer
        count = max(1, round(trainer.recipe.own * chooser.learned))
        numbers = range(epoch * count, (epoch + 1) * count)
        masked = trainer.recipe.own_masked
        drawn = trainer.draw(self._vocabulary, numbers, chooser.longest, masked=masked)
        fitting = chooser.fitting(drawn)
        chance = np.random.default_rng([trainer.seed, epoch])
        return chooser.balanced(fitting, chance), len(fitting) / count


def datasets(
    recipe: Recipe,
    vocabulary: Vocabulary,
    training: Sequence[str],
    validation: Sequence[str],
    versions: Sequence[Versions] = (),
    times: Sequence[float] = (),
) -> tuple[StreamDataset | SnippetDataset, StreamDataset]:
    """Return what a recipe's network learns from, and what it is judged by.

    Parameters
    ----------
    recipe : Recipe
        Says how they are read.
    vocabulary : Vocabulary
        Holds every character of the tunes.
    training, validation : sequence of str
        The tunes.
    versions : sequence of Versions, optional
        Of each tune to learn from.
    times : sequence of float, optional
        How often each of these is read in an epoch.
    """
    size = (recipe.batch_size, recipe.seq_length)
    judged_by = EncodedTunes(validation, vocabulary, factored=recipe.factored)
    tunes = EncodedTunes(
        training,
        vocabulary,
        factored=recipe.factored,
        ruled=bool(recipe.rules),
        versions=versions,
        transposed=recipe.transposed,
        retitled=recipe.retitled,
        times=times,
    )
    learned = (
        SnippetDataset(tunes, *size, recipe.steps)
        if recipe.snippets
        else StreamDataset(tunes, *size)
    )
    return learned, StreamDataset(judged_by, *size)


def _halves(corpus: Corpus) -> tuple[list[str], list[str]]:
    """Return the tunes to learn from and those to validate on."""
    training = corpus.split("train")
    validation = corpus.split("validation")
    # Of a small book a handful would choose the best epoch by chance; the test tunes join them.
    if len(validation) < _FEW_TO_VALIDATE:
        validation = validation + corpus.split("test")
    if len(training) < 2 or not validation:
        raise CorpusError(
            f"the corpus is too short: {len(corpus.tunes)} tunes give {len(training)} to learn "
            f"from and {len(validation)} to validate on; take 40 tunes or more"
        )
    return training, validation


def _fitted(recipe: Recipe, tunes: int) -> Recipe:
    """Lower the batch size where a corpus has too few tunes for so many streams."""
    fitting = max(1, tunes // _TUNES_PER_STREAM)
    if recipe.batch_size <= fitting or recipe.snippets:
        return recipe
    say(f"{tunes} tunes to learn from: batch size {fitting} instead of {recipe.batch_size}")
    return recipe.changed(batch_size=fitting)


def describe_corpus(names_or_paths: Sequence[str], corpus: Corpus) -> dict[str, Any]:
    """Return what a checkpoint says of its corpus: books, counts, and the sum of the texts."""
    digest = hashlib.sha256()
    for tune in corpus.tunes:
        digest.update(f"{tune.split}\n{tune.text}\n".encode())
    return {
        "books": [Path(name).name for name in names_or_paths],
        "tunes": {name: len(corpus.split(name)) for name in ("train", "validation", "test")},
        "characters": sum(len(tune.text) + 1 for tune in corpus.tunes),
        "rejected": len(corpus.rejected),
        "repeated": len(corpus.repeated),
        "sha256": digest.hexdigest(),
    }


def _record(
    folder: Path,
    state: TrainingState,
    trainer: "Trainer",
    lessons: _Lessons,
    version: int,
    better: bool,
    index: NoveltyIndex,
) -> None:
    """Write the checkpoint after an epoch; the network's own files only if it is the best."""
    from abcgen.training.curves import draw_curves

    row = state.history[state.best_epoch - 1]
    validation = {
        "epoch": state.best_epoch,
        "loss": row["val_loss"],
        "bits_per_char": row["val_loss"] / math.log(2),
        "accuracy": row["val_accuracy"],
    }
    checkpoint = Checkpoint(
        folder, trainer.recipe, lessons.vocabulary, lessons.about, validation, version
    )
    writers: dict[str, Callable[[Path], object] | None] = {
        HISTORY_FILE: lambda path: write_history(state.history, path),
        CURVES_FILE: lambda path: draw_curves(state.history, state.best_epoch, path),
        NOVELTY_FILE: index.save,
        CARD_FILE: lambda path: path.write_bytes(model_card(checkpoint).encode()),
    }
    if better:
        writers[WEIGHTS_FILE] = trainer.save_weights
        engine = trainer.engine()
        writers[ENGINE_FILE] = (lambda path: path.write_bytes(engine)) if engine else None
    write_checkpoint(checkpoint, writers)


def _copied(tunes: Sequence[str], index: NoveltyIndex) -> float:
    """Return the share of tunes that copy, 0 to 1."""
    threshold = index.threshold()
    return sum(index.longest_run(tune) > threshold for tune in tunes) / len(tunes)


def _most_copied(index: NoveltyIndex, originals: int) -> float:
    """Return the share of copies among some tunes that is no more than people's, but for chance.

    Chance is two standard errors of a share taken of so many tunes.
    """
    if not originals:
        return 1.0
    share = index.people_copy()
    return share + 2 * math.sqrt(share * (1 - share) / originals)


def best_epoch(history: Sequence[dict[str, float]], most_copied: float) -> int:
    """Return the best epoch: of the lowest validation loss among those that do not copy.

    Parameters
    ----------
    history : sequence of dict
        Its rows, as in ``history.csv``.
    most_copied : float
        The share of tunes that may be copies. Where all epochs have more, the fewest count.
    """
    return int(
        min(
            history,
            key=lambda row: (max(row.get("copied", 0.0) - most_copied, 0.0), row["val_loss"]),
        )["epoch"]
    )


def write_history(history: Sequence[dict[str, float]], path: Path) -> None:
    """Write ``history.csv``: a row an epoch, losses in nats a character."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(history[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(history)


def _line(row: dict[str, float], recipe: Recipe, better: bool) -> str:
    bits = row["val_loss"] / math.log(2)
    of_own = f"  own tunes kept {row['own']:.0%}" if row.get("own") else ""
    copied = f"  copies {row['copied']:.0%}" if "copied" in row else ""
    return (
        f"epoch {row['epoch']:.0f}/{recipe.epochs}  loss {row['loss']:.4f}  "
        f"accuracy {row['accuracy']:.3f}  validation: loss {row['val_loss']:.4f}  "
        f"accuracy {row['val_accuracy']:.3f}  {bits:.3f} bits a character"
        f"{of_own}{copied}{'  (kept)' if better else ''}"
    )


def _duration(seconds: float) -> str:
    minutes = round(seconds / 60)
    hours = f"{minutes // 60} h " if minutes >= 60 else ""
    return f"about {hours}{minutes % 60} min" if minutes else "less than a minute"


def say(text: str) -> None:
    """Tell on stderr how far the training is."""
    print(f"abcgen.train: {text}", file=sys.stderr, flush=True)
