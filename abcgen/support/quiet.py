"""Keep from the user what libraries write to stderr without going through Python."""

import contextlib
import os
from collections.abc import Iterator


@contextlib.contextmanager
def stderr_silenced() -> Iterator[None]:
    """Point file descriptor 2 at the null device while the block runs.

    The C++ code of TensorFlow and LiteRT writes notices there, whatever their log levels.
    Python's exceptions still reach the user.
    """
    try:
        saved = os.dup(2)
    except OSError:  # it is closed: there is nothing to silence
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)
        os.close(nowhere)
