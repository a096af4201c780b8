"""A small model of plans: learned from those of people's tunes, drawn from before a tune."""

import random
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from abcgen.errors import CheckpointError
from abcgen.model.factors.plan import COPY, ENDS, MOVED, NEW, Plan, PlannedBar
from abcgen.model.plans.counts import Contexts, Counts, Value
from abcgen.model.plans.labels import (
    ALIGNED,
    OTHER,
    START,
    Label,
    Lag,
    label_of,
    lag_of,
    relation_of,
)
from abcgen.model.plans.outline import plan_of
from abcgen.model.plans.seen import SeenSection, SeenSections

#: A choice that plans lack which an earlier version of abcgen has learned.
OPENING = "opening"
#: Of a header: rhythm, metre, key.
Header = tuple[str, str, str]
#: The choices that make a plan, and how much the contexts of each lean on the next: chords or none,
#: the bars of each section, lowest and highest note, the last note and the last chords of each
#: section, what a bar is, how far before it is what it is made of, by how many steps it is moved,
#: and whether each section is repeated.
CHOICES = {
    "style": 1,
    "form": 1,
    "reach": 1,
    "target": 1,
    "close": 1,
    "bar": 8,
    "lag": 1,
    "moved": 1,
    OPENING: 1,
}
#: How often a bar is drawn until there is what it is made of, and the last note of a section until
#: it is not the tonic.
_MOST_TRIES = 100
_TONIC = 1
_FIELDS = [re.compile(rf"^{name}:(.*)", re.MULTILINE) for name in "RMK"]


def header_of(text: str) -> Header:
    """Return rhythm, metre and key of a tune, empty where it names none."""
    found = (field.search(text) for field in _FIELDS)
    rhythm, meter, key = (match[1] if match else "" for match in found)
    return rhythm, meter, key


class Planner:
    """Draws plans.

    Parameters
    ----------
    counts : mapping of str to Counts
        What each choice is drawn from: `CHOICES`.
    as_before_habits : bool
        Whether sections end on notes that have nothing to do with what was seen of their bars. So
        were the plans of networks without habits, whose tunes can be made again.
    """

    def __init__(self, counts: Mapping[str, Counts], as_before_habits: bool = False) -> None:
        self._counts, self._as_before_habits = counts, as_before_habits

    @classmethod
    def of(cls, plans: Iterable[tuple[Header, Plan]]) -> Self:
        """Learn from plans."""
        observed: dict[str, list[tuple[Contexts, Value]]] = {name: [] for name in CHOICES}
        for header, plan in plans:
            for name, contexts, value in _choices(header, plan):
                observed[name].append((contexts, value))
        if not observed[OPENING]:
            del observed[OPENING]
        return cls({name: Counts.of(CHOICES[name], seen) for name, seen in observed.items()})

    @classmethod
    def of_tunes(cls, tunes: Sequence[str], times: Sequence[float] = ()) -> Self:
        """Learn from tunes in abcgen's spelling, but for those read less than once an epoch."""
        read = (
            (header_of(tune), plan)
            for tune, often in zip(tunes, times or [1.0] * len(tunes), strict=True)
            if often >= 1 and (plan := plan_of(tune))
        )
        return cls.of(read)

    def save(self, path: Path) -> None:
        """Write it as an ``.npz`` file."""
        arrays = {
            f"{name}/{part}": values
            for name, counts in self._counts.items()
            for part, values in counts.arrays().items()
        }
        with path.open("wb") as file:
            np.savez_compressed(file, **arrays)  # type: ignore[arg-type]

    @classmethod
    def load(cls, path: Path, as_before_habits: bool = False) -> Self:
        """Read what `save` wrote.

        Raises
        ------
        CheckpointError
            If the file is damaged.
        """
        parts: dict[str, dict[str, NDArray[Any]]] = {name: {} for name in CHOICES}
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
                for name in stored.files:
                    choice, part = name.split("/")
                    parts[choice][part] = stored[name]
            if not parts[OPENING]:
                del parts[OPENING]
            counts = {name: Counts.from_arrays(arrays) for name, arrays in parts.items()}
            return cls(counts, as_before_habits)
        except Exception as error:  # a damaged zip raises many kinds
            raise CheckpointError(f"{path} is damaged ({error}); restore the checkpoint") from None

    def bits(self, header: Header, plan: Plan) -> dict[str, float]:
        """Return what each kind of choice of a plan costs, in bits."""
        total = dict.fromkeys(CHOICES, 0.0)
        for name, contexts, value in _choices(header, plan):
            if name in self._counts:
                total[name] += self._counts[name].bits(contexts, value)
        return total

    def draw(
        self,
        header: Header,
        chance: random.Random,
        form: tuple[int, ...] = (),
        style: int = 0,
    ) -> Plan:
        """Draw a plan.

        A form that was seen has sections that were seen in such a form, of one tune or of several.
        In another one each bar is drawn by itself.

        Parameters
        ----------
        header : Header
            Of the tune.
        chance : random.Random
            Decides.
        form : tuple of int
            The bars of each section, if they are given.
        style : int
            2 for chords, 1 for none, 0 for either.
        """

        def choose(name: str, contexts: Contexts) -> Value:
            return self._counts[name].draw(contexts, chance)

        style = style or choose("style", _style_contexts(header))[0]
        form = form or choose("form", _form_contexts(header, style))
        low, high = choose("reach", _reach_contexts(header, style))
        if self._as_before_habits:
            targets, closes = self._ends(header, style, form, (), chance)
        seen = self._seen.draw(style, form, chance)
        sections = (
            [section.bars for section in seen] if seen else self._bar_by_bar(style, form, chance)
        )
        if not self._as_before_habits:
            targets, closes = self._ends(header, style, form, seen or (), chance)
        _end_alike(sections, targets, closes)
        _, _, key = header
        tonic = max("CDEFGAB".find(key[:1]), 0)  # without the mask, a key may be no key
        pairs = [(before, close) for before, close in closes]
        openings: list[int] = []
        for section in range(len(form) if OPENING in self._counts else 0):
            openings += choose(OPENING, _opening_contexts(header, style, form, section, openings))
        return Plan(sections, targets, low, high, style, tonic, pairs, tuple(openings))

    def _ends(
        self,
        header: Header,
        style: int,
        form: tuple[int, ...],
        seen: Sequence[SeenSection],
        chance: random.Random,
    ) -> tuple[list[int], list[Value]]:
        """Draw the last note of each section, and its last chords.

        A section that was seen ends on the tonic if it did there; if not, the header decides on
        which other degree.
        """
        targets: list[int] = []
        closes: list[Value] = []
        for section in range(len(form)):
            contexts = _target_contexts(header, style, form, targets)
            if not seen:
                targets += self._counts["target"].draw(contexts, chance)
            elif seen[section].target == _TONIC:
                targets.append(_TONIC)
            else:
                drawn = (self._counts["target"].draw(contexts, chance) for _ in range(_MOST_TRIES))
                targets += next((one for one in drawn if one != (_TONIC,)), (seen[section].target,))
            contexts = _close_contexts(style, form, targets, closes)
            closes.append(self._counts["close"].draw(contexts, chance))
        return targets, closes

    @cached_property
    def _seen(self) -> SeenSections:
        return SeenSections(self._counts)

    def _bar_by_bar(
        self, style: int, form: tuple[int, ...], chance: random.Random
    ) -> list[Sequence[PlannedBar]]:
        """Draw what each bar is, in a form that may never have been seen."""
        sections: list[Sequence[PlannedBar]] = []
        earlier: list[Label] = []
        for section, length in enumerate(form):
            labels = [START, START]
            for at in range(length):
                above = earlier[at].brief if at < len(earlier) else START.brief
                contexts = _bar_contexts(style, form, section, at, labels, above)
                label = self._label(contexts, form, section, at, labels[-1], chance)
                if label.kind >= MOVED:
                    moved = self._counts["moved"].draw(_moved_contexts(label, labels[-1]), chance)
                    label = label._replace(moved=moved[0])
                labels.append(label)
            earlier = labels[2:]
            sections.append(
                [
                    PlannedBar(label.kind, section - label.lag[0], at - label.lag[1], label.moved)
                    if label.kind >= COPY
                    else PlannedBar(label.kind)
                    for at, label in enumerate(earlier)
                ]
            )
        return sections

    def _label(
        self,
        contexts: Contexts,
        form: tuple[int, ...],
        section: int,
        at: int,
        before: Label,
        chance: random.Random,
    ) -> Label:
        """Draw what a bar is, among what is possible."""
        for _ in range(_MOST_TRIES):
            kind, relation = self._counts["bar"].draw(contexts, chance)
            label = Label(kind, relation=relation)
            if kind < COPY:
                return label
            lag = lag_of(relation, before.lag)
            if lag is None:
                back, bars = self._counts["lag"].draw(_lag_contexts(label, section), chance)
                lag = back, bars
            if _fits(lag, form, section, at) and relation_of(lag, before.lag) == relation:
                return label._replace(lag=lag)
        return Label(NEW)


def _end_alike(
    sections: Sequence[Sequence[PlannedBar]], targets: list[int], closes: list[Value]
) -> None:
    """Let a section end on what a later one ends on whose last bar is the same."""
    for section in range(len(sections) - 1, 0, -1):
        kind, earlier, bar, _ = sections[section][-1]
        if kind in (COPY, ENDS) and earlier < section and bar == len(sections[earlier]) - 1:
            targets[earlier], closes[earlier] = targets[section], closes[section]


def _choices(header: Header, plan: Plan) -> Iterator[tuple[str, Contexts, Value]]:
    """Yield each choice that a plan consists of."""
    style, form = plan.style, tuple(map(len, plan.sections))
    yield "style", _style_contexts(header), (style,)
    yield "form", _form_contexts(header, style), form
    yield "reach", _reach_contexts(header, style), (plan.low, plan.high)
    targets: list[int] = []
    all_closes = plan.closes or [(0, 0)] * len(form)
    for number, target in enumerate(plan.targets):
        yield "target", _target_contexts(header, style, form, targets), (target,)
        targets.append(target)
        contexts = _close_contexts(style, form, targets, all_closes[:number])
        yield "close", contexts, all_closes[number]
    earlier: list[Label] = []
    for section, bars in enumerate(plan.sections):
        labels = [START, START]
        for at, bar in enumerate(bars):
            label = label_of(bar, section, at, labels[-1])
            above = earlier[at].brief if at < len(earlier) else START.brief
            yield "bar", _bar_contexts(style, form, section, at, labels, above), label.brief
            if label.relation in (ALIGNED, OTHER):
                yield "lag", _lag_contexts(label, section), label.lag
            if label.kind >= MOVED:
                yield "moved", _moved_contexts(label, labels[-1]), (label.moved,)
            labels.append(label)
        earlier = labels[2:]
    for section, opening in enumerate(plan.openings):
        before = plan.openings[:section]
        yield OPENING, _opening_contexts(header, style, form, section, before), (opening,)


def _fits(lag: Lag, form: tuple[int, ...], section: int, at: int) -> bool:
    back, before = lag
    if not 0 <= back <= section:
        return False
    return 0 < before <= at if back == 0 else 0 <= at - before < form[section - back]


def _style_contexts(header: Header) -> Contexts:
    rhythm, meter, _ = header
    return (rhythm, meter), meter, ()


def _form_contexts(header: Header, style: int) -> Contexts:
    rhythm, meter, _ = header
    return (rhythm, meter, style), (meter, style), style, ()


def _reach_contexts(header: Header, style: int) -> Contexts:
    _, _, key = header
    return (key, style), key, key[:1], ()


def _target_contexts(
    header: Header, style: int, form: tuple[int, ...], before: Sequence[int]
) -> Contexts:
    _, _, key = header
    mode = re.sub("^[A-G][#b]?", "", key)
    last = len(before) == len(form) - 1
    first = before[0] if before else -1
    return (mode, style, last, first, len(before)), (mode, last, first), (last, first), last, ()


def _close_contexts(
    style: int, form: tuple[int, ...], targets: Sequence[int], before: Sequence[Value]
) -> Contexts:
    """Return what the last chords of a section depend on; its own target is the last."""
    last = len(targets) == len(form)
    first = before[0] if before else ()
    return (style, last, targets[-1], first), (style, last, targets[-1]), (style, last), style, ()


def _bar_contexts(
    style: int,
    form: tuple[int, ...],
    section: int,
    at: int,
    labels: Sequence[Label],
    above: Value,
) -> Contexts:
    part, length = min(section, 2), form[section]
    left = length - at
    two, one = (label.brief for label in labels[-2:])
    later = min(section, 1)
    return (
        (style, part, length, at, one, two),
        (part, length, at, one, two),
        (part, length, at, one),
        (later, at % 8, min(left, 2), one, above),
        (later, at % 8, min(left, 2), one),
        (later, at % 4, one),
        one,
        (),
    )


def _lag_contexts(label: Label, section: int) -> Contexts:
    return (label.brief, min(section, 2)), (label.relation, section), label.relation, ()


def _moved_contexts(label: Label, before: Label) -> Contexts:
    return (label.kind, label.lag, before.moved), (label.kind, before.moved), label.kind, ()


def _opening_contexts(
    header: Header, style: int, form: tuple[int, ...], section: int, before: Sequence[int]
) -> Contexts:
    rhythm, meter, _ = header
    earlier, bars, last = tuple(before), form[section], section == len(form) - 1
    return (
        (rhythm, meter, style, form, earlier),
        (style, form, earlier),
        (style, bars, last, earlier[-1:]),
        (bars, last, earlier[-1:]),
        earlier[-1:],
        (),
    )
