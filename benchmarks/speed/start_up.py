"""Whole processes that write one text of 1,024 characters, from the command to its end.

All start Python and read the same checkpoint. They take turns, so that other programs slow all of
them down alike. Needs the extra `train`, for the notebooks' loop.
"""

import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from abcgen.model.checkpoint import ENGINE_FILE
from benchmarks.harness.figures import LESS, Figure, compared, times_as_fast
from benchmarks.harness.settings import Settings, wall_seconds
from benchmarks.harness.turns import fastest

TITLE = "A whole process"
ABOUT = (
    "Seconds on the clock, from the start of a process to its end, measured in turns, after one "
    "run of each that fills the disk's cache. Each writes 1,024 characters; the bare Python "
    "imports numpy, reads the bytes of `checkpoint.json` and of the engine file, and does "
    "nothing else. The fastest of 3 turns counts in the comparison with the notebooks' loop, "
    "and the fastest of 20 in that with the bare Python."
)
_LENGTH = 1024  # characters
_LONG, _SHORT = 3, 20  # turns in a round: of processes that take seconds, and of shorter ones
_BARE = "import sys, numpy\nfor name in sys.argv[1:]:\n    open(name, 'rb').read()"


def commands(checkpoint: str) -> dict[str, list[str]]:
    """Return the command of each contestant."""
    options = ["--length", str(_LENGTH), "--checkpoint", checkpoint]
    files = [str(Path(checkpoint) / name) for name in ("checkpoint.json", ENGINE_FILE)]
    return {
        "sample": [sys.executable, "-m", "abcgen.sample", "--seed", "1", *options],
        "notebook": [sys.executable, "-m", "benchmarks.speed.notebook_loop", *options],
        "bare": [sys.executable, "-c", _BARE, *files],
    }


def run(command: list[str]) -> None:
    """Run a process to its end, without its output."""
    # Without a timeout: with one, Python looks only every 50 ms whether the process has ended.
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def measure(settings: Settings) -> Iterator[Figure]:
    """Yield the figures."""
    contestants = commands(settings.checkpoint)
    for command in contestants.values():
        run(command)
    work = {name: partial(wall_seconds, partial(run, one)) for name, one in contestants.items()}
    bare = work.pop("bare")
    against_notebook, against_bare = [], []
    for _ in range(settings.repeats):
        against_notebook.append(fastest(work, _LONG))
        against_bare.append(fastest({"sample": work["sample"], "bare": bare}, _SHORT))
    ours = [seconds["sample"] for seconds in against_notebook]
    theirs = [seconds["notebook"] for seconds in against_notebook]
    what = f"`abcgen.sample --length {_LENGTH}`: times as fast"
    baseline = "the notebooks' loop, `predict_on_batch` for every character"
    yield times_as_fast("start_up/notebook", what, baseline, ours, theirs)
    ours, theirs = ([seconds[name] for seconds in against_bare] for name in ("sample", "bare"))
    what = f"`abcgen.sample --length {_LENGTH}`: times as long"
    baseline = "a bare Python that imports numpy and reads the same files"
    yield compared("start_up/bare", what, baseline, LESS, ours, theirs, "s")
