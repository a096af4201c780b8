"""Play a tune of a tunebook: the `abcgen.play` command."""

import argparse
import sys
from collections.abc import Sequence
from functools import partial

from abcgen.formats.loudspeaker import play
from abcgen.formats.options import add_options, chosen
from abcgen.music.together import music_together
from abcgen.notation.tune import read_tune
from abcgen.notation.warned import grouped
from abcgen.support.console import say
from abcgen.support.guard import guarded
from abcgen.support.options import CommandParser, add_quiet, add_voice, whole_number
from abcgen.tunebooks.names import STDIN, read_tunes, tune_at

_COMMAND = "abcgen.play"


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of `abcgen.play`."""
    parser = CommandParser(
        prog=_COMMAND,
        description="Play a tune of a tunebook; Ctrl-C stops it. It is played by sounddevice "
        "(pip install 'abcgen[sound]'), or else by a program of the system: afplay, pw-play, "
        "paplay, aplay or ffplay. Windows needs neither.",
    )
    parser.add_argument(
        "book",
        metavar="FILE",
        help=f"a tunebook in ABC, or a MIDI or MusicXML file; {STDIN} reads stdin",
    )
    parser.add_argument(
        "--tune",
        type=whole_number(1),
        metavar="N",
        default=1,
        help="which tune of the book, counted from 1 (default: %(default)s)",
    )
    parser.add_argument("--loop", action="store_true", help="play it again and again")
    add_voice(parser)
    add_options(parser)
    add_quiet(parser)
    return parser


def _run(options: argparse.Namespace) -> int:
    how = chosen(options)  # reports wrong usage before anything is read
    tunes = read_tunes(options.book, partial(say, _COMMAND), quiet=options.quiet)
    tune = read_tune(tune_at(options.tune, tunes, options.book), options.voice)
    if not options.quiet:
        music_together(tune)  # adds to the warnings
        warnings = (warned for warned in tune.warnings if not warned.heard)
        for line in grouped((f"tune {options.tune}", warned) for warned in warnings):
            say(_COMMAND, f"{options.book}: {line}")
    play(tune, loop=options.loop, **how)
    return 0


def main(argv: Sequence[str] | None = None) -> int:
    """Run `abcgen.play`; return its exit code."""
    return guarded(_COMMAND, lambda: _run(build_parser().parse_args(argv)))


if __name__ == "__main__":
    sys.exit(main())
