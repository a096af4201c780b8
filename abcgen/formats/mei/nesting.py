"""Beams and tuplets around the notes of a bar. One lies inside the other, or apart from it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from abcgen.formats.mei.values import Value


@dataclass(slots=True)
class Sound:
    """A note, chord or rest of a bar.

    Attributes
    ----------
    id : str
        Its id, without ``#``.
    xml : str
        Its elements, one for each of its values.
    values : tuple of Value
        More than one if they are tied.
    rests : bool
        Whether it is silent.
    joined : bool
        Whether it follows the sound before without a space.
    """

    id: str
    xml: str
    values: tuple[Value, ...]
    rests: bool
    joined: bool

    @property
    def beamable(self) -> bool:
        """Whether a beam can hold it."""
        return not self.rests and len(self.values) == 1 and self.values[0].has_flag


@dataclass(frozen=True, slots=True)
class Run:
    """Sounds from `start` to before `end`, and the tags around them."""

    start: int
    end: int
    opening: str = field(compare=False)
    closing: str = field(compare=False)


def tuplet_run(start: int, end: int, notes: int, in_time_of: int) -> Run:
    """Return the run of a tuplet of `notes` in the time of `in_time_of`."""
    opening = f'<tuplet num="{notes}" numbase="{in_time_of}">'
    return Run(start, end, opening, "</tuplet>")


def nested(sounds: Sequence[Sound], tuplets: Sequence[Run]) -> str:
    """Return the sounds with their tuplets and beams around them."""
    runs = [*tuplets, *_beams(sounds, tuplets)]
    # A beam around the same notes as a tuplet is inside it, since the sort is stable.
    runs.sort(key=lambda run: (run.start, -run.end))
    waiting, inside, parts = iter(runs), list[Run](), []
    following = next(waiting, None)
    for place, sound in enumerate(sounds):
        while following is not None and following.start == place:
            parts.append(following.opening)
            inside.append(following)
            following = next(waiting, None)
        parts.append(sound.xml)
        while inside and inside[-1].end == place + 1:
            parts.append(inside.pop().closing)
    return "".join(parts)


def _beams(sounds: Sequence[Sound], tuplets: Sequence[Run]) -> Iterator[Run]:
    """Yield the beams, broken where a tuplet begins or ends that a beam only partly covers."""
    start = 0
    while start < len(sounds):
        end = start + 1
        while end < len(sounds) and sounds[end].joined and _both(sounds, end):
            end += 1
        yield from _apart(start, end, tuplets)
        start = end


def _both(sounds: Sequence[Sound], place: int) -> bool:
    return sounds[place - 1].beamable and sounds[place].beamable


def _apart(start: int, end: int, tuplets: Sequence[Run]) -> Iterator[Run]:
    """Yield a beam, or its parts that do not cross the edge of a tuplet."""
    if end - start < 2:
        return
    for tuplet in tuplets:
        edge = tuplet.end if tuplet.start < start else tuplet.start
        if start < edge < end < tuplet.end or (tuplet.start < start < edge < end):
            yield from _apart(start, edge, tuplets)
            yield from _apart(edge, end, tuplets)
            return
    yield Run(start, end, "<beam>", "</beam>")
