"""Judgements as tables and as JSON."""

import dataclasses
import math
from typing import Any

from abcgen.evaluation.telltale.area import Area
from abcgen.evaluation.telltale.judgement import Judgement
from abcgen.evaluation.telltale.shares import Share
from abcgen.support.console import table

_Z = 1.959964  # standard deviations of a 95 % interval
_SMALL = 0.1  # a share that is shown with a decimal
_KINDS = ("training", "held_out", "drawn")


def report(book: str, found: Judgement) -> str:
    """Return the tables of one book."""
    learned, drawn, unseen, others = found.tunes.values()
    areas = [["area under the curve", "unseen", "cross-validated", "people / people"]]
    for name, told in found.told.items():
        areas.append([name, *map(_area, (told.unseen, told.crossed, told.people))])
    telling = [["what tells most", "area alone", "people", "drawn"]]
    for one in found.telling:
        telling.append([one.name, f"{one.area:.2f}", f"{one.people:.2f}", f"{one.drawn:.2f}"])
    shares = [["share in percent", "people, training", "people, held out", "drawn"]]
    shares += [[name, *map(shown, of)] for name, of in found.shares.items()]
    shares += [[f"plan {name}", *map(shown, of)] for name, of in found.plans.items()]
    return "\n\n".join(
        [
            f"{book}: learned from {learned} tunes by people and {drawn} drawn ones, judged by "
            f"{unseen} and {others} others",
            table(areas),
            table(telling),
            table(shares),
        ]
    )


def as_json(found: Judgement) -> dict[str, Any]:
    """Return a judgement, ready for JSON."""
    return {
        "tunes": found.tunes,
        "areas": {name: dataclasses.asdict(told) for name, told in found.told.items()},
        "telling": [dataclasses.asdict(one) for one in found.telling],
        "shares": {name: _counts(of) for name, of in found.shares.items()},
        "plans": {name: _counts(of) for name, of in found.plans.items()},
    }


def wilson(count: int, of: int) -> tuple[float, float]:
    """Return the 95 % interval of a share, 0 to 1, by Wilson (1927); `of` is at least 1."""
    share, weight = count / of, _Z * _Z / of
    middle = (share + weight / 2) / (1 + weight)
    half = math.sqrt(share * (1 - share) * weight + weight * weight / 4) / (1 + weight)
    return max(0.0, middle - half), min(1.0, middle + half)


def shown(share: Share) -> str:
    """Return a share in percent with its interval, or nothing if it is of nothing."""
    count, of = share
    if not of:
        return ""
    middle, low, high = (_percent(value) for value in (count / of, *wilson(count, of)))
    return f"{middle} ({low} to {high})"


def _percent(value: float) -> str:
    return f"{100 * value:.{int(value < _SMALL)}f}"


def _area(area: Area | None) -> str:
    return str(area) if area else ""


def _counts(shares: tuple[Share, ...]) -> dict[str, Any]:
    return {
        kind: {"count": count, "of": of, "interval": wilson(count, of) if of else None}
        for kind, (count, of) in zip(_KINDS, shares, strict=True)
    }
