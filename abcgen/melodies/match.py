"""What is found when a tune is looked up: the nearest tune, and where both share a run."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from abcgen.melodies.melody import Step
from abcgen.notation.form import Bar

_WIDEST_PLAIN = 2  # semitones: a step of a scale, or a repeated note


class Label(NamedTuple):
    """Which tune of a corpus it is: its file's name, its X: there and its title."""

    source: str
    number: int
    title: str


@dataclass(frozen=True, slots=True)
class Passage:
    """The bars of a tune in which a run lies.

    Attributes
    ----------
    first_bar, last_bar : int
        Counted from 1 as bars are written, pickup included.
    key : str
        The key there, or an empty string if the text of the tune is not known.
    abc : str
        Those bars, complete and without chord symbols, or an empty string as above.
    """

    first_bar: int
    last_bar: int
    key: str = ""
    abc: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """The nearest tune of a corpus.

    Attributes
    ----------
    notes : int
        The longest run that both tunes share, in notes.
    of_notes : int
        The notes of the tune that was looked up.
    share : float
        The part of them, 0 to 1, that lie in some run shared with the corpus's tune.
    plain : float
        The part of the longest run's steps, 0 to 1, that go up or down a scale, or repeat a
        note, in equal lengths. A run that is only a scale says little.
    source, number, title
        Which tune of the corpus it is: its file's name, its X: there and its title.
    here, there : Passage
        Where the longest run lies in the tune that was looked up, and in the corpus's.
    """

    notes: int
    of_notes: int
    share: float
    plain: float
    source: str
    number: int
    title: str
    here: Passage
    there: Passage


def plain_share(steps: Sequence[Step]) -> float:
    """Return the share of steps, 0 to 1, that a scale or a repeated note has; see `Match.plain`."""
    plain = [abs(up) <= _WIDEST_PLAIN and above == below for up, above, below in steps]
    return sum(plain) / len(plain)


def passage(bars: Sequence[int], first: int, notes: int, written: Sequence[Bar] = ()) -> Passage:
    """Return where a run lies in a tune.

    Parameters
    ----------
    bars : sequence of int
        The bar of each note of the tune, counted from 1.
    first, notes : int
        The first note of the run, counted from 0, and its length in notes.
    written : sequence of Bar
        The bars of the tune, or nothing if its text is not known.
    """
    first_bar, last_bar = int(bars[first]), int(bars[first + notes - 1])
    if not written:
        return Passage(first_bar, last_bar)
    shown = written[first_bar - 1 : last_bar]
    texts = (
        "".join(token.text for token in bar.tokens if token.kind != "chord").strip()
        for bar in shown
    )
    return Passage(first_bar, last_bar, shown[0].setting.key, " | ".join(texts))
