"""The tunes of a corpus, indexed by the runs of notes that another tune may share with them.

What is the same run, `abcgen.melodies.melody` says. Every `_GRAM` steps that follow one another in
the corpus are kept by their hash, sorted; a longer run is a row of such grams.
"""

import json
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self

import numpy as np
import numpy.typing as npt

from abcgen.errors import CorpusError
from abcgen.melodies.melody import Melody, Step, melody_of, written_bars
from abcgen.notation.form import Bar
from abcgen.support.files import temporary_beside

if TYPE_CHECKING:
    from abcgen.tunebooks.corpus import Corpus, CorpusTune

#: The shortest run that is looked for, in notes. What is shorter is any tune's common stock.
SHORTEST_RUN = 8
#: The percentile of people's own tunes above which a run is called a copy, unless told otherwise.
PERCENTILE = 95.0
#: Tunes by people that a percentile must be taken of, at the least.
FEWEST_HELD_OUT = 20

_LEARNED, _HELD_OUT = "train", ("validation", "test")  # splits
_GRAM = SHORTEST_RUN - 1  # steps that are looked up at a time
_NO_STEP = 0  # the number of what follows the last note of a tune, or of a step no tune has
_WIDEST_PLAIN = 2  # semitones: a step of a scale, or a note repeated
_FORMAT = 1  # of the file
_ARRAYS = ("about", "steps", "starts", "bars")  # in the file

# What a damaged archive raises depends on where it is damaged.
_DAMAGED = (
    AttributeError,
    EOFError,
    LookupError,
    OverflowError,
    RuntimeError,
    TypeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)

_Ints = npt.NDArray[np.int64]
# Powers of a large odd number, modulo 2 ** 64: a gram's hash is the sum of its steps times these.
_MULTIPLIERS = np.array(
    [pow(0x9E3779B97F4A7C15, power, 1 << 64) for power in range(1, _GRAM + 1)], dtype=np.uint64
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a run stands in a tune.

    Attributes
    ----------
    first_bar, last_bar : int
        Counted from 1 as bars are written, pickup included.
    key : str
        The key there, or an empty string where the text of the tune is not known.
    abc : str
        Those bars, whole and without chord symbols, or an empty string as above.
    """

    first_bar: int
    last_bar: int
    key: str = ""
    abc: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """The tune of the corpus that a tune comes nearest to.

    Attributes
    ----------
    notes : int
        The longest run that both share, in notes.
    of_notes : int
        The notes of the tune that was looked up.
    share : float
        The part of them, 0 to 1, that lie in some run shared with the corpus's tune.
    plain : float
        The part of the longest run's steps, 0 to 1, that go up or down a scale, or repeat a
        note, in equal lengths. A run that is all scale says little.
    source, number, title
        Which tune of the corpus it is: its file's name, its X: there and its title.
    here, there : Place
        Where the longest run stands in the tune that was looked up, and in the corpus's.
    """

    notes: int
    of_notes: int
    share: float
    plain: float
    source: str
    number: int
    title: str
    here: Place
    there: Place


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
        """Whether a tune shares no longer run than it may."""
        return self.index.longest_run(text) <= self.notes


class _Label(NamedTuple):
    source: str
    number: int
    title: str


class _Runs(NamedTuple):
    """Runs that a tune shares with the corpus: first notes, and lengths in notes."""

    here: _Ints
    there: _Ints
    notes: _Ints


class NoveltyIndex:
    """The melodies of a corpus, and how near people's own tunes come to them.

    Made by `of` or `load`.

    Attributes
    ----------
    held_out : tuple of int
        The longest run, in notes, that each of some tunes by people shares with the corpus
        without being part of it. 0 stands for fewer than `SHORTEST_RUN`.
    """

    def __init__(
        self,
        labels: Sequence[_Label],
        numbers: dict[Step, int],
        steps: _Ints,
        starts: _Ints,
        bars: _Ints,
        texts: Sequence[str] = (),
        held_out: Sequence[int] = (),
    ) -> None:
        self._labels = list(labels)
        self._numbers = numbers  # step -> its number, from 1
        self._steps = steps  # (notes,): from each note of the corpus to the next, `_NO_STEP` last
        self._starts = starts  # (tunes + 1,): the first note of each tune, then the end
        self._bars = bars  # (notes,)
        self._texts = list(texts)  # of each tune, or none
        self.held_out = tuple(held_out)
        places, hashes = _grams(steps)
        order = np.argsort(hashes, kind="stable")
        self._places = places[order]  # (grams,): first notes, sorted by the hash
        self._hashes = hashes[order]  # (grams,) uint64

    def __len__(self) -> int:
        return len(self._labels)

    @classmethod
    def of(cls, tunes: "Iterable[CorpusTune]", held_out: Iterable[str] = ()) -> Self:
        """Return the index of tunes.

        Parameters
        ----------
        tunes : iterable of CorpusTune
            The corpus. Of a source only the file's name is kept.
        held_out : iterable of str
            Texts of tunes by people that are not among them; see `calibrate`.

        Raises
        ------
        NotationError
            If one of the tunes cannot be read.
        """
        labels: list[_Label] = []
        texts: list[str] = []
        numbers: dict[Step, int] = {}
        steps: list[int] = []
        bars: list[int] = []
        starts = [0]
        for tune in tunes:
            labels.append(_Label(Path(tune.source).name, tune.number, tune.title))
            texts.append(tune.text)
            melody = melody_of(tune.text)
            if melody.bars:  # it may hold nothing but rests
                steps += [numbers.setdefault(step, len(numbers) + 1) for step in melody.steps]
                steps.append(_NO_STEP)
                bars += melody.bars
            starts.append(len(bars))
        index = cls(labels, numbers, _ints(steps), _ints(starts), _ints(bars), texts)
        index.held_out = tuple(index.longest_run(text) for text in held_out)
        return index

    def joined(self, other: "NoveltyIndex") -> "NoveltyIndex":
        """Return the index of the tunes of both, without their texts; held out are those of both.

        Each tune that was held out is judged by the corpus that it was held out of.
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
        return int(self._runs(self._numbered(melody_of(text))).notes.max(initial=0))

    def nearest(self, text: str) -> Match | None:
        """Return the tune of the corpus with which a tune shares the longest run.

        Among several, the one counts that shares more of the tune in all, and then the first.

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
        runs = self._runs(self._numbered(melody))
        if not len(runs.notes):
            return None
        owners = self._owner(runs.there)  # (runs,)
        notes = int(runs.notes.max())
        longest = runs.notes == notes  # (runs,)
        tied = np.unique(owners[longest])  # tunes, in order
        shares = _covered(runs, owners, tied, len(melody.bars)) / len(melody.bars)
        tune = int(tied[np.argmax(shares)])  # argmax gives the first
        (candidates,) = np.nonzero(longest & (owners == tune))
        # The first place in the tune, and for it the first in the corpus's.
        run = min(candidates, key=lambda at: (runs.here[at], runs.there[at]))
        here, there = int(runs.here[run]), int(runs.there[run] - self._starts[tune])
        steps = melody.steps[here : here + notes - 1]
        plain = [abs(up) <= _WIDEST_PLAIN and above == below for up, above, below in steps]
        label = self._labels[tune]
        return Match(
            notes=notes,
            of_notes=len(melody.bars),
            share=float(shares.max()),
            plain=sum(plain) / len(plain),
            source=label.source,
            number=label.number,
            title=label.title,
            here=_place(melody.bars, here, notes, melody.written),
            there=self._place(tune, there, notes),
        )

    def threshold(self, percentile: float = PERCENTILE) -> int:
        """Return the longest run, in notes, that is no copy yet: `percentile` of people's tunes.

        Raises
        ------
        CorpusError
            If fewer than `FEWEST_HELD_OUT` tunes were held out.
        """
        if len(self.held_out) < FEWEST_HELD_OUT:
            raise CorpusError(
                f"only {len(self.held_out)} tunes of the corpus are held out, and the threshold "
                f"is taken of {FEWEST_HELD_OUT} or more; give a threshold or a larger corpus"
            )
        value = np.percentile(self.held_out, percentile, method="inverted_cdf")
        # Below the shortest run nothing is told apart.
        return max(int(value), SHORTEST_RUN - 1)

    def save(self, path: Path) -> None:
        """Write the index into a NumPy archive, without the texts of its tunes.

        The file is the same for the same tunes.
        """
        about = {
            "format": _FORMAT,
            "shortest_run": SHORTEST_RUN,
            "tunes": self._labels,
            "steps": list(self._numbers),
            "held_out": self.held_out,
        }
        packed = np.frombuffer(json.dumps(about, ensure_ascii=False).encode(), dtype=np.uint8)
        with temporary_beside(path) as temporary, temporary.open("wb") as file:
            np.savez_compressed(
                file,
                about=packed,
                steps=self._steps.astype(np.int32),
                starts=self._starts.astype(np.int32),
                # The way from each note's bar to the next note's packs better than the bars.
                bars=np.diff(self._bars, prepend=0).astype(np.int16),
            )

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read an index that `save` has written. Its matches have no `Place.abc` of the corpus.

        Raises
        ------
        CorpusError
            If the file is damaged, or none of this format.
        OSError
            If it cannot be read at all.
        """
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
                about_bytes, *arrays = (archive[name] for name in _ARRAYS)
            about = json.loads(about_bytes.tobytes())
            if about["format"] != _FORMAT or about["shortest_run"] != SHORTEST_RUN:
                raise CorpusError(f"{path} is an index of another format; make it anew")
            labels = [
                _Label(str(source), int(number), str(title))
                for source, number, title in about["tunes"]
            ]
            table = [(int(up), int(above), int(below)) for up, above, below in about["steps"]]
            steps, starts, bars = (array.astype(np.int64, casting="safe") for array in arrays)
            _check(len(labels), len(table), steps, starts, bars)
            numbers = {step: number for number, step in enumerate(table, start=1)}
            held_out = [int(notes) for notes in about["held_out"]]
            return cls(labels, numbers, steps, starts, np.cumsum(bars), (), held_out)
        except _DAMAGED as error:
            raise CorpusError(f"{path} is damaged or no index of tunes: {error}") from None

    def _numbered(self, melody: Melody) -> _Ints:
        """Return the numbers of a melody's steps, (notes,), as the corpus's are kept."""
        numbers = [self._numbers.get(step, _NO_STEP) for step in melody.steps]
        return _ints([*numbers, _NO_STEP])

    def _runs(self, steps: _Ints) -> _Runs:
        """Return all runs that cannot be made longer at either end."""
        grams, hashes = _grams(steps)
        first = np.searchsorted(self._hashes, hashes, side="left")
        counts = np.searchsorted(self._hashes, hashes, side="right") - first
        # Every gram with every place of the corpus that has its hash: arrays of (pairs,).
        here = np.repeat(grams, counts)
        nth = np.arange(len(here)) - np.repeat(np.cumsum(counts) - counts, counts)
        there = self._places[np.repeat(first, counts) + nth]
        for step in range(_GRAM):  # different grams may have one hash
            same = steps[here + step] == self._steps[there + step]
            here, there = here[same], there[same]
        # A longer run is a row of pairs, both places one note on from pair to pair. In this
        # order, by the distance of the places and then by the place, such rows are unbroken.
        # `here` stays below the factor by more than 1, so that no two rows touch.
        factor = len(steps) + 1
        keys = np.sort((there - here + factor) * factor + here)
        begins = np.flatnonzero(np.diff(keys, prepend=-1) != 1)
        row_lengths = np.diff(np.append(begins, len(keys)))
        here = keys[begins] % factor
        there = keys[begins] // factor - factor + here
        return _Runs(here, there, row_lengths + _GRAM)

    def _owner(self, notes: _Ints) -> _Ints:
        """Return the tunes to which notes of the corpus belong."""
        return np.searchsorted(self._starts, notes, side="right").astype(np.int64) - 1

    def _place(self, tune: int, first: int, notes: int) -> Place:
        """Return where a run stands in a tune of the corpus, with its ABC if that is known."""
        bars = self._bars[self._starts[tune] : self._starts[tune + 1]]
        return _place(bars, first, notes, written_bars(self._texts[tune]) if self._texts else ())


def index_of(corpus: "Corpus") -> NoveltyIndex:
    """Return the index of the tunes that a network learns from, the others held out.

    Raises
    ------
    CorpusError
        If there are none.
    """
    learned = [tune for tune in corpus.tunes if tune.split == _LEARNED]
    others = [text for split in _HELD_OUT for text in corpus.split(split)]
    if not learned:
        raise CorpusError("the corpus holds no tune that abcgen can read, so nothing to compare")
    return NoveltyIndex.of(learned, others)


def calibrate(index: NoveltyIndex, held_out: Iterable[str], percentile: float = PERCENTILE) -> int:
    """Return the run, in notes, that so many percent of tunes by people do not exceed.

    Different tunes by people share runs too. A tune copies if its longest run is longer than
    theirs mostly are.

    Parameters
    ----------
    index : NoveltyIndex
        The corpus. Its `NoveltyIndex.held_out` is set.
    held_out : iterable of str
        Texts of tunes by people that are not in the index.
    percentile : float
        0 to 100.

    Raises
    ------
    CorpusError
        If there are fewer than `FEWEST_HELD_OUT` of them.
    NotationError
        If one of them cannot be read.
    """
    index.held_out = tuple(index.longest_run(text) for text in held_out)
    return index.threshold(percentile)


def _ints(values: Sequence[int]) -> _Ints:
    return np.array(values, dtype=np.int64)


def _grams(steps: _Ints) -> tuple[_Ints, npt.NDArray[np.uint64]]:
    """Return the places where `_GRAM` steps follow one another, and the hashes of those steps."""
    if len(steps) < _GRAM:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.uint64)
    windows = np.lib.stride_tricks.sliding_window_view(steps, _GRAM)  # (places, _GRAM)
    places = np.flatnonzero((windows != _NO_STEP).all(axis=1))
    hashes = np.zeros(len(windows), dtype=np.uint64)
    for column, multiplier in zip(windows.T, _MULTIPLIERS, strict=True):
        hashes += column.astype(np.uint64) * multiplier
    return places.astype(np.int64), hashes[places]


def _covered(runs: _Runs, owners: _Ints, tunes: _Ints, notes: int) -> _Ints:
    """Return for each of some tunes how many notes lie in runs shared with it: (tunes,)."""
    rows = np.searchsorted(tunes, owners)
    wanted = (rows < len(tunes)) & (tunes[np.minimum(rows, len(tunes) - 1)] == owners)
    rows, here, ends = rows[wanted], runs.here[wanted], (runs.here + runs.notes)[wanted]
    changes = np.zeros((len(tunes), notes + 1), dtype=np.int64)
    np.add.at(changes, (rows, here), 1)
    np.add.at(changes, (rows, ends), -1)
    counts: _Ints = np.count_nonzero(changes.cumsum(axis=1) > 0, axis=1)
    return counts


def _place(
    bars: Sequence[int] | _Ints, first: int, notes: int, written: Sequence[Bar] = ()
) -> Place:
    first_bar, last_bar = int(bars[first]), int(bars[first + notes - 1])
    if not written:
        return Place(first_bar, last_bar)
    shown = written[first_bar - 1 : last_bar]
    texts = (
        "".join(token.text for token in bar.tokens if token.kind != "chord").strip()
        for bar in shown
    )
    return Place(first_bar, last_bar, shown[0].setting.key, " | ".join(texts))


def _check(tunes: int, table: int, steps: _Ints, starts: _Ints, bars: _Ints) -> None:
    """Complain of arrays that do not belong together."""
    if not (
        steps.ndim == starts.ndim == bars.ndim == 1
        and len(starts) == tunes + 1
        and starts[0] == 0
        and bool((np.diff(starts) >= 0).all())
        and starts[-1] == len(steps) == len(bars)
        and bool(((steps >= 0) & (steps <= table)).all())
        and bool((steps[starts[1:][np.diff(starts) > 0] - 1] == _NO_STEP).all())
    ):
        raise ValueError("its parts do not belong together")
