"""What models of text have in common, whatever they are made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from abcgen.model.vocabulary import END_OF_TUNE


@dataclass(frozen=True, slots=True)
class Score:
    """What a model makes of some tunes.

    Attributes
    ----------
    bits : float
        Minus the binary logarithm of the probability it gives them, their ends included.
    right : int, optional
        Characters that were the likeliest at their place; None where a model does not say.
    """

    bits: float
    right: int | None = None


class Model(Protocol):
    """Something that finds texts more or less likely. ``name`` stands in reports."""

    name: str

    def score(self, tunes: Sequence[str]) -> Score:
        """Judge tunes in abcgen's spelling, each without the blank line behind it."""


class Baseline(Model, Protocol):
    """A model that learns from tunes in a moment, to be compared with a network."""

    def available(self) -> str | None:
        """Return None if it can be had here, else how to get it."""

    def train(self, tunes: Sequence[str]) -> None:
        """Learn from tunes, and forget what was learned before."""


def predicted(tune: str) -> str:
    """Return the characters of a tune that are to be foretold: all of them, and its end."""
    return tune + END_OF_TUNE


def characters_of(tunes: Sequence[str]) -> int:
    """Count the characters that are to be foretold."""
    return sum(len(predicted(tune)) for tune in tunes)
