"""What all models of text have in common."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from abcgen.model.vocabulary import END_OF_TUNE


@dataclass(frozen=True, slots=True)
class Score:
    """How well a model predicts some tunes.

    Attributes
    ----------
    bits : float
        Minus the binary logarithm of the probability of the tunes, their ends included.
    right : int, optional
        Characters that were the most likely ones at their place; None if the model does not give
        the probability of each.
    """

    bits: float
    right: int | None = None


class Model(Protocol):
    """Something that gives texts a probability. ``name`` is its name in reports."""

    name: str

    def score(self, tunes: Sequence[str]) -> Score:
        """Judge tunes in canonical spelling, each without the blank line after it."""


class Baseline(Model, Protocol):
    """A model that is trained within seconds, to compare a network with."""

    def available(self) -> str | None:
        """Return None if it can be used here, else how to install it."""

    def train(self, tunes: Sequence[str]) -> None:
        """Learn from tunes, and forget what was learned before."""


def predicted(tune: str) -> str:
    """Return the characters of a tune that are to be predicted: all of them, and its end."""
    return tune + END_OF_TUNE


def characters_of(tunes: Sequence[str]) -> int:
    """Count the characters that are to be predicted."""
    return sum(len(predicted(tune)) for tune in tunes)
