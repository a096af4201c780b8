"""Options of commands: argparse's parser with one-line complaints, and types of numbers."""

import argparse
import math
import sys
from collections.abc import Callable
from functools import partial
from typing import Any, NoReturn

from abcgen.errors import UsageError
from abcgen.support.guard import _fail

_ANY_WIDTH = 80


_SHOWN = 40  # characters of what was given for a number


class CommandParser(argparse.ArgumentParser):
    """argparse's parser, whose complaint is one line like all others.

    Parameters
    ----------
    formatter_class : type
        What lays out its help.
    **settings
        As for `argparse.ArgumentParser`.
    """

    def __init__(
        self,
        formatter_class: type[argparse.HelpFormatter] = argparse.HelpFormatter,
        **settings: Any,
    ) -> None:
        # Each option that is added is laid out once, to see whether it can be: at any width, or
        # else the terminal would be asked for it each time.
        super().__init__(formatter_class=partial(formatter_class, width=_ANY_WIDTH), **settings)
        self._of_help = formatter_class

    def format_help(self) -> str:
        """Return the help, as wide as the terminal."""
        self.formatter_class = self._of_help
        return super().format_help()

    def error(self, message: str) -> NoReturn:
        """Print one line on stderr and leave with exit code 2."""
        sys.exit(_fail(self.prog, f"{message} (see --help)", UsageError.exit_code))


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
