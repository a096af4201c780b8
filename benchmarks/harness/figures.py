"""Figures: ratios with their spread, kept from run to run, compared, and shown as a page."""

import json
import math
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

#: How a ratio is to be read: more of it is better, or less; it is a share of a whole, in percent;
#: or it is merely told. The last two are never found worse.
MORE, LESS, SHARE, TOLD = "more", "less", "share", "told"
#: A ratio that became worse by this share of what it was is named.
WORSE = 0.2
_ROUNDING = 1e-9  # so that exactly 20 % counts as such
_DIGITS = 3  # of figures that are shown


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured against a baseline, in turns with it.

    Attributes
    ----------
    name : str
        ``part/what``: what it is kept by.
    what, baseline : str
        What was measured, and against what.
    better : str
        `MORE`, `LESS`, `SHARE` or `TOLD`.
    ratio, least, most : float or None
        The median of the runs' ratios, and their spread; None if it was not measured.
    runs : int
        How many there were.
    ours, theirs : float or None
        The medians of what was measured and of the baseline, in `unit`.
    unit : str
        Of these two.
    note : str
        Why it was not measured.
    run : int
        The place in `Kept.runs` of the run that it is from.
    """

    name: str
    what: str
    baseline: str
    better: str
    ratio: float | None = None
    least: float | None = None
    most: float | None = None
    runs: int = 0
    ours: float | None = None
    theirs: float | None = None
    unit: str = ""
    note: str = ""
    run: int = 0

    @property
    def part(self) -> str:
        """The part of the benchmarks that it belongs to."""
        return self.name.split("/")[0]


@dataclass(frozen=True, slots=True)
class Run:
    """When, how and on what some figures were measured; ``machine`` from its parts to them."""

    date: str
    command: str
    machine: dict[str, str]


@dataclass(frozen=True, slots=True)
class Kept:
    """The newest of every figure that was ever measured, by name, and the runs they are from."""

    figures: dict[str, Figure] = field(default_factory=dict)
    runs: list[Run] = field(default_factory=list)

    def to_json(self) -> str:
        """Return it as JSON."""
        return json.dumps(asdict(self), indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str) -> "Kept":
        """Make it of what `to_json` gave."""
        values: dict[str, Any] = json.loads(text)
        figures = {name: Figure(**of_one) for name, of_one in values["figures"].items()}
        return cls(figures, [Run(**of_one) for of_one in values["runs"]])


def compared(
    name: str,
    what: str,
    baseline: str,
    better: str,
    ours: Sequence[float],
    theirs: Sequence[float],
    unit: str,
) -> Figure:
    """Return the figure ours / theirs.

    Parameters
    ----------
    name, what, baseline, better, unit : str
        See `Figure`.
    ours, theirs : sequence of float
        What each run gave, in turns: a ratio is taken of what was measured side by side.
    """
    ratios = [one / other for one, other in zip(ours, theirs, strict=True)]
    return _figure(name, what, baseline, better, ratios, ours, theirs, unit)


def sooner(
    name: str, what: str, baseline: str, ours: Sequence[float], theirs: Sequence[float]
) -> Figure:
    """Return how many times as fast ours is, from the seconds of both; see `compared`."""
    ratios = [other / one for one, other in zip(ours, theirs, strict=True)]
    return _figure(name, what, baseline, MORE, ratios, ours, theirs, "s")


def not_measured(name: str, what: str, baseline: str, better: str, note: str) -> Figure:
    """Return the place of a figure that cannot be measured here, and why."""
    return Figure(name, what, baseline, better, note=note)


def _figure(
    name: str,
    what: str,
    baseline: str,
    better: str,
    ratios: Sequence[float],
    ours: Sequence[float],
    theirs: Sequence[float],
    unit: str,
) -> Figure:
    return Figure(
        name,
        what,
        baseline,
        better,
        statistics.median(ratios),
        min(ratios),
        max(ratios),
        len(ratios),
        statistics.median(ours),
        statistics.median(theirs),
        unit,
    )


def merged(kept: Kept, found: Iterable[Figure], run: Run) -> Kept:
    """Return what is kept after a run.

    Parameters
    ----------
    kept : Kept
        What was kept before.
    found : iterable of Figure
        What the run measured. All else stays what it was, and what could not be measured this time
        does too.
    run : Run
        The run. One that no figure is from any more is forgotten.
    """
    runs = [*kept.runs, run]
    figures = dict(kept.figures)
    for figure in found:
        before = figures.get(figure.name)
        if figure.ratio is not None or before is None or before.ratio is None:
            figures[figure.name] = replace(figure, run=len(kept.runs))
    used = sorted({figure.run for figure in figures.values()})
    return Kept(
        {name: replace(one, run=used.index(one.run)) for name, one in figures.items()},
        [runs[number] for number in used],
    )


def worse_by(better: str, before: float, now: float) -> float:
    """Return by what share of what it was a ratio became worse; below 0, better."""
    return {MORE: 1 - now / before, LESS: now / before - 1}.get(better, 0.0)


def worse(kept: Kept, found: Iterable[Figure]) -> list[str]:
    """Return a line for each figure that became worse by `WORSE` or more."""
    lines = []
    for figure in found:
        before = kept.figures.get(figure.name)
        if before is None or before.ratio is None or figure.ratio is None:
            continue
        by = worse_by(figure.better, before.ratio, figure.ratio)
        if by >= WORSE - _ROUNDING:
            lines.append(
                f"{figure.name}: {by:.0%} worse: {ratio_of(figure)}, "
                f"{shown(before.ratio)} is kept ({figure.what} against {figure.baseline})"
            )
    return lines


def uncompared(kept: Kept, found: Iterable[Figure]) -> list[str]:
    """Return a line for each figure that could not be compared, and why."""
    lines = []
    for figure in found:
        before = kept.figures.get(figure.name)
        if figure.ratio is None:
            lines.append(f"{figure.name}: {figure.note}")
        elif before is None or before.ratio is None:
            lines.append(f"{figure.name}: {ratio_of(figure)}, and none is kept")
    return lines


def shown(value: float) -> str:
    """Return a number with three digits that count, or all of those before the point."""
    if not value:
        return "0"
    digits = _DIGITS - 1 - math.floor(math.log10(abs(value)))
    return f"{round(value, digits):,.{max(0, digits)}f}"


def ratio_of(figure: Figure) -> str:
    """Return a figure's ratio and its spread as text."""
    if figure.ratio is None or figure.least is None or figure.most is None:
        return figure.note
    values = (figure.ratio, figure.least, figure.most)
    if figure.better == SHARE:
        middle, least, most = (f"{value:.1%}" for value in values)
    else:
        middle, least, most = map(shown, values)
    return middle if figure.runs == 1 else f"{middle} ({least}..{most})"


def _value(value: float | None, unit: str) -> str:
    return "" if value is None else f"{shown(value)} {unit}".rstrip()


def cells_of(figure: Figure) -> list[str]:
    """Return the row of a figure: what, ratio, its own value, baseline, the baseline's value."""
    ours, theirs = (_value(value, figure.unit) for value in (figure.ours, figure.theirs))
    return [figure.what, ratio_of(figure), ours, figure.baseline, theirs]


HEAD = ["what", "ratio (least..most)", "measured", "against", "measured"]


def table(figures: Sequence[Figure]) -> str:
    """Return figures as text in columns."""
    rows = [HEAD, *map(cells_of, figures)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return the lines of a table in Markdown."""
    return ["| " + " | ".join(row) + " |" for row in (head, ["---"] * len(head), *rows)]


def page(kept: Kept, parts: Mapping[str, tuple[str, str]]) -> str:
    """Return all that is kept as a page of Markdown.

    Parameters
    ----------
    kept : Kept
        Figures and runs.
    parts : mapping of str to (str, str)
        Part -> its title and how it is measured, in the order of the page.
    """
    lines = [
        "# Results",
        "",
        "Every figure is a ratio, taken in one run in turns with the baseline that stands beside "
        "it: the median of the runs and, in brackets, the least and the most of them. "
        "`python -m benchmarks --check` compares with these.",
    ]
    several = len(kept.runs) > 1
    for number, run in enumerate(kept.runs, start=1):
        lines += ["", f"Run {number}: {run.date}, `{run.command}`" if several else run.date + ", "]
        if not several:
            lines[-1] += f"`{run.command}`"
        lines += ["", *(f"- {name}: {what}" for name, what in run.machine.items())]
    head = [*HEAD, *["run"] * several]
    for part, (title, about) in parts.items():
        figures = [figure for figure in kept.figures.values() if figure.part == part]
        if not figures:
            continue
        rows = [[*cells_of(one), *[str(one.run + 1)] * several] for one in figures]
        lines += ["", f"## {title}", "", about, ""]
        lines += markdown(head, rows)
    return "\n".join(lines) + "\n"
