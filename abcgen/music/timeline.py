"""When each note of a tune's text is played, and the beats: what a page that plays it must know."""

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from abcgen.music.measures import missing_starts
from abcgen.music.notes import PlayedBar
from abcgen.music.order import played_bars
from abcgen.notation.meters import is_compound
from abcgen.notation.timing import bar_events
from abcgen.notation.tune import Tune, read_meter

_SOUNDING = ("note", "rest", "group")
#: Metres that are counted in half notes.
_IN_HALVES = ("C|", "2/2", "3/2")


class Moment(NamedTuple):
    """A note, a rest or a group as it is played: its place in the text, and its time.

    Attributes
    ----------
    offset : int
        Of its first character in the text that the tune was read from. It is in the id that the
        note has in a score.
    bar : int
        The place of its bar among those that are played, as they are written, counted from 0.
    onset, duration : Fraction
        In whole notes. Tied notes are moments of their own.
    """

    offset: int
    bar: int
    onset: Fraction
    duration: Fraction


class Beat(NamedTuple):
    """A beat: its onset in whole notes, and whether it begins a bar."""

    onset: Fraction
    first: bool


def moments_of(tune: Tune) -> Iterator[Moment]:
    """Yield what is played of a tune, in order, repeats played.

    Raises
    ------
    NotationError
        If the tune cannot be read.
    """
    bars = list(played_bars(tune))
    begins = [bar.tokens[0].position for bar in bars]
    place_of = {begin: place for place, begin in enumerate(sorted(set(begins)))}
    now = Fraction(0)
    for bar, begin in zip(bars, begins, strict=True):
        tokens = (token for token in bar.tokens if token.kind in _SOUNDING)
        for event in bar_events(bar):
            if event.chord is not None or event.field:
                continue
            duration = event.length * bar.setting.unit
            if event.rest_bars:
                duration = event.rest_bars * read_meter(bar.setting.meter)
            offset = tune.offset_of(next(tokens).position)
            yield Moment(offset, place_of[begin], now, duration)
            now += duration


def beats_of(bars: list[PlayedBar]) -> Iterator[Beat]:
    """Yield the beats of bars as they are played; a pickup has the last ones of a bar."""
    for bar, skipped in zip(bars, missing_starts(bars), strict=True):
        beat = beat_of(bar.setting.meter)
        place = -(-skipped // beat) * beat
        while place - skipped < bar.duration:
            first = place % read_meter(bar.setting.meter) == 0
            yield Beat(bar.onset + place - skipped, first)
            place += beat


def beat_of(meter: str) -> Fraction:
    """Return the length of a beat in whole notes."""
    if is_compound(meter):
        return Fraction(3, 8)
    if meter in _IN_HALVES:
        return Fraction(1, 2)
    return Fraction(1, 4) if read_meter(meter) % Fraction(1, 4) == 0 else Fraction(1, 8)
