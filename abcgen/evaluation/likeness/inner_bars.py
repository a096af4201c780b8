"""Whether the bars inside of a tune's sections add up, read as tolerantly as abcgen can read."""

from abcgen.errors import NotationError
from abcgen.music.notes import music_of_bars
from abcgen.notation.form import Bar, read_sections
from abcgen.notation.timing import bar_events
from abcgen.notation.tune import read_meter, read_tune


def inner_bars_right(text: str) -> bool:
    """Say whether every inner bar of a tune fills its metre.

    Inner bars are all but the first and the last of each section and of each ending, which may
    lack or be a pickup. How repeats and endings follow one another, how notes are spelled, and
    whether the last bar completes the pickup, does not matter here.

    Parameters
    ----------
    text : str
        The tune from its X: line on, valid or not. What abcgen cannot read is not right.
    """
    try:
        sections = read_sections(read_tune(text))
        # Everything must be readable, the outer bars too.
        music_of_bars(bar for section in sections for bar in section.written())
        return all(
            _fills(bar)
            for section in sections
            for bars in [section.bars, *section.endings]
            for bar in bars[1:-1]
        )
    except NotationError:
        return False


def _fills(bar: Bar) -> bool:
    events = list(bar_events(bar))
    full = read_meter(bar.setting.meter)
    length = sum(event.length for event in events) * bar.setting.unit
    # A rest of several bars (Z4) stands alone, or the bar is over-full.
    rests = sum(event.rest_bars for event in events)
    return length == (0 if rests else full)
