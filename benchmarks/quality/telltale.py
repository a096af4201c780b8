"""How well networks' tunes can be told from people's, network beside network.

    python -m benchmarks.quality.telltale

By the protocol of `python -m abcgen.evaluate --telltale`, for each book that `folk` learned from.
The page is `benchmarks/results/TELLTALE.md`. The figures of a network are kept in
`benchmarks/results/telltale.json`, so that others can be compared with it later. Needs the extra
`evaluate`, and a quarter of an hour for each network.
"""

import argparse
import json
import time
from pathlib import Path
from typing import Any

from abcgen.evaluation.telltale.area import Area
from abcgen.evaluation.telltale.command import COUNT
from abcgen.evaluation.telltale.judgement import judge
from abcgen.evaluation.telltale.protocol import gather
from abcgen.evaluation.telltale.report import as_json, shown
from abcgen.generation.build_request import check_best_of
from abcgen.generation.request import Request
from abcgen.model.checkpoint import Checkpoint, read_checkpoint
from abcgen.support import defaults
from abcgen.support.files import writing
from abcgen.training.recipes import BOOKS
from benchmarks.harness.figures import markdown

_RESULTS = Path("benchmarks") / "results"
_PAGE, _KEPT = _RESULTS / "TELLTALE.md", _RESULTS / "telltale.json"
_SEED = 1
_FEATURES = 8  # of those that tell most, for each network

#: Name and version of a network -> ``written``, the date, ``temperature``, that of its tunes, and
#: ``books``: book -> its judgement as
#: `abcgen.evaluation.telltale.report.as_json` returns it.
Kept = dict[str, dict[str, Any]]


def judged(checkpoint: Checkpoint, jobs: int, best_of: int) -> dict[str, Any]:
    """Return what is kept of a network."""
    request, books = Request(_SEED, best_of=check_best_of(best_of, checkpoint)), {}
    for book in BOOKS[defaults.CHECKPOINT]:
        tunes = gather(book, checkpoint, COUNT, request, jobs)
        books[book] = as_json(judge(tunes, print))
    temperature = request.sampler.temperature
    return {"written": time.strftime("%Y-%m-%d"), "temperature": temperature, "books": books}


def page(kept: Kept) -> str:
    """Return the page as Markdown."""
    networks = ", ".join(
        f"{name} ({one['written']}, {one['temperature']:g})" for name, one in kept.items()
    )
    lines = [
        "# Told from people",
        "",
        "Written by `python -m benchmarks.quality.telltale`. Networks, dates and temperatures: "
        f"{networks}.",
        "",
        f"Classifiers learn from {COUNT} tunes by people and {COUNT} drawn ones that match them, "
        f"and judge tunes by people that were held out, and {COUNT} other drawn ones. The area "
        "under the curve is 0.5 where nothing tells, and 1 where everything does; in brackets the "
        "95 % interval. People's tunes are told from people's, those held out from those learned "
        "from, for comparison. Shares are in percent.",
    ]
    for book in BOOKS[defaults.CHECKPOINT]:
        of = {name: one["books"][book] for name, one in kept.items() if book in one["books"]}
        if of:
            lines += ["", f"## {book}", "", *_areas(of), "", *_shares(of), "", *_telling(of)]
    return "\n".join(lines) + "\n"


def _areas(of: Kept) -> list[str]:
    """Return the table of areas, a column for each network."""
    latest = list(of.values())[-1]
    rows = []
    for name, told in latest["areas"].items():
        unseen = (one["areas"].get(name, {}).get("unseen") for one in of.values())
        rows.append([name, *map(_area, unseen), _area(told["people"])])
    return markdown(["area under the curve", *of, "people"], rows)


def _shares(of: Kept) -> list[str]:
    """Return the table of shares and plans, a column for each network."""
    latest = list(of.values())[-1]
    rows = []
    for kind, before in (("shares", ""), ("plans", "plan ")):
        for name, people in latest[kind].items():
            cells = [_share(people["training"]), _share(people["held_out"])]
            cells += [_share(one[kind].get(name, {}).get("drawn")) for one in of.values()]
            rows.append([f"{before}{name}", *cells])
    return markdown(["share", "people, training", "people, held out", *of], rows)


def _telling(of: Kept) -> list[str]:
    """Return the table of the features that tell most."""
    rows = [
        [name, one["name"], *(f"{one[key]:.2f}" for key in ("area", "people", "drawn"))]
        for name, found in of.items()
        for one in found["telling"][:_FEATURES]
    ]
    return markdown(["network", "what tells most", "area alone", "people", "drawn"], rows)


def _area(area: dict[str, Any] | None) -> str:
    return str(Area(**area)) if area else ""


def _share(share: dict[str, Any] | None) -> str:
    return shown((share["count"], share["of"])) if share else ""


def main() -> None:
    """Judge networks, and write the page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "checkpoints",
        nargs="*",
        default=[defaults.CHECKPOINT],
        metavar="NAME-OR-DIR",
        help=f"networks to judge (default: {defaults.CHECKPOINT})",
    )
    parser.add_argument(
        "--best-of", type=int, default=1, help="each tune is the best of so many (default: 1)"
    )
    parser.add_argument("--jobs", type=int, default=1, help="processes that draw (default: 1)")
    arguments = parser.parse_args()
    kept: Kept = json.loads(_KEPT.read_text("utf-8")) if _KEPT.exists() else {}
    for name in arguments.checkpoints:
        checkpoint = read_checkpoint(name)
        label = f"{checkpoint.path.name} {checkpoint.version}"
        label += f", best of {arguments.best_of}" if arguments.best_of > 1 else ""
        kept[label] = judged(checkpoint, arguments.jobs, arguments.best_of)
    for path, text in ((_KEPT, json.dumps(kept, indent=1) + "\n"), (_PAGE, page(kept))):
        with writing(path) as file:
            file.write(text)
        print(path)


if __name__ == "__main__":
    main()
