"""Fetch the named tunebooks into `corpora/`: the `abcgen.download` command."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from abcgen.support.guard import guarded
from abcgen.support.options import CommandParser
from abcgen.tunebooks.fetching.command import COMMAND, run
from abcgen.tunebooks.names import CORPORA


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of `abcgen.download`."""
    parser = CommandParser(
        prog=COMMAND,
        description="Download tunebooks by name. What is there already is not downloaded again.",
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="a corpus; --list shows them")
    parser.add_argument(
        "--to",
        type=Path,
        default=CORPORA,
        metavar="DIR",
        help="the folder in which each corpus gets a folder NAME (default: %(default)s)",
    )
    parser.add_argument("--list", action="store_true", help="list the corpora, download nothing")
    parser.add_argument(
        "--force",
        action="store_true",
        help="download even what is there, and overwrite files that were edited",
    )
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run `abcgen.download`; return its exit code."""

    def body() -> int:
        options = build_parser().parse_args(argv)
        return run(options.names, options.to, listing=options.list, force=options.force)

    return guarded(COMMAND, body)


if __name__ == "__main__":
    sys.exit(main())
