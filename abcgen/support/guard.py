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

_SELDOM = 100_000  # objects more, before the garbage collector looks for what is not used


# The shell's codes for a program ended by Ctrl-C and by SIGTERM.
_INTERRUPTED, _TERMINATED = 130, 143


#: Those of the signals that have come.
_came: list[int] = []


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
