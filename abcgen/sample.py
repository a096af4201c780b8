"""Write new tunes: `python -m abcgen.sample --length 1024 > tune.abc`.

A tune depends on the checkpoint, the options, the seed and its own number, and on nothing else:
each is drawn by a generator of its own, from a network whose state is zero. So the same seed gives
the same text, however many tunes are drawn side by side.
"""

import argparse
import itertools
import random
import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import IO

from abcgen.checkpoint import DEFAULT, Checkpoint, read_checkpoint
from abcgen.choice import Choice
from abcgen.cli import CommandParser, guarded, real_number, whole_number
from abcgen.draw import MAX_TUNE, draw_tunes, encode_prime, raw_text, read_prime, tunebook
from abcgen.engine import Engine, KerasEngine, LiteRTEngine
from abcgen.errors import UsageError
from abcgen.extras import require
from abcgen.files import writing

#: Streams side by side when there is enough to do; more gain little.
_MAX_STREAMS = 64
_TYPICAL_TUNE = 300  # characters
#: Seeds drawn where none is given: short enough to be typed again.
_SEED_LIMIT = 2**31


def generate(
    checkpoint: str = DEFAULT,
    *,
    length: int | None = None,
    temperature: float = Choice.temperature,
    top_k: int = Choice.top_k,
    top_p: float = Choice.top_p,
    seed: int | None = None,
    prime: str = "",
    engine: str = "litert",
) -> Iterator[str]:
    """Yield the characters of new tunes, one tune after the other.

    Parameters
    ----------
    checkpoint : str
        A checkpoint's name or folder.
    length : int, optional
        Stop after so many characters; without it the tunes go on without end.
    temperature, top_k, top_p : float, int, float
        See `abcgen.choice.Choice`.
    seed : int, optional
        The same seed gives the same text; without it chance decides.
    prime : str
        What every tune begins with: a header, an opening.
    engine : {"litert", "keras"}
        What runs the network.

    Yields
    ------
    str
        One character, as the network drew it. A blank line ends a tune, and each begins ``X:1``.

    Raises
    ------
    AbcgenError
        A child of it says what is wrong with the checkpoint, a setting or the prime.
    """
    loaded = read_checkpoint(checkpoint)
    choice = Choice(temperature, top_k, top_p)
    tunes = draw_tunes(
        _engine(engine, loaded, 1),
        loaded.vocabulary,
        choice,
        _any_seed() if seed is None else seed,
        read_prime(prime),
    )
    return itertools.islice((character for text, _ in tunes for character in text), length)


def _any_seed() -> int:
    return random.SystemRandom().randrange(_SEED_LIMIT)


def _engine(name: str, checkpoint: Checkpoint, streams: int) -> Engine:
    if name == "keras":
        require("tensorflow", "train")
        return KerasEngine(checkpoint)
    if name != "litert":
        raise UsageError(f"no engine {name!r}; known: litert, keras")
    return LiteRTEngine(checkpoint, streams)


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of `abcgen.sample`."""
    parser = CommandParser(
        prog="abcgen.sample",
        description="Write new tunes in ABC, numbered from X:1, on stdout or into a file.",
    )
    add = parser.add_argument
    add(
        "--checkpoint",
        default=DEFAULT,
        metavar="NAME-OR-DIR",
        help=f"the network (default: {DEFAULT})",
    )
    add("--tunes", type=whole_number(1), metavar="K", help="how many tunes (default: 1)")
    add(
        "--length",
        type=whole_number(1),
        metavar="C",
        help="draw so many characters and write the tunes that are whole by then, or else the "
        "beginning of one",
    )
    add(
        "--temperature",
        type=real_number(0),
        default=Choice.temperature,
        metavar="T",
        help=f"below 1 tamer, above 1 wilder, 0 the likeliest only (default: {Choice.temperature})",
    )
    add(
        "--top-k",
        type=whole_number(0),
        default=Choice.top_k,
        metavar="K",
        help="draw among the K likeliest characters (default: 0, all)",
    )
    add(
        "--top-p",
        type=real_number(0, 1),
        default=Choice.top_p,
        metavar="P",
        help="draw among the likeliest characters that make up P (default: 1, all)",
    )
    add("--seed", type=whole_number(0), metavar="S", help="the same seed gives the same text")
    add(
        "--prime",
        default="",
        metavar="TEXT-OR-@FILE",
        help="what every tune begins with, header fields in the order T R M L K; \\n in TEXT is "
        "a new line",
    )
    add("--raw", action="store_true", help="write exactly the characters drawn")
    add("--engine", choices=("litert", "keras"), default="litert", help="default: litert")
    add("--out", type=Path, metavar="FILE", help="write into FILE instead of stdout")
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run `abcgen.sample`; return its exit code."""
    arguments = build_parser().parse_args(argv)
    return guarded("abcgen.sample", lambda: _run(arguments))


def _run(arguments: argparse.Namespace) -> int:
    choice = Choice(arguments.temperature, arguments.top_k, arguments.top_p)
    prime = read_prime(_prime_text(arguments.prime))
    checkpoint = read_checkpoint(arguments.checkpoint)
    encode_prime(checkpoint.vocabulary, prime)  # complains before a seed is told
    tunes, length = arguments.tunes, arguments.length
    if tunes is None and length is None:
        tunes = 1
    by_chance = arguments.seed is None
    seed = _any_seed() if by_chance else arguments.seed
    likely = min(tunes or length, (length or MAX_TUNE * _MAX_STREAMS) // _TYPICAL_TUNE)
    streams = 1 if likely < 8 else min(likely, _MAX_STREAMS)
    engine = _engine(arguments.engine, checkpoint, streams)
    drawn = draw_tunes(engine, checkpoint.vocabulary, choice, seed, prime)
    parts = (
        raw_text(drawn, tunes, length)
        if arguments.raw
        else tunebook(drawn, tunes, length, _tell_unfinished)
    )
    target: AbstractContextManager[IO[str]] = (
        writing(arguments.out) if arguments.out else nullcontext(sys.stdout)
    )
    with target as file:
        if by_chance:
            print(f"abcgen.sample: seed {seed}", file=sys.stderr)
        for part in parts:
            file.write(part)
            file.flush()
    return 0


def _tell_unfinished() -> None:
    print("abcgen.sample: no tune was whole within --length; this one is cut off", file=sys.stderr)


def _prime_text(argument: str) -> str:
    if not argument.startswith("@"):
        return argument.replace("\\n", "\n")
    from abcgen.tunebooks import read_tunebook

    return read_tunebook(Path(argument[1:]))


if __name__ == "__main__":
    sys.exit(main())
