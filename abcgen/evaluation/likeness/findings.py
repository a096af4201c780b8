"""What was found out about a network's tunes, as JSON and as tables."""

from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from abcgen.evaluation.likeness.distance import DIVISIONS, Distances
from abcgen.melodies.features import Feature
from abcgen.support.console import table

Figures = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Validity:
    """How many tunes of one kind, masked or raw, are valid.

    Attributes
    ----------
    referees : list of dict
        As `abcgen.evaluation.validity.summary` returns them.
    inner_bars : dict
        ``tunes``, ``right`` and ``percent``: the tunes whose inner bars are all right.
    """

    referees: list[Figures]
    inner_bars: Figures


@dataclass(frozen=True, slots=True)
class Originality:
    """How much of what was learned the tunes repeat.

    Attributes
    ----------
    compared_with : int
        Tunes that the network learned from.
    threshold : int
        The longest shared run that is not a copy, in notes.
    sampled, people : dict
        As `abcgen.evaluation.novelty.figures` returns them, for masked samples and held-out tunes.
    """

    compared_with: int
    threshold: int
    sampled: Figures
    people: Figures


@dataclass(frozen=True, slots=True)
class Compared:
    """A feature, compared between the corpus and the masked samples.

    ``corpus`` and ``sampled`` are histograms over all tunes, int64 (bins,).
    """

    feature: Feature
    corpus: NDArray[Any]
    sampled: NDArray[Any]
    distances: Distances


@dataclass(frozen=True, slots=True)
class Likeness:
    """How similar the masked samples are to the tunes of a corpus.

    Attributes
    ----------
    books : list of str
        The corpus.
    tunes : int
        Its tunes.
    as_many : int
        Number of samples, and of tunes by people, that are compared with the rest of the corpus.
    features : list of Compared
        The features compared.
    """

    books: list[str]
    tunes: int
    as_many: int
    features: list[Compared]


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything that was found; ``originality`` is None if too few tunes were held out."""

    samples: int
    temperature: float
    seed: int
    checkpoint: Figures
    missing: dict[str, str]
    masked: Validity
    raw: Validity
    originality: Originality | None
    likeness: Likeness


def as_json(found: Findings) -> Figures:
    """Return everything, ready for JSON."""
    novel = found.originality
    return {
        "checkpoint": found.checkpoint,
        "samples": found.samples,
        "temperature": found.temperature,
        "seed": found.seed,
        "missing": found.missing,
        "validity": {
            name: {"referees": one.referees, "inner_bars": one.inner_bars}
            for name, one in (("masked", found.masked), ("raw", found.raw))
        },
        "originality": novel
        and {
            "compared_with": novel.compared_with,
            "threshold": novel.threshold,
            "sampled": novel.sampled,
            "people": novel.people,
        },
        "likeness": {
            "corpus": found.likeness.books,
            "tunes": found.likeness.tunes,
            "as_many": found.likeness.as_many,
            "divisions": DIVISIONS,
            "features": {
                one.feature.name: {
                    "bins": list(one.feature.bins),
                    "corpus": one.corpus.tolist(),
                    "sampled": one.sampled.tolist(),
                    "distances": {
                        "sampled": one.distances.sampled,
                        "people": one.distances.people,
                        "halves": one.distances.halves,
                        "sampled_to_people": one.distances.to_people,
                        "sampled_to_halves": one.distances.to_halves,
                    },
                }
                for one in found.likeness.features
            },
        },
    }


def report(found: Findings) -> str:
    """Return the tables."""
    lines = [
        f"{found.checkpoint['path']}, version {found.checkpoint['version']}: {found.samples} "
        f"tunes masked and as many raw, temperature {found.temperature:g}, seed {found.seed}",
        "",
        *_validity(found),
        "",
    ]
    if found.originality:
        lines += [*_originality(found.originality), ""]
    return "\n".join([*lines, *_likeness(found.likeness)])


def _validity(found: Findings) -> list[str]:
    rows = [["valid tunes, percent", "masked", "raw"]]
    for masked, raw in zip(found.masked.referees, found.raw.referees, strict=True):
        name = f"{masked['referee']} {masked['version']}".rstrip()
        rows.append([name, f"{masked['percent']:.2f}", f"{raw['percent']:.2f}"])
    percents = [f"{one.inner_bars['percent']:.2f}" for one in (found.masked, found.raw)]
    rows.append(["all inner bars right", *percents])
    return [table(rows)]


def _originality(novel: Originality) -> list[str]:
    rows = [["longest shared run in notes", "tunes", "median", "95 %", "100 %", "copies"]]
    for name, one in (("sampled, masked", novel.sampled), ("people's, held out", novel.people)):
        runs = [str(one["percentiles"][percent]) for percent in ("50", "95", "100")]
        copies = f"{one['copies']} ({one['percent']:.1f} %)"
        rows.append([name, str(one["tunes"]), *runs, copies])
    return [
        table(rows),
        f"compared with {novel.compared_with} tunes; a copy shares a run of more than "
        f"{novel.threshold} notes",
    ]


def _likeness(like: Likeness) -> list[str]:
    rows = [["Jensen-Shannon distance", "sampled", "people", "halves", "s/people", "s/halves"]]
    for one in like.features:
        found = one.distances
        values = (found.sampled, found.people, found.halves)
        ratios = (found.to_people, found.to_halves)
        rows.append(
            [one.feature.name]
            + ["" if value is None else f"{value:.4f}" for value in values]
            + ["" if ratio is None else f"{ratio:.2f}" for ratio in ratios]
        )
    return [
        table(rows),
        f"sampled, people: {like.as_many} masked samples, and as many tunes of the corpus, "
        f"compared with the rest of its {like.tunes}; halves: one half of it "
        "compared with the other",
    ]
