"""Write melodies over given chords: `python -m abcgen.improvise "G | C D7 | G"`.

The chords stand in the tune as they are given, and the melody keeps to them. Here is only what can
be asked for; `abcgen.generation.improvise` does it.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from abcgen.support import defaults
from abcgen.support.guard import guarded
from abcgen.support.options import CommandParser, real_number, whole_number

_COMMAND = "abcgen.improvise"


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of `abcgen.improvise`."""
    parser = CommandParser(
        prog=_COMMAND,
        usage="%(prog)s CHORDS-OR-@FILE [--choruses N] [--close X] [--key K] [--meter M]\n"
        "           [--pickup LENGTH] [--rhythm R] [--title T] [--style S] [--tunes K]\n"
        "           [--seed S] [--temperature T] [--tune N] [--track TRACK] [--stats]\n"
        "           [--checkpoint NAME-OR-DIR] [--out FILE]\n"
        "       %(prog)s --like FILE",
        description="Write melodies over given chords. Bars are separated by |, and the chords of "
        "one bar share it evenly: G | C D7 | G. Repeats and endings are kept.",
    )
    add = parser.add_argument
    add(
        "chords",
        nargs="?",
        metavar="CHORDS-OR-@FILE",
        help="chords; or @ and a file: a tune in ABC with chord symbols, a MIDI or MusicXML file, "
        "a song sheet in ChordPro, or a chart; @- reads stdin",
    )
    add(
        "--choruses",
        type=whole_number(1),
        default=1,
        metavar="N",
        help="go through the chords N times (default: 1)",
    )
    add(
        "--close",
        type=real_number(0, defaults.MOST_CLOSE),
        default=defaults.CLOSE,
        metavar="X",
        help=f"how closely the melody keeps to the chords, 0 to {defaults.MOST_CLOSE}; 0 leaves it "
        f"to the network (default: {defaults.CLOSE})",
    )
    add("--key", metavar="K", help="the key (default: the one that the chords are in)")
    add("--meter", metavar="M", help="the metre (default: the file's, the rhythm's, or 4/4)")
    add(
        "--pickup",
        metavar="LENGTH",
        help="the length of each section's pickup: 1/8, 1/4, or 0 for none (default: what is usual "
        "in the rhythm)",
    )
    add("--rhythm", metavar="R", help="jig, reel, waltz and so on")
    add("--title", metavar="T", help="the title")
    add("--style", metavar="S", help="the style, if the network was trained with --style")
    add("--tunes", type=whole_number(1), default=1, metavar="K", help="how many tunes (default: 1)")
    add("--seed", type=whole_number(0), metavar="S", help="the same seed gives the same tunes")
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
        help="the chords of which tune of the file, counted from 1 (default: 1)",
    )
    add(
        "--track",
        metavar="TRACK",
        help="in a MIDI or MusicXML file, the track or part of the melody, its number from 1 or "
        "some letters of its name; the others give the chords",
    )
    add(
        "--stats",
        action="store_true",
        help="print on stderr how many notes on beats belong to their chord",
    )
    add(
        "--like",
        type=Path,
        metavar="FILE",
        help="make the tunes of FILE again, from their N: lines and chords",
    )
    add(
        "--checkpoint",
        metavar="NAME-OR-DIR",
        help=f"the network (default: {defaults.CHECKPOINT})",
    )
    add("--out", type=Path, metavar="FILE", help="write into FILE instead of stdout")
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run `abcgen.improvise`; return its exit code."""

    def body() -> int:
        arguments = build_parser().parse_args(argv)
        # numpy's own threads have nothing to multiply here.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        from abcgen.generation.improvise import command

        return command.run(arguments)

    return guarded(_COMMAND, body)


if __name__ == "__main__":
    sys.exit(main())
