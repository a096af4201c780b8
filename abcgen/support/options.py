"""Options of commands: argparse's parser with errors on one line, and types of numbers."""

import argparse
import math
import os
import sys
from collections.abc import Callable
from functools import partial
from typing import Any, NoReturn

from abcgen.errors import UsageError
from abcgen.support.guard import report_error

_ANY_WIDTH = 80
_SHOWN = 40  # characters of a wrong value that are repeated in the message


class CommandParser(argparse.ArgumentParser):
    """argparse's parser, with errors on one line like those of `abcgen.support.guard.guarded`.

    Parameters
    ----------
    prog : str
        The command as its errors name it, such as ``abcgen.corpus``. The help shows it as the
        user typed it.
    formatter_class : type
        Lays out the help.
    **settings
        As for `argparse.ArgumentParser`.
    """

    def __init__(
        self,
        prog: str,
        formatter_class: type[argparse.HelpFormatter] = argparse.HelpFormatter,
        **settings: Any,
    ) -> None:
        # argparse lays out each option when it is added, to check that it can. With a width given,
        # it does not ask the terminal for its width every time.
        super().__init__(
            prog=as_typed(prog),
            formatter_class=partial(formatter_class, width=_ANY_WIDTH),
            **settings,
        )
        self._command = prog
        self._of_help = formatter_class

    def format_help(self) -> str:
        """Return the help, as wide as the terminal."""
        self.formatter_class = self._of_help
        return super().format_help()

    def error(self, message: str) -> NoReturn:
        """Print one line on stderr and exit with code 2."""
        sys.exit(report_error(self._command, f"{message} (see --help)", UsageError.exit_code))


def add_quiet(parser: argparse.ArgumentParser) -> None:
    """Add ``--quiet`` to a command that reads tunes of others."""
    parser.add_argument(
        "--quiet", action="store_true", help="do not tell what was ignored or guessed in tunes"
    )


def add_voice(parser: argparse.ArgumentParser, otherwise: str = "the first") -> None:
    """Add ``--voice`` to a command that reads tunes of others; `otherwise` is its default."""
    parser.add_argument(
        "--voice",
        metavar="NAME",
        help="in tunes with several voices (V:), the one that is the melody: its name, or its "
        f"number from 1 (default: {otherwise})",
    )


def as_typed(command: str) -> str:
    """Return how ``abcgen.corpus`` was typed: ``python -m abcgen.corpus`` or ``abcgen corpus``."""
    name = command.rpartition(".")[2]
    path = os.path.normpath(sys.argv[0])
    by_module = path.endswith((f"{os.sep}{name}.py", f"{os.sep}{name}{os.sep}__main__.py"))
    return f"python -m {command}" if by_module else command.replace(".", " ")


def whole_number(least: int) -> Callable[[str], int]:
    """Return an argparse type: a whole number, `least` or more."""

    def convert(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            value = least - 1
        if not least <= value <= sys.maxsize:
            many = f"{least} or more" if value < least else f"{sys.maxsize:,} or less"
            shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
            raise argparse.ArgumentTypeError(f"expected a whole number, {many}, not {shown!r}")
        return value

    return convert


def real_number(least: float, most: float = math.inf) -> Callable[[str], float]:
    """Return an argparse type: a finite number from `least` to `most`, both included."""

    def convert(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not (math.isfinite(value) and least <= value <= most):
            limits = f"{least:g} or more" if most == math.inf else f"{least:g} to {most:g}"
            raise argparse.ArgumentTypeError(f"expected a number, {limits}, not {text!r}")
        return value

    return convert
