"""Where the lines of a score end: as in the text, unless one is too full or all but empty."""

from collections.abc import Iterator, Sequence

from abcgen.formats.mei.bars import DrawnBar

#: The width of a page, and what clef and key take of it, in tenths of a millimetre where the
#: staff is 7.2 mm high. Other widths here are in the same unit.
PAGE = 2200
_CLEF = 150
#: The width that a new key signature adds to a bar.
CHANGE = 60.0
#: Value -> how wide a note is; these are what verovio 6.4 gives in 1,100 bars, to one hundredth.
_WIDTHS = {"breve": 180, "1": 155, "2": 105, "4": 68, "8": 45, "16": 31}
_SHORT, _DOT, _ACCIDENTAL, _BAR = 28, 21, 8, 23

_FULL = 1.05 * (PAGE - _CLEF)  # notes may stand a little closer than verovio would set them
_SPARE = 0.4  # a line that is less full than this joins the one before, if that has room


def width_of(bar: DrawnBar) -> float:
    """Return how wide a bar is before it is stretched to fill its line."""
    values = [value for sound in bar.sounds for value in sound.values]
    notes = sum(_WIDTHS.get(value.name, _SHORT) + _DOT * (value.dots > 0) for value in values)
    accidentals = bar.layer.count(' accid="')
    return _BAR + notes + _ACCIDENTAL * accidentals


def lines_of(widths: Sequence[float], breaks: Sequence[bool]) -> Iterator[range]:
    """Yield the bars of each line.

    Parameters
    ----------
    widths : sequence of float
        Of each bar, by `width_of`.
    breaks : sequence of bool
        Whether a line begins with each bar in the text.
    """
    starts = [0, *(bar for bar in range(1, len(widths)) if breaks[bar])]
    ends = [*starts[1:], len(widths)]
    lines: list[range] = []
    for start, end in zip(starts, ends, strict=True):
        width = sum(widths[start:end])
        if lines and width < _SPARE * _FULL and end < len(widths):
            before = lines[-1]
            if sum(widths[before.start : before.stop]) + width <= _FULL:
                lines[-1] = range(before.start, end)
                continue
        lines.append(range(start, end))
    for line in lines:
        yield from _evenly(line, widths)


def _evenly(line: range, widths: Sequence[float]) -> Iterator[range]:
    """Yield a line in as few parts as are not too full, all about as full."""
    left = sum(widths[line.start : line.stop])
    parts = _fewest(widths[line.start : line.stop])
    start, filled = line.start, 0.0
    for bar in line:
        even = filled + widths[bar] / 2 > left / parts
        if bar > start and ((even and parts > 1) or filled + widths[bar] > _FULL):
            yield range(start, bar)
            left, parts = left - filled, max(parts - 1, 1)
            start, filled = bar, 0.0
        filled += widths[bar]
    yield range(start, line.stop)


def _fewest(widths: Sequence[float]) -> int:
    """Return the number of lines that bars need if each line is filled before the next."""
    count, filled = 1, 0.0
    for width in widths:
        if filled and filled + width > _FULL:
            count, filled = count + 1, 0.0
        filled += width
    return count
