"""A tune as a critic sees it: its sections and bars, outlined as for a plan."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from abcgen.model.factors.lexing import WHOLE
from abcgen.model.plans.outline import Note, OutlinedBar, bars_of

#: What is measured of a tune, by name; what a tune lacks is left out.
Measures = dict[str, float]

LETTERS = "CDEFGAB"
OCTAVE = 7  # steps
EIGHTH = WHOLE // 8
_SIXTEENTH = WHOLE // 16
_BEFORE_ANY = -1


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
    def sounds(self) -> frozenset[Note]:
        """Its notes and rests, so that bars can be compared."""
        return frozenset(self.notes)

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

    @cached_property
    def sixteenths(self) -> list[int]:
        """What sounds at each sixteenth: the step, 0 for a rest."""
        sounding, found, number = _BEFORE_ANY, [], 0
        for time in range(0, self.size, _SIXTEENTH):
            while number < len(self.notes) and self.notes[number][0] <= time:
                sounding = self.notes[number][1]
                number += 1
            found.append(sounding)
        return found

    def alike(self, other: "SeenBar") -> float:
        """Return the share of sixteenths, 0 to 1, at which the same sounds in another bar."""
        here, there = self.sixteenths, other.sixteenths
        same = sum(a == b for a, b in zip(here, there, strict=False))
        return same / max(len(here), len(there), 1)


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
        _, _, key = text.partition("\nK:")
        sections: dict[int, list[SeenBar]] = {}
        for bar in bars_of(text.rstrip("\n")):
            sections.setdefault(bar.section, []).append(SeenBar.of(bar))
        return cls(max(LETTERS.find(key[:1]), 0), list(sections.values()))

    @cached_property
    def bars(self) -> list[SeenBar]:
        """All bars."""
        return [bar for section in self.sections for bar in section]

    def degree(self, step: int) -> int:
        """Return the letters of a step above the tonic, 0 to 6."""
        return (step - 1 - self.tonic) % OCTAVE


def add_mean(found: Measures, name: str, values: Iterable[float]) -> None:
    """Note the mean of some values, if there are any."""
    values = list(values)
    if values:
        found[name] = sum(values) / len(values)


def add_shares(found: Measures, name: str, values: Iterable[int], kinds: Iterable[int]) -> None:
    """Note the share of each kind among some values, if there are any."""
    values = list(values)
    if values:
        for kind in kinds:
            found[f"{name} {kind}"] = values.count(kind) / len(values)
