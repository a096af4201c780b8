"""`abcgen.evaluate --telltale`: draw tunes that match each book's, judge them, report."""

import argparse
import json
from collections.abc import Callable

from abcgen.errors import UsageError
from abcgen.evaluation.telltale.judgement import judge
from abcgen.evaluation.telltale.protocol import gather
from abcgen.evaluation.telltale.report import as_json, report
from abcgen.generation.build_request import check_best_of
from abcgen.generation.request import Request
from abcgen.generation.sampler import Sampler
from abcgen.model.checkpoint import read_checkpoint
from abcgen.support.extras import require

#: Tunes of each kind to learn from. The areas of fewer or more cannot be compared with others.
COUNT = 500
_SEED = 1


def run(arguments: argparse.Namespace, say: Callable[[str], None]) -> str:
    """Return the report, as text or JSON.

    Parameters
    ----------
    arguments : argparse.Namespace
        With ``files``, ``samples``, ``seed``, ``temperature``, ``best_of``, ``pictures``,
        ``checkpoint``, ``jobs`` and ``json``.
    say : callable
        Prints a line on stderr.
    """
    if not arguments.files:
        raise UsageError("--telltale needs a FILE (see --help)")
    if arguments.pictures:
        raise UsageError(
            "--pictures can only be used with --samples N without --telltale (see --help)"
        )
    require("sklearn", "evaluate")  # now, and not after minutes of drawing
    count = COUNT if arguments.samples is None else arguments.samples
    seed = _SEED if arguments.seed is None else arguments.seed
    temperature = Sampler.temperature if arguments.temperature is None else arguments.temperature
    checkpoint = read_checkpoint(arguments.checkpoint)
    best_of = check_best_of(arguments.best_of, checkpoint)
    request = Request(seed, Sampler(temperature), best_of=best_of)
    found = {}
    for book in dict.fromkeys(arguments.files):
        say(f"reading {book}, and drawing {2 * count} tunes like its own")
        tunes = gather(book, checkpoint, count, request, arguments.jobs)
        found[book] = judge(tunes, say)
    if arguments.json:
        about = {
            "checkpoint": {
                "path": str(checkpoint.path),
                "version": checkpoint.version,
                "books": checkpoint.corpus["books"],
            },
            "seed": seed,
            "temperature": temperature,
            "best_of": best_of,
        }
        books = {book: as_json(one) for book, one in found.items()}
        return json.dumps({**about, "books": books}, indent=2)
    head = (
        f"{checkpoint.path}, version {checkpoint.version}, temperature {temperature:g}, seed {seed}"
        + (f", best of {best_of}" if best_of > 1 else "")
    )
    return "\n\n".join([head, *(report(book, one) for book, one in found.items())])
