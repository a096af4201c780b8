"""Whether the inner bars of a tune add up, in whichever spelling of ABC it is written."""

from abcgen.errors import NotationError
from abcgen.music.notes import music_of_bars
from abcgen.notation.form import Bar, read_sections
from abcgen.notation.timing import bar_events
from abcgen.notation.tune import read_meter, read_tune


def inner_bars_right(text: str) -> bool:
    """Say whether every inner bar of a tune fills its metre.

    Inner bars are all but the first and the last of each section and of each ending, since these
    may be, or lack, a pickup. The order of repeats and endings, the spelling of notes, and whether
    the last bar completes the pickup do not matter here.

    Parameters
    ----------
    text : str
        The tune from its X: line on, valid or not. A tune that abcgen cannot read, or reads with a
        warning, is not right.
    """
    try:
        tune = read_tune(text)
        sections = read_sections(tune)
        # All bars must be readable, the outer ones too.
        music_of_bars(bar for section in sections for bar in section.written())
        return not tune.warnings and all(
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
    # A rest of several bars (Z4) must be alone in its bar.
    rests = sum(event.rest_bars for event in events)
    return length == (0 if rests else full)
