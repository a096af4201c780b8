"""Rewrite some bars of a tune: `python -m abcgen.redraw tune.abc --bars 5,6`.

All other bars stay as they are. The network reads them, before and behind, so that the new bars fit
in between. Here is only what can be asked for; `abcgen.generation.redraw` does it.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from abcgen.grammar.style import spell_style
from abcgen.support import defaults
from abcgen.support.guard import guarded
from abcgen.support.options import CommandParser, real_number, whole_number

_COMMAND = "abcgen.redraw"


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of `abcgen.redraw`."""
    parser = CommandParser(
        prog=_COMMAND,
        usage="%(prog)s FILE ([--bars B] [--keep B]\n"
        "           [--vary [V] | --simplify | --ornament] |\n"
        "           --answer B | --from-bar N | --bits | --like FILE)\n"
        "           [--alternatives K] [--seed S] [--temperature T] [--tune N]\n"
        "           [--style S] [--checkpoint NAME-OR-DIR] [--out FILE]",
        description="Rewrite some bars of a tune, so that they fit in between the others, whose "
        "notes stay. Bars are counted from 1 through the whole tune, endings too; a pickup at the "
        "start is bar 0. B is one or more of them: 5 or 5,6 or 1-4,7.",
    )
    add = parser.add_argument
    add("file", metavar="FILE", help="a tune in ABC; - reads stdin")
    add("--bars", metavar="B", help="the bars to rewrite")
    add("--keep", metavar="B", help="the bars to keep; without --bars all others are rewritten")
    add(
        "--vary",
        nargs="?",
        type=real_number(0),
        const=defaults.STRICTNESS,
        metavar="V",
        help="write a variation: change one bar in eight, by chance, or those that --bars and "
        "--keep choose. With a higher V fewer notes on beats change "
        f"(default: {defaults.STRICTNESS:g})",
    )
    add("--simplify", action="store_true", help="write --bars with fewer notes between the beats")
    add("--ornament", action="store_true", help="write --bars with more notes between the beats")
    add(
        "--answer",
        metavar="B",
        help="rewrite the bars that follow B, as many as B has, as an answer: they begin like B "
        "and end on the tonic, if they can",
    )
    add(
        "--from-bar",
        type=whole_number(0),
        metavar="N",
        help="keep only what stands before bar N, and go on from there to a new end",
    )
    add(
        "--bits",
        action="store_true",
        help="rewrite nothing; print how many bits the network needs for each bar: the more bits, "
        "the more surprising the bar",
    )
    add(
        "--like",
        type=Path,
        metavar="FILE",
        help="make the tunes of FILE again, from their N: lines; the tune that they were made "
        "from is the first argument",
    )
    add(
        "--alternatives",
        type=whole_number(1),
        default=1,
        metavar="K",
        help="how many different tunes (default: 1)",
    )
    add("--seed", type=whole_number(0), metavar="S", help="the same seed gives the same bars")
    add(
        "--temperature",
        type=real_number(0),
        default=defaults.TEMPERATURE_IN_PLACE,
        metavar="T",
        help=f"below 1 tamer, above 1 wilder (default: {defaults.TEMPERATURE_IN_PLACE})",
    )
    add(
        "--tune",
        type=whole_number(1),
        metavar="N",
        help="which tune of the file, counted from 1 (default: 1)",
    )
    add(
        "--style",
        type=spell_style,
        metavar="S",
        help="the style to write in, if the network was trained with --style (default: the one "
        "that the tune names)",
    )
    add(
        "--checkpoint",
        metavar="NAME-OR-DIR",
        help=f"the network (default: {defaults.CHECKPOINT})",
    )
    add("--out", type=Path, metavar="FILE", help="write into FILE instead of stdout")
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run `abcgen.redraw`; return its exit code."""

    def body() -> int:
        arguments = build_parser().parse_args(argv)
        # numpy's own threads have nothing to multiply here.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        from abcgen.generation.redraw import command

        return command.run(arguments)

    return guarded(_COMMAND, body)


if __name__ == "__main__":
    sys.exit(main())
