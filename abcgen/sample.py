"""Write new tunes: `python -m abcgen.sample --length 1024 > tune.abc`.

A tune depends on the checkpoint, the options, the seed and its own number, and on nothing else:
each is drawn by a generator of its own, from a network whose state is zero. So the same seed gives
the same text, however many tunes are drawn side by side.
"""

import argparse
import itertools
import secrets
import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import IO

import numpy as np

from abcgen.checkpoint import DEFAULT, Checkpoint, read_checkpoint
from abcgen.choice import Choice
from abcgen.cli import CommandParser, guarded, real_number, whole_number
from abcgen.engine import Engine, KerasEngine, LiteRTEngine
from abcgen.errors import AbcgenError, UsageError
from abcgen.extras import require
from abcgen.files import writing
from abcgen.vocabulary import Vocabulary

#: A tune ends with a blank line, so this is also what the network is shown before the first.
_END_OF_LINE = "\n"
#: Characters after which a tune that has not ended is given up; the tunebooks' longest has 2,000.
MAX_TUNE = 4096
#: Tunes given up one after the other before sampling is.
_MAX_GIVEN_UP = 64
#: Streams side by side when there is enough to do; more gain little (see benchmarks/).
_MAX_STREAMS = 64
_TYPICAL_TUNE = 300  # characters
#: Seeds drawn where none is given: short enough to be typed again.
_SEED_LIMIT = 2**31
#: The first line of every tune that a network learns; tunes are numbered when they are written.
_REFERENCE = "X:1\n"


def draw_tunes(
    engine: Engine, vocabulary: Vocabulary, choice: Choice, seed: int, prime: str = _REFERENCE
) -> Iterator[tuple[str, bool]]:
    """Yield tunes without end, in order, each with whether it came to its own end.

    Parameters
    ----------
    engine : Engine
        Samples `engine.num_streams` tunes side by side; which, and how many, changes nothing
        about the text.
    vocabulary : Vocabulary
        The network's.
    choice : Choice
        Temperature, top-k, top-p.
    seed : int
        With a tune's number it decides the tune.
    prime : str
        What every tune begins with, as `read_prime` gives it.

    Yields
    ------
    text : str
        The characters as they were drawn, the prime included; a whole tune ends with a blank
        line, one given up after `MAX_TUNE` characters anywhere.
    whole : bool
        Whether it ended.

    Raises
    ------
    VocabularyError
        If the prime holds a character that the network does not know.
    """
    start = int(vocabulary.encode(_END_OF_LINE)[0])
    forced = vocabulary.encode(prime)
    count = engine.num_streams
    rows = np.arange(count)
    numbers = itertools.count(1)
    number_of = np.zeros(count, np.int64)
    position = np.zeros(count, np.int64)  # characters drawn
    uniforms = np.empty((count, MAX_TUNE))
    text = np.empty((count, MAX_TUNE), np.int32)
    last = np.empty(count, np.int32)

    def begin(stream: int) -> None:
        number_of[stream] = next(numbers)
        position[stream] = 0
        uniforms[stream] = np.random.default_rng([seed, number_of[stream]]).random(MAX_TUNE)
        last[stream] = start
        engine.reset(stream)

    for stream in range(count):
        begin(stream)
    finished: dict[int, tuple[str, bool]] = {}  # tunes that wait for one before them
    next_number = 1
    while True:
        chosen = choice.choose(engine.step(last), uniforms[rows, position])
        primed = np.flatnonzero(position < len(forced))
        chosen[primed] = forced[position[primed]]
        text[rows, position] = chosen
        position += 1
        ended = (chosen == start) & (last == start) & (position > 1)
        last[:] = chosen
        for stream in np.flatnonzero(ended | (position == MAX_TUNE)).tolist():
            characters = vocabulary.decode(text[stream, : position[stream]])
            finished[int(number_of[stream])] = (characters, bool(ended[stream]))
            begin(stream)
        while next_number in finished:
            yield finished.pop(next_number)
            next_number += 1


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
        secrets.randbelow(_SEED_LIMIT) if seed is None else seed,
        read_prime(prime),
    )
    return itertools.islice((character for text, _ in tunes for character in text), length)


def read_prime(text: str) -> str:
    """Return what is given to begin with as the network expects it: from ``X:1`` on.

    Every tune that the network learned begins with this line, so it is given even where
    nothing else is.

    Raises
    ------
    UsageError
        If it goes on past the end of a tune.
    """
    text = text.replace("\r\n", "\n").lstrip("\n")
    if text.endswith("\n\n"):
        text = text.rstrip("\n") + "\n"
    if "\n\n" in text:
        raise UsageError("a prime is the beginning of one tune; this one holds a blank line")
    if len(text) >= MAX_TUNE // 2:
        raise UsageError(f"a prime may hold {MAX_TUNE // 2} characters, this one has {len(text)}")
    if text.startswith("X:"):
        _, _, text = text.partition("\n")
    return _REFERENCE + text


def numbered(text: str, number: int) -> str:
    """Return a tune with its reference number, one line end behind it."""
    body = text.strip("\n")
    if body.startswith("X:"):
        _, _, body = body.partition("\n")
    return f"X:{number}\n{body}\n"


def tunebook(
    drawn: Iterator[tuple[str, bool]], tunes: int | None, length: int | None
) -> Iterator[str]:
    """Yield the parts of a tunebook: whole tunes, numbered from X:1, a blank line between them.

    Parameters
    ----------
    drawn : iterator of (str, bool)
        What `draw_tunes` yields.
    tunes : int, optional
        Stop after so many tunes.
    length : int, optional
        Stop after so many drawn characters. A tune that is unfinished then is left out, unless
        it is the only one.

    Raises
    ------
    AbcgenError
        If tune after tune does not end.
    """
    written = used = given_up = 0
    for text, whole in drawn:
        cut = length is not None and used + len(text) > length
        used += len(text)
        if cut and length is not None and not written:
            yield numbered(text[:length], 1)
        if cut:
            return
        given_up = 0 if whole else given_up + 1
        if given_up == _MAX_GIVEN_UP:
            raise AbcgenError(
                f"{given_up} tunes in a row did not end within {MAX_TUNE} characters; "
                f"try another --temperature"
            )
        if whole:
            written += 1
            yield ("\n" if written > 1 else "") + numbered(text, written)
        if written == tunes or used == length:
            return


def raw_text(
    drawn: Iterator[tuple[str, bool]], tunes: int | None, length: int | None
) -> Iterator[str]:
    """Yield exactly the characters drawn: of so many tunes, or so many characters."""
    for text, _ in itertools.islice(drawn, tunes):
        yield text if length is None else text[:length]
        if length is not None:
            length -= len(text)
            if length <= 0:
                return


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
        help="draw so many characters and write the tunes that are whole by then",
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
        help="what every tune begins with; \\n in TEXT is a new line",
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
    tunes, length, seed = arguments.tunes, arguments.length, arguments.seed
    if tunes is None and length is None:
        tunes = 1
    if seed is None:
        seed = secrets.randbelow(_SEED_LIMIT)
        print(f"abcgen.sample: seed {seed}", file=sys.stderr)
    likely = min(tunes or length, (length or MAX_TUNE * _MAX_STREAMS) // _TYPICAL_TUNE)
    streams = 1 if likely < 8 else min(likely, _MAX_STREAMS)
    engine = _engine(arguments.engine, checkpoint, streams)
    drawn = draw_tunes(engine, checkpoint.vocabulary, choice, seed, prime)
    parts = (raw_text if arguments.raw else tunebook)(drawn, tunes, length)
    target: AbstractContextManager[IO[str]] = (
        writing(arguments.out) if arguments.out else nullcontext(sys.stdout)
    )
    with target as file:
        for part in parts:
            file.write(part)
            file.flush()
    return 0


def _prime_text(argument: str) -> str:
    if not argument.startswith("@"):
        return argument.replace("\\n", "\n")
    from abcgen.tunebooks import read_tunebook

    return read_tunebook(Path(argument[1:]))


if __name__ == "__main__":
    sys.exit(main())
