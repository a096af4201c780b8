"""What `abcgen.harmonize` does: put chord symbols into tunes."""

import argparse
from collections.abc import Iterator
from functools import partial
from itertools import chain, islice

from abcgen.errors import AbcgenError, NotationError
from abcgen.generation.build_request import random_seed
from abcgen.generation.harmonize.harmonizing import Palette, harmonized
from abcgen.generation.harmonize.model import Harmony
from abcgen.generation.written import write_tunes
from abcgen.notation.tunebook import label_of, numbered
from abcgen.support.console import say
from abcgen.tunebooks.names import read_tunes, tune_at

COMMAND = "abcgen.harmonize"
_say = partial(say, COMMAND)


def run(arguments: argparse.Namespace) -> int:
    """Do what the options of `abcgen.harmonize` ask for; return the exit code."""
    texts = read_tunes(arguments.file, _say)
    if arguments.tune or arguments.alternatives > 1:
        if len(texts) > 1 and not arguments.tune:
            _say(f"the first of {len(texts)} tunes; --tune N takes another")
        texts = [tune_at(arguments.tune or 1, texts, arguments.file)]
    seed = random_seed() if arguments.seed is None else arguments.seed
    palette = Palette(arguments.palette)
    harmony = Harmony.load()

    def written() -> Iterator[str]:
        for text in texts:
            ways = harmonized(harmony, text, palette, seed)
            try:
                first = next(ways)
            except NotationError as error:
                if len(texts) == 1:
                    raise
                _say(f"left out: X:{label_of(text).number}: {error}")
                continue
            yield first
            yield from _others(first, ways, arguments.alternatives)

    parts = written()
    first = next(parts, None)
    if first is None:
        raise AbcgenError(f"{arguments.file} has no tune that chords could be put into")
    if arguments.seed is None and arguments.alternatives > 1:
        _say(f"seed {seed}")
    write_tunes(chain([first], parts), arguments.out)
    return 0


def _others(first: str, ways: Iterator[str], count: int) -> Iterator[str]:
    """Yield the other alternatives, numbered on."""
    written = label_of(first).number
    number = int(written) if written.isdecimal() else 1
    rank = 0
    for rank, way in enumerate(islice(ways, count - 1), start=1):
        yield numbered(way, number + rank)
    if rank < count - 1:
        _say(f"{rank + 1} of {count} alternatives: there are no others of this kind")
