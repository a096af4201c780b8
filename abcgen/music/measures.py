"""The bars of a tune as played, fitted into the full bars in which they are counted.

A short bar at the end of a section and the pickup that follows it are one bar when counted.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from abcgen.music.notes import PlayedBar
from abcgen.notation.tune import read_meter

_FINEST = 64  # the largest denominator of a time signature that notation programs read
_MOST_BEATS = 255  # the largest numerator, one byte in a MIDI file


@dataclass(frozen=True, slots=True)
class TimeSignature:
    """A time signature as numbers, and its onset in whole notes."""

    onset: Fraction
    numerator: int
    denominator: int


def missing_starts(bars: Sequence[PlayedBar]) -> Iterator[Fraction]:
    """Yield, for each bar, how much of a full bar is missing before it, in whole notes.

    A pickup has the last beats of a bar, any other short bar the first.
    """
    before_was_cut = True  # a short bar at the start, or after another, is a pickup
    for bar in bars:
        missing = read_meter(bar.setting.meter) - bar.duration
        cut = missing > 0
        skipped = missing if cut and before_was_cut else Fraction(0)
        before_was_cut = cut and not skipped
        yield skipped


def time_signatures(bars: Sequence[PlayedBar]) -> Iterator[TimeSignature]:
    """Yield the time signatures by which every program finds the bars, where they change.

    A pickup at the start is a bar of its own, as short as it is. So is, later, any bar that is
    too short or too long; but short bars that make up a full one together, as the end of a
    section and the next pickup do, are one bar. A short bar at the end needs nothing.

    Notes
    -----
    A bar whose duration is not a whole number of 1/64, as with half a triplet, has no time
    signature; it gets that of its metre.
    """
    said = None
    start = 0
    while start < len(bars):
        bar = bars[start]
        count = _counted_as_one(bars, start)
        length = sum((bar.duration for bar in bars[start : start + count]), Fraction(0))
        full = read_meter(bar.setting.meter)
        is_cut_off = start + count == len(bars) and length < full
        # A rest of several bars has the length of so many.
        regular = is_cut_off or length % full == 0
        signature = _numbers(bar.setting.meter, full if regular else length)
        signature = signature or _numbers(bar.setting.meter, full)
        if signature is not None and signature != said:
            yield TimeSignature(bar.onset, *signature)
            said = signature
        start += count


def _counted_as_one(bars: Sequence[PlayedBar], start: int) -> int:
    """Return how many bars from here on make up one full bar; 1 if they do not."""
    if start == 0:
        return 1  # the pickup of the tune stands alone
    full = read_meter(bars[start].setting.meter)
    length = Fraction(0)
    for count, bar in enumerate(bars[start:], start=1):
        length += bar.duration
        if bar.duration >= read_meter(bar.setting.meter) or length > full:
            break
        if length == full:
            return count
    return 1


def _numbers(meter: str, length: Fraction) -> tuple[int, int] | None:
    """Return a length as numerator and denominator, those of the metre where it has them."""
    denominator = {"C": 4, "C|": 2}.get(meter) or int(meter.partition("/")[2])
    while denominator <= _FINEST:
        numerator = length * denominator
        if numerator.denominator == 1 and numerator <= _MOST_BEATS:
            return numerator.numerator, denominator
        denominator *= 2
    return None
