"""Tunes written one by one, into a file that appears when it is whole or to stdout."""

import sys
from collections.abc import Iterable
from contextlib import nullcontext
from pathlib import Path

from abcgen.support.files import writing
from abcgen.support.guard import heed_signals


def write_tunes(tunes: Iterable[str], out: Path | None) -> int:
    """Write tunes with a blank line between them, to stdout unless there is a file.

    Returns
    -------
    int
        How many there were.
    """
    written = 0
    with writing(out) if out else nullcontext(sys.stdout) as file:
        for tune in tunes:
            heed_signals()
            file.write("\n" * (written > 0) + tune.rstrip("\n") + "\n")
            file.flush()  # each tune is seen as soon as it is there
            written += 1
    return written
