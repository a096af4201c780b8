"""Figures: ratios with their range, kept from run to run, compared, and shown as a page."""

import json
import math
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from abcgen.support import console

#: How to read a ratio: more is better, less is better, it is a share of a whole in percent, or it
#: is merely reported. The last two are never worse.
MORE, LESS, SHARE, REPORTED = "more", "less", "share", "reported"
#: `worse` lists ratios that became worse by this share of the kept ratio.
WORSE = 0.2
_ROUNDING = 1e-9  # so that exactly 20 % is listed
_DIGITS = 3  # significant digits that are shown


@dataclass(frozen=True, slots=True)
class Figure:
    """Something measured in turns with a baseline.

    Attributes
    ----------
    name : str
        ``part/what``, by which the figure is kept.
    what, baseline : str
        What was measured, and what it is compared with.
    better : str
        `MORE`, `LESS`, `SHARE` or `REPORTED`.
    ratio, least, most : float or None
        The median of the ratios, and their range; None if it was not measured.
    runs : int
        Number of ratios.
    ours, theirs : float or None
        The medians of what was measured and of the baseline, in `unit`.
    unit : str
        The unit of `ours` and `theirs`.
    note : str
        Why it was not measured.
    run : int
        Index in `Kept.runs` of the run it was measured in.
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
    """When, by which command and on which machine figures were measured."""

    date: str
    command: str
    machine: dict[str, str]


@dataclass(frozen=True, slots=True)
class Kept:
    """The latest value of every figure, by name, and the runs they were measured in."""

    figures: dict[str, Figure] = field(default_factory=dict)
    runs: list[Run] = field(default_factory=list)

    def to_json(self) -> str:
        """Return it as JSON."""
        return json.dumps(asdict(self), indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str) -> "Kept":
        """Make it from the text that `to_json` returned."""
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
    """Return the figure `ours` / `theirs`.

    Parameters
    ----------
    name, what, baseline, better, unit : str
        See `Figure`.
    ours, theirs : sequence of float
        The measurements, taken in turns. Each is divided by the one that was taken next to it.
    """
    ratios = [one / other for one, other in zip(ours, theirs, strict=True)]
    return _figure(name, what, baseline, better, ratios, ours, theirs, unit)


def times_as_fast(
    name: str, what: str, baseline: str, ours: Sequence[float], theirs: Sequence[float]
) -> Figure:
    """Return how many times as fast as the baseline it is, from seconds; see `compared`."""
    ratios = [other / one for one, other in zip(ours, theirs, strict=True)]
    return _figure(name, what, baseline, MORE, ratios, ours, theirs, "s")


def not_measured(name: str, what: str, baseline: str, better: str, note: str) -> Figure:
    """Return a figure without a ratio, and why it cannot be measured here."""
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
        The figures of the run. All others stay as they were, and so do those that could not be
        measured this time.
    run : Run
        The run. A run that no figure is from any more is removed.
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
    """Return how much worse a ratio became, as a share of `before`; below 0 if it became better."""
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
                f"{shown(before.ratio)} is kept ({figure.what} compared with {figure.baseline})"
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
            lines.append(f"{figure.name}: {ratio_of(figure)}, and no ratio is kept")
    return lines


def shown(value: float) -> str:
    """Return a number with three significant digits, or with all digits before the point."""
    if not value:
        return "0"
    digits = _DIGITS - 1 - math.floor(math.log10(abs(value)))
    return f"{round(value, digits):,.{max(0, digits)}f}"


def ratio_of(figure: Figure) -> str:
    """Return a figure's ratio and its range as text."""
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
    """Return the row of a figure, under `HEAD`."""
    ours, theirs = (_value(value, figure.unit) for value in (figure.ours, figure.theirs))
    return [figure.what, ratio_of(figure), ours, figure.baseline, theirs]


HEAD = ["what", "ratio (least..most)", "measured", "compared with", "measured"]


def table(figures: Sequence[Figure]) -> str:
    """Return figures as text in columns."""
    return console.table([HEAD, *map(cells_of, figures)], "<")


def markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return the lines of a table in Markdown."""
    return ["| " + " | ".join(row) + " |" for row in (head, ["---"] * len(head), *rows)]


def _described(runs: Sequence[Run]) -> list[str]:
    """Return the lines on runs: what they have in common once, then what is particular to each."""
    first, *others = runs
    common = [
        (name, what)
        for name, what in first.machine.items()
        if all(run.machine.get(name) == what for run in others)
    ]
    shared = [f"- {name}: {what}" for name, what in common]
    if not others:
        return [f"{first.date}, `{first.command}`", "", *shared]
    lines = ["All runs:", "", *shared]
    for number, run in enumerate(runs, start=1):
        own = [f"{name} {what}" for name, what in run.machine.items() if (name, what) not in common]
        lines += ["", "; ".join([f"Run {number}: {run.date}, `{run.command}`", *own])]
    return lines


def page(kept: Kept, parts: Mapping[str, tuple[str, str]]) -> str:
    """Return everything that is kept as a page of Markdown.

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
        "Every figure is a ratio, measured in turns with the baseline in its row: the median of "
        "the measurements and, in brackets, the least and the greatest. Written by "
        "`python -m benchmarks`; with `--check` it compares new measurements with these.",
    ]
    several = len(kept.runs) > 1
    if kept.runs:
        lines += ["", *_described(kept.runs)]
    head = [*HEAD, *["run"] * several]
    for part, (title, about) in parts.items():
        figures = [figure for figure in kept.figures.values() if figure.part == part]
        if not figures:
            continue
        rows = [[*cells_of(one), *[str(one.run + 1)] * several] for one in figures]
        lines += ["", f"## {title}", "", about, ""]
        lines += markdown(head, rows)
    return "\n".join(lines) + "\n"
