"""How new tunes are: the nearest tune of a corpus to each, compared with what people write."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from abcgen.errors import NotationError
from abcgen.evaluation.validity import FoundTune
from abcgen.melodies.index import NoveltyIndex
from abcgen.melodies.match import Match

_PERCENTILES = (50, 90, 95, 99, 100)


@dataclass(frozen=True, slots=True)
class Judged:
    """A tune and the nearest one: `match` is None if no run of `SHORTEST_RUN` notes is shared."""

    tune: FoundTune
    match: Match | None

    @property
    def notes(self) -> int:
        """The longest shared run in notes, or 0."""
        return self.match.notes if self.match else 0


def judge(
    index: NoveltyIndex, tunes: Iterable[FoundTune]
) -> tuple[list[Judged], list[tuple[FoundTune, str]]]:
    """Return the nearest tune to each, and the tunes that cannot be read with the reasons."""
    judged: list[Judged] = []
    unread: list[tuple[FoundTune, str]] = []
    for tune in tunes:
        try:
            judged.append(Judged(tune, index.nearest(tune.text)))
        except NotationError as error:
            unread.append((tune, str(error)))
    return judged, unread


def figures(runs: Sequence[int], threshold: int) -> dict[str, object]:
    """Return how long the longest runs of tunes are, and how many of them are copies.

    Parameters
    ----------
    runs : sequence of int
        In notes; not empty.
    threshold : int
        The longest run that is not a copy, in notes.
    """
    copies = sum(run > threshold for run in runs)
    percentiles = np.percentile(runs, _PERCENTILES, method="inverted_cdf")
    return {
        "tunes": len(runs),
        "percentiles": {
            str(name): int(value) for name, value in zip(_PERCENTILES, percentiles, strict=True)
        },
        "copies": copies,
        "percent": round(100 * copies / len(runs), 2),
    }
