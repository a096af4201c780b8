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

#: New objects after which the garbage collector looks for unused ones.
_SELDOM = 100_000

#: Signals that end a command: Ctrl-C, a polite request, a terminal that was closed.
ENDING = (signal.SIGINT, signal.SIGTERM) + ((signal.SIGHUP,) if hasattr(signal, "SIGHUP") else ())
#: The shell's exit code for a program that a signal ended is this and the signal's number.
_BY_A_SIGNAL = 128
_INTERRUPTED = _BY_A_SIGNAL + signal.SIGINT

#: Exit codes for the signals that have come.
_came: list[int] = []


def guarded(command: str, body: Callable[[], int]) -> int:
    """Run the body of a command; report what the user can correct in one line on stderr.

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
        After a help text or wrong usage, with 143 on SIGTERM, and with 129 on SIGHUP.
    """
    _open_streams()
    # Most of what a command loads and makes stays until its end: looking for garbage often is of
    # no use, and neither is taking everything apart at the end.
    gc.set_threshold(_SELDOM)
    atexit.register(gc.freeze)
    with _signals_noted() as came:
        try:
            try:
                return body()
            finally:
                sys.stdout.flush()  # so that an error of writing is reported below
        except AbcgenError as error:
            return report_error(command, str(error), error.exit_code)
        except BrokenPipeError:
            return 0  # `abcgen sample | head -1`: nobody reads any more
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            return report_error(command, f"{where}{error.strerror or error}", 1)
        except KeyboardInterrupt:
            return report_error(command, "interrupted", _INTERRUPTED)
        except Exception:
            # A signal that comes while a library is loaded may turn into an error of the library.
            if not came:
                raise
            return (
                came[0]
                if came[0] != _INTERRUPTED
                else report_error(command, "interrupted", came[0])
            )
        finally:
            _let_go_of_streams()


def _open_streams() -> None:
    """Give closed streams (`>&-`) somewhere to go."""
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - open for as long as the process is
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115


def _let_go_of_streams() -> None:
    """Drop what streams hold and nobody reads: Python would complain about it again at exit."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def heed_signals() -> None:
    """End the command if a signal has come, since its exception may have been lost.

    Code that a signal interrupts while a library is loaded may swallow every exception. So long
    work calls this now and then.

    Raises
    ------
    SystemExit
        On SIGTERM and SIGHUP.
    KeyboardInterrupt
        On Ctrl-C.
    """
    if _came:
        _leave(_came[0])


def _leave(code: int) -> NoReturn:
    if code == _INTERRUPTED:
        raise KeyboardInterrupt
    sys.exit(code)


@contextmanager
def _signals_noted() -> Iterator[list[int]]:
    """Let other signals clean up as Ctrl-C does; give a list of the exit codes of those to come."""

    def note(number: int, _: object) -> NoReturn:
        _came.append(_BY_A_SIGNAL + number)
        _leave(_came[-1])

    before = {}
    for number in ENDING:
        usual = signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL
        if signal.getsignal(number) is usual:
            with suppress(ValueError):  # only the main thread may set handlers
                before[number] = signal.signal(number, note)
    try:
        yield _came
    finally:
        for number, handler_before in before.items():
            signal.signal(number, handler_before)
        if before:
            _came.clear()


@contextmanager
def signals_held() -> Iterator[None]:
    """Hold back the signals that end a command while processes are started.

    They reach a whole group of processes. In those that start here they stay blocked, since each
    would print a traceback of its own. In this process they take effect after the block.
    """
    import threading  # it takes a while to load

    if threading.current_thread() is not threading.main_thread():  # no signal comes here
        yield
        return
    held: list[int] = []
    # Blocked in this thread alone, a signal may still come to another one.
    before = [signal.signal(number, lambda came, _: held.append(came)) for number in ENDING]
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, ENDING) if sys.platform != "win32" else ()
    try:
        yield
    finally:
        if sys.platform != "win32":
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        for number, handler in zip(ENDING, before, strict=True):
            signal.signal(number, handler)
        for came in held:
            signal.raise_signal(came)


def report_error(command: str, message: str, code: int) -> int:
    """Print an error as one line on stderr, and return the exit code that goes with it."""
    one_line = " ".join(message.split())
    with suppress(OSError):  # if nothing can be written to stderr, the exit code says it
        print(f"{command}: error: {one_line}", file=sys.stderr)
    return code
