"""What the rules of ABC cost besides speed, which `python -m benchmarks` measures.

    python -m benchmarks.quality.masking

The whole process of a short tune, against `--raw`, in each metre; and how much less likely than
its own the network finds the masked tunes.
"""

import argparse
import platform
import re
import statistics
import subprocess
import sys
import time
from itertools import islice

from abcgen.evaluation.likelihood.network import Network
from abcgen.generation.loop import REFERENCE, draw_tunes
from abcgen.generation.sampler import Choice
from abcgen.grammar.header import METERS
from abcgen.model.checkpoint import Checkpoint, find_checkpoint, read_checkpoint
from abcgen.model.engine import LiteRTEngine
from abcgen.support import defaults
from benchmarks.harness.machine import machine
from benchmarks.harness.settings import beginning

_RUNS = 3
_TUNES = 500  # of each kind, to be foretold
_STREAMS = 64


def whole_process(checkpoint: str, *options: str) -> tuple[float, str]:
    """Return the seconds that a process of `abcgen.sample` takes, and what it writes."""
    command = [sys.executable, "-m", "abcgen.sample", "--checkpoint", checkpoint, "--seed", "1"]
    start = time.perf_counter()
    result = subprocess.run([*command, *options], check=True, capture_output=True, text=True)
    return time.perf_counter() - start, result.stdout


def drawn(checkpoint: Checkpoint, temperature: float, masked: bool) -> list[str]:
    """Return tunes that came to their end."""
    prime, place = beginning(checkpoint) if masked else (REFERENCE, None)
    engine = LiteRTEngine.of(checkpoint, _STREAMS)
    tunes = draw_tunes(engine, checkpoint.vocabulary, Choice(temperature), 1, prime, place)
    return [tune.text for tune in islice(tunes, _TUNES) if tune.whole]


def bits(checkpoint: Checkpoint, tunes: list[str]) -> float:
    """Return the bits a character that the network takes to foretell tunes."""
    texts = [text.rstrip("\n") + "\n" for text in tunes]
    return Network(checkpoint).score(texts).bits / sum(len(text) + 1 for text in texts)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--checkpoint", default=defaults.CHECKPOINT)
    folder = str(find_checkpoint(parser.parse_args().checkpoint))
    checkpoint = read_checkpoint(folder)
    print(f"{time.strftime('%Y-%m-%d')}, Python {platform.python_version()}, {machine()}")
    for meter in METERS:
        steered = ("--meter", meter, "--form", "4")
        length = len(re.sub("N:.*\n", "", whole_process(folder, *steered)[1]))
        both = [
            (
                whole_process(folder, "--raw", "--length", str(length))[0],
                whole_process(folder, *steered)[0],
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
            f"bits a character at temperature {temperature}: raw samples {raw:.3f}, masked "
            f"{masked:.3f}, the mask costs {masked - raw:+.3f}"
        )


if __name__ == "__main__":
    main()
