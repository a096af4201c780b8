"""Whether bars add up, whoever has read them."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import NamedTuple

#: Lengths come as floating-point numbers, since triplets are thirds; no note is finer than this.
FINEST = 10080


class BarLine(NamedTuple):
    """A bar line: which signs stand there.

    ``opens`` and ``closes`` say whether a repeat begins or ends, ``double`` whether it is a
    double or a final one, ``ending`` whether an ending begins, and ``drawn`` whether there is a
    line at all: ``[1`` alone is none.
    """

    opens: bool = False
    closes: bool = False
    double: bool = False
    ending: bool = False
    drawn: bool = True

    @property
    def may_divide(self) -> bool:
        """Whether it may stand inside of a bar, whose rest then comes behind it."""
        return self.opens or self.closes or self.double or not self.drawn


class Meter(NamedTuple):
    """A metre, as the length of a bar in whole notes; None where bars are free."""

    full: Fraction | None


class _Bar(NamedTuple):
    length: Fraction  # in whole notes, as the next
    full: Fraction | None
    line: BarLine


def bar_complaint(symbols: Iterable[Fraction | Meter | BarLine]) -> str | None:
    """Return what is wrong with the bars of a tune, or None.

    Parameters
    ----------
    symbols : iterable of Fraction, Meter or BarLine
        What stands in one voice, in its order: lengths of notes and rests in whole notes, metres,
        bar lines.

    Notes
    -----
    Bars fill the metre. A tune, and a part in another metre, may begin with a pickup, which is
    shorter. At repeats, endings and double bar lines a bar may be cut short; what comes behind,
    every way that it is played, makes it whole: so the bar before ``:|`` and the last bars of
    endings lack the pickup, and sections that follow each other have the same. The last bar lacks
    the pickup of its section or of the tune.
    """
    none = Fraction(0)
    full: Fraction | None = None
    # What the next bar completes: the rest of one that was cut short; None where it is free to
    # begin with a pickup, 0 where it is to be a full one.
    rest: Fraction | None = None
    first = begin = at_endings = none  # pickups of the tune and the section; rest at the endings
    begun = in_endings = False
    line = BarLine(double=True)  # the one before
    number = 0
    for number, bar in enumerate(_bars(symbols), start=1):
        if bar.full is None:
            return None  # free music has no bars to measure
        if bar.full != full and line.may_divide:
            rest, begun = None, False
        full = bar.full
        if rest is None:
            rest = bar.length if bar.length < full else none
        if not begun:
            begin, begun = rest, True
            first = first if number > 1 else begin
        due = rest or full
        if bar.length > due or (bar.length < due and not bar.line.may_divide):
            return f"bar {number} lasts {bar.length} where {due} is due"
        rest, line = due - bar.length, bar.line
        if line.closes and rest != begin:
            return f"bar {number} lacks {rest}, but its repeat begins with a pickup of {begin}"
        if line.ending:
            if in_endings:
                rest = at_endings
            at_endings, in_endings = rest, True
        elif in_endings and line.may_divide:
            in_endings = begun = False
        elif line.closes or line.opens:
            begun = False
    if not number:
        return "it holds no note"
    if rest not in (begin, first):
        return f"the last bar lacks {rest}, but the tune begins with a pickup of {first}"
    return None


def _bars(symbols: Iterable[Fraction | Meter | BarLine]) -> Iterator[_Bar]:
    """Yield the bars; lines with nothing between them are one, and the last bar ends the tune."""
    full: Fraction | None = None  # without M: music is free, says the standard
    now = full  # the metre at the beginning of the bar
    length: Fraction | None = None  # of the bar that is read; None before its first note
    ended: _Bar | None = None  # the bar before, whose line may still grow
    for symbol in symbols:
        if isinstance(symbol, Meter):
            full = symbol.full
        elif isinstance(symbol, Fraction):
            if length is None:
                now = full
            length = (length or Fraction(0)) + symbol
        elif length is not None:
            if ended:
                yield ended
            ended, length = _Bar(length, now, symbol), None
        elif ended:
            both = zip(ended.line, symbol, strict=True)
            ended = ended._replace(line=BarLine(*(one or other for one, other in both)))
    if length is not None:
        if ended:
            yield ended
        ended = _Bar(length, now, BarLine())
    if ended:
        yield ended._replace(line=ended.line._replace(double=True))
