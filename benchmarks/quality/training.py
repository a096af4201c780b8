"""What matters in training `folk`: the recipe with one thing changed at a time, in short runs.

    python -m benchmarks.quality.training

Each variant is trained on the same tunes with the same seed, by the commands that it prints for
what is not there yet, such as

    python -m abcgen.train nottingham cobb --own 0.0 --epochs 12 --out runs/tried --name own-0.0

It then judges each by the validation tunes and by tunes that the network writes freely, and writes
`benchmarks/results/TRAINING.md`. What is best in twelve epochs need not be in seventy: there is
less time to learn by heart, so all that holds that back looks worse. Needs the extra `train`.
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
from abcgen.model.recipes import BOOKS, RECIPES
from abcgen.support import defaults
from abcgen.tunebooks.corpus import Corpus, read_corpus
from benchmarks.harness.figures import markdown
from benchmarks.harness.machine import machine
from benchmarks.quality.recipes import bits_of, history_of, is_finished, not_trained

_PAGE = Path("benchmarks", "results") / "TRAINING.md"
_RUNS = Path("runs") / "tried"
_EPOCHS = 12
#: The last of the stages of two layers: they learn sooner, but come to no more than three do.
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
    """The recipe with something changed; of `folk`, and trained for `_EPOCHS`."""

    what: str
    changes: dict[str, Any]
    more: tuple[str, ...] = ()

    @property
    def given(self) -> str:
        """The books that it reads besides, and what it changes, as options."""
        return " ".join((*self.more, *(_as_option(*change) for change in self.changes.items())))

    @property
    def name(self) -> str:
        """What its checkpoint is called."""
        return re.sub("[ ,]+", "-", self.given.replace("--", "")) or "as-it-is"

    @property
    def command(self) -> str:
        """What trains it."""
        words = ["python -m abcgen.train", *BOOKS[defaults.CHECKPOINT], self.given]
        named = f"--epochs {_EPOCHS} --out {_RUNS} --name {self.name}"
        return " ".join(word for word in (*words, named) if word)


def _as_option(field: str, value: Any) -> str:
    """Return a field of a recipe as an option of `abcgen.train`."""
    name = field.replace("_", "-")
    if isinstance(value, bool):
        return f"--{name}" if value else f"--no-{name}"
    return f"--{name} {','.join(map(str, value)) if isinstance(value, tuple) else value}"


#: What is tried; each names the fields that it changes.
VARIANTS = [
    Variant("the recipe as it is", {}),
    Variant("characters alone, without their place in the bar and the echo", {"factored": False}),
    Variant("the rules of ABC are no part of the loss", {"rules": 0.0}),
    Variant("it does not read its own tunes", {"own": 0.0}),
    Variant("twice as many of its own tunes", {"own": 1.0}),
    Variant("its own tunes are held to the rules", {"own_masked": True}),
    Variant("no tune in other keys", {"transposed": 0.0}),
    Variant("every tune in other keys", {"transposed": 1.0}),
    Variant("every tune by its own title", {"retitled": 0.0}),
    Variant("less dropout between layers", {"dropout": 0.1}),
    Variant("more dropout between layers", {"dropout": 0.3}),
    Variant("no dropout of embeddings", {"embedding_dropout": 0.0}),
    Variant("dropout of whole embeddings", {"character_dropout": 0.05}),
    Variant("smoothed labels", {"label_smoothing": 0.05}),
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
        "a third of three more books each epoch",
        {"weights": (1, 1, 0.3, 0.3, 0.3)},
        ("oneills", "ryans", "airds"),
    ),
]

_HEAD = [
    "what",
    "given to `abcgen.train`",
    "bits a character",
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


def main() -> None:
    """Write the page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=Path, default=_RUNS, help=f"where they are ({_RUNS})")
    parser.add_argument("--samples", type=int, default=500, help="tunes drawn of each (500)")
    parser.add_argument("--out", type=Path, default=_PAGE, help=f"the page ({_PAGE})")
    parser.add_argument("--commands", action="store_true", help="print what is to be run, no more")
    arguments = parser.parse_args()
    missing = [one.command for one in VARIANTS if not is_finished(arguments.runs / one.name)]
    if arguments.commands:
        print("\n".join(missing))
        return
    corpus = read_corpus(BOOKS[defaults.CHECKPOINT])
    # What is shipped was gone on with: its history is of that alone.
    shipped = Variant(
        f"`{defaults.CHECKPOINT}` as it is shipped (epoch and minutes of its last stage)", {}
    )
    there = [(shipped, defaults.CHECKPOINT)]
    by_stages = _STAGES.exists()
    if by_stages:
        stages = Variant("two layers, gone on with in stages (see below), as `folk` was", {})
        there.append((stages, str(_STAGES)))
    there += [
        (one, str(arguments.runs / one.name)) for one in VARIANTS if one.command not in missing
    ]
    rows = [
        row_of(one.what, one.given, read_checkpoint(name), corpus, arguments.samples)
        for one, name in there
    ]
    arguments.out.write_text(
        f"# Training\n\nWritten by `python -m benchmarks.quality.training` on "
        f"{time.strftime('%Y-%m-%d')}, "
        f"{machine()}.\n\nThe recipe `folk` with one thing changed at a time, trained for "
        f"{_EPOCHS} epochs instead of {RECIPES[defaults.CHECKPOINT].epochs}; the whole schedule is "
        f"gone through in them. Bits a character are of the validation tunes of "
        f"{' and '.join(BOOKS[defaults.CHECKPOINT])}, at the best epoch, by the int8 engine. "
        f"Inner bars are of {arguments.samples} tunes drawn freely at temperature 1; the "
        f"histograms of as many masked ones, each as how many times as far from the corpus they "
        f"are as people's tunes. What is best in {_EPOCHS} epochs need not be in more: there is "
        f"little time to learn by heart, so all that holds that back looks worse than it is.\n\n"
        + "\n".join(markdown(_HEAD, rows))
        + "\n"
        + (f"\nThe stages of two layers:\n{_STAGES_COMMANDS}" if by_stages else "")
        + not_trained(missing),
        encoding="utf-8",
    )
    print(arguments.out)


if __name__ == "__main__":
    main()
