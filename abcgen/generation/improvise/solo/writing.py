"""A solo written as a tune over the chords of a chart."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from abcgen.errors import NotationError
from abcgen.formats.bar_text import UNIT, WHOLE, Accidentals, Event, Head, bar_text
from abcgen.formats.midi_in.pitches import spelled
from abcgen.generation.improvise.script import place_in
from abcgen.generation.improvise.solo.notes import Played
from abcgen.grammar.spelling import canonical
from abcgen.grammar.wishes import Wishes
from abcgen.notation.chart import Chart, ChartBar, ChartSection
from abcgen.notation.tune import read_meter, read_tune

_TITLE = "Solo"


def chords_of(chart: Chart, meter: str) -> tuple[list[tuple[Fraction, str]], Fraction]:
    """Return when each chord of a chart begins, each bar once, and the duration, in whole notes.

    Raises
    ------
    UsageError
        If a chord stands at no whole eighth.
    """
    full = read_meter(meter)
    units = int(full * WHOLE)
    chords = [
        (number * full + Fraction(place_in(symbol.place, units, UNIT, meter), WHOLE), symbol.chord)
        for number, bar in enumerate(chart.written())
        for symbol in bar
    ]
    return chords, full * sum(1 for _ in chart.written())


def tune_of(notes: Sequence[Played], chart: Chart, wishes: Wishes) -> str | None:
    """Return a solo as a tune in canonical spelling, or None where it has none.

    Parameters
    ----------
    notes : sequence of Played
        One after the other from the first bar on, each bar once.
    chart : Chart
        The chords.
    wishes : Wishes
        Title, rhythm, metre and key of the header.
    """
    header = [
        "X:1",
        f"T:{wishes.title or _TITLE}",
        *([f"R:{wishes.rhythm}"] if wishes.rhythm else []),
        f"M:{wishes.meter}",
        "L:1/8",
        f"K:{wishes.key}",
    ]
    writer = _Writer(notes, wishes.meter, wishes.key)
    try:
        body = [
            line
            for number, section in enumerate(chart.sections, start=1)
            for line in writer.section(section, last=number == len(chart.sections))
        ]
        return canonical(read_tune("\n".join([*header, *body]) + "\n"))
    except NotationError:
        return None


class _Writer:
    """Writes bars one after the other; times are in units."""

    def __init__(self, notes: Sequence[Played], meter: str, key: str) -> None:
        self._notes = [
            (note.pitch, int(note.onset * WHOLE), int(note.end * WHOLE)) for note in notes
        ]
        self._onsets = [onset for _, onset, _ in self._notes]
        self._meter, self._key = meter, key
        self._full = int(read_meter(meter) * WHOLE)
        self._now = 0

    def section(self, section: ChartSection, last: bool) -> Iterator[str]:
        """Yield the lines of a section."""
        close = "|]" if last else "||"
        end = "" if section.endings else ":|" if section.repeated else close
        yield ("|:" if section.repeated else "") + self._bars(section.bars) + (end or "|")
        for number, ending in enumerate(section.endings, start=1):
            final = number == len(section.endings)
            yield f"[{number} {self._bars(ending)}{close if final else ':|'}"

    def _bars(self, bars: Sequence[ChartBar]) -> str:
        return "|".join(map(self._bar, bars))

    def _bar(self, bar: ChartBar) -> str:
        begin, self._now = self._now, self._now + self._full
        symbols = {
            begin + place_in(symbol.place, self._full, UNIT, self._meter): symbol.chord
            for symbol in bar
        }
        # A note is struck again where a chord begins.
        cuts = sorted({begin, *symbols, self._now})
        events = [event for one, other in pairwise(cuts) for event in self._events(one, other)]
        for event in events:
            if event.onset in symbols:
                event.before = f'"{symbols[int(event.onset)]}"'
        return bar_text(events, Accidentals(self._key), self._meter, begin)

    def _events(self, begin: int, end: int) -> Iterator[Event]:
        """Yield the notes and rests from one time to another, cut off there."""
        now = begin
        first = max(bisect_right(self._onsets, begin) - 1, 0)
        for pitch, onset, stop in self._notes[first:]:
            if onset >= end:
                break
            if stop <= now:
                continue
            heads = [] if pitch is None else [Head(*spelled(pitch, self._key))]
            yield Event(heads, min(stop, end) - now, now)
            now = min(stop, end)
        if now < end:
            yield Event((), end - now, now)
