"""How well drawn tunes can be told from people's, by which features, and plain shares of both."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from abcgen.evaluation.telltale.area import Area, area_of
from abcgen.evaluation.telltale.classifiers import (
    CLASSIFIERS,
    cross_scores,
    scores,
    trained,
    trees,
    values_of,
)
from abcgen.evaluation.telltale.features import GROUPS, Table, features_of
from abcgen.evaluation.telltale.outline import Outline, outline_of
from abcgen.evaluation.telltale.protocol import Tunes
from abcgen.evaluation.telltale.shares import Share, count_plans, count_shares, known_words

_FOLDS = 5
_MOST_TELLING = 15  # features that are listed
_MOST_PLANS = 6  # that are listed, the commonest of people's

WORDS = "words of titles that titles of the training split have"


@dataclass(frozen=True, slots=True)
class Told:
    """How well one classifier tells drawn tunes from people's.

    Attributes
    ----------
    unseen : Area
        By the tunes that were held out, and other drawn ones.
    crossed : Area, optional
        By the tunes to learn from, each judged by a classifier that learned from the others; a
        tune by people and the one that matches it are judged together.
    people : Area, optional
        The tunes held out from those of the training split, in the same way. Both are by people,
        so it should be about 0.5.
    """

    unseen: Area
    crossed: Area | None = None
    people: Area | None = None


@dataclass(frozen=True, slots=True)
class Telling:
    """A feature that tells: the area by this feature alone, and the means of both kinds of tunes.

    An area far below 0.5 tells as much as one far above: people's tunes have more of it.
    """

    name: str
    group: str
    area: float
    people: float
    drawn: float


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was found out about a network's tunes and a book's.

    Attributes
    ----------
    tunes : dict of str to int
        How many of each kind of `abcgen.evaluation.telltale.protocol.Tunes`.
    told : dict of str to Told
        By the name of a classifier, or of a group of features that boosted trees learned alone.
    telling : list of Telling
        The features that tell most, the best first.
    shares, plans : dict of str to tuple of Share
        What people's tunes have (training split, held out) and what drawn tunes have, all
        together; and the plans of their first sections.
    """

    tunes: dict[str, int]
    told: dict[str, Told]
    telling: list[Telling]
    shares: dict[str, tuple[Share, ...]]
    plans: dict[str, tuple[Share, ...]]


def judge(tunes: Tunes, say: Callable[[str], None] = lambda line: None) -> Judgement:
    """Return how well drawn tunes can be told from people's, and by what.

    Parameters
    ----------
    tunes : Tunes
        From `abcgen.evaluation.telltale.protocol.gather`.
    say : callable
        Takes a line about the work.

    Raises
    ------
    AbcgenError
        If scikit-learn is not installed.
    """
    kinds = {
        "training": tunes.training,
        "drawn": tunes.drawn,
        "held_out": tunes.held_out,
        "others": tunes.others,
    }
    outlines = [[outline_of(text) for text in kind] for kind in kinds.values()]
    tables = [features_of(kind) for kind in outlines]
    training, drawn, held_out, others = outlines
    taken: dict[Any, list[Any]] = {values_of: [table.values for table in tables]}
    told = {}
    for name, (make, take) in CLASSIFIERS.items():
        say(f"learning: {name}")
        if take not in taken:
            taken[take] = [take(kind) for kind in outlines]
        told[name] = _told(make, *taken[take])
    say("learning: each group of features alone")
    for group in GROUPS:
        learned, known, unseen, unknown = (table.of_group(group).values for table in tables)
        if not np.isnan(learned).all():  # chords, where a book has none
            told[f"{group} alone"] = Told(_unseen(trees, learned, known, unseen, unknown))
    compared = (training, held_out, drawn + others)
    return Judgement(
        {name: len(kind) for name, kind in kinds.items()},
        told,
        telling(tables[0], tables[1]),
        _shares(compared),
        _plans(compared),
    )


def telling(people: Table, drawn: Table, most: int = _MOST_TELLING) -> list[Telling]:
    """Return the features that tell most by themselves, the best first."""
    found = []
    for column, (name, group) in enumerate(zip(people.names, people.groups, strict=True)):
        ours, theirs = (
            values[~np.isnan(values)] for values in (t.values[:, column] for t in (people, drawn))
        )
        if len(ours) and len(theirs):
            own = area_of(ours, theirs).value
            found.append(Telling(name, group, own, float(ours.mean()), float(theirs.mean())))
    return sorted(found, key=lambda one: -abs(one.area - 0.5))[:most]


def _told(make: Callable[[], Any], training: Any, drawn: Any, held_out: Any, others: Any) -> Told:
    pairs = (range(len(training)), range(len(drawn)))
    apart = (range(len(training)), range(len(held_out)))
    return Told(
        _unseen(make, training, drawn, held_out, others),
        area_of(*cross_scores(make, training, drawn, pairs, _FOLDS)),
        area_of(*cross_scores(make, training, held_out, apart, _FOLDS)),
    )


def _unseen(make: Callable[[], Any], training: Any, drawn: Any, held_out: Any, others: Any) -> Area:
    classifier = trained(make, training, drawn)
    return area_of(scores(classifier, held_out), scores(classifier, others))


def _shares(compared: Sequence[Sequence[Outline]]) -> dict[str, tuple[Share, ...]]:
    """Return the shares of some kinds of tunes side by side, the training split first."""
    counted = [count_shares(kind) for kind in compared]
    shares = {name: tuple(of[name] for of in counted) for name in counted[0]}
    titles = [[outline.tune.title for outline in kind] for kind in compared]
    # Of the training split's own words no share can be told.
    shares[WORDS] = ((0, 0), *(known_words(some, titles[0]) for some in titles[1:]))
    return shares


def _plans(compared: Sequence[Sequence[Outline]]) -> dict[str, tuple[Share, ...]]:
    """Return the commonest plans of all of them side by side; see `_shares`."""
    counted = [count_plans(kind) for kind in compared]
    common = [plan for plan, _ in counted[0].most_common(_MOST_PLANS)]
    common += [plan for plan, _ in counted[-1].most_common(_MOST_PLANS) if plan not in common]
    return {plan: tuple((of[plan], of.total()) for of in counted) for plan in common}
