"""The tunes of a corpus, indexed by the runs of notes that another tune may share with them.

`abcgen.melodies.melody` defines when two runs are the same; `abcgen.melodies.runs` finds them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np

from abcgen.errors import CorpusError
from abcgen.melodies.index_file import IndexParts, read_index, write_index
from abcgen.melodies.match import Label, Match, passage, plain_share
from abcgen.melodies.melody import Melody, Step, melody_of, written_bars
from abcgen.melodies.runs import GRAM, NO_STEP, Ints, RunFinder, Runs, covered, ints

if TYPE_CHECKING:
    from abcgen.tunebooks.corpus import CorpusTune

#: The shortest run that is looked for, in notes. Many tunes share shorter ones.
SHORTEST_RUN = GRAM + 1
#: A run is a copy if it is longer than in this percentage of people's own tunes.
PERCENTILE = 95.0
#: The fewest tunes by people from which that percentile is computed.
FEWEST_HELD_OUT = 20


@dataclass(frozen=True, slots=True)
class Limit:
    """How much of a corpus a tune may repeat.

    Attributes
    ----------
    index : NoveltyIndex
        The corpus.
    notes : int
        The longest run that a tune may share with it.
    """

    index: "NoveltyIndex"
    notes: int

    def allows(self, text: str) -> bool:
        """Return whether a tune shares no longer run than allowed."""
        return self.index.longest_run(text) <= self.notes


class NoveltyIndex:
    """The melodies of a corpus, and how near people's own tunes come to them.

    Made by `of` or `load`.

    Attributes
    ----------
    held_out : tuple of int
        For some tunes by people that are not in the corpus, the longest run, in notes, that each
        shares with it. 0 stands for fewer than `SHORTEST_RUN`.
    """

    def __init__(
        self,
        labels: Sequence[Label],
        numbers: dict[Step, int],
        steps: Ints,
        starts: Ints,
        bars: Ints,
        texts: Sequence[str] = (),
        held_out: Sequence[int] = (),
    ) -> None:
        self._labels = list(labels)
        self._numbers = numbers  # step -> its number, from 1
        self._steps = steps  # (notes,): from each note of the corpus to the next, `NO_STEP` last
        self._starts = starts  # (tunes + 1,): the first note of each tune, then the end
        self._bars = bars  # (notes,)
        self._texts = list(texts)  # of each tune, or none
        self.held_out = tuple(held_out)
        self._finder = RunFinder(steps)

    def __len__(self) -> int:
        return len(self._labels)

    @classmethod
    def of(cls, tunes: "Iterable[CorpusTune]", held_out: Iterable[str] = ()) -> Self:
        """Return the index of tunes.

        Parameters
        ----------
        tunes : iterable of CorpusTune
            The corpus. Of each source only the file's name is kept.
        held_out : iterable of str
            Texts of tunes by people that are not in the corpus. Different tunes by people share
            runs, too; how long these are decides what a copy is, see `threshold`.

        Raises
        ------
        NotationError
            If one of the tunes cannot be read.
        """
        labels: list[Label] = []
        texts: list[str] = []
        numbers: dict[Step, int] = {}
        steps: list[int] = []
        bars: list[int] = []
        starts = [0]
        for tune in tunes:
            labels.append(Label(Path(tune.source).name, tune.number, tune.title))
            texts.append(tune.text)
            melody = melody_of(tune.text)
            if melody.bars:  # a tune may have nothing but rests
                steps += [numbers.setdefault(step, len(numbers) + 1) for step in melody.steps]
                steps.append(NO_STEP)
                bars += melody.bars
            starts.append(len(bars))
        index = cls(labels, numbers, ints(steps), ints(starts), ints(bars), texts)
        index.held_out = tuple(index.longest_run(text) for text in held_out)
        return index

    def joined(self, other: "NoveltyIndex") -> "NoveltyIndex":
        """Return the index of the tunes of both, without their texts.

        Its held-out tunes are those of both, each compared only with its own corpus.
        """
        numbers = dict(self._numbers)
        renumbered = np.zeros(len(other._numbers) + 1, np.int64)
        for step, number in other._numbers.items():
            renumbered[number] = numbers.setdefault(step, len(numbers) + 1)
        return NoveltyIndex(
            [*self._labels, *other._labels],
            numbers,
            np.concatenate([self._steps, renumbered[other._steps]]),
            np.concatenate([self._starts, self._starts[-1] + other._starts[1:]]),
            np.concatenate([self._bars, other._bars]),
            held_out=[*self.held_out, *other.held_out],
        )

    def people_copy(self) -> float:
        """Return the share of people's own tunes that would be called copies, 0 to 1."""
        threshold = self.threshold()
        return sum(run > threshold for run in self.held_out) / len(self.held_out)

    def longest_run(self, text: str) -> int:
        """Return the longest run of a tune that is in the corpus, in notes.

        It is 0 if there is none of `SHORTEST_RUN` notes or more.

        Raises
        ------
        NotationError
            If the tune cannot be read.
        """
        return int(self._runs(melody_of(text)).notes.max(initial=0))

    def nearest(self, text: str) -> Match | None:
        """Return the tune of the corpus with which a tune shares the longest run.

        Among several, it is the one that shares more of the tune in all, and then the first.

        Parameters
        ----------
        text : str
            The tune, from its X: line on.

        Returns
        -------
        Match or None
            None if no run of `SHORTEST_RUN` notes or more is shared.

        Raises
        ------
        NotationError
            If the tune cannot be read.
        """
        melody = melody_of(text)
        runs = self._runs(melody)
        if not len(runs.notes):
            return None
        owners = self._owner(runs.there)  # (runs,)
        notes = int(runs.notes.max())
        longest = runs.notes == notes  # (runs,)
        tied = np.unique(owners[longest])  # tunes, in order
        shares = covered(runs, owners, tied, len(melody.bars)) / len(melody.bars)
        tune = int(tied[np.argmax(shares)])  # argmax gives the first
        (candidates,) = np.nonzero(longest & (owners == tune))
        # The first place in the tune, and for it the first in the corpus's.
        run = min(candidates, key=lambda at: (runs.here[at], runs.there[at]))
        here, there = int(runs.here[run]), int(runs.there[run] - self._starts[tune])
        label = self._labels[tune]
        return Match(
            notes=notes,
            of_notes=len(melody.bars),
            share=float(shares.max()),
            plain=plain_share(melody.steps[here : here + notes - 1]),
            source=label.source,
            number=label.number,
            title=label.title,
            here=passage(melody.bars, here, notes, melody.written),
            there=passage(
                self._bars[self._starts[tune] : self._starts[tune + 1]].tolist(),
                there,
                notes,
                written_bars(self._texts[tune]) if self._texts else (),
            ),
        )

    def threshold(self, percentile: float = PERCENTILE) -> int:
        """Return the longest run, in notes, that is not a copy yet: `percentile` of people's tunes.

        Raises
        ------
        CorpusError
            If fewer than `FEWEST_HELD_OUT` tunes were held out.
        """
        if len(self.held_out) < FEWEST_HELD_OUT:
            raise CorpusError(
                f"only {len(self.held_out)} tunes of the corpus are held out, and the threshold "
                f"needs {FEWEST_HELD_OUT} or more; give a threshold or a larger corpus"
            )
        value = np.percentile(self.held_out, percentile, method="inverted_cdf")
        # Shorter runs are not found.
        return max(int(value), SHORTEST_RUN - 1)

    def save(self, path: Path) -> None:
        """Write the index into a file, without the texts of its tunes.

        The file is the same for the same tunes.
        """
        parts = IndexParts(
            self._labels, list(self._numbers), self._steps, self._starts, self._bars, self.held_out
        )
        write_index(path, parts)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read an index that `save` has written. `Match.there` then has no key and no ABC.

        Raises
        ------
        CorpusError
            If the file is damaged, is not an index, or has another format.
        OSError
            If it cannot be read at all.
        """
        parts = read_index(path)
        numbers = {step: number for number, step in enumerate(parts.step_table, start=1)}
        return cls(parts.labels, numbers, parts.steps, parts.starts, parts.bars, (), parts.held_out)

    def _runs(self, melody: Melody) -> Runs:
        """Return the runs that a melody shares with the corpus."""
        numbers = [self._numbers.get(step, NO_STEP) for step in melody.steps]
        return self._finder.shared(ints([*numbers, NO_STEP]))

    def _owner(self, notes: Ints) -> Ints:
        """Return the tunes to which notes of the corpus belong."""
        return np.searchsorted(self._starts, notes, side="right").astype(np.int64) - 1
