"""Write new tunes: `python -m abcgen.sample --length 1024 > tune.abc`.

A tune depends on the checkpoint, the options, the seed and its own number, and on nothing else:
each is drawn by a generator of its own, from a network whose state is zero. So the same seed gives
the same text, however many tunes are drawn side by side.

Here is only what can be asked for; `abcgen.generation.command` does it, and takes a while to load.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from abcgen.errors import UsageError
from abcgen.grammar.header import METERS
from abcgen.notation.rhythms import RHYTHMS
from abcgen.support import defaults
from abcgen.support.guard import guarded
from abcgen.support.options import CommandParser, real_number, whole_number

#: The options that may stand beside `--like`.
_BESIDE_LIKE = {"like", "checkpoint", "out"}


def __getattr__(name: str) -> object:
    if name == "generate":  # `from abcgen.sample import generate`, as in the first version
        from abcgen.api.load import generate

        return generate
    raise AttributeError(f"module 'abcgen.sample' has no attribute {name!r}")


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of `abcgen.sample`."""
    parser = CommandParser(
        prog="abcgen.sample",
        description="Write new tunes in ABC, numbered from X:1, on stdout or into a file.",
    )
    add = parser.add_argument
    add(
        "--checkpoint",
        metavar="NAME-OR-DIR",
        help=f"the network (default: {defaults.CHECKPOINT})",
    )
    add("--tunes", type=whole_number(1), metavar="K", help="how many tunes (default: 1)")
    add(
        "--length",
        type=whole_number(1),
        metavar="C",
        help="write whole tunes, at most C characters in all",
    )
    add(
        "--from-tune",
        type=whole_number(1),
        default=1,
        metavar="N",
        help="begin with tune N of the book (default: 1)",
    )
    add(
        "--jobs",
        type=whole_number(1),
        metavar="J",
        help="processes that share the work; the tunes are the same (default: so many that each "
        "has enough to do, at most one for each processor)",
    )
    add("--key", metavar="K", help="the key of every tune: D, Em, Ador, Gmix ...")
    add("--meter", metavar="M", help=f"its metre: {', '.join(METERS)}")
    add("--rhythm", metavar="R", help=f"its rhythm: {', '.join(RHYTHMS)}")
    add("--title", metavar="T", help="its title")
    add("--form", metavar="BARS", help="the bars of each section, such as 8,8")
    add(
        "--chords",
        action=argparse.BooleanOptionalAction,
        help="with chord symbols, or without",
    )
    add("--style", metavar="S", help="its style, if the network was trained with --style")
    add(
        "--temperature",
        type=real_number(0),
        metavar="T",
        help="below 1 tamer, above 1 wilder, 0 the likeliest only "
        f"(default: {defaults.TEMPERATURE})",
    )
    add(
        "--top-k",
        type=whole_number(0),
        metavar="K",
        help="draw only among the K likeliest characters (default: 0, all)",
    )
    add(
        "--top-p",
        type=real_number(0, 1),
        metavar="P",
        help="draw only among the likeliest characters that together reach the probability P "
        "(default: 1, all)",
    )
    add("--seed", type=whole_number(0), metavar="S", help="the same seed gives the same text")
    add(
        "--prime",
        default="",
        metavar="TEXT-OR-@FILE",
        help="what every tune begins with: a header, and music if you like; \\n in TEXT is a new "
        "line",
    )
    add(
        "--novel",
        nargs="?",
        type=whole_number(1),
        const=True,
        metavar="N",
        help="draw a tune again if it shares more than N notes in a row with a tune that the "
        "network learned from; N is 7 or more (default: what 95 %% of people's tunes stay within; "
        "21 for folk)",
    )
    add(
        "--best-of",
        type=whole_number(1),
        default=1,
        metavar="K",
        help="draw K tunes for each, and keep the one that is most like people's (default: 1)",
    )
    add(
        "--no-critic",
        action="store_true",
        help="keep every tune; otherwise those that the network's critic finds least like "
        "people's, about one in five, are drawn again",
    )
    add(
        "--raw",
        action="store_true",
        help="let the network draw what it likes, valid or not, and write exactly that",
    )
    add(
        "--like",
        type=Path,
        metavar="FILE",
        help="make the tunes of FILE again, from their N: lines; - reads stdin",
    )
    add(
        "--stats",
        action="store_true",
        help="print on stderr how often the rules of ABC changed a character",
    )
    add(
        "--engine",
        choices=("litert", "keras"),
        help="what runs the network; keras is slow, and needs pip install 'abcgen[train]' "
        f"(default: {defaults.ENGINE})",
    )
    add("--out", type=Path, metavar="FILE", help="write into FILE instead of stdout")
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run `abcgen.sample`; return its exit code."""

    def body() -> int:
        parser = build_parser()
        arguments = parser.parse_args(argv)
        if arguments.like:
            _check_alone(parser, arguments)
        # numpy's own threads have nothing to multiply here: they would only keep the other cores
        # busy while they start.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        from abcgen.generation import command as sampling

        return sampling.run(arguments)

    return guarded("abcgen.sample", body)


def _check_alone(parser: argparse.ArgumentParser, arguments: argparse.Namespace) -> None:
    """Complain of options that `--like` leaves nothing to say."""
    for name, value in vars(arguments).items():
        if name not in _BESIDE_LIKE and value != parser.get_default(name):
            option = "--" + name.replace("_", "-")
            raise UsageError(f"--like takes from FILE how tunes are made: leave out {option}")


if __name__ == "__main__":
    sys.exit(main())
