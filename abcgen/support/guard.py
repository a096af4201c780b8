"""The one place where a command's errors become a line and an exit code."""

import atexit
import gc
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import NoReturn

from abcgen.errors import AbcgenError

_SELDOM = 100_000  # new objects before the garbage collector runs

# The shell's exit codes for a program ended by Ctrl-C and by SIGTERM.
_INTERRUPTED, _TERMINATED = 130, 143

#: The exit codes of the signals that have arrived.
_came: list[int] = []


def guarded(command: str, body: Callable[[], int]) -> int:
    """Run the body of a command and turn errors that the user can correct into one line on stderr.

    Parameters
    ----------
    command : str
        The name put before the message, such as ``abcgen.sample``.
    body : callable
        Takes nothing and returns the exit code. It parses the options, too.

    Returns
    -------
    int
        The body's exit code, or the one that `abcgen.errors` lists for what went wrong.

    Raises
    ------
    SystemExit
        After a help text, after wrong usage, and on SIGTERM.
    """
    _open_streams()
    # Most objects that a command loads and makes live until it ends, so collecting garbage often,
    # or freeing every object at the end, only takes time.
    gc.set_threshold(_SELDOM)
    atexit.register(gc.freeze)
    with _signals_noted() as came:
        try:
            try:
                return body()
            finally:
                sys.stdout.flush()  # so that a write error is reported below
        except AbcgenError as error:
            return report_error(command, str(error), error.exit_code)
        except BrokenPipeError:
            return 0  # `abcgen sample | head -1`: the reader has closed the pipe
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            return report_error(command, f"{where}{error.strerror or error}", 1)
        except KeyboardInterrupt:
            return report_error(command, "interrupted", _INTERRUPTED)
        except Exception:
            # A library may turn a signal that arrives while it loads into an error of its own.
            if not came:
                raise
            return (
                came[0]
                if came[0] != _INTERRUPTED
                else report_error(command, "interrupted", came[0])
            )
        finally:
            _discard_unwritten()


def _open_streams() -> None:
    """Replace closed streams (`>&-`) by the null device."""
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - open for as long as the process is
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115


def _discard_unwritten() -> None:
    """Discard output that cannot be written: Python would report it once more at exit."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def heed_signals() -> None:
    """End the command if a signal has arrived whose exception was lost.

    A library that is being loaded may swallow every exception. So long work calls this now and
    then.

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
    """Let SIGTERM clean up as Ctrl-C does; yield the list of exit codes of signals that arrive."""

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
            with suppress(ValueError):  # only the main thread may set handlers
                before[number] = signal.signal(number, handler)
    try:
        yield _came
    finally:
        for number, handler_before in before.items():
            signal.signal(number, handler_before)
        if before:
            _came.clear()


def report_error(command: str, message: str, code: int) -> int:
    """Print an error as one line on stderr and return the exit code."""
    one_line = " ".join(message.split())
    with suppress(OSError):  # stderr cannot be written to: the exit code is enough
        print(f"{command}: error: {one_line}", file=sys.stderr)
    return code
