"""What matters in training `folk`: the recipe with one thing changed at a time, in short runs.

    python -m benchmarks.quality.training

Each variant is trained on the same tunes with the same seed. The commands for runs that are missing
are listed on the page, such as

    python -m abcgen.train nottingham cobb --own 0.0 --epochs 12 --out runs/tried --name own-0.0

Each is judged by the validation tunes and by tunes that the network writes; the page is
`benchmarks/results/TRAINING.md`. What is best in twelve epochs may not be best in seventy: there is
less time to memorize tunes, so whatever prevents that looks worse than it is. Needs the extra
`train`.
"""

import argparse
import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from abcgen.evaluation.likeness.distance import compare_counts
from abcgen.evaluation.likeness.inner_bars import inner_bars_right
from abcgen.evaluation.likeness.samples import draw_samples
from abcgen.melodies.features import FEATURES, count_features
from abcgen.model.checkpoint import Checkpoint, read_checkpoint
from abcgen.support import defaults
from abcgen.training.recipes import BOOKS, RECIPES
from abcgen.tunebooks.corpus import Corpus, read_corpus
from benchmarks.harness.figures import markdown
from benchmarks.harness.machine import machine
from benchmarks.quality.recipes import bits_of, history_of, is_finished, not_trained

_PAGE = Path("benchmarks", "results") / "TRAINING.md"
_RUNS = Path("runs") / "tried"
_EPOCHS = 12
#: The last stage of two layers. They learn faster than three layers, but end no better.
_STAGES = Path("runs") / "two-layers-5"
_STAGES_COMMANDS = """
    python -m abcgen.train nottingham cobb --rnn-sizes 256,256 --epochs 40 \\
        --out runs --name two-layers-1
    python -m abcgen.train nottingham cobb --from runs/two-layers-1 --own 1 --epochs 10 \\
        --originals 0 --out runs --name two-layers-2
    python -m abcgen.train nottingham cobb --from runs/two-layers-2 --own 1 --own-masked \\
        --learning-rate 1e-3 --epochs 12 --patience 0 --originals 0 --out runs --name two-layers-3
    python -m abcgen.train nottingham cobb --from runs/two-layers-3 --own 1.5 --own-masked \\
        --learning-rate 4e-4 --dropout 0.05 --embedding-dropout 0 --averaged 0.995 --epochs 6 \\
        --patience 0 --keep-last --originals 0 --out runs --name two-layers-4
    python -m abcgen.train nottingham cobb --from runs/two-layers-4 --own 1 --own-masked \\
        --learning-rate 1e-3 --dropout 0.05 --embedding-dropout 0 --averaged 0.995 --epochs 12 \\
        --patience 0 --keep-last --originals 0 --out runs --name two-layers-5
"""


@dataclass(frozen=True)
class Variant:
    """The recipe of `folk` with something changed, trained for `_EPOCHS`."""

    what: str
    changes: dict[str, Any]
    more: tuple[str, ...] = ()

    @property
    def given(self) -> str:
        """The additional books and the changes, as options of `abcgen.train`."""
        return " ".join((*self.more, *(_as_option(*change) for change in self.changes.items())))

    @property
    def name(self) -> str:
        """The name of its checkpoint."""
        return re.sub("[ ,]+", "-", self.given.replace("--", "")) or "as-it-is"

    @property
    def command(self) -> str:
        """The command that trains it."""
        words = ["python -m abcgen.train", *BOOKS[defaults.CHECKPOINT], self.given]
        named = f"--epochs {_EPOCHS} --out {_RUNS} --name {self.name}"
        return " ".join(word for word in (*words, named) if word)


def _as_option(field: str, value: Any) -> str:
    """Return a field of a recipe as an option of `abcgen.train`."""
    name = field.replace("_", "-")
    if isinstance(value, bool):
        return f"--{name}" if value else f"--no-{name}"
    return f"--{name} {','.join(map(str, value)) if isinstance(value, tuple) else value}"


#: All variants, each with the fields of the recipe that it changes.
VARIANTS = [
    Variant("the recipe unchanged", {}),
    Variant("characters only, without their place in the bar and the echo", {"factored": False}),
    Variant("no grammar penalty in the loss", {"rules": 0.0}),
    Variant("no training on its own tunes", {"own": 0.0}),
    Variant("twice as many of its own tunes", {"own": 1.0}),
    Variant("its own tunes are generated under the grammar", {"own_masked": True}),
    Variant("no tune transposed", {"transposed": 0.0}),
    Variant("every tune transposed", {"transposed": 1.0}),
    Variant("every tune with its own title", {"retitled": 0.0}),
    Variant("less dropout between layers", {"dropout": 0.1}),
    Variant("more dropout between layers", {"dropout": 0.3}),
    Variant("no dropout of embeddings", {"embedding_dropout": 0.0}),
    Variant("dropout of whole embeddings", {"character_dropout": 0.05}),
    Variant("label smoothing", {"label_smoothing": 0.05}),
    Variant("averaged weights", {"averaged": 0.999}),
    Variant("no weight decay", {"weight_decay": 0.0}),
    Variant("a constant learning rate", {"schedule": "constant"}),
    Variant("a lower learning rate", {"learning_rate": 1e-3}),
    Variant("shorter sequences", {"seq_length": 48}),
    Variant("longer sequences", {"seq_length": 192}),
    Variant("two layers", {"rnn_sizes": (256, 256)}),
    Variant("narrower layers", {"rnn_sizes": (192, 192, 192)}),
    Variant("wider layers", {"rnn_sizes": (384, 384, 384)}),
    Variant(
        "three more books, a third of each per epoch",
        {"weights": (1, 1, 0.3, 0.3, 0.3)},
        ("oneills", "ryans", "airds"),
    ),
]

#: The shipped checkpoint was trained in several stages, and its history is that of the last one.
SHIPPED = Variant(
    f"`{defaults.CHECKPOINT}` as it is shipped (epoch and minutes of its last stage)", {}
)
IN_STAGES = Variant("two layers, trained in stages (see below), as `folk` was", {})

HEAD = [
    "what",
    "options of `abcgen.train`",
    "bits per character",
    "raw: inner bars right",
    *(feature.name for feature in FEATURES),
    "best epoch",
    "minutes",
]


def row_of(
    what: str, given: str, checkpoint: Checkpoint, corpus: Corpus, samples: int
) -> list[str]:
    """Return the row of the table that is about one checkpoint."""
    drawn = draw_samples(checkpoint, samples, 1, 1.0)
    found = count_features(drawn.masked)
    expected = count_features([tune.text for tune in corpus.tunes])
    bits, _ = bits_of(checkpoint, corpus.split("validation"))
    times = [compare_counts(found[f.name], expected[f.name], 1).to_people for f in FEATURES]
    minutes = sum(float(row["seconds"]) for row in history_of(checkpoint)) / 60
    return [
        what,
        f"`{given}`" if given else "",
        f"{bits:.3f}",
        f"{sum(map(inner_bars_right, drawn.raw)) / samples:.1%}",
        *("" if one is None else f"{one:.2f}" for one in times),
        str(checkpoint.validation["epoch"]),
        f"{minutes:.0f}",
    ]


def page(
    rows: list[list[str]], missing: list[str], by_stages: bool, samples: int, written: str
) -> str:
    """Return the page as Markdown.

    Parameters
    ----------
    rows : list of list of str
        The table, under `HEAD`.
    missing : list of str
        The commands of the runs that are not trained yet.
    by_stages : bool
        Whether two layers, trained in stages, are in the table.
    samples : int
        Tunes sampled from each network.
    written : str
        When and on what the figures were measured.
    """
    stages = f"\nThe stages of two layers:\n{_STAGES_COMMANDS}" if by_stages else ""
    return (
        f"# Training\n\n"
        f"Written by `python -m benchmarks.quality.training` on {written}.\n\n"
        f"The recipe `folk` with one thing changed at a time, trained for {_EPOCHS} epochs instead "
        f"of {RECIPES[defaults.CHECKPOINT].epochs}, with the whole learning rate schedule in that "
        f"time. Bits per character are those of the validation tunes of "
        f"{' and '.join(BOOKS[defaults.CHECKPOINT])}, at the best epoch, by the int8 engine. Inner "
        f"bars are those of {samples} raw tunes sampled at temperature 1. The columns from pitch "
        f"classes to metres are distances between the histograms of as many masked tunes and those "
        f"of the corpus, as multiples of the distance of tunes by people. What is best in "
        f"{_EPOCHS} epochs may not be best in more: there is little time to memorize tunes, so "
        f"whatever "
        f"prevents that looks worse than it is.\n\n"
        + "\n".join(markdown(HEAD, rows))
        + "\n"
        + stages
        + not_trained(missing)
    )


def main() -> None:
    """Write the page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=Path, default=_RUNS, help=f"their folder (default: {_RUNS})")
    parser.add_argument(
        "--samples", type=int, default=500, help="tunes sampled from each (default: 500)"
    )
    parser.add_argument("--out", type=Path, default=_PAGE, help=f"the page (default: {_PAGE})")
    parser.add_argument(
        "--commands", action="store_true", help="only print the commands of the missing runs"
    )
    arguments = parser.parse_args()
    missing = [one.command for one in VARIANTS if not is_finished(arguments.runs / one.name)]
    if arguments.commands:
        print("\n".join(missing))
        return
    edition = read_checkpoint().vocabulary.edition
    corpus = read_corpus(BOOKS[defaults.CHECKPOINT], edition=edition)
    there = [(SHIPPED, defaults.CHECKPOINT)]
    by_stages = _STAGES.exists()
    if by_stages:
        there.append((IN_STAGES, str(_STAGES)))
    there += [
        (one, str(arguments.runs / one.name)) for one in VARIANTS if one.command not in missing
    ]
    rows = [
        row_of(one.what, one.given, read_checkpoint(name), corpus, arguments.samples)
        for one, name in there
    ]
    text = page(
        rows, missing, by_stages, arguments.samples, f"{time.strftime('%Y-%m-%d')}, {machine()}"
    )
    arguments.out.write_text(text, encoding="utf-8")
    print(arguments.out)


if __name__ == "__main__":
    main()
