"""How new tunes are, beside what people write: the `abcgen.novelty` command.

For each tune it finds the nearest of a corpus, by the longest run of notes that both share in any
key and any note length scale, and shows both places.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

import numpy as np

from abcgen.cli import CommandParser, guarded, real_number, whole_number
from abcgen.corpus import read_corpus
from abcgen.errors import CorpusError, NotationError
from abcgen.evaluation.validity import FoundTune, find_tunes
from abcgen.melodies.index import (
    FEWEST_HELD_OUT,
    PERCENTILE,
    SHORTEST_RUN,
    Match,
    NoveltyIndex,
    Place,
    calibrate,
    index_of,
)
from abcgen.tunebooks.names import NAME_OR_PATH

__all__ = ["Match", "NoveltyIndex", "Place", "calibrate", "index_of", "main"]

_COMMAND = "abcgen.novelty"
#: What the checkpoint `folk` has learned from.
FOLK_BOOKS = ("nottingham", "cobb")
_SHOWN = 10  # tunes that are listed unless told otherwise
_PERCENTILES = (50, 90, 95, 99, 100)
_WIDEST_ABC = 88  # characters of a place that are shown


@dataclass(frozen=True, slots=True)
class Judged:
    """A tune and what it comes nearest to: `match` is None if it shares no run worth a name."""

    tune: FoundTune
    match: Match | None

    @property
    def notes(self) -> int:
        """The longest shared run in notes, or 0."""
        return self.match.notes if self.match else 0


def judge(
    index: NoveltyIndex, tunes: Iterable[FoundTune]
) -> tuple[list[Judged], list[tuple[FoundTune, str]]]:
    """Return what each tune comes nearest to, and the tunes that cannot be read with why."""
    judged: list[Judged] = []
    unread: list[tuple[FoundTune, str]] = []
    for tune in tunes:
        try:
            judged.append(Judged(tune, index.nearest(tune.text)))
        except NotationError as error:
            unread.append((tune, str(error)))
    return judged, unread


def figures(runs: Sequence[int], threshold: int) -> dict[str, object]:
    """Return how long the longest runs of tunes are, and how many are longer than allowed.

    Parameters
    ----------
    runs : sequence of int
        In notes; not empty.
    threshold : int
        The longest that is no copy, in notes.
    """
    copies = sum(run > threshold for run in runs)
    percentiles = np.percentile(runs, _PERCENTILES, method="inverted_cdf")
    return {
        "tunes": len(runs),
        "percentiles": {
            str(name): int(value) for name, value in zip(_PERCENTILES, percentiles, strict=True)
        },
        "copies": copies,
        "percent": round(100 * copies / len(runs), 2),
    }


def report(judged: Sequence[Judged], index: NoveltyIndex, threshold: int, show: int) -> str:
    """Return the table of figures, then `show` tunes at most, those with long runs first."""
    head = ["longest run in notes", "tunes", "median", "90 %", "95 %", "99 %", "100 %", "copies"]
    rows = [head]
    for name, runs in (
        ("these tunes", [one.notes for one in judged]),
        ("people's, held out", index.held_out),
    ):
        if runs:
            found = figures(runs, threshold)
            values = [found["tunes"], *found["percentiles"].values(), found["copies"]]  # type: ignore[attr-defined]
            rows.append([name, *map(str, values)])
            rows[-1][-1] += f" ({found['percent']:.1f} %)"
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        f"{row[0]:{widths[0]}}  "
        + "  ".join(f"{cell:>{width}}" for cell, width in zip(row[1:], widths[1:], strict=True))
        for row in rows
    ]
    lines.append(
        f"compared with {len(index)} tunes; a copy is more than {threshold} notes in one run; "
        f"0 stands for fewer than {SHORTEST_RUN}"
    )
    longest_first = sorted(judged, key=lambda one: -one.notes)  # stable: else in their order
    for one in longest_first[:show]:
        lines += ["", *_described(one, threshold)]
    if show and len(judged) > show:
        lines += ["", f"... and {len(judged) - show} more (--show {len(judged)} lists them all)"]
    return "\n".join(lines)


def _described(one: Judged, threshold: int) -> list[str]:
    """Return the lines on one tune."""
    match = one.match
    if match is None:
        return [f"{one.tune.label}: no run of {SHORTEST_RUN} notes is in the corpus"]
    verdict = "a copy, " if match.notes > threshold else ""
    return [
        f"{one.tune.label}: {verdict}{match.notes} of {match.of_notes} notes in one run "
        f"({match.plain:.0%} of it scale), {match.share:.0%} in all",
        f"  with {match.source}: X:{match.number} {match.title}".rstrip(),
        f"  here  {_shown(match.here)}",
        f"  there {_shown(match.there)}",
    ]


def _shown(place: Place) -> str:
    """Return a place on one line."""
    last = f" to {place.last_bar}" if place.last_bar != place.first_bar else ""
    line = f"bar {place.first_bar}{last}"
    if not place.abc:
        return line
    abc = place.abc if len(place.abc) <= _WIDEST_ABC else place.abc[: _WIDEST_ABC - 4] + " ..."
    return f"{line}, K:{place.key}: {abc}"


def as_json(
    judged: Sequence[Judged],
    unread: Sequence[tuple[FoundTune, str]],
    index: NoveltyIndex,
    threshold: int,
) -> dict[str, object]:
    """Return everything, ready for JSON."""
    return {
        "compared_with": len(index),
        "threshold": threshold,
        "these": figures([one.notes for one in judged], threshold) if judged else None,
        "people": figures(index.held_out, threshold) if index.held_out else None,
        "tunes": [
            {
                "source": one.tune.source,
                "number": one.tune.number,
                "title": one.tune.title,
                "copies": one.notes > threshold,
                "nearest": asdict(one.match) if one.match else None,
            }
            for one in judged
        ],
        "unread": [
            {"source": tune.source, "number": tune.number, "title": tune.title, "reason": reason}
            for tune, reason in unread
        ],
    }


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of `abcgen.novelty`."""
    parser = CommandParser(
        prog=_COMMAND,
        description="For each tune, find the longest run of notes that a corpus has too, in any "
        "key and any note length scale, and compare with how much people's own tunes share.",
    )
    parser.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help="a tunebook in ABC or a folder of them; - reads stdin",
    )
    parser.add_argument(
        "--corpus",
        nargs="+",
        default=list(FOLK_BOOKS),
        metavar="NAME-OR-PATH",
        help=f"compare with the tunes that a network would learn from these: {NAME_OR_PATH}; "
        f"{' '.join(FOLK_BOOKS)} unless given",
    )
    limits = parser.add_mutually_exclusive_group()
    limits.add_argument(
        "--threshold",
        type=whole_number(SHORTEST_RUN - 1),
        metavar="N",
        help="call it a copy if more than N notes in one run are shared",
    )
    limits.add_argument(
        "--percentile",
        type=real_number(0, 100),
        default=PERCENTILE,
        metavar="P",
        help="or if more than P percent of people's own tunes share, of which at least "
        f"{FEWEST_HELD_OUT} are needed; {PERCENTILE:g} unless given",
    )
    parser.add_argument(
        "--show",
        type=whole_number(0),
        default=_SHOWN,
        metavar="N",
        help=f"list N tunes at most, those with the longest runs first; {_SHOWN} unless given",
    )
    parser.add_argument(
        "--json", action="store_true", help="everything as JSON, all tunes with both places"
    )
    return parser


def _run(arguments: argparse.Namespace) -> int:
    tunes = find_tunes(arguments.files)
    _say(f"reading {' '.join(arguments.corpus)}")  # takes some seconds
    index = index_of(read_corpus(arguments.corpus))
    threshold = arguments.threshold
    if threshold is None:
        threshold = index.threshold(arguments.percentile)
    judged, unread = judge(index, tunes)
    for tune, reason in unread:
        _say(f"left out: {tune.label}: {reason}")
    if arguments.json:
        found = as_json(judged, unread, index, threshold)
        print(json.dumps(found, indent=1, ensure_ascii=False))
    elif judged:
        print(report(judged, index, threshold, arguments.show))
    else:
        raise CorpusError(f"none of {len(unread)} tunes can be read; the first: {unread[0][1]}")
    return 0


def _say(message: str) -> None:
    print(f"{_COMMAND}: {' '.join(message.split())}", file=sys.stderr)


def main(argv: Sequence[str] | None = None) -> int:
    """Run `abcgen.novelty`; return its exit code."""
    return guarded(_COMMAND, lambda: _run(build_parser().parse_args(argv)))


if __name__ == "__main__":
    sys.exit(main())
