"""What a melody over chords is made of: what is given, and the parts of bars to be written."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from abcgen.errors import UsageError
from abcgen.grammar.form import Form
from abcgen.grammar.parts import Part
from abcgen.model.vocabulary import END_OF_TUNE
from abcgen.notation.chart import Chart, ChartBar, ChartSection

#: A character that is given, or a part of a bar that is written; of each part, also the number of
#: the chord that it stands over, counted over the whole chart, or -1 before the first.
Script = list[str | tuple[Part, int]]


def script_of(
    chart: Chart, form: Form, symbols: Sequence[str], pickup: Fraction = Fraction(0)
) -> Script:
    """Return the music of a chart, from its first bar to the blank line behind it.

    Parameters
    ----------
    chart : Chart
        The chords.
    form : Form
        Behind the header.
    symbols : sequence of str
        What stands for each symbol of the chart.
    pickup : Fraction
        What each section begins with, in whole notes; its last bar is shorter by so much.

    Raises
    ------
    UsageError
        If a chord stands where no player takes one.
    """
    return list(_Writer(form, symbols, int(pickup * 8 * form.eighth())).write(chart))


class _Writer:
    """Writes a script; lengths are in grid units."""

    def __init__(self, form: Form, symbols: Sequence[str], pickup: int) -> None:
        self._full, self._eighth, self._meter = form.full(), form.eighth(), form.header.meter
        self._symbols, self._pickup = symbols, pickup
        self._written = 0  # symbols
        self._bar_number = 0

    def write(self, chart: Chart) -> Iterator[str | tuple[Part, int]]:
        for place, section in enumerate(chart.sections):
            yield from self._section(section, place == 0, last=place == len(chart.sections) - 1)
        yield END_OF_TUNE

    def _section(
        self, section: ChartSection, first_of_tune: bool, last: bool
    ) -> Iterator[str | tuple[Part, int]]:
        close = "|]\n" if last else "||\n"
        if section.repeated:
            yield from "|:"
        if self._pickup:
            # At the start of a tune the bar is a full one that may end early.
            yield Part(self._full - self._pickup if first_of_tune else 0, "|", tied=True), -1
            yield "|"
        first, *others = section.endings or [()]
        end = "|[1 " if first else ":|\n" if section.repeated else close
        yield from self._bars(section.bars, end, 0 if first else self._pickup)
        if first:
            yield from self._bars(first, ":|[2 ", self._pickup)
            for other in others:
                yield from self._bars(other, close, self._pickup)

    def _bars(
        self, bars: Sequence[ChartBar], end: str, missing: int
    ) -> Iterator[str | tuple[Part, int]]:
        """Yield bars, of which the last lacks some grid units."""
        for bar in bars[:-1]:
            yield from self._bar(bar, "|", 0, tied=True)
        yield from self._bar(bars[-1], end, missing, tied=False)

    def _bar(
        self, bar: ChartBar, end: str, missing: int, tied: bool
    ) -> Iterator[str | tuple[Part, int]]:
        self._bar_number += 1
        try:
            places = [place_in(one.place, self._full, self._eighth, self._meter) for one in bar]
        except UsageError as error:
            raise UsageError(f"bar {self._bar_number} of the chords: {error}") from None
        # Each part ends where the next chord stands, or with the bar.
        ends = [Part(self._full - place, '"', tied=True) for place in places]
        ends.append(Part(missing, end[0], tied))
        if places[:1] != [0]:
            yield ends[0], self._written - 1
        for part in ends[1:]:
            yield from f'"{self._symbols[self._written]}"'
            self._written += 1
            yield part, self._written - 1
        yield from end


def place_in(place: Fraction, full: int, eighth: int, meter: str) -> int:
    """Return where a chord stands in its bar.

    Parameters
    ----------
    place : Fraction
        The part of the bar before it.
    full, eighth : int
        How long a bar and an eighth are, in units.
    meter : str
        As ABC writes it.

    Raises
    ------
    UsageError
        If that is no whole eighth.
    """
    units = place * full
    if units.denominator > 1 or units % eighth:
        raise UsageError(
            f"chords stand at whole eighths, and so many do not share a bar of {meter} "
            "evenly: hold some with /, as in G / C, or choose another metre"
        )
    return int(units)
