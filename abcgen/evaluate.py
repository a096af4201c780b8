"""How valid and how likely tunes are, and how good a network is: the `abcgen.evaluate` command."""

import argparse
import sys
from collections.abc import Sequence
from functools import partial

from abcgen.errors import UsageError
from abcgen.evaluation.likelihood import command as likelihood
from abcgen.evaluation.likeness import command as likeness
from abcgen.evaluation.telltale import command as telltale
from abcgen.evaluation.validity_command import COMMAND
from abcgen.evaluation.validity_command import run as run_validity
from abcgen.grammar.style import spell_style
from abcgen.support import console, defaults
from abcgen.support.guard import guarded
from abcgen.support.options import CommandParser, whole_number
from abcgen.tunebooks.names import STDIN

_SHOWN = 10  # invalid tunes that are listed by default


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of `abcgen.evaluate`."""
    parser = CommandParser(
        prog=COMMAND,
        usage="%(prog)s --validity FILE [FILE ...] [--show N] [--jobs J] [--json]\n"
        "       %(prog)s --likelihood FILE [FILE ...] [--split {test,validation,all}]\n"
        "           [--train-on FILE [FILE ...]] [--style S] [--checkpoint NAME-OR-DIR]\n"
        "           [--json]\n"
        "       %(prog)s --samples N [FILE ...] [--seed S] [--temperature T] [--pictures DIR]\n"
        "           [--style S] [--checkpoint NAME-OR-DIR] [--jobs J] [--json]\n"
        "       %(prog)s --telltale FILE [FILE ...] [--samples N] [--best-of K] [--seed S]\n"
        "           [--temperature T] [--checkpoint NAME-OR-DIR] [--jobs J] [--json]",
        description="With --validity, report how many tunes are valid, and why the others are not, "
        "according to abcgen's own acceptor (which takes one spelling only), abc2midi, abcjs and "
        "music21, as far as they are installed. With --likelihood, report how well a network and "
        "other models of text predict tunes that they did not learn from. With --samples, a "
        "network writes tunes; the report says how valid and new they are, and how much they are "
        "like a corpus. With --telltale, report how well such tunes can be told from people's "
        "tunes, and by what.",
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument(
        "--validity", action="store_true", help="check whether the tunes of FILES are valid"
    )
    what.add_argument(
        "--likelihood", action="store_true", help="measure a network by held-out tunes of FILES"
    )
    what.add_argument(
        "--samples",
        type=whole_number(1),
        metavar="N",
        help="let a network write N tunes and compare them with those of FILES; with --telltale, "
        f"classifiers learn from N tunes of each kind (default: {telltale.COUNT})",
    )
    parser.add_argument(
        "--telltale",
        action="store_true",
        help="measure how well classifiers tell tunes that a network writes from those of each "
        "of FILES",
    )
    parser.add_argument(
        "files",
        nargs="*",
        metavar="FILE",
        help="a tunebook in ABC, a folder of them, or a corpus by name; with --validity "
        f"{STDIN} reads stdin; with --samples the default is what the network learned from",
    )
    parser.add_argument(
        "--show",
        type=whole_number(0),
        default=_SHOWN,
        metavar="N",
        help=f"list at most N invalid tunes, each with the reasons (default: {_SHOWN})",
    )
    parser.add_argument(
        "--json", action="store_true", help="print everything as JSON: all tunes, all verdicts"
    )
    parser.add_argument(
        "--checkpoint",
        default=defaults.CHECKPOINT,
        metavar="NAME-OR-DIR",
        help="the network that is measured (default: %(default)s)",
    )
    parser.add_argument(
        "--style",
        type=spell_style,
        metavar="S",
        help="with --likelihood and --samples: the style in which a network that was trained with "
        "--style reads and writes",
    )
    parser.add_argument(
        "--jobs",
        type=whole_number(1),
        default=1,
        metavar="J",
        help="processes that share the work of --validity, --samples and --telltale (default: 1)",
    )
    parser.add_argument(
        "--best-of",
        type=whole_number(1),
        default=1,
        metavar="K",
        help="with --telltale: each drawn tune is the best of K, as in abcgen.sample (default: 1)",
    )
    likelihood.add_options(parser)
    likeness.add_options(parser)
    return parser


def _run(options: argparse.Namespace) -> int:
    say = partial(console.say, COMMAND)
    if options.style is not None and not (options.likelihood or options.samples):
        raise UsageError("--style goes with --likelihood and --samples N (see --help)")
    if options.telltale:
        if options.validity or options.likelihood:
            raise UsageError("--telltale can be combined with --samples N alone (see --help)")
        print(telltale.run(options, say))
        return 0
    if options.best_of > 1:
        raise UsageError("--best-of goes with --telltale (see --help)")
    if options.samples is not None:
        print(likeness.run(options, say))
        return 0
    likeness.refuse_options(options)
    if not (options.validity or options.likelihood):
        raise UsageError(
            "choose what to do: --validity, --likelihood or --telltale with FILES, or --samples N "
            "(see --help)"
        )
    if not options.files:
        option = "--validity" if options.validity else "--likelihood"
        raise UsageError(f"{option} needs a FILE (see --help)")
    if options.likelihood:
        if options.jobs > 1:
            raise UsageError("--jobs goes with --validity, --samples and --telltale (see --help)")
        print(likelihood.run(options, say))
        return 0
    report = run_validity(options.files, options.jobs, options.show, json_wanted=options.json)
    print(report)
    return 0


def main(argv: Sequence[str] | None = None) -> int:
    """Run `abcgen.evaluate`; return its exit code."""
    return guarded(COMMAND, lambda: _run(build_parser().parse_args(argv)))


if __name__ == "__main__":
    sys.exit(main())
