"""The `abcgen` command, and the one place where a command's errors become a line and a code."""

import argparse
import atexit
import gc
import importlib
import math
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any, NoReturn

from abcgen import __version__
from abcgen.errors import AbcgenError, UsageError, near_names

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
_ANY_WIDTH = 80
_SHOWN = 40  # characters of what was given for a number
_SELDOM = 100_000  # objects more, before the garbage collector looks for what is not used
# The shell's codes for a program ended by Ctrl-C and by SIGTERM.
_INTERRUPTED, _TERMINATED = 130, 143
#: Those of the signals that have come.
_came: list[int] = []


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


def guarded(command: str, body: Callable[[], int]) -> int:
    """Run the body of a command and turn what the user can mend into one line on stderr.

    Parameters
    ----------
    command : str
        The name to put before the message, such as ``abcgen.sample``.
    body : callable
        Takes nothing and returns the exit code; reads the options, too.

    Returns
    -------
    int
        The body's exit code; 1 or 2 for a named error; 0 if the reader of stdout went away;
        130 if the user interrupted.

    Raises
    ------
    SystemExit
        Behind a help text, after wrong usage, and on SIGTERM.
    """
    _open_streams()
    # Most of what a command loads and makes stays until its end: no use in looking for garbage
    # often, nor in taking everything apart at the end.
    gc.set_threshold(_SELDOM)
    atexit.register(gc.freeze)
    with _signals_noted() as came:
        try:
            try:
                return body()
            finally:
                sys.stdout.flush()  # what cannot be written is to be told below
        except AbcgenError as error:
            return _fail(command, str(error), error.exit_code)
        except BrokenPipeError:
            return 0  # `abcgen sample | head -1`: nobody reads any more
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            return _fail(command, f"{where}{error.strerror or error}", 1)
        except KeyboardInterrupt:
            return _fail(command, "interrupted", _INTERRUPTED)
        except Exception:
            # A library that a signal meets while it is loaded makes an error of its own of it.
            if not came:
                raise
            return came[0] if came[0] != _INTERRUPTED else _fail(command, "interrupted", came[0])
        finally:
            _let_go_of_streams()


def _open_streams() -> None:
    """Give closed streams (`>&-`) somewhere to go."""
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - open for as long as the process is
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115


def _let_go_of_streams() -> None:
    """Forget what streams hold that nobody takes: Python would complain of it once more at exit."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def heed_signals() -> None:
    """End the command if a signal has come: its exception may be lost.

    What meets it while a library is loaded may throw away every exception. So what goes on for long
    looks now and then.

    Raises
    ------
    SystemExit
        On SIGTERM.
    KeyboardInterrupt
        On Ctrl-C.
    """
    if _came:
        if _came[0] == _INTERRUPTED:
            raise KeyboardInterrupt
        sys.exit(_came[0])


@contextmanager
def _signals_noted() -> Iterator[list[int]]:
    """Let SIGTERM clean up as Ctrl-C does, and give a list of the exit codes of those that came."""

    def terminated(*_: object) -> NoReturn:
        _came.append(_TERMINATED)
        sys.exit(_TERMINATED)

    def interrupted(*_: object) -> NoReturn:
        _came.append(_INTERRUPTED)
        raise KeyboardInterrupt

    before = {}
    for number, usual, handler in (
        (signal.SIGTERM, signal.SIG_DFL, terminated),
        (signal.SIGINT, signal.default_int_handler, interrupted),
    ):
        if signal.getsignal(number) is usual:
            with suppress(ValueError):  # it is for the main thread to say
                before[number] = signal.signal(number, handler)
    try:
        yield _came
    finally:
        for number, handler_before in before.items():
            signal.signal(number, handler_before)
        if before:
            _came.clear()


def _fail(command: str, message: str, code: int) -> int:
    one_line = " ".join(message.split())
    with suppress(OSError):  # where stderr takes nothing, the code says it
        print(f"{command}: error: {one_line}", file=sys.stderr)
    return code


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
