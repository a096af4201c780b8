"""Whole process against whole process: `abcgen.sample` and the notebooks' loop.

    python -m benchmarks.whole_process

Both start Python, load the same network and write 1,024 characters. They take turns, so that
whatever else the machine does meets both alike; the ratio is that of the medians. Needs the
extra `train`, for the baseline.
"""

import argparse
import platform
import statistics
import subprocess
import sys
import time

_LENGTH = 1024  # characters
_COMMANDS = {
    "notebook loop": [sys.executable, "-m", "benchmarks.notebook_loop"],
    "abcgen.sample": [sys.executable, "-m", "abcgen.sample", "--seed", "1"],
}


def seconds(command: list[str]) -> float:
    """Return the wall-clock seconds of a process from start to end."""
    start = time.perf_counter()
    subprocess.run(
        [*command, "--length", str(_LENGTH)], check=True, stdout=subprocess.DEVNULL, timeout=600
    )
    return time.perf_counter() - start


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repeats", type=int, default=5, help="runs of each (default: 5)")
    repeats = parser.parse_args().repeats
    for command in _COMMANDS.values():
        seconds(command)  # fills the disk cache
    runs = [{name: seconds(command) for name, command in _COMMANDS.items()} for _ in range(repeats)]
    print(f"{time.strftime('%Y-%m-%d')}, Python {platform.python_version()}, {machine()}")
    print(f"{'':16}{'median':>10}{'fastest':>10}{'slowest':>10}   seconds for {_LENGTH} characters")
    medians = {}
    for name in _COMMANDS:
        times = [run[name] for run in runs]
        medians[name] = statistics.median(times)
        print(f"{name:16}{medians[name]:10.3f}{min(times):10.3f}{max(times):10.3f}")
    baseline, ours = medians.values()
    print(f"abcgen.sample is {baseline / ours:.1f} times faster, {repeats} runs of each")


def machine() -> str:
    """Return what the figures were measured on."""
    import os

    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"


if __name__ == "__main__":
    main()
