"""What a training run writes after each epoch: the checkpoint and, at times, an epoch to keep."""

import math
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from abcgen.model.checkpoint import (
    CARD_FILE,
    CRITIC_FILE,
    CURVES_FILE,
    ENGINE_FILE,
    HABITS_FILE,
    HISTORY_FILE,
    NOVELTY_FILE,
    PLANS_FILE,
    TITLES_FILE,
    WEIGHTS_FILE,
    Checkpoint,
    write_checkpoint,
    write_titles,
)
from abcgen.training.course import Course
from abcgen.training.curves import draw_curves
from abcgen.training.history import write_history
from abcgen.training.model_card import model_card

#: File name -> what writes it to a path, or None where there is none.
Writers = dict[str, Callable[[Path], object] | None]


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
    checkpoint = Checkpoint(
        folder,
        trainer.recipe,
        lessons.vocabulary,
        lessons.about,
        figures_of(history[best - 1]),
        number,
    )
    writers: Writers = {
        HISTORY_FILE: lambda path: write_history(history, path),
        NOVELTY_FILE: course.index.save,
        PLANS_FILE: lessons.planner.save if lessons.planner else None,
        TITLES_FILE: partial(write_titles, lessons.titles),
        # They have learned from the tunes of another network.
        HABITS_FILE: None,
        CRITIC_FILE: None,
        **about_epoch(checkpoint, history, course.limit),
    }
    if best == len(history):
        writers[WEIGHTS_FILE] = trainer.save_weights
        engine = trainer.engine()
        writers[ENGINE_FILE] = (lambda path: path.write_bytes(engine)) if engine else None
    write_checkpoint(checkpoint, writers)
    if trainer.recipe.keeps(len(history)):
        kept = kept_weights(folder, len(history))
        kept.parent.mkdir(exist_ok=True)
        trainer.save_weights(kept)
        draw_curves(history, best, kept.with_name(f"{len(history):03}.curves.png"), course.limit)


def kept_weights(folder: Path, epoch: int) -> Path:
    """Return the file with the weights of an epoch that is kept."""
    return folder / "epochs" / f"{epoch:03}.weights.h5"


def figures_of(row: dict[str, float]) -> dict[str, Any]:
    """Return what a checkpoint says of its epoch, from the row of that."""
    return {
        "epoch": int(row["epoch"]),
        "loss": row["val_loss"],
        "bits_per_char": row["val_loss"] / math.log(2),
        "accuracy": row["val_accuracy"],
    }


def about_epoch(
    checkpoint: Checkpoint, history: Sequence[dict[str, float]], limit: float | None
) -> Writers:
    """Return what writes the files that tell people which epoch a checkpoint holds.

    Parameters are those of `abcgen.training.curves.draw_curves`.
    """
    best = checkpoint.validation["epoch"]
    return {
        CURVES_FILE: lambda path: draw_curves(history, best, path, limit),
        CARD_FILE: lambda path: path.write_bytes(model_card(checkpoint).encode()),
    }
