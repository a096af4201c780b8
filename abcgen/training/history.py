"""The history of a training run: a row an epoch, the best of them, and how they are reported."""

import csv
import math
from collections.abc import Sequence
from pathlib import Path

from abcgen.melodies.index import FEWEST_HELD_OUT, NoveltyIndex
from abcgen.model.recipe import Recipe

#: The longest run, in notes, that 95 % of the held-out tunes of nottingham and cobb share with
#: others at the most.
USUAL_RUN = 21


def best_epoch(history: Sequence[dict[str, float]], most_copied: float) -> int:
    """Return the best epoch: the lowest validation loss among the epochs that do not copy.

    Parameters
    ----------
    history : sequence of dict
        Its rows, as in ``history.csv``.
    most_copied : float
        The share of tunes that may be copies. If every epoch has more, the fewest copies win.
    """
    return int(
        min(
            history,
            key=lambda row: (max(row.get("copied", 0.0) - most_copied, 0.0), row["val_loss"]),
        )["epoch"]
    )


def most_copied(index: NoveltyIndex, drawn: int) -> float | None:
    """Return the largest share of copies, 0 to 1, that people's own tunes might show.

    Parameters
    ----------
    index : NoveltyIndex
        The tunes that a network learns from, and how many of people's own are like copies of them.
    drawn : int
        Tunes among which copies are counted; chance adds two standard errors of a share among them.

    Returns
    -------
    float or None
        None where too few tunes were held out to say.
    """
    if len(index.held_out) < FEWEST_HELD_OUT:
        return None
    share = index.people_copy()
    return share + 2 * math.sqrt(share * (1 - share) / drawn)


def longest_not_copied(index: NoveltyIndex) -> int:
    """Return the longest run, in notes, that is not a copy yet.

    Where too few tunes were held out to say, it is that of folk tunes in general.
    """
    return index.threshold() if len(index.held_out) >= FEWEST_HELD_OUT else USUAL_RUN


def write_history(history: Sequence[dict[str, float]], path: Path) -> None:
    """Write ``history.csv``: a row an epoch, losses in nats a character.

    Copies may have been counted in some epochs only.
    """
    names = dict.fromkeys(name for row in history for name in row)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(history)


def read_history(path: Path) -> list[dict[str, float]]:
    """Return the rows that `write_history` wrote."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            {name: float(value) for name, value in row.items() if value}
            for row in csv.DictReader(file)
        ]


def line_of(row: dict[str, float], recipe: Recipe, kept: bool) -> str:
    """Return the line that reports an epoch; `kept` if it is the best so far."""
    bits = row["val_loss"] / math.log(2)
    own = f"  own tunes kept {row['own']:.0%}" if row.get("own") else ""
    copied = f"  copies {row['copied']:.0%}" if "copied" in row else ""
    return (
        f"epoch {row['epoch']:.0f}/{recipe.epochs}  loss {row['loss']:.4f}  "
        f"accuracy {row['accuracy']:.3f}  validation: loss {row['val_loss']:.4f}  "
        f"accuracy {row['val_accuracy']:.3f}  {bits:.3f} bits a character"
        f"{own}{copied}{'  (kept)' if kept else ''}"
    )


def duration(seconds: float) -> str:
    """Return a rough duration in words."""
    minutes = round(seconds / 60)
    hours = f"{minutes // 60} h " if minutes >= 60 else ""
    return f"about {hours}{minutes % 60} min" if minutes else "less than a minute"
