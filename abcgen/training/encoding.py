"""Tunes as arrays of symbols, and the chunks that one training step reads."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from abcgen.errors import CorpusError
from abcgen.model.factors.layout import Layout
from abcgen.model.factors.plan import PlanTable
from abcgen.model.factors.reader import read_text
from abcgen.model.plans.outline import plan_of
from abcgen.model.vocabulary import END_OF_TUNE, Vocabulary
from abcgen.training.augmentation import Versions
from abcgen.training.rules import ForbiddenTable

#: The start of a tune that can get another title: up to the title, then what kind of tune it is.
_TITLE = re.compile(r"(?P<title>X:.*\n(?P<style>G:.*\n)?T:.*\n)(?P<kind>(?:[RM]:.*\n)*)")


@dataclass(frozen=True, slots=True)
class Chunk:
    """What one step reads and should predict; N = batch_size, T = seq_length.

    Attributes
    ----------
    inputs : int32 array, shape (N, T, F)
        The symbols of the characters read (`abcgen.model.factors.layout`), starting with the
        character itself.
    targets : int32 array, shape (N, T)
        The characters shifted by one: what comes next.
    weights : float32 array, shape (N, T)
        1 where a target counts, 0 after the end of a stream.
    forbidden : bool array, shape (N, T, V) or (1, 1, 1)
        What the grammar forbids to come next; the smaller array where this is not needed.
    heard : float16 array, shape (N, T, H), optional
        What the layers below the logits say, where it was computed before.
    """

    inputs: NDArray[np.int32]
    targets: NDArray[np.int32]
    weights: NDArray[np.float32]
    forbidden: NDArray[np.bool_]
    heard: NDArray[np.float16] | None = None


class EncodedTunes:
    """Tunes as symbols, drawn again for each epoch: in another key, under another title.

    Parameters
    ----------
    tunes : sequence of str
        Tunes in abcgen's spelling, without the blank line that ends each.
    vocabulary : Vocabulary
        Must contain every character of the tunes.
    factored : bool
        Whether characters come with factors.
    ruled : bool
        Whether chunks say what the grammar forbids; then the tunes must be canonical.
    versions : sequence of Versions
        For each tune, what may be read instead of it; or none.
    transposed : float
        Probability that a version is read instead of a tune, 0 to 1.
    retitled : float
        Probability that a tune gets the title of another of its style, rhythm and metre, 0 to 1.
    unplanned : float
        Probability that a tune is read without its plan, 0 to 1.
    times : sequence of float
        How often each tune is read on average, 0 or more; or none, for once each.

    Attributes
    ----------
    start : int16 array, shape (1, columns)
        The blank line that stands before the first tune.

    Raises
    ------
    CorpusError
        If there are no tunes.
    VocabularyError
        If a tune contains a character outside the vocabulary.

    Notes
    -----
    Each row is a character: its F symbols and, if `ruled`, the number in a `ForbiddenTable` of what
    is forbidden after it.
    """

    def __init__(
        self,
        tunes: Sequence[str],
        vocabulary: Vocabulary,
        *,
        factored: bool = False,
        planned: bool = False,
        ruled: bool = False,
        versions: Sequence[Versions] = (),
        transposed: float = 0.0,
        retitled: float = 0.0,
        unplanned: float = 0.0,
        times: Sequence[float] = (),
    ) -> None:
        if not tunes:
            raise CorpusError("there are no tunes to read; expected at least one")
        self._vocabulary = vocabulary
        self._factored = factored
        self._planned = planned
        self._rules = ForbiddenTable(vocabulary) if ruled else None
        self._versions = versions if transposed else ()
        #: For each tune the bounds within 0 to 1 that divide its versions by their shares.
        self._bounds = [np.cumsum(version.shares)[:-1] for version in self._versions]
        self._transposed = transposed
        self._retitled = retitled
        self._unplanned = unplanned if planned else 0.0
        #: How the symbols of its rows are numbered.
        self.layout = Layout(len(vocabulary), factored, planned)
        self._times = np.array(times) if set(times) - {1.0} else None
        self._known: dict[str, NDArray[np.int16]] = {}
        self._tunes = tunes
        self.start = self._encoded("")
        for tune in tunes:
            self._encoded(tune)

    def __len__(self) -> int:
        return len(self._tunes)

    def drawn(
        self, chance: np.random.Generator | None, own: Sequence[str] = ()
    ) -> list[NDArray[np.int16]]:
        """Return the tunes of an epoch, each (length, columns).

        Parameters
        ----------
        chance : numpy.random.Generator or None
            Draws versions and titles; without it the tunes are returned as they are.
        own : sequence of str
            Further tunes, for this epoch only; their titles are not given to other tunes.
        """
        if chance is None:
            return [self._encoded(tune) for tune in (*self._tunes, *own)]
        models = self._in_keys(chance)
        texts = [*models, *own]
        tunes = [self._encoded(text) for text in texts]
        if self._retitled:
            self._exchange_titles(texts, tunes, len(models), chance)
        for text in own:
            self._known.pop(text, None)
        for number in np.flatnonzero(chance.random(len(tunes)) < self._unplanned).tolist():
            tunes[number] = self._without_plan(tunes[number])
        return tunes

    def _without_plan(self, tune: NDArray[np.int16]) -> NDArray[np.int16]:
        bare = tune.copy()
        first, columns = self.layout.plain_columns, self.layout.columns
        bare[:, first:columns] = self.layout.no_plan
        return bare

    def _in_keys(self, chance: np.random.Generator) -> Sequence[str]:
        """Return the texts of an epoch: which tunes are read, and in which version."""
        numbers = list(range(len(self._tunes)))
        if self._times is not None:
            counts = np.floor(self._times + chance.random(len(self._times))).astype(int)
            numbers = np.repeat(numbers, counts).tolist()
            if not numbers:
                raise CorpusError("no tune was drawn to be read; give higher --weights")
        if not self._versions:
            return [self._tunes[number] for number in numbers]
        changes, places = chance.random((2, len(numbers)))
        return [
            self._versions[number].texts[int(np.searchsorted(self._bounds[number], place, "right"))]
            if change < self._transposed
            else self._tunes[number]
            for number, change, place in zip(numbers, changes, places, strict=True)
        ]

    def _exchange_titles(
        self,
        texts: Sequence[str],
        tunes: list[NDArray[np.int16]],
        models: int,
        chance: np.random.Generator,
    ) -> None:
        """Give tunes the title of another of their kind, taken from the first `models` tunes."""
        titles = [_TITLE.match(text) for text in texts]
        kinds = [(title["style"], title["kind"]) if title else None for title in titles]
        donors: dict[tuple[str, str] | None, list[NDArray[np.int16]]] = {}
        for title, kind, tune in zip(titles[:models], kinds, tunes, strict=False):
            if title:
                donors.setdefault(kind, []).append(tune[: title.end("title")])
        for number, (title, kind) in enumerate(zip(titles, kinds, strict=True)):
            if title and kind in donors and chance.random() < self._retitled:
                heads = donors[kind]
                # The header has no factors yet, so these rows fit any tune.
                head = heads[int(chance.integers(len(heads)))]
                tunes[number] = np.concatenate([head, tunes[number][title.end("title") :]])

    def _encoded(self, tune: str) -> NDArray[np.int16]:
        if tune not in self._known:
            characters = self._vocabulary.encode(tune + END_OF_TUNE)
            columns = [
                read_text(
                    self._vocabulary,
                    characters.tolist(),
                    planned=self._planned,
                    table=PlanTable(plan_of(tune)) if self._planned and tune else None,
                )
                if self._factored
                else characters[:, None]
            ]
            if self._rules:
                columns.append(self._rules.after(tune)[:, None])
            self._known[tune] = np.concatenate(columns, axis=1).astype(np.int16)
        return self._known[tune]

    def chunk(self, rows: NDArray[np.int32], weights: NDArray[np.float32]) -> Chunk:
        """Return the chunk of N windows of T + 1 rows, int32 (N, T + 1, columns)."""
        inputs, targets = rows[:, :-1], rows[:, 1:, 0]
        if self._rules:
            return Chunk(inputs[..., :-1], targets, weights, self._rules.table[inputs[..., -1]])
        return Chunk(inputs, targets, weights, np.zeros((1, 1, 1), bool))
