"""How new tunes are, beside what people write: the `abcgen.novelty` command.

For each tune it finds the nearest of a corpus, by the longest run of notes that both share in any
key and any note length scale, and shows both places.
"""

import argparse
import json
import sys
from collections.abc import Sequence

from abcgen.errors import CorpusError
from abcgen.evaluation.novelty import FOLK_BOOKS, as_json, judge, report
from abcgen.evaluation.validity import find_tunes
from abcgen.melodies.index import (
    FEWEST_HELD_OUT,
    PERCENTILE,
    SHORTEST_RUN,
)
from abcgen.support.guard import guarded
from abcgen.support.options import CommandParser, real_number, whole_number
from abcgen.tunebooks.corpus import read_corpus
from abcgen.tunebooks.indexing import index_of
from abcgen.tunebooks.names import NAME_OR_PATH

_COMMAND = "abcgen.novelty"
_SHOWN = 10  # tunes that are listed unless told otherwise


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
