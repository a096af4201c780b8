"""How new tunes are, compared with what people write: the `abcgen.novelty` command.

For each tune it finds the nearest one of a corpus, by the longest run of notes that both share in
any key and any note length scale, and shows both passages.
"""

import argparse
import sys
from collections.abc import Sequence

from abcgen.evaluation.novelty_command import COMMAND, FOLK_BOOKS, run
from abcgen.melodies.index import FEWEST_HELD_OUT, PERCENTILE, SHORTEST_RUN
from abcgen.support.guard import guarded
from abcgen.support.options import CommandParser, real_number, whole_number
from abcgen.tunebooks.names import NAME_OR_PATH

_SHOWN = 10  # tunes that are listed by default


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of `abcgen.novelty`."""
    parser = CommandParser(
        prog=COMMAND,
        usage="%(prog)s FILE [FILE ...] [--corpus NAME-OR-PATH [NAME-OR-PATH ...]]\n"
        "           [--threshold N | --percentile P] [--show N] [--json]",
        description="For each tune, find the longest run of notes that a corpus has too, and "
        "compare it with what people's own tunes share. The key does not matter, nor whether all "
        "notes are longer or shorter.",
    )
    parser.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help="a tunebook in ABC, a MIDI or MusicXML file, or a folder of such files; - reads stdin",
    )
    parser.add_argument(
        "--corpus",
        nargs="+",
        default=list(FOLK_BOOKS),
        metavar="NAME-OR-PATH",
        help="compare with the training tunes of these books; each is "
        f"{NAME_OR_PATH} (default: {' '.join(FOLK_BOOKS)})",
    )
    limits = parser.add_mutually_exclusive_group()
    limits.add_argument(
        "--threshold",
        type=whole_number(SHORTEST_RUN - 1),
        metavar="N",
        help="a tune is a copy if it shares more than N notes in one run",
    )
    limits.add_argument(
        "--percentile",
        type=real_number(0, 100),
        default=PERCENTILE,
        metavar="P",
        help="a tune is a copy if its longest run is longer than in P percent of people's own "
        f"tunes, of which at least {FEWEST_HELD_OUT} are needed (default: {PERCENTILE:g})",
    )
    parser.add_argument(
        "--show",
        type=whole_number(0),
        default=_SHOWN,
        metavar="N",
        help=f"list at most N tunes, those with the longest runs first (default: {_SHOWN})",
    )
    parser.add_argument(
        "--json", action="store_true", help="print everything as JSON: all tunes, both passages"
    )
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run `abcgen.novelty`; return its exit code."""

    def body() -> int:
        options = build_parser().parse_args(argv)
        return run(
            options.files,
            options.corpus,
            options.threshold,
            options.percentile,
            options.show,
            json_wanted=options.json,
        )

    return guarded(COMMAND, body)


if __name__ == "__main__":
    sys.exit(main())
