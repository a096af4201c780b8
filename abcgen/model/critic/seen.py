"""A tune as a critic sees it: its sections and bars, outlined as for a plan."""

from dataclasses import dataclass
from functools import cached_property
from typing import Self

from abcgen.model.factors.lexing import WHOLE
from abcgen.model.plans.outline import Note, OutlinedBar, bars_of

LETTERS = "CDEFGAB"
OCTAVE = 7  # steps
EIGHTH = WHOLE // 8


@dataclass(frozen=True, eq=False)
class SeenBar:
    """A bar.

    Attributes
    ----------
    size : int
        Its ticks.
    notes : list of Note
        Its notes and rests.
    roots : list of (int, str)
        Its chords, as in `OutlinedBar`.
    """

    size: int
    notes: list[Note]
    roots: list[tuple[int, str]]

    @classmethod
    def of(cls, bar: OutlinedBar) -> Self:
        """Return a bar that was outlined."""
        return cls(bar.size, bar.notes, bar.roots)

    @cached_property
    def sounds(self) -> tuple[Note, ...]:
        """Its notes and rests, so that bars can be compared."""
        return tuple(self.notes)

    @cached_property
    def rhythm(self) -> tuple[int, ...]:
        """When something begins, rests as negative numbers, and its length."""
        return *(at if step else -1 - at for at, step, _ in self.notes), self.size

    @cached_property
    def steps(self) -> list[int]:
        """The steps of its notes, without rests."""
        return [step for _, step, _ in self.notes if step]

    @cached_property
    def lengths(self) -> list[int]:
        """The ticks of its notes and rests."""
        begins = [at for at, _, _ in self.notes]
        return [end - at for at, end in zip(begins, [*begins[1:], self.size], strict=True)]


@dataclass(frozen=True, eq=False)
class SeenTune:
    """A tune.

    Attributes
    ----------
    tonic : int
        The letter of its tonic, 0 for C.
    sections : list of list of SeenBar
        The bars of each section, without pickups.
    """

    tonic: int
    sections: list[list[SeenBar]]

    @classmethod
    def of(cls, text: str) -> Self:
        """Return a tune in abcgen's spelling."""
        sections: dict[int, list[SeenBar]] = {}
        for bar in bars_of(text.rstrip("\n")):
            sections.setdefault(bar.section, []).append(SeenBar.of(bar))
        return cls(tonic_of(text), list(sections.values()))

    def degree(self, step: int) -> int:
        """Return the letters of a step above the tonic, 0 to 6."""
        return (step - 1 - self.tonic) % OCTAVE


def tonic_of(text: str) -> int:
    """Return the letter of the tonic of a tune, 0 for C."""
    _, _, key = text.partition("\nK:")
    return max(LETTERS.find(key[:1]), 0)
