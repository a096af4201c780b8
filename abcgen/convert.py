"""Make the engine file of a checkpoint from its weights: the `abcgen.convert` command.

`abcgen.train` does so itself with TensorFlow. A network that PyTorch trained, perhaps on another
machine with a GPU, gets its engine file by this command; so does one that an older abcgen trained.
"""

import argparse
import sys
from collections.abc import Sequence

from abcgen.network.conversion import convert
from abcgen.support.guard import guarded
from abcgen.support.options import CommandParser

_COMMAND = "abcgen.convert"


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of `abcgen.convert`."""
    parser = CommandParser(
        prog=_COMMAND,
        description="Make the engine file of a checkpoint from its weights.",
    )
    parser.add_argument(
        "checkpoint", metavar="NAME-OR-DIR", help="the name or folder of the checkpoint"
    )
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run `abcgen.convert`; return its exit code."""

    def body() -> int:
        convert(build_parser().parse_args(argv).checkpoint)
        return 0

    return guarded(_COMMAND, body)


if __name__ == "__main__":
    sys.exit(main())
