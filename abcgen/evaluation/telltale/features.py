"""All features of tunes, in groups, and tunes as n-grams: what classifiers learn from."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from abcgen.evaluation.telltale.cadence import cadence_of, form_of
from abcgen.evaluation.telltale.harmony import chords_of
from abcgen.evaluation.telltale.motion import degrees_of, range_of, rhythm_of, steps_of
from abcgen.evaluation.telltale.outline import Outline, outline_of
from abcgen.evaluation.telltale.structure import structure_of
from abcgen.evaluation.telltale.values import NONE, Features

#: The groups of features, each with what computes them.
GROUPS: dict[str, Callable[[Outline], Features]] = {
    "structure": structure_of,
    "cadence": cadence_of,
    "range": range_of,
    "form": form_of,
    "rhythm": rhythm_of,
    "degrees": degrees_of,
    "steps": steps_of,
    "chords": chords_of,
}
_ANY = "X:1\nK:C\nC\n"  # every tune has the same features, and this is the shortest
_LONGEST = 4  # notes of a gram's steps
_EIGHTHS = 8  # in a whole note


@dataclass(frozen=True, slots=True)
class Table:
    """The features of some tunes.

    Attributes
    ----------
    names : list of str
        The features.
    groups : list of str
        The group of each, one of `GROUPS`.
    values : array
        float64 (tunes, features); NaN for what a tune lacks.
    """

    names: list[str]
    groups: list[str]
    values: NDArray[np.float64]

    def of_group(self, group: str) -> "Table":
        """Return the features of one group alone."""
        columns = [place for place, one in enumerate(self.groups) if one == group]
        names = [self.names[place] for place in columns]
        return Table(names, [group] * len(columns), self.values[:, columns])


def features_of(outlines: Sequence[Outline]) -> Table:
    """Return the features of tunes; a tune of rests alone has none, so all are NaN."""
    columns = [(group, name) for group, of in _found(outline_of(_ANY)).items() for name in of]
    values = []
    for outline in outlines:
        found = _found(outline) if outline.parts else None
        values.append([found[group][name] if found else NONE for group, name in columns])
    names, groups = [name for _, name in columns], [group for group, _ in columns]
    return Table(names, groups, np.array(values, np.float64).reshape(-1, len(columns)))


def _found(outline: Outline) -> dict[str, Features]:
    """Return the features of a tune, by their group."""
    return {group: function(outline) for group, function in GROUPS.items()}


def grams_of(outline: Outline) -> Iterator[str]:
    """Yield the n-grams of a tune's melody: of steps, of lengths, and of both together.

    A step is an interval in semitones; lengths are in eighths.
    """
    pitches = [note.pitch for note in outline.notes]
    steps = [f"{after - before:+d}" for before, after in itertools.pairwise(pitches)]
    lengths = [str(note.duration * _EIGHTHS) for note in outline.notes]
    both = [f"{step}x{length}" for step, length in zip(steps, lengths[1:], strict=True)]
    for kind, row in (("steps", steps), ("lengths", lengths), ("both", both)):
        for length in range(1, _LONGEST + 1):
            for start in range(len(row) - length + 1):
                yield " ".join([kind, *row[start : start + length]])
