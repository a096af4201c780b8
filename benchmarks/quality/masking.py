"""What the grammar costs besides speed, which `python -m benchmarks` measures.

    python -m benchmarks.quality.masking

The time of a whole process that writes a short tune, compared with `--raw`, in each metre; and how
much less likely masked tunes are to the network than its raw ones.
"""

import argparse
import platform
import re
import statistics
import subprocess
import sys
import time
from itertools import islice

from abcgen.evaluation.likelihood.int8_network import Int8Network
from abcgen.generation.loop import draw_tunes
from abcgen.generation.request import Request
from abcgen.generation.sampler import Sampler
from abcgen.grammar.header import Header
from abcgen.grammar.wishes import ANYTHING
from abcgen.model.checkpoint import Checkpoint, find_checkpoint, read_checkpoint
from abcgen.model.engine import LiteRTEngine
from abcgen.support import defaults
from benchmarks.harness.machine import machine

_RUNS = 3
_TUNES = 500  # of each kind, to be predicted
_STREAMS = 64


def whole_process(checkpoint: str, *options: str) -> tuple[float, str]:
    """Return the seconds of a process of `abcgen.sample`, and its output."""
    command = [sys.executable, "-m", "abcgen.sample", "--checkpoint", checkpoint, "--seed", "1"]
    start = time.perf_counter()
    result = subprocess.run([*command, *options], check=True, capture_output=True, text=True)
    return time.perf_counter() - start, result.stdout


def drawn(checkpoint: Checkpoint, temperature: float, masked: bool) -> list[str]:
    """Return sampled tunes, those that reached their end."""
    request = Request(1, Sampler(temperature), raw=not masked)
    tunes = draw_tunes(LiteRTEngine.of(checkpoint, _STREAMS), request)
    return [tune.text for tune in islice(tunes, _TUNES) if tune.whole]


def bits(checkpoint: Checkpoint, tunes: list[str]) -> float:
    """Return the bits per character that the network needs to predict tunes."""
    texts = [text.rstrip("\n") + "\n" for text in tunes]
    return Int8Network(checkpoint).score(texts).bits / sum(len(text) + 1 for text in texts)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--checkpoint", default=defaults.CHECKPOINT)
    folder = str(find_checkpoint(parser.parse_args().checkpoint))
    checkpoint = read_checkpoint(folder)
    print(f"{time.strftime('%Y-%m-%d')}, Python {platform.python_version()}, {machine()}")
    for meter in Header(ANYTHING, checkpoint.vocabulary.alphabet).values("M"):
        options = ("--meter", meter, "--form", "4")
        length = len(re.sub("N:.*\n", "", whole_process(folder, *options)[1]))
        both = [
            (
                whole_process(folder, "--raw", "--length", str(length))[0],
                whole_process(folder, *options)[0],
            )
            for _ in range(_RUNS)
        ]
        raw, masked = (statistics.median(ways) for ways in zip(*both, strict=True))
        print(
            f"a process that writes {length} characters: --raw {raw:.3f} s, "
            f"--meter {meter} {masked:.3f} s, {1000 * (masked - raw):+.0f} ms"
        )
    for temperature in (0.8, 1.0):
        raw, masked = (
            bits(checkpoint, drawn(checkpoint, temperature, way)) for way in (False, True)
        )
        print(
            f"bits per character at temperature {temperature}: raw samples {raw:.3f}, masked "
            f"{masked:.3f}, the mask costs {masked - raw:+.3f}"
        )


if __name__ == "__main__":
    main()
