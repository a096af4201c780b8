"""A few bars of a tune as a tune of their own, to be looked at."""

from abcgen.errors import UsageError
from abcgen.generation.redraw.bars import BarredTune
from abcgen.support import values


def excerpt(tune: BarredTune, numbers: frozenset[int], around: int = 1) -> str:
    """Return some bars of a tune, and what is between them, without a title and repeats.

    Parameters
    ----------
    tune : BarredTune
        The tune.
    numbers : frozenset of int
        The bars.
    around : int
        How many bars before and behind them come along.

    Raises
    ------
    UsageError
        If the tune has none of these bars, or `around` is no number of bars.
    """
    around = values.whole("around", around, 0)
    shown = [place for place, bar in enumerate(tune.bars) if bar.number in numbers]
    if not shown:
        raise UsageError(f"expected bars of the tune; {tune.extent}")
    bars = tune.bars[max(shown[0] - around, 0) : shown[-1] + 1 + around]
    lines, key = [], bars[0].key
    for bar in bars:
        change = f"[K:{bar.key}]" if bar.key != key else ""
        key = bar.key
        lines.append(change + tune.music(bar))
    music = "|".join(lines).removesuffix("-")
    return f"X:1\nM:{tune.meter}\nL:{tune.unit}\nK:{bars[0].key}\n{music}|\n"
