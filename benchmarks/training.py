"""What was tried in training, and what came of it.

    python -m benchmarks.training checkpoints/folk runs/*

Writes `benchmarks/TRAINING.md`: a row for each checkpoint, with all that its recipe sets otherwise
than `folk`, its best epoch, and the bits a character that it then took for validation tunes.
"""

import argparse
from pathlib import Path

from abcgen.checkpoint import Checkpoint, read_checkpoint
from abcgen.recipes import RECIPES
from benchmarks.recipes import history_of

_PAGE = Path("benchmarks") / "TRAINING.md"
_HEAD = [
    "checkpoint",
    "books",
    "otherwise than folk",
    "epochs",
    "best",
    "bits a character",
    "hours",
]


def row_of(checkpoint: Checkpoint) -> list[str]:
    """Return the row of one checkpoint."""
    folk = RECIPES["folk"].to_dict()
    changes = {
        name: value
        for name, value in checkpoint.recipe.to_dict().items()
        if value != folk[name] and name not in ("name", "keep_every")
    }
    history = history_of(checkpoint)
    seconds = sum(float(row.get("seconds", 0)) for row in history)
    figures = checkpoint.validation
    return [
        f"`{checkpoint.path.name}`",
        ", ".join(checkpoint.corpus["books"]),
        ", ".join(f"{name} {value}" for name, value in changes.items()) or "nothing",
        str(len(history)),
        str(figures["epoch"]),
        f"{figures['bits_per_char']:.4f}",
        f"{seconds / 3600:.1f}",
    ]


def main() -> None:
    """Write the page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("checkpoints", nargs="+", help="names or folders")
    parser.add_argument("--out", type=Path, default=_PAGE, help=f"the page ({_PAGE})")
    arguments = parser.parse_args()
    rows = [row_of(read_checkpoint(name)) for name in arguments.checkpoints]
    lines = ["| " + " | ".join(row) + " |" for row in (_HEAD, ["---"] * len(_HEAD), *rows)]
    arguments.out.write_text(
        "# Training\n\nWritten by `python -m benchmarks.training`: checkpoints, by the bits a "
        "character that they take for the validation tunes of their own books, of which the best "
        "epoch was chosen.\n\n" + "\n".join(lines) + "\n",
        encoding="utf-8",
    )
    print(arguments.out)


if __name__ == "__main__":
    main()
