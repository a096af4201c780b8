"""Sections that are played twice, found again, so that they are written once.

A section begins before a bar line by as much as the pickup of the tune. Two passes are the same if
notes, bar lines and keys are, and most chords, of which those of the first pass are written:
players vary what they accompany with, and pickups are often not accompanied the first time. The
passes may differ in their last bars, which then are a first and a second ending. No section is cut
where a note sounds on.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from abcgen.formats.midi_in.bars import Bar
from abcgen.formats.midi_in.line import Sound

#: Bars of a section, in the order in which they are tried, for passes that are all the same,
_SAME = (8, 16, 4, 12, 6, 10, 24, 32, 5, 7, 9, 11, 14, 20)
#: and for those with endings of so many bars.
_WITH_ENDINGS = (8, 16, 12, 6, 10, 24, 32)
_ENDINGS = (1, 2)
#: The share of the time for which the chords of two passes must agree.
_ALIKE = 0.75


@dataclass(frozen=True, slots=True)
class Span:
    """A section as it is written. Times are in units.

    Attributes
    ----------
    begin, end : int
        Of what is played once, or both times before the endings.
    first, second : (int, int), optional
        When each ending begins and ends.
    repeated : bool
        Whether it is played twice.
    after : int
        When the next section begins.
    """

    begin: int
    end: int
    after: int
    repeated: bool = False
    first: tuple[int, int] | None = None
    second: tuple[int, int] | None = None


class _Music:
    """Notes, chords, bar lines and keys, to be compared from one time to another."""

    def __init__(
        self,
        line: Sequence[Sound],
        bars: Sequence[Bar],
        chords: Sequence[tuple[int, str]],
        keys: Sequence[tuple[int, str]],
    ) -> None:
        self.begin = bars[0].onset
        # A pickup ends with the first bar line; there is none before it.
        self.lines = [bar.onset for bar in bars if bar.onset or bar.length == bar.full]
        self.end = int(line[-1].end)
        self._sounds = [(int(one.onset), int(one.end - one.onset), one.pitches) for one in line]
        self._chords = list(chords)
        self._changes = sorted(
            [
                *((bar.onset, f"M:{bar.meter}") for bar in bars),
                *((onset, f"K:{key}") for onset, key in keys),
            ]
        )

    def is_cut(self, time: int) -> bool:
        """Return whether a note sounds on over a time."""
        index = bisect_left(self._sounds, (time,)) - 1
        return index >= 0 and sum(self._sounds[index][:2]) > time

    def same(self, first: int, second: int, length: int, pickup: int) -> bool:
        """Return whether the same is played for a length from two times on.

        The chords of a pickup, with which both begin, do not count.
        """
        # What changes where a section begins may be the end of the one before.
        return (
            _same(self._sounds, first, second, length)
            and _same(self._changes, first + 1, second + 1, length - 1)
            and self._chords_agree(first + pickup, second + pickup, length - pickup)
        )

    def _chords_agree(self, first: int, second: int, length: int) -> bool:
        """Return whether chords are the same most of the time, for a length from two times on."""
        changes = {0, length}
        for begin in (first, second):
            inside = slice(*(bisect_left(self._chords, (end,)) for end in (begin, begin + length)))
            changes |= {onset - begin for onset, _ in self._chords[inside]}
        agreeing = sum(
            until - place
            for place, until in pairwise(sorted(changes))
            if _holding(self._chords, first + place) == _holding(self._chords, second + place)
        )
        return agreeing >= _ALIKE * length


def _holding(items: Sequence[tuple[int, str]], time: int) -> str | None:
    """Return what holds at a time, of items that hold from their time on."""
    index = bisect_left(items, (time + 1,)) - 1
    return items[index][1] if index >= 0 else None


def _same(items: Sequence[tuple[Any, ...]], first: int, second: int, length: int) -> bool:
    """Return whether items, each with its time first, are the same from two times on."""
    a, b = (bisect_left(items, (time,)) for time in (first, second))
    count = bisect_left(items, (first + length,)) - a
    return bisect_left(items, (second + length,)) - b == count and all(
        one[0] - first == other[0] - second and one[1:] == other[1:]
        for one, other in zip(items[a : a + count], items[b : b + count], strict=True)
    )


def sections_of(
    line: Sequence[Sound],
    bars: Sequence[Bar],
    chords: Sequence[tuple[int, str]],
    keys: Sequence[tuple[int, str]],
) -> list[Span]:
    """Return the sections of a melody, in order.

    Parameters
    ----------
    line : sequence of Sound
        The melody on the grid.
    bars : sequence of Bar
        Those of `abcgen.formats.midi_in.bars.bars_of`.
    chords, keys : sequence of (int, str)
        When each begins to hold.
    """
    music = _Music(line, bars, chords, keys)
    pickup = bars[0].length if bars[0].length < bars[0].full else 0
    spans: list[Span] = []
    begin = now = music.begin
    while now < music.end:
        found = _repeat_at(music, now)
        if found is not None:
            if begin < now:
                _add(spans, Span(begin, now, now), pickup)
            spans.append(found)
            begin = now = found.after
        else:
            now = _next_place(music, now, pickup)
    if begin < music.end:
        spans.append(Span(begin, music.end, music.end))
    return spans


def _add(spans: list[Span], span: Span, pickup: int) -> None:
    """Add what is played once; a pickup that is none belongs to the second ending before it."""
    before = spans[-1] if spans else None
    if before and before.second and span.end - span.begin <= pickup:
        spans[-1] = replace(before, second=(before.second[0], span.end), after=span.after)
    else:
        spans.append(span)


def _next_place(music: _Music, now: int, pickup: int) -> int:
    """Return the next time at which a section may begin: a bar line, or a pickup before it."""
    index = bisect_left(music.lines, now + 1)
    places = []
    for line in music.lines[index : index + 2]:
        places += [line - pickup, line]
    return min((place for place in places if place > now), default=music.end)


def _repeat_at(music: _Music, begin: int) -> Span | None:
    """Return the section that begins here and is played twice, or None."""
    if music.is_cut(begin):
        return None
    first = bisect_left(music.lines, begin)
    pickup = music.lines[first] - begin if first < len(music.lines) else 0
    ends = [*music.lines[first:], music.end + pickup]

    def end_of(count: int) -> int | None:
        return ends[count] - pickup if count < len(ends) else None

    for count in _SAME:
        end = end_of(count)
        if end is None:
            continue
        after = 2 * end - begin
        fits = after <= music.end and not music.is_cut(end) and not music.is_cut(after)
        if fits and music.same(begin, end, end - begin, pickup):
            return Span(begin, end, after, repeated=True)
    for count in _WITH_ENDINGS:
        for ending in _ENDINGS:
            end, fork = end_of(count), ends[count - ending] if count < len(ends) else None
            if end is None or fork is None or 2 * ending >= count:
                continue
            # The last ending of a tune may be short by the pickup of another time.
            second, after = end + fork - begin, min(2 * end - begin, music.end)
            if after <= second or second not in music.lines:
                continue
            if any(map(music.is_cut, (end, fork, second, after))):
                continue
            if music.same(begin, end, fork - begin, pickup):
                return Span(begin, fork, after, True, (fork, end), (second, after))
    return None
