"""Train a network on tunebooks: `python -m abcgen.train NAME-OR-PATH... --name NAME`.

Only the options are here; `abcgen.training.run` does the work, and takes a while to load.
"""

import argparse
import math
import sys
from collections.abc import Sequence
from dataclasses import fields
from functools import partial
from pathlib import Path
from typing import Any

from abcgen.errors import UsageError
from abcgen.model.checkpoint import CHECKPOINTS, RESUME_FOLDER
from abcgen.model.recipe import Recipe
from abcgen.network.backends import BACKENDS
from abcgen.support import console
from abcgen.support.extras import require
from abcgen.support.guard import guarded
from abcgen.support.options import CommandParser, add_voice, whole_number
from abcgen.training.recipes import HELP, RECIPES
from abcgen.training.styles import books_of
from abcgen.tunebooks.names import NAME_OR_PATH, find_tunebooks

#: What a checkpoint learns from people's tunes without training its network, in this order.
_LEARNED = "plans", "habits", "critic"


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
        help=f"{NAME_OR_PATH} (default: the tunebooks of --recipe); if a folder has all files in "
        "subfolders, each subfolder is a style",
    )
    parser.add_argument(
        "--style",
        action="append",
        default=[],
        metavar="NAME=BOOK",
        help="a tunebook and the name of its style, such as bach=chorales/; once for each "
        "tunebook. abcgen.sample --style NAME then writes in it",
    )
    parser.add_argument(
        "--weights",
        type=_weights,
        default=(),
        metavar="W,W",
        help="how often the tunes of each book are read in an epoch, such as 1,0.3: all of the "
        "first, a random 30 %% of the second (default: once each)",
    )
    add_voice(parser, "such tunes are left out")
    parser.add_argument("--name", default="mine", help="the checkpoint's name (default: mine)")
    parser.add_argument(
        "--out",
        type=Path,
        default=CHECKPOINTS,
        metavar="DIR",
        help=f"the folder for the checkpoint's folder (default: {CHECKPOINTS})",
    )
    parser.add_argument(
        "--seed", type=whole_number(0), default=0, help="seed of all random choices (default: 0)"
    )
    parser.add_argument(
        "--resume", action="store_true", help="continue an interrupted run, with the same options"
    )
    parser.add_argument(
        "--number",
        type=whole_number(1),
        default=1,
        metavar="V",
        help="the checkpoint's number among those of its name (default: 1)",
    )
    # The old name of --number, which is easily taken for the version of abcgen.
    parser.add_argument(
        "--version",
        dest="number",
        type=whole_number(1),
        default=argparse.SUPPRESS,
        help=argparse.SUPPRESS,
    )
    parser.add_argument(
        "--tensorboard", type=Path, metavar="DIR", help="write TensorBoard event files into DIR"
    )
    parser.add_argument(
        "--recipe",
        help=f"{', '.join(RECIPES)}: sizes and settings (default: {Recipe().name})",
    )
    parser.add_argument(
        "--pick",
        metavar="NAME-OR-DIR",
        help="train nothing: list the epochs that --keep-every kept of a checkpoint, with losses, "
        "accuracy and copies",
    )
    parser.add_argument(
        "--epoch",
        type=_epoch,
        metavar="E",
        help="with --pick: put the network of this epoch into the checkpoint; best: the last kept "
        "epoch before the first that copies more than people do",
    )
    parser.add_argument(
        "--critic",
        metavar="NAME-OR-DIR",
        help="train no network: learn what tells this checkpoint's tunes from those of the "
        "tunebooks, so that those least like people's are drawn again, and --best-of can choose",
    )
    parser.add_argument(
        "--habits",
        metavar="NAME-OR-DIR",
        help="train no network: learn what people choose in these tunebooks more often than this "
        "checkpoint does, so that its tunes move and end as theirs",
    )
    parser.add_argument(
        "--plans",
        metavar="NAME-OR-DIR",
        help="train no network: learn from these tunebooks what plans this checkpoint's tunes go "
        "by: their sections and repeats, and which bars come again",
    )
    parser.add_argument(
        "--backend",
        choices=BACKENDS,
        default=BACKENDS[0],
        help=f"library that computes; torch uses a GPU if there is one (default: {BACKENDS[0]})",
    )
    parser.add_argument(
        "--from",
        dest="base",
        metavar="NAME-OR-DIR",
        help="continue from a checkpoint: its network learns the style of another tunebook",
    )
    group = parser.add_argument_group("changes to the recipe")
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


def _epoch(text: str) -> int | str:
    """Return a number, or ``best``."""
    if text == "best":
        return text
    try:
        return whole_number(1)(text)
    except argparse.ArgumentTypeError as error:
        raise argparse.ArgumentTypeError(f"{error}; or best") from None


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


def _pick(arguments: argparse.Namespace) -> int:
    """Do what `--pick` asks for."""
    if others := _compared(arguments):
        raise UsageError(f"--pick and --{others[0]} are two things: leave out one")
    if arguments.books or arguments.style or arguments.base or arguments.recipe:
        raise UsageError("--pick trains nothing: leave out tunebooks, --style, --from and --recipe")
    from abcgen.training.picking import kept_epochs, pick, report

    kept = kept_epochs(arguments.pick)
    if arguments.epoch is None:
        print(report(kept))
        return 0
    epoch = pick(kept, arguments.epoch).validation["epoch"]
    console.say("abcgen.train", f"{kept.checkpoint.path} is now as it was after epoch {epoch}")
    return 0


def _compared(arguments: argparse.Namespace) -> list[str]:
    """Return those of `_LEARNED` that are asked for."""
    return [name for name in _LEARNED if getattr(arguments, name) is not None]


def _compare_with_people(arguments: argparse.Namespace) -> int:
    """Do what an option of `_LEARNED` asks for."""
    name, *others = _compared(arguments)
    if others:
        raise UsageError(
            f"--{name} and --{others[0]} are two things: learn plans first, then habits, then a "
            "critic"
        )
    option = f"--{name}"
    unless_given = vars(build_parser().parse_args([]))
    given = [
        f"--{'from' if name == 'base' else name.replace('_', '-')}"
        for name, value in vars(arguments).items()
        if name not in ("books", *_LEARNED) and value != unless_given[name]
    ]
    if given:
        raise UsageError(f"{option} trains no network: leave out {' and '.join(given)}")
    if not arguments.books:
        raise UsageError(f"{option} needs tunebooks by people: name those that tunes shall be like")
    say = partial(console.say, "abcgen.train")
    if arguments.critic is not None:
        from abcgen.training.critic import train_critic

        train_critic(arguments.critic, arguments.books, say)
    elif arguments.habits is not None:
        from abcgen.training.habits import learn_habits

        learn_habits(arguments.habits, arguments.books, say)
    else:
        from abcgen.training.plans import learn_plans

        learn_plans(arguments.plans, arguments.books, say)
    return 0


def _train(arguments: argparse.Namespace) -> int:
    """Train; return the exit code."""
    if Path(arguments.name).name != arguments.name or not arguments.name.strip("."):
        raise UsageError(f"--name must be a plain name, not {arguments.name!r}")
    from abcgen.training.model_card import use_of
    from abcgen.training.run import choose, make_engine, train

    say = partial(console.say, "abcgen.train")
    changes = {field.name: getattr(arguments, field.name) for field in _tunable()}
    books, styles = books_of(arguments.books, arguments.style)
    choice = choose(books, arguments.recipe, arguments.base, changes, styles)
    if len(arguments.weights) not in (0, len(choice.books)):
        raise UsageError(
            f"--weights needs a number for each of the {len(choice.books)} books, not "
            f"{len(arguments.weights)}"
        )
    if choice.recipe.solos and arguments.weights:
        raise UsageError("a network of solos reads all tunes alike: leave out --weights")
    if choice.styles:
        say(f"styles: {', '.join(dict.fromkeys(choice.styles))}")
    for book in choice.books:
        find_tunebooks(book)  # one that is missing is told before a library that is
    require(arguments.backend, "torch" if arguments.backend == "torch" else "train")
    folder = arguments.out / arguments.name
    try:
        checkpoint = train(
            choice.books,
            folder,
            choice.recipe,
            seed=arguments.seed,
            resume=arguments.resume,
            tensorboard=arguments.tensorboard,
            number=arguments.number,
            base=choice.base,
            weights=arguments.weights,
            styles=choice.styles,
            backend=arguments.backend,
            voice=arguments.voice,
            say=say,
        )
    except KeyboardInterrupt:
        if (folder / RESUME_FOLDER).exists():
            say("interrupted; the same command with --resume continues after the last epoch")
        raise
    if arguments.backend == "torch":
        make_engine(checkpoint, say)
    figures = checkpoint.validation
    say(
        f"best epoch {figures['epoch']}, {figures['bits_per_char']:.3f} bits a character on "
        f"held-out tunes; try it with: {use_of(checkpoint, str(checkpoint.path))}"
    )
    return 0


def main(argv: Sequence[str] | None = None) -> int:
    """Run `abcgen.train`; return its exit code."""

    def body() -> int:
        arguments = build_parser().parse_args(argv)
        if arguments.pick is not None:
            return _pick(arguments)
        if _compared(arguments):
            return _compare_with_people(arguments)
        if arguments.epoch is not None:
            raise UsageError("--epoch chooses with --pick; how many to train is --epochs")
        return _train(arguments)

    return guarded("abcgen.train", body)


if __name__ == "__main__":
    sys.exit(main())
