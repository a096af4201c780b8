"""What is not certain of what was read."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

#: What is played as it is written, while scores, tunebooks and networks take less of it.
ONE_VOICE = "of several voices only the first is read"
ONE_LINE = "of several lines of music in a bar (&) only the first is read"
HALF_STEPS = "a microtone is read as the nearest half step"
_HEARD = frozenset({ONE_VOICE, ONE_LINE, HALF_STEPS})
#: What only matters where a tune is played.
UNKNOWN_CHORD = "a chord symbol that is not known is silent"
UNKNOWN_DIRECTIVE = "a %%MIDI directive that is not understood is ignored"
UNKNOWN_TEMPO = "a tempo (Q:) that is not understood is ignored"
UNKNOWN_ORDER = "an order of parts (P:) that is not understood is ignored"
MISSING_PART = "a part that the order (P:) names is not in the tune"
UNUSED_PART = "a part that the order (P:) does not name is not played"
UNMARKED_PARTS = "an order of parts (P:) is ignored, since the tune marks none of them"
_PLAYED = frozenset(
    {
        *(UNKNOWN_CHORD, UNKNOWN_DIRECTIVE, UNKNOWN_TEMPO),
        *(UNKNOWN_ORDER, MISSING_PART, UNUSED_PART, UNMARKED_PARTS),
    }
)


class Warned(NamedTuple):
    """What was ignored, or read as it was probably meant.

    Attributes
    ----------
    line : int
        The line of the tune's text, from 1 for its X:; 0 for the header as a whole.
    what : str
        What was done, in words that are the same for all of its kind.
    found : str
        What was found there.
    column : int
        Where in the line it stands, from 1; 0 for the whole line.
    """

    line: int
    what: str
    found: str = ""
    column: int = 0

    @property
    def place(self) -> str:
        """The line and the column, as messages name them."""
        if not self.line:
            return "header"
        return f"line {self.line}" + (f", column {self.column}" if self.column else "")

    @property
    def heard(self) -> bool:
        """Whether it is no matter for what is only heard: all of it is played."""
        return self.what in _HEARD

    @property
    def played(self) -> bool:
        """Whether it is only about how the tune is played, while its notes are certain."""
        return self.what in _PLAYED

    def __str__(self) -> str:
        return f"{self.place}: {self.what}" + (f": {self.found}" if self.found else "")


def grouped(warnings: Iterable[tuple[str, Warned]]) -> Iterator[str]:
    """Yield a line on each kind of warning: how often, and where the first one is.

    Parameters
    ----------
    warnings : iterable of (str, Warned)
        Each with the name of its tune: ``tune 3``.
    """
    counts: Counter[str] = Counter()
    firsts: dict[str, str] = {}
    for name, warned in warnings:
        counts[warned.what] += 1
        firsts.setdefault(warned.what, f"{name}, {warned.place}")
    for what, count in counts.most_common():
        yield f"{what} ({firsts[what]}{f'; {count} times in all' if count > 1 else ''})"
