"""The slow twin of redrawing: all bars that may stand in a gap, and how likely each is."""

import math
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from abcgen.generation.redraw.bars import BarredTune, beginning
from abcgen.generation.redraw.particles import FreeBar
from abcgen.grammar.acceptor import Place
from abcgen.grammar.bar import Start
from abcgen.model.vocabulary import END_OF_TUNE, Vocabulary
from tests.generation.engines import Habit

#: So few characters that all bars can be counted: eight notes, of which some are tied, or one.
TINY = Vocabulary(sorted("X:1\nTMLK|]/8C-"))
#: Bars 1 to 7 without a pickup: a full line, a line that ends with a double bar line, and another.
TUNE = "X:1\nT:X\nM:C\nL:1/8\nK:C\nC8|CCC-CCCCC|C8|C8|\nC8||\nC8|C-CCCCC-CC|]\n"
_TABLE = Habit(TINY).table


class Reader(NamedTuple):
    """Where a text is, in the acceptor and by its last two characters, all that a `Habit` knows."""

    place: Place
    last: tuple[int, int]

    def after(self, character: str) -> "Reader":
        return Reader(self.place.after(character), (self.last[1], TINY.char2idx[character]))


@cache
def odds(reader: Reader, temperature: float = 1.0) -> dict[str, float]:
    """Return the log probability of each character that may follow."""
    before, last = reader.last
    logits = _TABLE[before * len(TINY) + last].tolist()
    scaled = {one: logits[TINY.char2idx[one]] / temperature for one in reader.place.allowed()}
    total = math.log(sum(map(math.exp, scaled.values())))
    return {one: value - total for one, value in scaled.items()}


@cache
def read(reader: Reader, text: str) -> tuple[Reader, float]:
    """Read a text; return where it ends, and its log probability without ends of full lines."""
    log = 0.0
    for character in text:
        if character not in reader.place.allowed():
            reader = reader.after("\n")
        log += odds(reader)[character]
        reader = reader.after(character)
    return reader, log


def all_bars(
    reader: Reader, bar: FreeBar, temperature: float
) -> Iterator[tuple[str, float, Reader]]:
    """Yield each bar that may be drawn here with its log probability, and where it ends."""
    if not isinstance(reader.place.local, Start):
        reader = reader.after("\n")
    assert isinstance(reader.place.local, Start)
    context = reader.place.local.context._replace(rules=bar.rules)
    place = reader.place._replace(local=Start(context))
    waiting = [("", 0.0, reader._replace(place=place))]
    while waiting:
        music, log, at = waiting.pop()
        for character, further in odds(at, temperature).items():
            if character in "|:":
                yield music, log + further, at.after(character)
            else:
                waiting.append((music + character, log + further, at.after(character)))


def all_alternatives(
    tune: BarredTune, free: dict[int, FreeBar], stop: int, temperature: float = 1.0
) -> dict[tuple[str, ...], tuple[float, float]]:
    """Return for all that may stand in the free bars how likely it is, and what follows it.

    Both are log probabilities: of the bars as they are drawn, and of the text up to `stop`.
    """
    start = Reader(beginning(TINY), (0, TINY.char2idx[END_OF_TUNE]))
    begun, _ = read(start, tune.text[: min(free)])
    found: list[tuple[tuple[str, ...], float, float, Reader]] = [((), 0.0, 0.0, begun)]
    for at, until in zip(sorted(free), [*sorted(free)[1:], stop], strict=True):
        longer = []
        for bars, log, follows, reader in found:
            for music, drawn, end in all_bars(reader, free[at], temperature):
                behind, more = read(end, tune.text[free[at].end + 1 : until])
                longer.append(((*bars, music), log + drawn, follows + more, behind))
        found = longer
    return {bars: (log, follows) for bars, log, follows, _ in found}
