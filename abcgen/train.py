"""Train a network on tunebooks: `python -m abcgen.train NAME-OR-PATH... --name NAME`.

Here is only what can be asked for; `abcgen.training.run` does it, and takes a while to load.
"""

import argparse
import math
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import fields
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from abcgen.errors import UsageError
from abcgen.model.checkpoint import CHECKPOINTS, RESUME_FOLDER, read_checkpoint
from abcgen.model.recipes import BOOKS, CONTINUED, HELP, NETWORK, RECIPES, Recipe, find_recipe
from abcgen.network import backends
from abcgen.network.backends import BACKENDS
from abcgen.support.extras import require
from abcgen.support.guard import guarded
from abcgen.support.options import CommandParser, whole_number
from abcgen.tunebooks.names import NAME_OR_PATH


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of `abcgen.train`; the recipe's fields are options with its defaults."""
    parser = CommandParser(
        prog="abcgen.train",
        description="Train a network on tunebooks and write its checkpoint.",
    )
    parser.add_argument(
        "books",
        nargs="*",
        metavar="NAME-OR-PATH",
        help=f"{NAME_OR_PATH}; those of --recipe unless given",
    )
    parser.add_argument(
        "--weights",
        type=_weights,
        default=(),
        metavar="W,W",
        help="how often the tunes of each book are read in an epoch, such as 1,0.3 for a random "
        "third of the second (default: once)",
    )
    parser.add_argument("--name", default="mine", help="the checkpoint's name (default: mine)")
    parser.add_argument(
        "--out",
        type=Path,
        default=CHECKPOINTS,
        metavar="DIR",
        help=f"the folder for the checkpoint's folder (default: {CHECKPOINTS})",
    )
    parser.add_argument(
        "--seed", type=whole_number(0), default=0, help="decides all that is drawn (default: 0)"
    )
    parser.add_argument("--resume", action="store_true", help="go on with a run that was cut off")
    parser.add_argument(
        "--version",
        type=whole_number(1),
        default=1,
        metavar="V",
        help="which checkpoint of this name it is to be (default: 1)",
    )
    parser.add_argument(
        "--tensorboard", type=Path, metavar="DIR", help="write TensorBoard's event files into DIR"
    )
    parser.add_argument(
        "--recipe",
        help=f"{', '.join(RECIPES)}: sizes and settings (default: {Recipe().name})",
    )
    parser.add_argument(
        "--backend",
        choices=BACKENDS,
        default=BACKENDS[0],
        help=f"what computes; torch uses a GPU where there is one (default: {BACKENDS[0]})",
    )
    parser.add_argument(
        "--from",
        dest="base",
        metavar="NAME-OR-DIR",
        help="go on from a checkpoint: its network learns the style of another tunebook",
    )
    group = parser.add_argument_group("to change a recipe")
    for field in _tunable():
        value = field.default
        shown = ",".join(map(str, value)) if isinstance(value, tuple) else value
        as_option: dict[str, Any] = (
            {"action": argparse.BooleanOptionalAction}
            if isinstance(value, bool)
            else {"type": _sizes, "metavar": "N,N"}
            if isinstance(value, tuple)
            else {"type": type(value), "metavar": field.name[0].upper()}
        )
        group.add_argument(
            f"--{field.name.replace('_', '-')}",
            default=None,
            help=f"{HELP[field.name]} ({Recipe().name}: {shown})",
            **as_option,
        )
    return parser


def _sizes(text: str) -> tuple[int, ...]:
    """Return the numbers of ``256,256``."""
    try:
        return tuple(map(int, text.split(",")))
    except ValueError:
        message = f"expected whole numbers with commas between them, found {text!r}"
        raise argparse.ArgumentTypeError(message) from None


def _weights(text: str) -> tuple[float, ...]:
    """Return the numbers of ``1,0.3``."""
    try:
        weights = tuple(map(float, text.split(",")))
    except ValueError:
        weights = (math.nan,)
    if not all(0 <= weight < math.inf for weight in weights) or not any(weights):
        raise argparse.ArgumentTypeError(
            f"expected numbers, 0 or more, with commas between them, found {text!r}"
        )
    return weights


def _tunable() -> list[Any]:
    return [field for field in fields(Recipe) if field.name != "name"]


def main(argv: Sequence[str] | None = None) -> int:
    """Run `abcgen.train`; return its exit code."""

    def body() -> int:
        arguments = build_parser().parse_args(argv)
        if Path(arguments.name).name != arguments.name or not arguments.name.strip("."):
            raise UsageError(f"--name must be a plain name, not {arguments.name!r}")
        changes = {field.name: getattr(arguments, field.name) for field in _tunable()}
        base = read_checkpoint(arguments.base, sampled=False) if arguments.base else None
        if base:
            if not arguments.books:
                raise UsageError("--from needs a tunebook to go on with")
            for name in ("recipe", *NETWORK):
                if getattr(arguments, name) is not None:
                    raise UsageError(
                        f"--from goes on with the network that there is: leave out "
                        f"--{name.replace('_', '-')}"
                    )
            recipe = base.recipe.changed(**CONTINUED)
        elif not (arguments.books or arguments.recipe):
            raise UsageError(
                "name a tunebook to learn from, or a --recipe, which has its own (see --help)"
            )
        else:
            recipe = find_recipe(arguments.recipe or Recipe().name)
        recipe = recipe.changed(**changes)
        books = arguments.books or BOOKS[recipe.name]
        if len(arguments.weights) not in (0, len(books)):
            raise UsageError(
                f"--weights needs a number for each of the {len(books)} books, not "
                f"{len(arguments.weights)}"
            )
        backends.choose(arguments.backend)
        require(arguments.backend, "torch" if arguments.backend == "torch" else "train")
        from abcgen.training import run as training

        try:
            checkpoint = training.train(
                books,
                arguments.out / arguments.name,
                recipe,
                seed=arguments.seed,
                resume=arguments.resume,
                tensorboard=arguments.tensorboard,
                version=arguments.version,
                base=base,
                weights=arguments.weights,
            )
        except KeyboardInterrupt:
            if (arguments.out / arguments.name / RESUME_FOLDER).exists():
                training.say("cut off; the same command with --resume goes on after the last epoch")
            raise
        figures = checkpoint.validation
        if arguments.backend == "torch":
            # Another process makes the engine file, since this one cannot.
            if find_spec("tensorflow"):
                converting = [sys.executable, "-m", "abcgen.convert", str(checkpoint.path)]
                subprocess.run(converting, check=True)
            else:
                training.say(
                    f"it has no engine file, which TensorFlow makes: where that is installed, "
                    f"python -m abcgen.convert {checkpoint.path}"
                )
        training.say(
            f"best epoch {figures['epoch']}, {figures['bits_per_char']:.3f} bits a character on "
            f"tunes not seen; sample with: python -m abcgen.sample --checkpoint {checkpoint.path}"
        )
        return 0

    return guarded("abcgen.train", body)


if __name__ == "__main__":
    sys.exit(main())
