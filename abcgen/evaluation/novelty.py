"""How new tunes are: what each comes nearest to in a corpus, beside what people write."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

import numpy as np

from abcgen.errors import NotationError
from abcgen.evaluation.validity import FoundTune
from abcgen.melodies.index import SHORTEST_RUN, NoveltyIndex
from abcgen.melodies.match import Match, Passage

#: What the checkpoint `folk` has learned from.
FOLK_BOOKS = ("nottingham", "cobb")


_PERCENTILES = (50, 90, 95, 99, 100)


_WIDEST_ABC = 88  # characters of a place that are shown


@dataclass(frozen=True, slots=True)
class Judged:
    """A tune and what it comes nearest to: `match` is None if it shares no run worth a name."""

    tune: FoundTune
    match: Match | None

    @property
    def notes(self) -> int:
        """The longest shared run in notes, or 0."""
        return self.match.notes if self.match else 0


def judge(
    index: NoveltyIndex, tunes: Iterable[FoundTune]
) -> tuple[list[Judged], list[tuple[FoundTune, str]]]:
    """Return what each tune comes nearest to, and the tunes that cannot be read with why."""
    judged: list[Judged] = []
    unread: list[tuple[FoundTune, str]] = []
    for tune in tunes:
        try:
            judged.append(Judged(tune, index.nearest(tune.text)))
        except NotationError as error:
            unread.append((tune, str(error)))
    return judged, unread


def figures(runs: Sequence[int], threshold: int) -> dict[str, object]:
    """Return how long the longest runs of tunes are, and how many are longer than allowed.

    Parameters
    ----------
    runs : sequence of int
        In notes; not empty.
    threshold : int
        The longest that is no copy, in notes.
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


def report(judged: Sequence[Judged], index: NoveltyIndex, threshold: int, show: int) -> str:
    """Return the table of figures, then `show` tunes at most, those with long runs first."""
    head = ["longest run in notes", "tunes", "median", "90 %", "95 %", "99 %", "100 %", "copies"]
    rows = [head]
    for name, runs in (
        ("these tunes", [one.notes for one in judged]),
        ("people's, held out", index.held_out),
    ):
        if runs:
            found = figures(runs, threshold)
            values = [found["tunes"], *found["percentiles"].values(), found["copies"]]  # type: ignore[attr-defined]
            rows.append([name, *map(str, values)])
            rows[-1][-1] += f" ({found['percent']:.1f} %)"
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        f"{row[0]:{widths[0]}}  "
        + "  ".join(f"{cell:>{width}}" for cell, width in zip(row[1:], widths[1:], strict=True))
        for row in rows
    ]
    lines.append(
        f"compared with {len(index)} tunes; a copy is more than {threshold} notes in one run; "
        f"0 stands for fewer than {SHORTEST_RUN}"
    )
    longest_first = sorted(judged, key=lambda one: -one.notes)  # stable: else in their order
    for one in longest_first[:show]:
        lines += ["", *_described(one, threshold)]
    if show and len(judged) > show:
        lines += ["", f"... and {len(judged) - show} more (--show {len(judged)} lists them all)"]
    return "\n".join(lines)


def _described(one: Judged, threshold: int) -> list[str]:
    """Return the lines on one tune."""
    match = one.match
    if match is None:
        return [f"{one.tune.label}: no run of {SHORTEST_RUN} notes is in the corpus"]
    verdict = "a copy, " if match.notes > threshold else ""
    return [
        f"{one.tune.label}: {verdict}{match.notes} of {match.of_notes} notes in one run "
        f"({match.plain:.0%} of it scale), {match.share:.0%} in all",
        f"  with {match.source}: X:{match.number} {match.title}".rstrip(),
        f"  here  {_shown(match.here)}",
        f"  there {_shown(match.there)}",
    ]


def _shown(place: Passage) -> str:
    """Return a place on one line."""
    last = f" to {place.last_bar}" if place.last_bar != place.first_bar else ""
    line = f"bar {place.first_bar}{last}"
    if not place.abc:
        return line
    abc = place.abc if len(place.abc) <= _WIDEST_ABC else place.abc[: _WIDEST_ABC - 4] + " ..."
    return f"{line}, K:{place.key}: {abc}"


def as_json(
    judged: Sequence[Judged],
    unread: Sequence[tuple[FoundTune, str]],
    index: NoveltyIndex,
    threshold: int,
) -> dict[str, object]:
    """Return everything, ready for JSON."""
    return {
        "compared_with": len(index),
        "threshold": threshold,
        "these": figures([one.notes for one in judged], threshold) if judged else None,
        "people": figures(index.held_out, threshold) if index.held_out else None,
        "tunes": [
            {
                "source": one.tune.source,
                "number": one.tune.number,
                "title": one.tune.title,
                "copies": one.notes > threshold,
                "nearest": asdict(one.match) if one.match else None,
            }
            for one in judged
        ],
        "unread": [
            {"source": tune.source, "number": tune.number, "title": tune.title, "reason": reason}
            for tune, reason in unread
        ],
    }
