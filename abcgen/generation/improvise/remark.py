"""The remark (N:) of a tune over given chords: how it was made, so that it can be made again.

The chords, the key and the metre stand in the tune itself.
"""

import re
from fractions import Fraction
from typing import NamedTuple

from abcgen import __version__
from abcgen.errors import AbcgenError
from abcgen.generation.improvise.improvisation import Improvisation
from abcgen.generation.remark import unreadable, words_of
from abcgen.generation.sampler import Sampler
from abcgen.generation.wishes import MOST_BARS, read_wishes
from abcgen.grammar.style import style_of
from abcgen.notation.chart_sources import chart_of_tune
from abcgen.notation.tune import read_tune
from abcgen.support import values

#: What such a remark begins with.
IMPROVISED = "N:abcgen.improvise "


class RemarkedMelody(NamedTuple):
    """How a tune over given chords was made.

    Attributes
    ----------
    checkpoint : str
        The label of the network.
    asked : Improvisation
        What it was improvised over.
    tune : int
        Its number among the tunes of that.
    """

    checkpoint: str
    asked: Improvisation
    tune: int


def improvise_remark(made: RemarkedMelody) -> str:
    """Return the line for one tune, without its line end."""
    asked = made.asked
    words = [
        f"{IMPROVISED[2:]}{__version__}",
        f"checkpoint {made.checkpoint}",
        f"seed {asked.seed}",
        f"tune {made.tune}",
        *words_of(asked.sampler),
        f"close {asked.close!r}",
    ]
    if asked.choruses > 1:
        words.append(f"choruses {asked.choruses}")
    if asked.pickup:
        words.append(f"pickup {asked.pickup}")
    words += [name for name in ("rhythm", "title", "style") if getattr(asked.wishes, name)]
    return "N:" + ", ".join(words)


def read_improvise_remark(text: str, source: str = "") -> RemarkedMelody | None:
    """Return how a tune over chords was made, or None if it does not say.

    Raises
    ------
    CorpusError
        If its remark is not worded as abcgen words it, or its chords cannot be read.
    """
    found = re.search(rf"^{re.escape(IMPROVISED)}.*$", text, re.MULTILINE)
    if found is None:
        return None
    words = dict(part.partition(" ")[::2] for part in found[0].removeprefix("N:").split(", "))
    try:
        tune = read_tune(text)
        wishes = read_wishes(
            tune.setting.key,
            tune.setting.meter,
            tune.field("R") if "rhythm" in words else None,
            tune.title if "title" in words else None,
            style=style_of(text) if "style" in words else None,
        )
        sampler = Sampler(
            float(words["temperature"]),
            int(words.get("top-k", 0)),
            float(words.get("top-p", 1)),
        )
        asked = Improvisation(
            chart_of_tune(tune),
            wishes,
            values.whole("seed", int(words["seed"]), 0),
            sampler,
            float(words["close"]),
            values.whole("choruses", int(words.get("choruses", 1)), 1, MOST_BARS),
            Fraction(words.get("pickup", 0)),
        )
        number = values.whole("tune", int(words["tune"]), 1)
        return RemarkedMelody(words["checkpoint"], asked, number)
    except AbcgenError as error:
        raise unreadable(found[0], source, str(error)) from None
    except (KeyError, ValueError, ZeroDivisionError):
        raise unreadable(found[0], source) from None
