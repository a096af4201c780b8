"""What a training run writes after each epoch: the checkpoint and, at times, an epoch to keep."""

import math
from collections.abc import Callable, Sequence
from pathlib import Path

from abcgen.model.checkpoint import (
    CARD_FILE,
    CURVES_FILE,
    ENGINE_FILE,
    HISTORY_FILE,
    NOVELTY_FILE,
    PLANS_FILE,
    WEIGHTS_FILE,
    Checkpoint,
    write_checkpoint,
)
from abcgen.training.course import Course
from abcgen.training.curves import draw_curves
from abcgen.training.history import write_history
from abcgen.training.model_card import model_card

_EPOCHS_FOLDER = "epochs"


def record_epoch(
    folder: Path,
    course: Course,
    history: Sequence[dict[str, float]],
    best: int,
    number: int,
) -> None:
    """Write the checkpoint after an epoch; the network's own files only if it is the best.

    Parameters
    ----------
    folder : Path
        The checkpoint's folder.
    course : Course
        The network and what it learns from.
    history : sequence of dict
        The rows of the epochs so far, as in ``history.csv``.
    best : int
        The best of these, counted from 1.
    number : int
        The number of the checkpoint among those of its name.
    """
    trainer, lessons = course.trainer, course.lessons
    row = history[best - 1]
    validation = {
        "epoch": best,
        "loss": row["val_loss"],
        "bits_per_char": row["val_loss"] / math.log(2),
        "accuracy": row["val_accuracy"],
    }
    checkpoint = Checkpoint(
        folder, trainer.recipe, lessons.vocabulary, lessons.about, validation, number
    )
    writers: dict[str, Callable[[Path], object] | None] = {
        HISTORY_FILE: lambda path: write_history(history, path),
        CURVES_FILE: lambda path: draw_curves(history, best, path),
        NOVELTY_FILE: course.index.save,
        PLANS_FILE: lessons.planner.save if lessons.planner else None,
        CARD_FILE: lambda path: path.write_bytes(model_card(checkpoint).encode()),
    }
    if best == len(history):
        writers[WEIGHTS_FILE] = trainer.save_weights
        engine = trainer.engine()
        writers[ENGINE_FILE] = (lambda path: path.write_bytes(engine)) if engine else None
    write_checkpoint(checkpoint, writers)
    every = trainer.recipe.keep_every
    if every and len(history) % every == 0:
        kept = folder / _EPOCHS_FOLDER / f"{len(history):03}"
        kept.parent.mkdir(exist_ok=True)
        trainer.save_weights(kept.with_suffix(".weights.h5"))
        draw_curves(history, best, kept.with_suffix(".curves.png"))
