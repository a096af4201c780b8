"""The `abcgen` command: `abcgen corpus ...` is the same as `python -m abcgen.corpus ...`."""

import argparse
import importlib
import sys
from collections.abc import Sequence

from abcgen import __version__
from abcgen.errors import UsageError, near_names
from abcgen.support.guard import guarded
from abcgen.support.options import CommandParser

#: Command -> what it does. Its module, of the same name, is imported only when it is called.
COMMANDS = {
    "sample": "write new tunes in ABC",
    "improvise": "write melodies over given chords",
    "harmonize": "put chord symbols into tunes",
    "redraw": "rewrite some bars of a tune, between the others",
    "render": "turn a tunebook into MIDI files, scores, sound or other formats",
    "play": "play a tune",
    "studio": "open a page in the browser to compose, see, hear, change and keep tunes",
    "download": "download tunebooks by name",
    "corpus": "read tunebooks and report what is in them",
    "train": "train a network on tunebooks",
    "convert": "make a network's engine file, or bring an old checkpoint up to date",
    "evaluate": "measure how valid tunes are, and how good a network is",
    "novelty": "measure how new tunes are, and find the nearest known ones",
}


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of `abcgen`, which leaves the arguments of a command to that command."""
    width = max(map(len, COMMANDS))
    lines = "\n".join(f"  {name:{width}}  {what}" for name, what in COMMANDS.items())
    parser = CommandParser(
        prog="abcgen",
        description="Folk tunes in ABC notation, made by a character-level LSTM.",
        epilog=f"commands:\n{lines}\n\n`abcgen COMMAND --help` explains a command.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"abcgen {__version__}")
    parser.add_argument("command", metavar="COMMAND", help="one of the commands below")
    parser.add_argument(
        "arguments", nargs=argparse.REMAINDER, metavar="ARGS", help="arguments of the command"
    )
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run `abcgen COMMAND ARGS`; without a command, print the help. Return the exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)

    def body() -> int:
        if not arguments:
            build_parser().print_help()
            return 0
        if arguments[0] in COMMANDS:
            module = importlib.import_module(f"abcgen.{arguments[0]}")
            return int(module.main(arguments[1:]))
        command = build_parser().parse_args(arguments).command  # exits after --help or --version
        raise UsageError(f"no command {command!r}; {near_names(command, COMMANDS)}")

    return guarded("abcgen", body)
