"""A melody with its bars, sections and chords written as ABC."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from abcgen.errors import NotationError
from abcgen.formats.midi_in.bars import WHOLE, Bar
from abcgen.formats.midi_in.grid import QUARTER
from abcgen.formats.midi_in.line import Sound
from abcgen.formats.midi_in.pitches import Accidentals
from abcgen.formats.midi_in.sections import Span
from abcgen.grammar.spelling import SAFE_LENGTHS
from abcgen.notation.meters import is_compound

_UNIT = QUARTER // 2  # an eighth
#: What every time outside of tuplets is a multiple of: 1/128.
_BINARY = QUARTER // 32
#: Notes in a tuplet -> in the time of how many.
_TUPLETS = {3: 2, 5: 4, 7: 4, 9: 8}
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


@dataclass(slots=True)
class _Event:
    """A note, several at once, or a rest: what is written, and how long, in units."""

    pitches: tuple[int, ...]
    length: int
    onset: int
    tied: bool = False  # to the next event
    continued: bool = False  # tied from the one before
    chord: str = ""


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
            text += self._bar(bar, now, stop, origin)
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
        keys = self._melody.keys
        key = keys[max(bisect_right([onset for onset, _ in keys], now) - 1, 0)][1]
        if key != self._key:
            self._key = key
            found.append(f"K:{key}")
        return found

    def _bar(self, bar: Bar, begin: int, end: int, origin: int) -> str:
        """Return the music of a bar or of a part of it."""
        events = self._events(begin, end)
        accidentals = Accidentals(self._key)
        beam = _beam_of(bar)
        text = ""
        index = 0
        while index < len(events):
            event = events[index]
            if text and (event.onset - origin) % beam == 0 and not event.continued:
                text += " "
            if event.length % _BINARY == 0 and (event.onset - begin) % _BINARY == 0:
                text += self._plain(event, accidentals)
                index += 1
                continue
            several = _tuplet(events, index, begin)
            text += self._tuplet(several, accidentals)
            index += len(several)
        return text

    def _events(self, begin: int, end: int) -> list[_Event]:
        """Return notes and rests from one time to another, cut off there."""
        events: list[_Event] = []
        now = begin
        line = self._melody.line
        index = bisect_right(self._onsets, begin) - 1
        index = index if index >= 0 and line[index].end > begin else index + 1
        while index < len(line) and line[index].onset < end:
            sound = line[index]
            onset, finish = max(int(sound.onset), begin), min(int(sound.end), end)
            if onset > now:
                events.append(_Event((), onset - now, now))
            tied, continued = sound.end > end, sound.onset < begin
            events.append(_Event(sound.pitches, finish - onset, onset, tied, continued))
            now = finish
            index += 1
        if now < end:
            events.append(_Event((), end - now, now))
        self._add_chords(events, begin, end)
        return events

    def _add_chords(self, events: list[_Event], begin: int, end: int) -> None:
        """Give each chord to the note that begins with it, or to the next one."""
        chords = self._melody.chords
        places = [onset for onset, _ in chords]
        index = bisect_right(places, begin) - 1
        onsets = [event.onset for event in events]
        for place, symbol in chords[max(index, 0) : bisect_left(places, end)]:
            at = bisect_left(onsets, max(place, begin))
            if at < len(events):
                events[at].chord = symbol
        for event in events:
            if event.chord == self._chord or event.onset % _UNIT:
                event.chord = ""
            self._chord = event.chord or self._chord

    def _plain(self, event: _Event, accidentals: Accidentals) -> str:
        """Return a note or rest, as several tied ones where no single length is safe."""
        lengths = _safe(Fraction(event.length, _UNIT))
        text = _quoted(event.chord)
        for index, length in enumerate(lengths):
            if not event.pitches:
                text += "z" + _length(length)
                continue
            more = index + 1 < len(lengths) or event.tied
            name = _name(event, accidentals, plain=index > 0 or event.continued)
            text += name + _length(length) + ("-" if more else "")
        return text

    def _tuplet(self, events: Sequence[_Event], accidentals: Accidentals) -> str:
        """Return the notes of a tuplet."""
        for notes, time in _TUPLETS.items():
            lengths = [Fraction(event.length * notes, _UNIT * time) for event in events]
            if all(_is_binary(length) for length in lengths):
                break
        else:
            raise NotationError(
                f"notes of {Fraction(events[0].length, WHOLE)} of a whole note are no tuplet that "
                "can be written"
            )
        plain = notes == 3 and len(events) == 3
        text = _quoted(events[0].chord) + (f"({notes}" if plain else f"({notes}:{time}:{len(events)}")
        for event, length in zip(events, lengths, strict=True):
            name = _name(event, accidentals, event.continued) if event.pitches else "z"
            text += name + _length(length) + ("-" if event.tied else "")
        return text


def _name(event: _Event, accidentals: Accidentals, plain: bool) -> str:
    """Return a note without its length; a tie keeps the accidental, which is not written."""
    return (accidentals.tied if plain else accidentals.group)(event.pitches)


def _beam_of(bar: Bar) -> int:
    """Return the length of what is written together."""
    if is_compound(bar.meter):
        return 3 * _UNIT
    return 2 * QUARTER if bar.full % WHOLE == 0 else QUARTER


def _tuplet(events: Sequence[_Event], start: int, begin: int) -> Sequence[_Event]:
    """Return the events from one on up to where a tuplet may end."""
    for stop in range(start + 1, len(events) + 1):
        last = events[stop - 1]
        if (last.onset + last.length - begin) % _BINARY == 0:
            return events[start:stop]
    raise NotationError("a tuplet of the MIDI file goes over a bar line")


def _is_binary(length: Fraction) -> bool:
    return length.denominator & (length.denominator - 1) == 0


def _safe(length: Fraction) -> list[Fraction]:
    """Return lengths, in eighths, that every program reads and that make up one together."""
    if length in SAFE_LENGTHS:
        return [length]
    parts = []
    while length:
        part = max((safe for safe in SAFE_LENGTHS if safe <= length), default=length)
        parts.append(part)
        length -= part
    return parts


def _length(length: Fraction) -> str:
    """Return a length as it is written, in eighths."""
    if length.denominator == 1:
        return "" if length == 1 else str(length.numerator)
    return f"{'' if length.numerator == 1 else length.numerator}/{length.denominator}"


def _quoted(chord: str) -> str:
    return f'"{chord}"' if chord else ""
