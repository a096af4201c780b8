"""Beams and tuplets around the notes of a bar. One lies inside the other, or apart from it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from abcgen.notation.beams import BEGIN, END
from abcgen.notation.score import Sign


@dataclass(frozen=True, slots=True)
class _Run:
    """Signs from `start` to before `end`, and the tags around them."""

    start: int
    end: int
    opening: str = field(compare=False)
    closing: str = field(compare=False)


def nested(elements: Sequence[str], signs: Sequence[Sign]) -> str:
    """Return the elements of signs with their tuplets and beams around them."""
    tuplets = list(_tuplets(signs))
    runs = [*tuplets, *_beams(signs, tuplets)]
    if not runs:
        return "".join(elements)
    # A beam around the same notes as a tuplet is inside it, since the sort is stable.
    runs.sort(key=lambda run: (run.start, -run.end))
    waiting, inside, parts = iter(runs), list[_Run](), []
    following = next(waiting, None)
    for place, element in enumerate(elements):
        while following is not None and following.start == place:
            parts.append(following.opening)
            inside.append(following)
            following = next(waiting, None)
        parts.append(element)
        while inside and inside[-1].end == place + 1:
            parts.append(inside.pop().closing)
    return "".join(parts)


def _tuplets(signs: Sequence[Sign]) -> Iterator[_Run]:
    """Yield the tuplets; one with several ratios inside is drawn as several."""
    start = 0
    for place, sign in enumerate(signs):
        if sign.tuplet_begins:
            start = place
        if not sign.tuplet_ends:
            continue
        for ratio, some in groupby(signs[start : place + 1], key=lambda one: one.ratio):
            end = start + len(list(some))
            if ratio is not None:
                opening = f'<tuplet num="{ratio.actual}" numbase="{ratio.normal}">'
                yield _Run(start, end, opening, "</tuplet>")
            start = end


def _beams(signs: Sequence[Sign], tuplets: Sequence[_Run]) -> Iterator[_Run]:
    """Yield the beams, broken where a tuplet begins or ends that a beam only partly covers."""
    start = 0
    for place, sign in enumerate(signs):
        if sign.beams[:1] == (BEGIN,):
            start = place
        elif sign.beams[:1] == (END,):
            yield from _apart(start, place + 1, tuplets)


def _apart(start: int, end: int, tuplets: Sequence[_Run]) -> Iterator[_Run]:
    """Yield a beam, or its parts that do not cross the edge of a tuplet."""
    if end - start < 2:
        return
    for tuplet in tuplets:
        edge = tuplet.end if tuplet.start < start else tuplet.start
        if start < edge < end < tuplet.end or (tuplet.start < start < edge < end):
            yield from _apart(start, edge, tuplets)
            yield from _apart(edge, end, tuplets)
            return
    yield _Run(start, end, "<beam>", "</beam>")
