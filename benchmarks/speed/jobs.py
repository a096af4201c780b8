"""A book by two processes, compared with one, and with two that are started by hand."""

import subprocess
import sys
from collections.abc import Iterator
from functools import partial

from benchmarks.harness.figures import Figure, times_as_fast
from benchmarks.harness.settings import SEED, Settings, wall_seconds
from benchmarks.harness.turns import fastest
from benchmarks.speed.start_up import run

TITLE = "A book by two processes"
ABOUT = (
    "Seconds on the clock for whole processes of `abcgen.sample --tunes K --out FILE`. `--jobs "
    "2` writes one book. Two processes started by hand at the same time, each for one half of "
    "the book, show what the machine can do if nothing is shared. They take turns, and the "
    "fastest of 3 counts."
)
_TUNES, _TURNS = 5_000, 3


def command(settings: Settings, tunes: int, name: str, *options: str) -> list[str]:
    """Return the command that writes a book."""
    out = str(settings.folder / name)
    given = ["--checkpoint", settings.checkpoint, "--seed", str(SEED), "--out", out, *options]
    return [sys.executable, "-m", "abcgen.sample", "--tunes", str(tunes), *given]


def run_at_once(commands: list[list[str]]) -> None:
    """Run processes side by side to their end."""
    processes = [
        subprocess.Popen(one, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for one in commands
    ]
    codes = [process.wait() for process in processes]
    if any(codes):
        raise subprocess.CalledProcessError(max(codes), commands[0])


def measure(settings: Settings) -> Iterator[Figure]:
    """Yield the figures."""
    tunes = min(_TUNES, settings.tunes)
    half = tunes // 2
    one = command(settings, tunes, "one.abc", "--jobs", "1")
    two = command(settings, tunes, "two.abc", "--jobs", "2")
    by_hand = [
        command(settings, half, "first.abc", "--jobs", "1"),
        command(settings, tunes - half, "second.abc", "--jobs", "1", "--from-tune", str(half + 1)),
    ]
    work = {
        "one": partial(wall_seconds, partial(run, one)),
        "two": partial(wall_seconds, partial(run, two)),
        "by hand": partial(wall_seconds, partial(run_at_once, by_hand)),
    }
    rounds = [fastest(work, _TURNS) for _ in range(settings.few)]
    of_one, of_two, of_hand = ([seconds[name] for seconds in rounds] for name in work)
    what = f"{tunes:,} tunes, `--jobs 2`: times as fast"
    yield times_as_fast(f"jobs/one {tunes}", what, "`--jobs 1`", of_two, of_one)
    hand = "two processes started by hand, each for a half"
    yield times_as_fast(f"jobs/by hand {tunes}", what, hand, of_two, of_hand)
    what = f"{tunes:,} tunes, two processes by hand: times as fast"
    yield times_as_fast(f"jobs/machine {tunes}", what, "`--jobs 1`", of_hand, of_one)
