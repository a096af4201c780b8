"""Whether the bars of a tune add up, whichever program has read them."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import NamedTuple

#: No note is shorter than a whole note divided by this. Programs give lengths as floating-point
#: numbers, which are rounded to fractions, since a note of a triplet is a third.
FINEST = 10080


class BarLine(NamedTuple):
    """A bar line and the signs at it.

    ``opens`` and ``closes`` say whether a repeat begins or ends, ``double`` whether it is a
    double or final bar line, ``ending`` whether an ending begins, and ``drawn`` whether there is a
    line at all: an ending may begin within a bar, as ``[1`` does.
    """

    opens: bool = False
    closes: bool = False
    double: bool = False
    ending: bool = False
    drawn: bool = True

    @property
    def may_divide(self) -> bool:
        """Whether it may stand within a bar, whose rest follows after it."""
        return self.opens or self.closes or self.double or not self.drawn


class Meter(NamedTuple):
    """A metre, as the length of a bar in whole notes; None if bars are free."""

    full: Fraction | None


class _Bar(NamedTuple):
    length: Fraction  # in whole notes, as `full`
    full: Fraction | None
    line: BarLine  # at its end


def bar_complaint(symbols: Iterable[Fraction | Meter | BarLine]) -> str | None:
    """Return what is wrong with the bars of a tune, or None.

    Parameters
    ----------
    symbols : iterable of Fraction, Meter or BarLine
        One voice in its order: lengths of notes and rests in whole notes, metres, bar lines.

    Notes
    -----
    Bars fill the metre, with these exceptions. A tune, and a part in another metre, may begin with
    a pickup, which is shorter. At repeats, endings and double bar lines a bar may be cut short, if
    what is played next completes it, whichever way one goes on. So the bar before ``:|`` and the
    last bars of endings lack the pickup, and sections that follow each other have pickups of equal
    length. The last bar is full, or lacks the pickup of its section or that of the tune.
    """
    none = Fraction(0)
    full: Fraction | None = None
    # The length of the next bar, if it completes one that was cut short; 0 if it must be a full
    # bar, None if it may be a pickup.
    rest: Fraction | None = None
    tune_pickup = section_pickup = at_endings = none  # `at_endings`: `rest` where they begin
    in_section = in_endings = False
    line = BarLine(double=True)  # the one before
    number = 0  # as `abcgen.notation.bar_numbers` counts
    empty = True
    for bar in _bars(symbols):
        if bar.full is None:
            return None  # free music has no bars to measure
        if bar.full != full and line.may_divide:
            rest, in_section = None, False
        full = bar.full
        if rest is None:
            rest = bar.length if bar.length < full else none
        if not in_section:
            section_pickup = rest
            tune_pickup = section_pickup if empty else tune_pickup
        number += bar.length >= full or (in_section and not rest)
        in_section, empty = True, False
        due = rest or full
        if bar.length > due or (bar.length < due and not bar.line.may_divide):
            return f"bar {number} lasts {bar.length} where {due} is due"
        rest, line = due - bar.length, bar.line
        if line.closes and rest != section_pickup:
            pickup = f"a pickup of {section_pickup}"
            return f"bar {number} lacks {rest}, but its repeat begins with {pickup}"
        if line.ending:
            if in_endings:
                rest = at_endings
            at_endings, in_endings = rest, True
        elif in_endings and line.may_divide:
            in_endings = in_section = False
        elif line.closes or line.opens:
            in_section = False
    if empty:
        return "it holds no note"
    if rest not in (none, section_pickup, tune_pickup):
        return f"the last bar lacks {rest}, but the tune begins with a pickup of {tune_pickup}"
    return None


def _bars(symbols: Iterable[Fraction | Meter | BarLine]) -> Iterator[_Bar]:
    """Yield the bars; bar lines without a note between them count as one.

    The last bar ends with a double bar line in any case, since the tune ends there.
    """
    full: Fraction | None = None  # the ABC standard: without M: the metre is free
    now = full  # the metre at the beginning of the bar
    length: Fraction | None = None  # of the current bar; None before its first note
    ended: _Bar | None = None  # the bar before, whose line may still get more signs
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
