"""Read the plan off a tune: which bar is made of which earlier one."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from abcgen.grammar.wishes import ONCE, REPEATED, REPEATED_AFTER_PICKUP
from abcgen.model.factors.layout import MIDDLE
from abcgen.model.factors.lexing import BAR, BODY, OVER, START
from abcgen.model.factors.plan import (
    BEGINS,
    CONTOUR,
    COPY,
    DEGREES,
    ENDS,
    MOST_BARS_OF_SECTION,
    MOST_MOVED,
    MOST_SECTIONS,
    MOVED,
    NEW,
    RESEMBLES,
    STEPS,
    Plan,
    PlannedBar,
)
from abcgen.model.factors.position import SECOND, Bars
from abcgen.notation.keys import signature

_LETTERS = "CDEFGAB"
#: The step of each letter without octave marks, 0 for a rest.
_STEP_OF = {
    "z": 0,
    **{
        letter: MIDDLE + place + 7 * octave
        for octave, letters in enumerate((_LETTERS, _LETTERS.lower()))
        for place, letter in enumerate(letters)
    },
}
_NOTE = re.compile(r"(?P<letter>[A-Ga-gz])(?P<octave>[,']*)")
#: The beginning of a section's first line, behind a change of key.
_SECTION = re.compile(
    r"(?:\A|(?<=:\|\n)|(?<=\|\|\n))(?:K:.*\n)?(?!\[2)(?=.)(?P<pickup>[^|\n]*)(?P<repeat>\|:)?"
)
#: When a note begins, its step (0 for a rest), and its accidental.
Note = tuple[int, int, str]
#: A sequence has at least this many notes, and follows what it is made of within so many bars.
_FEWEST_MOVED = 3
_NEAR = 4
#: Shares of notes that two bars have in common, if one begins or ends like the other, and if not.
_SOME_ALIKE, _MOST_ALIKE = 0.4, 0.6


@dataclass
class OutlinedBar:
    """A bar with what sounds in it.

    Attributes
    ----------
    section, bar : int
        Its section, and its place there, from 0.
    number : int
        As in `abcgen.model.factors.position`: a second ending has the numbers of the first.
    second : bool
        Whether it is in a second ending.
    size : int
        Its ticks.
    notes : list of (int, int, str)
        Of each note the ticks since the bar line, its step (0 for a rest), and its accidental.
    roots : list of (int, str)
        Of each chord the ticks since the bar line, and the letter of its root.
    """

    section: int = 0
    bar: int = 0
    number: int = 0
    second: bool = False
    size: int = 0
    notes: list[Note] = field(default_factory=list)
    roots: list[tuple[int, str]] = field(default_factory=list)

    @property
    def rhythm(self) -> list[tuple[int, bool]]:
        """When something begins, and whether it is a rest."""
        return [(at, step == 0) for at, step, _ in self.notes]

    @property
    def steps(self) -> list[int]:
        """The steps of its notes, without rests."""
        return [step for _, step, _ in self.notes if step]

    def part(self, middle: float, second: bool) -> list[Note]:
        """Return the notes that begin before a time, or the others."""
        return [note for note in self.notes if (note[0] >= middle) == second]


def bars_of(text: str) -> Iterator[OutlinedBar]:
    """Yield the bars of a tune in abcgen's spelling, without pickups."""
    state, bars, time = START, Bars(), 0
    notes: list[Note] = []
    roots: list[tuple[int, str]] = []
    for place, character in enumerate(text):
        before, since, quoted = time, time - bars.began, bool(state.within)
        state, ticks, event, value = state.way(character)
        if event == OVER:
            return
        time += ticks * bars.unit
        if bars.body and ticks and not quoted and (match := _NOTE.match(text, place)):
            notes.append((since, _step(match), _sign_before(text, place)))
        if quoted and text[place - 1] == '"' and character in _LETTERS:
            roots.append((since, character))
        if not event:
            continue
        bar = OutlinedBar(bars.sections, bars.in_section - 1, bars.number, bars.form == SECOND)
        bar.size, bar.notes, bar.roots = before - bars.began, notes, roots
        pickup = bars.opening and bar.size < bars.size
        bars.take(event, value, time, place + 1)
        if event == BAR and bar.size and notes and not pickup:
            yield bar
        if event in (BAR, BODY):
            notes, roots = [], []


def _sign_before(text: str, place: int) -> str:
    start = place
    while text[start - 1] in "^_=":
        start -= 1
    return text[start:place]


def _step(match: re.Match[str]) -> int:
    step, octave = _STEP_OF[match["letter"]], match["octave"]
    if octave and step:
        step += 7 * (octave.count("'") - octave.count(","))
        return min(max(step, 1), STEPS - 1)
    return step


def plan_of(text: str) -> Plan | None:
    """Return the plan of a tune in abcgen's spelling; None if it has no bars."""
    bars = list(bars_of(text))
    if not bars:
        return None
    known: dict[int, OutlinedBar] = {}
    place_of: dict[tuple[int, int], PlannedBar] = {}
    last: tuple[OutlinedBar, OutlinedBar] | None = None
    ends: dict[int, OutlinedBar] = {}
    for bar in bars:
        for number in [one for one in known if one >= bar.number]:
            del known[number]
        planned, source = _made_of(bar, known, last)
        last = (bar, source) if source else None
        if not bar.second:
            place_of[bar.section, bar.bar] = planned
        known[bar.number] = bar
        if bar.steps:
            ends[bar.section] = bar
    count = min(1 + max(bar.section for bar in bars), MOST_SECTIONS)
    sections = []
    for section in range(count):
        length = 1 + max((b.bar for b in bars if b.section == section), default=-1)
        length = min(length, MOST_BARS_OF_SECTION)
        sections.append([place_of.get((section, bar), PlannedBar()) for bar in range(length)])
    _, _, body = text.partition("\nK:")
    key = body.partition("\n")[0]
    tonic, signs = key[0], signature(key)
    targets = [_degree(ends.get(section), tonic, signs) for section in range(count)]
    steps = [step for bar in bars for step in bar.steps] or [0]
    style = 2 if '"' in body else 1
    closes = [_close([b for b in bars if b.section == section], tonic) for section in range(count)]
    tonic_letter = _LETTERS.index(tonic)
    openings = openings_of(body.partition("\n")[2])
    if len(openings) != count:  # a change of key within a section
        openings = ()
    return Plan(sections, targets, min(steps), max(steps), style, tonic_letter, closes, openings)


def openings_of(music: str) -> tuple[int, ...]:
    """Return how each section begins: see `abcgen.grammar.wishes.Wishes`.

    Parameters
    ----------
    music : str
        A tune in abcgen's spelling without its header.
    """
    return tuple(
        (REPEATED_AFTER_PICKUP if found["pickup"] else REPEATED) if found["repeat"] else ONCE
        for found in _SECTION.finditer(music)
    )


def _close(bars: list[OutlinedBar], tonic: str) -> tuple[int, int]:
    """Return the degrees of the roots of a section's last two chords, 0 where there is none."""
    roots = [root for bar in bars for _, root in bar.roots]
    if not roots:
        return 0, 0
    before = next((root for root in reversed(roots) if root != roots[-1]), None)
    return _above(tonic, before) if before else 0, _above(tonic, roots[-1])


def _above(tonic: str, letter: str) -> int:
    """Return the degree of a letter, 1 for the tonic's."""
    return 1 + (_LETTERS.index(letter) - _LETTERS.index(tonic)) % 7


def _degree(bar: OutlinedBar | None, tonic: str, signs: dict[str, int]) -> int:
    if bar is None:
        return 0
    _, step, sign = [note for note in bar.notes if note[1]][-1]
    letter = _LETTERS[(step - 1) % 7]
    if sign and {"^": 1, "_": -1, "=": 0}.get(sign, 9) != signs.get(letter, 0):
        return DEGREES - 1
    return _above(tonic, letter)


def _made_of(
    bar: OutlinedBar, known: dict[int, OutlinedBar], last: tuple[OutlinedBar, OutlinedBar] | None
) -> tuple[PlannedBar, OutlinedBar | None]:
    """Return what a bar is made of, among the bars before, by number."""
    expected = last[1].number + 1 if last and last[0].number == bar.number - 1 else -1
    best, found = (0.0, -1, 0), None
    for number, other in known.items():
        kind, like, moved = _likeness(bar, other)
        if not kind:
            continue
        same_place = other.bar == bar.bar and other.section != bar.section
        rank = (like, 2 * (number == expected) + same_place, number)
        if kind in (MOVED, CONTOUR) and bar.number - number > _NEAR and not same_place:
            continue
        if found is None or rank > best:
            best, found = rank, (kind, other, moved)
    if found is None:
        return PlannedBar(NEW), None
    kind, other, moved = found
    return PlannedBar(kind, other.section, other.bar, moved), other


def _likeness(bar: OutlinedBar, other: OutlinedBar) -> tuple[int, float, int]:
    """Return kind (0 for unlike), how alike, 0 to 1, and steps moved."""
    if not bar.notes or not other.notes:
        return 0, 0.0, 0
    if bar.notes == other.notes:
        return (COPY, 1.0, 0) if bar.size == other.size else (RESEMBLES, 0.95, 0)
    same = set(bar.notes) & set(other.notes)
    share = len(same) / max(len(bar.notes), len(other.notes))
    if share >= _SOME_ALIKE:
        middle = max(bar.size, other.size) / 2
        for second, kind in ((False, BEGINS), (True, ENDS)):
            part = bar.part(middle, second)
            if part and part == other.part(middle, second):
                return kind, 0.5 + share / 4, 0
    if share >= _MOST_ALIKE:
        return RESEMBLES, 0.45 + share / 4, 0
    if bar.rhythm == other.rhythm and len(bar.steps) >= _FEWEST_MOVED:
        differences = {a - b for a, b in zip(bar.steps, other.steps, strict=True)}
        if len(differences) == 1:
            moved = differences.pop()
            if moved and abs(moved) <= MOST_MOVED:
                return MOVED, 0.9, moved
        contours = [
            [(after > before) - (after < before) for before, after in itertools.pairwise(steps)]
            for steps in (bar.steps, other.steps)
        ]
        if contours[0] == contours[1]:
            apart = sorted(a - b for a, b in zip(bar.steps, other.steps, strict=True))
            middle = apart[len(apart) // 2]
            return CONTOUR, 0.4, max(min(middle, MOST_MOVED), -MOST_MOVED)
    return 0, 0.0, 0
