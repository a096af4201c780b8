"""The `abcgen` command, and the one place where a command's errors become a line and a code."""

import argparse
import importlib
import sys
from collections.abc import Sequence

from abcgen import __version__
from abcgen.errors import UsageError, near_names
from abcgen.support.guard import guarded
from abcgen.support.options import CommandParser

#: Command -> what it does; the module of the same name is imported only when it is called.
COMMANDS = {
    "sample": "write new tunes in ABC",
    "render": "turn a tunebook into MIDI files",
    "download": "fetch the named tunebooks",
    "corpus": "read tunebooks and report what is in them",
    "train": "train a network on tunebooks",
    "convert": "make the engine file of a network that PyTorch trained",
    "evaluate": "say how valid tunes are, and how good a network is",
    "novelty": "say how new tunes are, and what they come nearest to",
}


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of `abcgen`, whose only positional argument is the command."""
    width = max(map(len, COMMANDS))
    lines = "\n".join(f"  {name:{width}}  {what}" for name, what in COMMANDS.items())
    parser = CommandParser(
        prog="abcgen",
        description="Folk tunes in ABC notation, made by a character-level LSTM.",
        epilog=f"commands:\n{lines}\n\n`abcgen COMMAND --help` explains one.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"abcgen {__version__}")
    parser.add_argument("command", metavar="COMMAND", help="one of the commands below")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, metavar="...", help="its own")
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run `abcgen COMMAND ...`, which is the same as `python -m abcgen.COMMAND ...`."""
    arguments = list(sys.argv[1:] if argv is None else argv)

    def body() -> int:
        if arguments and arguments[0] in COMMANDS:
            module = importlib.import_module(f"abcgen.{arguments[0]}")
            return int(module.main(arguments[1:]))
        command = build_parser().parse_args(arguments).command  # prints help or version and leaves
        raise UsageError(f"no command {command!r}; {near_names(command, COMMANDS)}")

    return guarded("abcgen", body)
