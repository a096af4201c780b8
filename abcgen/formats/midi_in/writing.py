"""A melody with its bars, sections and chords written as ABC."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from abcgen.formats.bar_text import UNIT, Accidentals, Event, Head, bar_text
from abcgen.formats.chord_places import with_chords
from abcgen.formats.midi_in.bars import Bar
from abcgen.formats.midi_in.line import Sound
from abcgen.formats.midi_in.pitches import spelled
from abcgen.formats.midi_in.sections import Span

_BARS_IN_LINE = 4


@dataclass(frozen=True, slots=True)
class Melody:
    """A melody that can be written.

    Attributes
    ----------
    line : sequence of Sound
        Its notes on the grid.
    bars : sequence of Bar
        Its bars; the first begins where the music does.
    chords, keys : sequence of (int, str)
        When each begins to hold, in units.
    title : str
        Its title.
    """

    line: Sequence[Sound]
    bars: Sequence[Bar]
    chords: Sequence[tuple[int, str]]
    keys: Sequence[tuple[int, str]]
    title: str


def abc_of(melody: Melody, spans: Sequence[Span]) -> str:
    """Return a tune as ABC.

    Raises
    ------
    NotationError
        If a tuplet goes over a bar line, or cannot be written.
    """
    first = melody.bars[0]
    header = [
        "X:1",
        f"T:{melody.title}",
        f"M:{first.meter}",
        "L:1/8",
        f"K:{melody.keys[0][1]}",
    ]
    writer = _Writer(melody)
    for index, span in enumerate(spans):
        writer.section(span, last=index == len(spans) - 1)
    return "\n".join([*header, *writer.lines]) + "\n"


class _Writer:
    """Writes sections line by line."""

    def __init__(self, melody: Melody) -> None:
        self.lines: list[str] = []
        self._melody = melody
        self._onsets = [int(sound.onset) for sound in melody.line]
        self._bar_onsets = [bar.onset for bar in melody.bars]
        self._chord_onsets = [onset for onset, _ in melody.chords]
        self._key_onsets = [onset for onset, _ in melody.keys]
        self._meter, self._key = melody.bars[0].meter, melody.keys[0][1]
        self._chord = ""  # the symbol that was written last

    def section(self, span: Span, last: bool) -> None:
        close = "|]" if last else "||"
        if span.first is None or span.second is None:
            begin = "|:" if span.repeated else ""
            self._stretch(span.begin, span.end, begin, ":|" if span.repeated else close)
            return
        self._stretch(span.begin, span.end, "|:", "|")
        self._stretch(*span.first, "[1 ", ":|")
        self._stretch(*span.second, "[2 ", close)

    def _stretch(self, begin: int, end: int, opening: str, closing: str) -> None:
        """Write the bars from one time to another."""
        self._chord = ""
        text, count = opening, 0
        bars = self._melody.bars
        index = bisect_right(self._bar_onsets, begin) - 1
        now = begin
        while now < end:
            bar = bars[index]
            stop = min(bar.end if index + 1 < len(bars) else max(bar.end, end), end)
            fields = self._fields(bar, now)
            if fields:
                self.lines += [*([text] if text.strip() else []), *fields]
                text, count = "", 0
            first = now == begin and now > bar.onset
            short = now == bars[0].onset and bar.length < bar.full
            origin = bar.end - bar.full if first or short else bar.onset
            text += self._bar(bar, now, stop, origin, pickup=first or short)
            count += 1
            text += "|" if stop < end else closing
            if count >= _BARS_IN_LINE and stop < end:
                self.lines.append(text)
                text, count = "", 0
            now = stop
            index += 1
        self.lines.append(text)

    def _fields(self, bar: Bar, now: int) -> list[str]:
        """Return the fields that change with a bar."""
        found = []
        if bar.meter != self._meter:
            self._meter = bar.meter
            found.append(f"M:{bar.meter}")
        key = self._melody.keys[max(bisect_right(self._key_onsets, now) - 1, 0)][1]
        if key != self._key:
            self._key = key
            found.append(f"K:{key}")
        return found

    def _bar(self, bar: Bar, begin: int, end: int, origin: int, pickup: bool) -> str:
        """Return the music of a bar or of a part of it."""
        events = self._with_chords(self._events(begin, end), begin, end, origin, pickup)
        return bar_text(events, Accidentals(self._key), bar.meter, origin)

    def _events(self, begin: int, end: int) -> list[Event]:
        """Return notes and rests from one time to another, cut off there."""
        events: list[Event] = []
        now = begin
        line = self._melody.line
        index = bisect_right(self._onsets, begin) - 1
        index = index if index >= 0 and line[index].end > begin else index + 1
        while index < len(line) and line[index].onset < end:
            sound = line[index]
            onset, finish = max(int(sound.onset), begin), min(int(sound.end), end)
            if onset > now:
                events.append(Event((), onset - now, now))
            tied, continued = sound.end > end, sound.onset < begin
            heads = [Head(*spelled(pitch, self._key), tied, continued) for pitch in sound.pitches]
            events.append(Event(heads, finish - onset, onset))
            now = finish
            index += 1
        if now < end:
            events.append(Event((), end - now, now))
        return events

    def _with_chords(
        self, events: Sequence[Event], begin: int, end: int, origin: int, pickup: bool
    ) -> list[Event]:
        """Return events with the chords that begin with them; one that goes on is not repeated.

        Where a section begins the chord is written, but not over its pickup.
        """
        places = self._chord_onsets
        first = bisect_left(places, begin) if pickup else max(bisect_right(places, begin) - 1, 0)
        due: list[tuple[int, str]] = []
        for place, symbol in self._melody.chords[first : bisect_left(places, end)]:
            onset = max(place, begin)
            if symbol != (due[-1][1] if due else self._chord) and (onset - origin) % UNIT == 0:
                due.append((onset, symbol))
        found = with_chords(events, due, origin)
        self._chord = next((e.before.strip('"') for e in reversed(found) if e.before), self._chord)
        return found
