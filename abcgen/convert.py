"""Make the engine file of a checkpoint from its weights: `python -m abcgen.convert NAME`.

`abcgen.train` does so itself by TensorFlow. A network that PyTorch trained, perhaps on another
machine with a GPU, gets its engine file here; so does one that an older abcgen trained.
"""

import argparse
import sys
from collections.abc import Sequence

from abcgen.model.checkpoint import ENGINE_FILE, read_checkpoint, write_checkpoint
from abcgen.network import backends
from abcgen.support.extras import require
from abcgen.support.guard import guarded
from abcgen.support.options import CommandParser


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of `abcgen.convert`."""
    parser = CommandParser(
        prog="abcgen.convert",
        description="Make the engine file of a checkpoint from its weights.",
    )
    parser.add_argument("checkpoint", metavar="NAME-OR-DIR", help="its name or folder")
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run `abcgen.convert`; return its exit code."""

    def body() -> int:
        checkpoint = read_checkpoint(build_parser().parse_args(argv).checkpoint, sampled=False)
        require("tensorflow", "train")
        backends.load("tensorflow")
        from abcgen.network.build import build_network
        from abcgen.network.export import export_engine

        network = build_network(checkpoint.recipe, len(checkpoint.vocabulary), 1, 1)
        network.load_weights(checkpoint.weights_file)
        engine = export_engine(network, checkpoint.recipe, quantize=True)
        write_checkpoint(checkpoint, {ENGINE_FILE: lambda path: path.write_bytes(engine)})
        return 0

    return guarded("abcgen.convert", body)


if __name__ == "__main__":
    sys.exit(main())
