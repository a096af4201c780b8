"""The remark (N:) of a tune with bars that were drawn again; it reads back as a `Drawing`."""

import re
from typing import NamedTuple

from abcgen import __version__
from abcgen.errors import UsageError
from abcgen.generation.redraw.drawing import Drawing
from abcgen.generation.redraw.selection import read_numbers, spans_of
from abcgen.generation.remark import BEGINNING, unreadable, words_of
from abcgen.generation.sampler import Sampler
from abcgen.grammar.header import MOST_IN_REMARK
from abcgen.support import values

#: Not what `abcgen.sample --like` looks for: it cannot make such a tune without its base.
REDRAWN = f"{BEGINNING}.redraw "


class RemarkedBars(NamedTuple):
    """How the bars of a tune were drawn.

    Attributes
    ----------
    checkpoint : str
        The label of the network.
    base : str
        The digest of the tune that they were drawn in.
    drawing : Drawing
        How.
    rank : int
        The alternative that this is, from 1.
    """

    checkpoint: str
    base: str
    drawing: Drawing
    rank: int


def redraw_remark(made: RemarkedBars) -> str:
    """Return the line for one tune, without its line end.

    Raises
    ------
    UsageError
        If so many separate bars were drawn that it has no room for them.
    """
    drawing = made.drawing
    words = [
        f"abcgen.redraw {__version__}",
        f"checkpoint {made.checkpoint}",
        f"base {made.base}",
        f"bars {spans_of(drawing.bars)}",
        f"seed {drawing.seed}",
        f"rank {made.rank}",
        *words_of(drawing.sampler),
        f"streams {drawing.num_streams}",
        f"behind {drawing.behind}",
    ]
    words += [f"sift {drawing.sift}"] if drawing.sift else []
    words += [f"vary {drawing.strictness!r}"] if drawing.strictness is not None else []
    words += [f"density {drawing.density!r}"] if drawing.density else []
    words += [f"answer {spans_of(drawing.phrase)}"] if drawing.phrase else []
    line = "N:" + ", ".join(words)
    if len(line) - 2 > MOST_IN_REMARK:
        raise UsageError(
            f"so many separate bars have no room in the N: line: {spans_of(drawing.bars)}; "
            "rewrite fewer of them at a time"
        )
    return line


def read_redraw_remark(text: str, source: str = "") -> RemarkedBars | None:
    """Return how bars of a tune were drawn, or None if it does not say.

    Raises
    ------
    CorpusError
        If its remark is not worded as abcgen words it.
    """
    found = re.search(rf"^{re.escape(REDRAWN)}.*$", text, re.MULTILINE)
    if found is None:
        return None
    words = dict(part.partition(" ")[::2] for part in found[0].removeprefix("N:").split(", "))
    try:
        return RemarkedBars(
            words["checkpoint"],
            words["base"],
            Drawing(
                read_numbers(words["bars"]),
                values.whole("seed", int(words["seed"]), 0),
                Sampler(
                    float(words["temperature"]),
                    int(words.get("top-k", 0)),
                    float(words.get("top-p", 1)),
                ),
                int(words["streams"]),
                int(words["behind"]),
                float(words["vary"]) if "vary" in words else None,
                read_numbers(words["answer"]) if "answer" in words else frozenset(),
                float(words.get("density", 0)),
                int(words.get("sift", 0)),
            ),
            values.whole("rank", int(words["rank"]), 1),
        )
    except UsageError as error:
        raise unreadable(found[0], source, str(error)) from None
    except (KeyError, ValueError):
        raise unreadable(found[0], source) from None
