"""Libraries that write to stderr past Python, kept from the user."""

import contextlib
import os
from collections.abc import Iterator


@contextlib.contextmanager
def stderr_silenced() -> Iterator[None]:
    """Point file descriptor 2 at nothing while the block runs.

    TensorFlow's and LiteRT's C++ sides write their notices there whatever their log levels say.
    Python's own exceptions come through.
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
