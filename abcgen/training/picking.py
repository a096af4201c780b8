"""Which of the kept epochs a checkpoint holds: listed, and another one chosen."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace

from abcgen.errors import CheckpointError, UsageError
from abcgen.melodies.index import NoveltyIndex
from abcgen.model.checkpoint import (
    CRITIC_FILE,
    ENGINE_FILE,
    HABITS_FILE,
    HISTORY_FILE,
    WEIGHTS_FILE,
    Checkpoint,
    read_checkpoint,
    write_checkpoint,
)
from abcgen.network.conversion import engine_of_weights
from abcgen.support.console import table
from abcgen.training.history import most_copied, read_history
from abcgen.training.recipes import COUNTED
from abcgen.training.record import about_epoch, figures_of, kept_weights

#: What stands for the epoch that the rule chooses.
BEST = "best"


@dataclass(frozen=True, slots=True)
class Kept:
    """The kept epochs of a checkpoint.

    Attributes
    ----------
    checkpoint : Checkpoint
        The checkpoint.
    rows : list of dict
        Their rows of ``history.csv``, in order.
    most : float or None
        The largest share of copies that people's own tunes might show; None where too few tunes
        were held out to say.
    """

    checkpoint: Checkpoint
    rows: list[dict[str, float]]
    most: float | None

    @property
    def best(self) -> int | None:
        """The last epoch before the first that copies more than people do, if there is one."""
        best = None
        for row in self.rows:
            if self.most is None or "copied" not in row or row["copied"] > self.most:
                return best
            best = int(row["epoch"])
        return best


def kept_epochs(name_or_folder: str) -> Kept:
    """Return the kept epochs of a checkpoint.

    Raises
    ------
    CheckpointError
        If there is no such checkpoint, or it has kept none.
    """
    checkpoint = read_checkpoint(name_or_folder, sampled=False)
    rows = [
        row
        for row in read_history(checkpoint.path / HISTORY_FILE)
        if kept_weights(checkpoint.path, int(row["epoch"])).exists()
    ]
    if not rows:
        raise CheckpointError(
            f"{checkpoint.path} has kept no epochs to choose from: train with --keep-every N"
        )
    index = NoveltyIndex.load(checkpoint.novelty_file)
    counted = checkpoint.recipe.originals or COUNTED
    return Kept(checkpoint, rows, most_copied(index, counted))


def report(kept: Kept) -> str:
    """Return the kept epochs as a table, with the rule by which the best of them is chosen."""
    rows: list[Sequence[str]] = [
        ("epoch", "training loss", "validation loss", "accuracy", "copies", "")
    ]
    for row in kept.rows:
        epoch = int(row["epoch"])
        remarks = ["in use"] if epoch == kept.checkpoint.validation["epoch"] else []
        remarks += [BEST] if epoch == kept.best else []
        rows.append(
            (
                str(epoch),
                f"{row['loss']:.4f}",
                f"{row['val_loss']:.4f}",
                f"{row['val_accuracy']:.1%}",
                f"{row['copied']:.0%}" if "copied" in row else "-",
                ", ".join(remarks),
            )
        )
    return f"{table(rows, align='>>>>><')}\n{_rule(kept)}"


def _rule(kept: Kept) -> str:
    if not any("copied" in row for row in kept.rows):
        return f"{BEST}: not known, since copies were not counted; choose by the losses"
    if kept.most is None:
        return f"{BEST}: not known, since too few tunes were held out to say how much people copy"
    limit = f"more than {kept.most:.0%} of its tunes were copies, the most that people's own show"
    if kept.best is None:
        return f"{BEST}: none, since in the first of these {limit}"
    if kept.best == kept.rows[-1]["epoch"]:
        return f"{BEST}: the last, since in none of these {limit}"
    return f"{BEST}: the last before {limit}"


def pick(kept: Kept, epoch: int | str) -> Checkpoint:
    """Make a kept epoch the one that the checkpoint holds, with a new engine file.

    Parameters
    ----------
    kept : Kept
        The kept epochs.
    epoch : int or str
        One of them, or `BEST`.

    Raises
    ------
    UsageError
        If there is no such epoch.
    AbcgenError
        If TensorFlow is missing, which makes the engine file.
    """
    chosen = kept.best if epoch == BEST else epoch
    if chosen is None:
        raise UsageError(f"{_rule(kept)}: name one with --epoch")
    row = next((row for row in kept.rows if row["epoch"] == chosen), None)
    if row is None:
        known = ", ".join(f"{row['epoch']:.0f}" for row in kept.rows)
        raise UsageError(f"epoch {chosen} was not kept; these were: {known}")
    old = kept.checkpoint
    weights = kept_weights(old.path, int(row["epoch"]))
    engine = engine_of_weights(old, weights)
    corpus = {name: of for name, of in old.corpus.items() if name != "habits"}
    checkpoint = replace(old, validation=figures_of(row), corpus=corpus)
    write_checkpoint(
        checkpoint,
        {
            WEIGHTS_FILE: lambda path: shutil.copyfile(weights, path),
            ENGINE_FILE: lambda path: path.write_bytes(engine),
            # They have learned from the tunes of another network.
            HABITS_FILE: None,
            CRITIC_FILE: None,
            **about_epoch(checkpoint, read_history(old.path / HISTORY_FILE), kept.most),
        },
    )
    return read_checkpoint(str(old.path))
