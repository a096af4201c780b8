"""`abcgen.evaluate --likelihood`: read the books, train the baselines, compare, report."""

import argparse
import dataclasses
import json
from collections.abc import Callable
from typing import Any

from abcgen.evaluation.likelihood.comparison import Row, baselines, compare_models, table
from abcgen.evaluation.likelihood.heldout import CHOICES, HeldOut, read_heldout
from abcgen.evaluation.likelihood.int8_network import Int8Network
from abcgen.evaluation.likelihood.text_model import Model, characters_of
from abcgen.model.checkpoint import Checkpoint, read_checkpoint


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `--likelihood` to the parser of `abcgen.evaluate`."""
    group = parser.add_argument_group("with --likelihood")
    group.add_argument(
        "--split",
        choices=CHOICES,
        default=CHOICES[0],
        help=f"judge by these tunes of FILES; {CHOICES[0]} unless given",
    )
    group.add_argument(
        "--train-on",
        nargs="+",
        metavar="FILE",
        help="train the baselines on the training split of these books; FILES unless given",
    )


def run(arguments: argparse.Namespace, say: Callable[[str], None]) -> str:
    """Return the report, as text or JSON.

    Parameters
    ----------
    arguments : argparse.Namespace
        With ``files``, ``checkpoint``, ``json``, and the options that `add_options` adds.
    say : callable
        Prints a line on stderr.
    """
    checkpoint = read_checkpoint(arguments.checkpoint)
    network = Int8Network(checkpoint, arguments.style or "")
    train_on = arguments.train_on or arguments.files
    say(f"reading {', '.join(dict.fromkeys([*train_on, *arguments.files]))}")
    heldout = read_heldout(arguments.files, train_on, arguments.split, checkpoint.vocabulary)
    for line in _remarks(checkpoint, heldout, train_on, arguments.files, arguments.split):
        say(line)
    models: list[Model] = [network]
    missing = {}
    for baseline in baselines(checkpoint.vocabulary):
        reason = baseline.available()
        if reason is not None:
            missing[baseline.name] = reason
            say(f"left out: {baseline.name}: {reason}")
            continue
        baseline.train(heldout.training)
        models.append(baseline)
    rows = compare_models(models, heldout.books)
    if arguments.json:
        about = _about(checkpoint, heldout, train_on, arguments.split)
        return json.dumps({**about, "missing": missing, "rows": _dicts(rows)}, indent=2)
    return table(rows)


def _remarks(
    checkpoint: Checkpoint, heldout: HeldOut, train_on: list[str], books: list[str], split: str
) -> list[str]:
    """Return what makes the comparison less than fair, and which tunes were left out."""
    learned_from = checkpoint.corpus["books"]
    remarks = []
    if sorted(learned_from) != sorted(train_on):
        remarks.append(
            f"the network learned from {', '.join(learned_from)}, the baselines learn from "
            f"{', '.join(train_on)} (--train-on)"
        )
    elif books == train_on == learned_from and checkpoint.corpus["tunes"] != _counts(heldout):
        remarks.append(
            f"the tunes of these books were not the same when the network was trained "
            f"({checkpoint.corpus['tunes']}, now {_counts(heldout)}): it may have learned from "
            f"some that it is judged by now, in another spelling; train it again"
        )
    if split == "validation":
        remarks.append(
            "the network's best epoch was chosen by the validation tunes; for a fair figure use "
            "--split test"
        )
    left_out = {
        "without a canonical spelling": len(heldout.corpus.rejected),
        "near-duplicates": len(heldout.corpus.repeated),
        "with a character that the network does not know": heldout.unknown,
    }
    if any(left_out.values()):
        reasons = ", ".join(f"{count} {why}" for why, count in left_out.items() if count)
        remarks.append(f"tunes of these books that are left out: {reasons}")
    return remarks


def _counts(heldout: HeldOut) -> dict[str, int]:
    return {name: len(heldout.corpus.split(name)) for name in ("train", "validation", "test")}


def _about(
    checkpoint: Checkpoint, heldout: HeldOut, train_on: list[str], split: str
) -> dict[str, Any]:
    return {
        "checkpoint": {
            "path": str(checkpoint.path),
            "version": checkpoint.version,
            "books": checkpoint.corpus["books"],
        },
        "split": split,
        "trained_on": {
            "books": train_on,
            "tunes": len(heldout.training),
            "characters": characters_of(heldout.training),
        },
        "left_out": {
            "rejected": len(heldout.corpus.rejected),
            "repeated": len(heldout.corpus.repeated),
            "unknown_characters": heldout.unknown,
        },
    }


def _dicts(rows: list[Row]) -> list[dict[str, Any]]:
    return [dataclasses.asdict(row) for row in rows]
