"""How valid tunes are, how likely to a network, how good a network's own: `abcgen.evaluate`."""

import argparse
import json
import sys
import time
from collections.abc import Sequence

from abcgen.errors import AbcgenError, UsageError
from abcgen.evaluation.likelihood import likelihood_mode as likelihood
from abcgen.evaluation.likeness import samples_mode as likeness
from abcgen.evaluation.referees import REFEREES
from abcgen.evaluation.validity import (
    STDIN,
    find_tunes,
    judge,
)
from abcgen.evaluation.validity_report import as_json, report
from abcgen.support import defaults
from abcgen.support.guard import guarded
from abcgen.support.options import CommandParser, whole_number

_COMMAND = "abcgen.evaluate"
_SHOWN = 10  # invalid tunes that are listed unless told otherwise
_PROGRESS_SECONDS = 10.0


class _Progress:
    """Shows on stderr how far the referees are: in place on a terminal, else now and then."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.said = time.monotonic()

    def __call__(self, judged: int) -> None:
        message = f"judged {judged} of {self.total} tunes"
        if sys.stderr.isatty():
            # Rewritten in place, and wiped when they are through.
            end = "\r\x1b[K" if judged == self.total else ""
            print(f"\r{message}{end}", end="", file=sys.stderr, flush=True)
        elif time.monotonic() - self.said >= _PROGRESS_SECONDS:
            self.said = time.monotonic()
            _say(message)


def _say(message: str) -> None:
    print(f"{_COMMAND}: {' '.join(message.split())}", file=sys.stderr)


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of `abcgen.evaluate`."""
    parser = CommandParser(
        prog=_COMMAND,
        description="Say how many tunes of tunebooks are valid in the eyes of abcgen's own "
        "acceptor, which takes one spelling only, and of abc2midi, abcjs and music21, as many of "
        "them as are installed, and why the others are not; or how likely a network and other "
        "models of text find tunes that they did not learn from; or how valid, how new, and how "
        "like a corpus a network's own tunes are.",
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--validity", action="store_true", help="judge the tunes of FILES")
    what.add_argument(
        "--likelihood", action="store_true", help="judge a network by held-out tunes of FILES"
    )
    what.add_argument(
        "--samples",
        type=whole_number(1),
        metavar="N",
        help="judge a network by N tunes that it writes, beside those of FILES",
    )
    parser.add_argument(
        "files",
        nargs="*",
        metavar="FILE",
        help="a tunebook in ABC, a folder of them, or a corpus by name; with --validity "
        f"{STDIN} reads stdin; with --samples what the network learned from unless given",
    )
    parser.add_argument(
        "--show",
        type=whole_number(0),
        default=_SHOWN,
        metavar="N",
        help=f"list N invalid tunes at most, each with the reasons; {_SHOWN} unless given",
    )
    parser.add_argument(
        "--json", action="store_true", help="everything as JSON, all tunes with all verdicts"
    )
    parser.add_argument(
        "--checkpoint",
        default=defaults.CHECKPOINT,
        metavar="NAME-OR-DIR",
        help="the network to judge with --likelihood or --samples; "
        f"{defaults.CHECKPOINT} unless given",
    )
    parser.add_argument(
        "--jobs",
        type=whole_number(1),
        default=1,
        metavar="J",
        help="processes that share the judging of --validity and --samples (default: 1)",
    )
    likelihood.add_options(parser)
    likeness.add_options(parser)
    return parser


def _run(arguments: argparse.Namespace) -> int:
    if arguments.samples is not None:
        print(likeness.run(arguments, _say))
        return 0
    likeness.refuse_options(arguments)
    if not (arguments.validity or arguments.likelihood):
        raise UsageError(
            "FILES are judged with --validity or --likelihood, a network's own tunes with "
            "--samples N (see --help)"
        )
    if not arguments.files:
        option = "--validity" if arguments.validity else "--likelihood"
        raise UsageError(f"{option} needs a FILE to judge (see --help)")
    if arguments.likelihood:
        if arguments.jobs > 1:
            raise UsageError("--jobs goes with --validity and --samples (see --help)")
        print(likelihood.run(arguments, _say))
        return 0
    tunes = find_tunes(arguments.files)
    missing = {r.name: reason for r in REFEREES if (reason := r.available()) is not None}
    for name, reason in missing.items():
        _say(f"left out: {name}: {reason}")
    verdicts = judge(
        [tune.text for tune in tunes],
        REFEREES,
        jobs=arguments.jobs,
        progress=_Progress(len(tunes)),
    )
    if not verdicts:
        raise AbcgenError("no referee is installed")
    if arguments.json:
        print(json.dumps(as_json(tunes, verdicts, missing), indent=2, ensure_ascii=False))
    else:
        print(report(tunes, verdicts, arguments.show))
    return 0


def main(argv: Sequence[str] | None = None) -> int:
    """Run `abcgen.evaluate`; return its exit code."""
    return guarded(_COMMAND, lambda: _run(build_parser().parse_args(argv)))


if __name__ == "__main__":
    sys.exit(main())
