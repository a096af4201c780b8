"""Put chord symbols into tunes: `python -m abcgen.harmonize tune.abc`.

The melody stays as it is, to the character. Here is only what can be asked for;
`abcgen.generation.harmonize` does it.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from abcgen.support.guard import guarded
from abcgen.support.options import CommandParser, whole_number

_COMMAND = "abcgen.harmonize"


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of `abcgen.harmonize`."""
    parser = CommandParser(
        prog=_COMMAND,
        usage="%(prog)s FILE [--simple | --rich] [--alternatives K] [--seed S]\n"
        "           [--tune N] [--out FILE]",
        description="Put chord symbols into tunes, one for each bar or half bar where the chord "
        "changes. Chord symbols that a tune has are replaced; all else stays as it is.",
    )
    add = parser.add_argument
    add("file", metavar="FILE", help="tunes in ABC; - reads stdin")
    palette = parser.add_mutually_exclusive_group()
    palette.add_argument(
        "--simple",
        dest="palette",
        action="store_const",
        const="simple",
        default="usual",
        help="few chords: those on the first, fourth and fifth notes of the scale",
    )
    palette.add_argument(
        "--rich",
        dest="palette",
        action="store_const",
        const="rich",
        help="more and rarer chords",
    )
    add(
        "--alternatives",
        type=whole_number(1),
        default=1,
        metavar="K",
        help="how many ways to put chords; the first is the likeliest (default: 1)",
    )
    add(
        "--seed",
        type=whole_number(0),
        metavar="S",
        help="the same seed gives the same alternatives",
    )
    add(
        "--tune",
        type=whole_number(1),
        metavar="N",
        help="only this tune of the file, counted from 1",
    )
    add("--out", type=Path, metavar="FILE", help="write into FILE instead of stdout")
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run `abcgen.harmonize`; return its exit code."""

    def body() -> int:
        arguments = build_parser().parse_args(argv)
        # numpy's own threads have nothing to multiply here.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        from abcgen.generation.harmonize import command

        return command.run(arguments)

    return guarded(_COMMAND, body)


if __name__ == "__main__":
    sys.exit(main())
