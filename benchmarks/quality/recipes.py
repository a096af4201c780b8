"""The recipes compared: how well each predicts tunes it has not seen, and what it writes.

    python -m benchmarks.quality.recipes

Each recipe is trained on its own corpus and on that of `folk`. The commands for runs that are
missing are listed on the page, such as

    python -m abcgen.train --recipe vidiyala --out runs --name vidiyala
    python -m abcgen.train --recipe vidiyala nottingham cobb --out runs --name vidiyala-on-folk

Each is judged at its best epoch and at its last, and compared with `folk`; the page is
`benchmarks/results/RECIPES.md`. The figures of a run are kept in `benchmarks/results/recipes.json`
and used again, unless `--again` is given; `folk` is judged each time. Needs the extra `train`.
"""

import argparse
import csv
import json
import platform
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from abcgen.evaluation.likelihood.heldout import notes_of
from abcgen.evaluation.likelihood.int8_network import score_tunes
from abcgen.evaluation.likelihood.text_model import characters_of
from abcgen.evaluation.likeness.inner_bars import inner_bars_right
from abcgen.evaluation.likeness.samples import draw_samples
from abcgen.evaluation.validity import judge, summary
from abcgen.melodies.index import NoveltyIndex
from abcgen.model.checkpoint import HISTORY_FILE, Checkpoint, read_checkpoint
from abcgen.model.engine import LiteRTEngine
from abcgen.network.build import build_network
from abcgen.network.export import exported
from abcgen.support import defaults
from abcgen.training.recipes import BOOKS, RECIPES
from abcgen.tunebooks.corpus import read_corpus
from benchmarks.harness.figures import markdown
from benchmarks.harness.machine import machine
from benchmarks.speed.streams import rate

_PAGE = Path("benchmarks", "results") / "RECIPES.md"
_KEPT = Path("benchmarks", "results") / "recipes.json"
_RUNS = Path("runs")
_STREAMS = 128


@dataclass(frozen=True)
class Run:
    """A recipe's training on some books; `more` are further options."""

    recipe: str
    books: tuple[str, ...]
    name: str
    more: str = ""

    @property
    def command(self) -> str:
        """The command that trains it."""
        books = () if self.books == BOOKS[self.recipe] else self.books
        words = ["python -m abcgen.train --recipe", self.recipe, self.more, *books]
        return " ".join(word for word in (*words, f"--out {_RUNS} --name {self.name}") if word)


@dataclass(frozen=True)
class Judged:
    """The figures of one network at one epoch."""

    epoch: int
    bits_per_char: float
    bits_per_note: float
    valid: float
    inner_bars: float
    copies: float


def runs() -> list[Run]:
    """Return all runs to compare: each recipe on its own corpus, then on that of `folk`.

    A recipe of solos learns characters here, so that it can be compared.
    """
    others = [name for name in RECIPES if name != defaults.CHECKPOINT and not RECIPES[name].solos]
    own = [Run(name, BOOKS[name], name) for name in others]
    own += [
        Run(name, BOOKS[defaults.CHECKPOINT], f"{name}-characters", "--no-solos")
        for name in RECIPES
        if RECIPES[name].solos
    ]
    same = [
        Run(name, BOOKS[defaults.CHECKPOINT], f"{name}-on-folk")
        for name in others
        if BOOKS[name] != BOOKS[defaults.CHECKPOINT]
    ]
    return own + same


@contextmanager
def at_last_epoch(checkpoint: Checkpoint) -> Iterator[Checkpoint | None]:
    """Yield the checkpoint as it was after its last epoch, or None if that was not kept."""
    epochs = len(history_of(checkpoint))
    weights = checkpoint.path / "epochs" / f"{epochs:03}.weights.h5"
    if not weights.exists():
        yield None
        return
    network = build_network(checkpoint.recipe, len(checkpoint.vocabulary), 1, 1)
    network.load_weights(weights)
    with exported(network, checkpoint.recipe, quantize=True) as file:
        yield replace(checkpoint, path=file.parent, sums={})


def history_of(checkpoint: Checkpoint) -> list[dict[str, str]]:
    """Return the rows of a checkpoint's ``history.csv``."""
    with (checkpoint.path / HISTORY_FILE).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def is_finished(run: Path) -> bool:
    """Return whether a run exists and its training is complete."""
    if not (run / HISTORY_FILE).exists():
        return False
    checkpoint = read_checkpoint(str(run))
    done, best = len(history_of(checkpoint)), checkpoint.validation["epoch"]
    return checkpoint.recipe.is_over(done, best)


def bits_of(checkpoint: Checkpoint, tunes: list[str]) -> tuple[float, float]:
    """Return the bits per character and per note of tunes."""
    engine = LiteRTEngine.of(checkpoint, _STREAMS)
    bits = score_tunes(engine, checkpoint.vocabulary, tunes).bits
    return bits / characters_of(tunes), bits / sum(map(notes_of, tunes))


def judged(
    checkpoint: Checkpoint, epoch: int, tunes: list[str], index: NoveltyIndex, samples: int
) -> Judged:
    """Return how well a network predicts held-out tunes, and how good its own tunes are."""
    drawn = draw_samples(checkpoint, samples, 1, 1.0)
    *_, all_of_them = summary(drawn.raw, judge(drawn.raw))
    threshold = index.threshold()
    return Judged(
        epoch,
        *bits_of(checkpoint, tunes),
        float(str(all_of_them["percent"])) / 100,
        sum(map(inner_bars_right, drawn.raw)) / samples,
        sum(index.longest_run(tune) > threshold for tune in drawn.masked) / samples,
    )


def held_out(run: Run, characters: str, folk: Checkpoint) -> list[str]:
    """Return the test tunes of a run whose characters `folk` knows, too."""
    known = set(characters) & set(folk.vocabulary.idx2char)
    corpus = read_corpus(run.books, edition=folk.vocabulary.edition)
    return [tune for tune in corpus.split("test") if set(tune) <= known]


def found_of(run: Run, folk: Checkpoint, folder: Path, samples: int) -> dict[str, Any]:
    """Return what is kept of a run: its characters, its best bits, its rows of the page."""
    checkpoint = read_checkpoint(str(folder / run.name))
    index = NoveltyIndex.load(checkpoint.novelty_file)
    characters = "".join(checkpoint.vocabulary.idx2char)
    tunes = held_out(run, characters, folk)
    rows = history_of(checkpoint)
    best = judged(checkpoint, checkpoint.validation["epoch"], tunes, index, samples)
    about = cost_of(checkpoint)
    epochs = [(f"`{run.recipe}`, best epoch", best, about)]
    with at_last_epoch(checkpoint) as last:
        if last is not None and len(rows) != best.epoch:
            epochs.append(
                (f"`{run.recipe}`, last epoch", judged(last, len(rows), tunes, index, samples), [])
            )
    on = f"{', '.join(run.books)} ({len(tunes)} tunes)"
    page_rows = [
        [on, name, *_cells(found), *(about or [""] * 3), _today()] for name, found, about in epochs
    ]
    return {"characters": characters, "bits": best.bits_per_char, "rows": page_rows}


def cost_of(checkpoint: Checkpoint) -> list[str]:
    """Return a network's parameters, minutes of training and characters per second."""
    network = build_network(checkpoint.recipe, len(checkpoint.vocabulary), 1, 1)
    seconds = sum(float(row["seconds"]) for row in history_of(checkpoint))
    return [
        f"{network.count_params():,}",
        f"{seconds / 60:.0f}",
        f"{rate(checkpoint, _STREAMS, masked=False):,.0f}",
    ]


def folk_row(folk: Checkpoint, samples: int) -> list[str]:
    """Return the row of the page about `folk`, on the test tunes of its own corpus."""
    books = BOOKS[defaults.CHECKPOINT]
    tunes = read_corpus(books, edition=folk.vocabulary.edition).split("test")
    index = NoveltyIndex.load(folk.novelty_file)
    found = judged(folk, folk.validation["epoch"], tunes, index, samples)
    on = f"{', '.join(books)} ({len(tunes)} tunes)"
    return [on, "`folk`, best epoch", *_cells(found), *cost_of(folk), _today()]


def folk_on_tunes_of(run: Run, found: dict[str, Any], folk: Checkpoint) -> list[str]:
    """Return the row of the page about `folk`, on the tunes that a run was judged by."""
    per_char, per_note = bits_of(folk, held_out(run, found["characters"], folk))
    fewer = f"{1 - per_char / found['bits']:.1%} fewer bits than this recipe at its best epoch"
    return ["", f"`folk`: {fewer}", "", f"{per_char:.3f}", f"{per_note:.2f}", *[""] * 6, _today()]


def _today() -> str:
    return time.strftime("%Y-%m-%d")


def _cells(found: Judged) -> list[str]:
    return [
        str(found.epoch),
        f"{found.bits_per_char:.3f}",
        f"{found.bits_per_note:.2f}",
        f"{found.valid:.1%}",
        f"{found.inner_bars:.1%}",
        f"{found.copies:.1%}",
    ]


HEAD = [
    "held-out tunes of",
    "recipe",
    "epoch",
    "bits per character",
    "bits per note",
    "raw: valid",
    "raw: inner bars right",
    "masked: copies",
    "parameters",
    "training, minutes",
    "characters per second",
    "measured",
]


def written() -> str:
    """Return when and on what a page is written."""
    return f"{_today()}, Python {platform.python_version()}, {machine()}"


def page(rows: list[list[str]], missing: list[Run], samples: int, written: str) -> str:
    """Return the page as Markdown.

    Parameters
    ----------
    rows : list of list of str
        The table, under `HEAD`.
    missing : list of Run
        The runs that are not trained yet.
    samples : int
        Tunes sampled from each network.
    written : str
        When and on what the figures were measured, see `written`.
    """
    return (
        f"# Recipes\n\n"
        f"Written by `python -m benchmarks.quality.recipes` on {written}.\n\n"
        f"Each recipe was trained on the training split of the books named, in canonical spelling, "
        f"and is judged by their test split, as an int8 engine. `folk` is judged by the same "
        f"tunes; it was trained in several stages, and its epoch and minutes are those of the last "
        f"one. "
        f"Validity (by all referees installed), inner bars and copies are those of {samples} tunes "
        f"sampled at temperature 1. A copy shares a longer run of notes with a tune that the "
        f"network learned from than 95 % of people's held-out tunes do. Minutes are on the clock, "
        f"on whichever machine trained it, which may have had other work to do. Speed is of "
        f"{_STREAMS} raw streams on one core, in processor time. `djmodel` learned characters here "
        f"(`--no-solos`); what it does with solos over chords is in [Solos](SOLOS.md).\n\n"
        + "\n".join(markdown(HEAD, rows))
        + "\n"
        + not_trained([run.command for run in missing])
    )


def not_trained(commands: list[str]) -> str:
    """Return the part of a page that lists the commands of missing checkpoints."""
    listed = "".join(f"    {command}\n" for command in commands)
    return f"\nNot trained yet:\n\n{listed}" if commands else ""


def main() -> None:
    """Write the page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=Path, default=_RUNS, help=f"their folder (default: {_RUNS})")
    parser.add_argument(
        "--samples", type=int, default=300, help="tunes sampled from each (default: 300)"
    )
    parser.add_argument("--again", action="store_true", help="judge again the runs that are there")
    parser.add_argument("--out", type=Path, default=_PAGE, help=f"the page (default: {_PAGE})")
    arguments = parser.parse_args()
    folk = read_checkpoint()
    kept: dict[str, dict[str, Any]] = {}
    if _KEPT.exists():
        kept = json.loads(_KEPT.read_text(encoding="utf-8"))
    for run in runs():
        to_judge = arguments.again or run.name not in kept
        if to_judge and is_finished(arguments.runs / run.name):
            kept[run.name] = found_of(run, folk, arguments.runs, arguments.samples)
    missing = [run for run in runs() if run.name not in kept]
    own = folk_row(folk, arguments.samples)
    _KEPT.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    rows = [
        row
        for run in runs()
        if run.name in kept
        for row in (*kept[run.name]["rows"], folk_on_tunes_of(run, kept[run.name], folk))
    ]
    arguments.out.write_text(
        page([own, *rows], missing, arguments.samples, written()), encoding="utf-8"
    )
    print(arguments.out)


if __name__ == "__main__":
    main()
