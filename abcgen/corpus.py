"""Read tunebooks and report what is in them: the `abcgen.corpus` command."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from abcgen.support.guard import guarded
from abcgen.support.options import CommandParser, add_quiet, add_voice
from abcgen.tunebooks.command import COMMAND, run
from abcgen.tunebooks.names import NAME_OR_PATH, STDIN


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of `abcgen.corpus`."""
    parser = CommandParser(
        prog=COMMAND,
        description="Read tunebooks: report on them, or write their tunes in one spelling.",
    )
    parser.add_argument(
        "books",
        nargs="+",
        metavar="NAME-OR-PATH",
        help=f"{NAME_OR_PATH}; {STDIN} reads stdin",
    )
    parser.add_argument(
        "--canonical",
        action="store_true",
        help="keep only tunes that have a canonical spelling, and write them in it, as networks "
        "learn them",
    )
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the tunes to FILE")
    parser.add_argument(
        "--track",
        metavar="N-OR-NAME",
        help="in MIDI and MusicXML files, the track or part of the melody: its number from 1 or "
        "some letters of its name (default: the one that looks most like a melody)",
    )
    add_voice(parser, "the first; with --canonical, such tunes are left out")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    add_quiet(parser)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run `abcgen.corpus`; return its exit code."""

    def body() -> int:
        options = build_parser().parse_args(argv)
        return run(
            options.books,
            options.out,
            canonical=options.canonical,
            as_json=options.json,
            quiet=options.quiet,
            melody=options.track,
            voice=options.voice,
        )

    return guarded(COMMAND, body)


if __name__ == "__main__":
    sys.exit(main())
