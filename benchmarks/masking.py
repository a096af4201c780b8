"""What the rules of ABC cost while tunes are drawn.

    python -m benchmarks.masking

The mask against `--raw`: characters a second with one stream and with 128, in turns and in the
processor's time, so that other work on the machine counts little; the start of the command; the
memory of a hundred times as many tunes; and how much less likely than its own the network finds
the masked tunes.
"""

import argparse
import platform
import re
import resource
import statistics
import subprocess
import sys
import time
from itertools import islice

from abcgen.checkpoint import Checkpoint, read_checkpoint
from abcgen.choice import Choice
from abcgen.draw import REFERENCE, draw_tunes
from abcgen.engine import LiteRTEngine
from abcgen.likelihood.network import Network
from abcgen.notation.acceptor import ANYTHING, Place
from abcgen.notation.header import METERS
from abcgen.steering import Prime, begin
from benchmarks.whole_process import machine

#: Streams -> tunes drawn in a run.
_TUNES = {1: 200, 128: 3000}
_RUNS = 3


class _Counting(LiteRTEngine):
    """An engine that counts its steps: tunes differ in length, and streams idle at the end."""

    steps = 0

    def step(self, characters):  # type: ignore[no-untyped-def]
        self.steps += 1
        return super().step(characters)


def rate(checkpoint: Checkpoint, streams: int, tunes: int, place: Place | None) -> float:
    """Return the characters that are drawn in a second of the processor's time."""
    engine = _Counting(checkpoint, streams)
    drawn = draw_tunes(engine, checkpoint.vocabulary, Choice(1.0), 1, REFERENCE, place)
    start = time.process_time()
    for _ in islice(drawn, tunes):
        pass
    return engine.steps * streams / (time.process_time() - start)


def whole_process(*options: str) -> tuple[float, str]:
    """Return the seconds that a process of `abcgen.sample` takes, and what it writes."""
    command = [sys.executable, "-m", "abcgen.sample", "--seed", "1", *options]
    start = time.perf_counter()
    result = subprocess.run(command, check=True, capture_output=True, text=True)
    return time.perf_counter() - start, result.stdout


def bits(checkpoint: Checkpoint, tunes: list[str]) -> float:
    """Return the bits a character that the network takes to foretell tunes."""
    texts = [text.rstrip("\n") + "\n" for text in tunes]
    return Network(checkpoint).score(texts).bits / sum(len(text) + 1 for text in texts)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--memory", type=int, default=0, metavar="K", help="also draw K tunes")
    arguments = parser.parse_args()
    checkpoint = read_checkpoint()
    _, place = begin(checkpoint.vocabulary, ANYTHING, Prime())
    print(f"{time.strftime('%Y-%m-%d')}, Python {platform.python_version()}, {machine()}")
    # First, since the peak of a process never falls.
    if arguments.memory:
        drawn_tunes = draw_tunes(
            LiteRTEngine(checkpoint, 64), checkpoint.vocabulary, Choice(1.0), 1, begin=place
        )
        for count, _ in enumerate(islice(drawn_tunes, arguments.memory), start=1):
            if count in (1000, arguments.memory):
                peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
                print(f"peak memory after {count} tunes: {peak:.0f} MB")
    for streams, tunes in _TUNES.items():
        pairs = [
            [rate(checkpoint, streams, tunes, way) for way in (None, place)] for _ in range(_RUNS)
        ]
        raw, masked = (statistics.median(ways) for ways in zip(*pairs, strict=True))
        shares = [masked / raw for raw, masked in pairs]
        print(
            f"{streams} stream(s): raw {raw:,.0f}, masked {masked:,.0f} characters a second: "
            f"{masked / raw:.2f} (runs {min(shares):.2f} to {max(shares):.2f})"
        )
    for meter in METERS:
        steered = ("--meter", meter, "--form", "4")
        length = len(re.sub("N:.*\n", "", whole_process(*steered)[1]))
        both = [
            (whole_process("--raw", "--length", str(length))[0], whole_process(*steered)[0])
            for _ in range(_RUNS)
        ]
        raw, masked = (statistics.median(ways) for ways in zip(*both, strict=True))
        print(
            f"a process that writes {length} characters: --raw {raw:.3f} s, "
            f"--meter {meter} {masked:.3f} s, {1000 * (masked - raw):+.0f} ms"
        )
    for temperature in (0.8, 1.0):
        drawn = [
            [
                text
                for text, whole, *_ in islice(
                    draw_tunes(
                        LiteRTEngine(checkpoint, 64),
                        checkpoint.vocabulary,
                        Choice(temperature),
                        1,
                        begin=way,
                    ),
                    500,
                )
                if whole
            ]
            for way in (None, place)
        ]
        raw, masked = (bits(checkpoint, tunes) for tunes in drawn)
        print(
            f"bits a character at temperature {temperature}: raw samples {raw:.3f}, masked "
            f"{masked:.3f}, the mask costs {masked - raw:+.3f}"
        )


if __name__ == "__main__":
    main()
