"""Train a network on tunebooks: `python -m abcgen.train NAME-OR-PATH... --name NAME`."""

import argparse
import csv
import hashlib
import math
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from abcgen.augmentation import Versions, versions_of
from abcgen.checkpoint import (
    CARD_FILE,
    CHECKPOINTS,
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
from abcgen.cli import CommandParser, guarded, whole_number
from abcgen.corpus import Corpus, read_corpus
from abcgen.dataset import EncodedTunes, SnippetDataset, StreamDataset
from abcgen.errors import CheckpointError, CorpusError, UsageError
from abcgen.extras import require
from abcgen.model_card import model_card
from abcgen.notation.acceptor import ANYTHING, NEEDED
from abcgen.novelty_index import FEWEST_HELD_OUT, NoveltyIndex, index_of
from abcgen.own_tunes import OwnTunes
from abcgen.provenance import label_of
from abcgen.recipes import BOOKS, CONTINUED, HELP, NETWORK, RECIPES, Recipe, find_recipe
from abcgen.steering import begin, read_prime
from abcgen.training_state import TrainingState
from abcgen.transfer import grown_vocabulary
from abcgen.tunebooks import NAME_OR_PATH
from abcgen.vocabulary import END_OF_TUNE, Vocabulary

if TYPE_CHECKING:
    from abcgen.trainer import Trainer

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
        Corpora by name, files, folders; see `abcgen.corpus.read_corpus`.
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
    corpus = read_corpus(names_or_paths)
    training, validation = _halves(corpus)
    times = (
        [weights[tune.book] for tune in corpus.tunes if tune.split == "train"] if weights else []
    )
    recipe = _fitted(recipe, len(training))
    versions = versions_of(training) if recipe.transposed else []
    learned = (text for version in versions for text in version.texts)
    # What every valid tune may need is known, even if all tunes of a book end with `:|`.
    text = "".join([END_OF_TUNE, *NEEDED, *(tune.text for tune in corpus.tunes), *learned])
    vocabulary = grown_vocabulary(base.vocabulary, text) if base else Vocabulary.of(text)
    about_corpus = describe_corpus(names_or_paths, corpus)
    if base:
        about_corpus["continues"] = {"checkpoint": label_of(base), "books": base.corpus["books"]}
    run = {"recipe": recipe.to_dict(), "seed": seed, "corpus": about_corpus["sha256"]}
    if weights:
        run["weights"] = about_corpus["weights"] = list(weights)
    if base:
        run["base"] = label_of(base)
    if state is None:
        state = TrainingState(run)
    else:
        state.check_same_run(run)
        _say(f"going on after epoch {state.epoch}")

    index = index_of(corpus)
    # Gone on with on the same tunes, it has learned no others.
    if base and (base.corpus["sha256"] != about_corpus["sha256"] or "continues" in base.corpus):
        index = index.joined(NoveltyIndex.load(base.novelty_file))
    if recipe.originals and len(index.held_out) < FEWEST_HELD_OUT:
        _say(
            f"only {len(index.held_out)} tunes are held out, too few to say what a copy is: the "
            f"best epoch is chosen by its loss alone"
        )
        recipe = recipe.changed(originals=0)
    if recipe.originals:
        begin(vocabulary, ANYTHING, read_prime(""))  # says so now if no tune can be written

    folder.mkdir(parents=True, exist_ok=True)  # says so now if it cannot be written

    from abcgen.network import load_weights  # loads TensorFlow
    from abcgen.trainer import Trainer
    from abcgen.transfer import read_weights

    trainer = Trainer(recipe, len(vocabulary), seed)
    if resume:
        trainer.restore(state.arrays)
    elif base:
        load_weights(trainer.network, read_weights(base, vocabulary))
    sets = datasets(recipe, vocabulary, training, validation, versions, times)
    started = 0.0
    log = trainer.tensorboard_log(tensorboard) if tensorboard else None
    chooser = OwnTunes(training, times) if recipe.own else None
    most_copied = _most_copied(index, recipe.originals)
    patience = recipe.patience or recipe.epochs
    while state.epoch < recipe.epochs and state.epoch - state.best_epoch < patience:
        began = time.monotonic()
        epoch = state.epoch + 1
        # One that begins from nothing writes nothing at first that would be any use.
        own: list[str] = []
        share = 0.0
        if chooser and (base or 2 * epoch > recipe.epochs):
            own, share = _own_tunes(trainer, chooser, vocabulary, epoch)
        row = trainer.run_epoch(epoch, *sets, own)
        if chooser:
            row["own"] = round(share, 3)
        row["seconds"] = round(time.monotonic() - began, 1)
        state.epoch = epoch
        state.history.append(row)
        if recipe.originals:
            drawn = trainer.draw(vocabulary, range(1, recipe.originals + 1), masked=True)
            row["copied"] = _copied([tune.text for tune in drawn], index)
        better = best_epoch(state.history, most_copied) == state.epoch
        if better:
            state.best_epoch = state.epoch
        if log:
            log(row)
        _say(_line(row, recipe, better))
        _record(folder, state, trainer, vocabulary, about_corpus, version, better, index)
        if recipe.keep_every and state.epoch % recipe.keep_every == 0:
            kept = folder / _EPOCHS_FOLDER / f"{state.epoch:03}.weights.h5"
            kept.parent.mkdir(exist_ok=True)
            trainer.save_weights(kept)
        # Last of all: whatever was cut off before this is done again by --resume.
        state.arrays = trainer.arrays()
        state.save(state_folder)
        left = recipe.epochs - state.epoch
        if left and started:  # the first epoch took longer: TensorFlow was still compiling
            _say(f"{_duration((time.monotonic() - started) * left)} left for {left} epochs")
        started = time.monotonic()
    if state.epoch < recipe.epochs:
        _say(f"no better validation loss for {recipe.patience} epochs: stopped early")
    return read_checkpoint(str(folder))


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
    _say(f"{tunes} tunes to learn from: batch size {fitting} instead of {recipe.batch_size}")
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
    vocabulary: Vocabulary,
    about_corpus: dict[str, Any],
    version: int,
    better: bool,
    index: NoveltyIndex,
) -> None:
    """Write the checkpoint after an epoch; the network's own files only if it is the best."""
    from abcgen.curves import draw_curves

    row = state.history[state.best_epoch - 1]
    validation = {
        "epoch": state.best_epoch,
        "loss": row["val_loss"],
        "bits_per_char": row["val_loss"] / math.log(2),
        "accuracy": row["val_accuracy"],
    }
    checkpoint = Checkpoint(folder, trainer.recipe, vocabulary, about_corpus, validation, version)
    writers: dict[str, Callable[[Path], object]] = {
        HISTORY_FILE: lambda path: write_history(state.history, path),
        CURVES_FILE: lambda path: draw_curves(state.history, state.best_epoch, path),
        NOVELTY_FILE: index.save,
        CARD_FILE: lambda path: path.write_bytes(model_card(checkpoint).encode()),
    }
    if better:
        writers[WEIGHTS_FILE] = trainer.save_weights
        writers[ENGINE_FILE] = lambda path: path.write_bytes(trainer.engine())
    write_checkpoint(checkpoint, writers)


def _own_tunes(
    trainer: "Trainer", chooser: OwnTunes, vocabulary: Vocabulary, epoch: int
) -> tuple[list[str], float]:
    """Return what the network is to read of its own tunes, and the share of these that will do."""
    count = max(1, round(trainer.recipe.own * chooser.learned))
    numbers = range(epoch * count, (epoch + 1) * count)
    fitting = chooser.fitting(trainer.draw(vocabulary, numbers, chooser.longest, masked=False))
    chance = np.random.default_rng([trainer.seed, epoch])
    return chooser.balanced(fitting, chance), len(fitting) / count


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
        f"{of_own}{copied}{'  (best)' if better else ''}"
    )


def _duration(seconds: float) -> str:
    minutes = round(seconds / 60)
    hours = f"{minutes // 60} h " if minutes >= 60 else ""
    return f"about {hours}{minutes % 60} min" if minutes else "less than a minute"


def _say(text: str) -> None:
    print(f"abcgen.train: {text}", file=sys.stderr, flush=True)


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of `abcgen.train`; the recipe's fields are options with its defaults."""
    parser = CommandParser(
        prog="abcgen.train",
        description="Train a network on tunebooks and write its checkpoint.",
    )
    parser.add_argument(
        "books",
        nargs="*",
        metavar="NAME-OR-PATH",
        help=f"{NAME_OR_PATH}; those of --recipe unless given",
    )
    parser.add_argument(
        "--weights",
        type=_weights,
        default=(),
        metavar="W,W",
        help="how often the tunes of each book are read in an epoch, such as 1,0.3 for a random "
        "third of the second (default: once)",
    )
    parser.add_argument("--name", default="mine", help="the checkpoint's name (default: mine)")
    parser.add_argument(
        "--out",
        type=Path,
        default=CHECKPOINTS,
        metavar="DIR",
        help=f"the folder for the checkpoint's folder (default: {CHECKPOINTS})",
    )
    parser.add_argument(
        "--seed", type=whole_number(0), default=0, help="decides all that is drawn (default: 0)"
    )
    parser.add_argument("--resume", action="store_true", help="go on with a run that was cut off")
    parser.add_argument(
        "--version",
        type=whole_number(1),
        default=1,
        metavar="V",
        help="which checkpoint of this name it is to be (default: 1)",
    )
    parser.add_argument(
        "--tensorboard", type=Path, metavar="DIR", help="write TensorBoard's event files into DIR"
    )
    parser.add_argument(
        "--recipe",
        help=f"{', '.join(RECIPES)}: sizes and settings (default: {Recipe().name})",
    )
    parser.add_argument(
        "--from",
        dest="base",
        metavar="NAME-OR-DIR",
        help="go on from a checkpoint: its network learns the style of another tunebook",
    )
    group = parser.add_argument_group("to change a recipe")
    for field in _tunable():
        value = field.default
        shown = ",".join(map(str, value)) if isinstance(value, tuple) else value
        as_option: dict[str, Any] = (
            {"action": argparse.BooleanOptionalAction}
            if isinstance(value, bool)
            else {"type": _sizes, "metavar": "N,N"}
            if isinstance(value, tuple)
            else {"type": type(value), "metavar": field.name[0].upper()}
        )
        group.add_argument(
            f"--{field.name.replace('_', '-')}",
            default=None,
            help=f"{HELP[field.name]} ({Recipe().name}: {shown})",
            **as_option,
        )
    return parser


def _sizes(text: str) -> tuple[int, ...]:
    """Return the numbers of ``256,256``."""
    try:
        return tuple(map(int, text.split(",")))
    except ValueError:
        message = f"expected whole numbers with commas between them, found {text!r}"
        raise argparse.ArgumentTypeError(message) from None


def _weights(text: str) -> tuple[float, ...]:
    """Return the numbers of ``1,0.3``."""
    try:
        weights = tuple(map(float, text.split(",")))
    except ValueError:
        weights = (math.nan,)
    if not all(0 <= weight < math.inf for weight in weights) or not any(weights):
        raise argparse.ArgumentTypeError(
            f"expected numbers, 0 or more, with commas between them, found {text!r}"
        )
    return weights


def _tunable() -> list[Any]:
    return [field for field in fields(Recipe) if field.name != "name"]


def main(argv: Sequence[str] | None = None) -> int:
    """Run `abcgen.train`; return its exit code."""
    arguments = build_parser().parse_args(argv)

    def body() -> int:
        if Path(arguments.name).name != arguments.name or not arguments.name.strip("."):
            raise UsageError(f"--name must be a plain name, not {arguments.name!r}")
        changes = {field.name: getattr(arguments, field.name) for field in _tunable()}
        base = read_checkpoint(arguments.base) if arguments.base else None
        if base:
            if not arguments.books:
                raise UsageError("--from needs a tunebook to go on with")
            for name in ("recipe", *NETWORK):
                if getattr(arguments, name) is not None:
                    raise UsageError(
                        f"--from goes on with the network that there is: leave out "
                        f"--{name.replace('_', '-')}"
                    )
            recipe = base.recipe.changed(**CONTINUED)
        elif not (arguments.books or arguments.recipe):
            raise UsageError(
                "name a tunebook to learn from, or a --recipe, which has its own (see --help)"
            )
        else:
            recipe = find_recipe(arguments.recipe or Recipe().name)
        recipe = recipe.changed(**changes)
        books = arguments.books or BOOKS[recipe.name]
        if len(arguments.weights) not in (0, len(books)):
            raise UsageError(
                f"--weights needs a number for each of the {len(books)} books, not "
                f"{len(arguments.weights)}"
            )
        require("tensorflow", "train")
        try:
            checkpoint = train(
                books,
                arguments.out / arguments.name,
                recipe,
                seed=arguments.seed,
                resume=arguments.resume,
                tensorboard=arguments.tensorboard,
                version=arguments.version,
                base=base,
                weights=arguments.weights,
            )
        except KeyboardInterrupt:
            if (arguments.out / arguments.name / RESUME_FOLDER).exists():
                _say("cut off; the same command with --resume goes on after the last epoch")
            raise
        figures = checkpoint.validation
        _say(
            f"best epoch {figures['epoch']}, {figures['bits_per_char']:.3f} bits a character on "
            f"tunes not seen; sample with: python -m abcgen.sample --checkpoint {checkpoint.path}"
        )
        return 0

    return guarded("abcgen.train", body)


if __name__ == "__main__":
    sys.exit(main())
