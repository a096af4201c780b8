"""Reads a tune into the bars of its score (`abcgen.notation.score`).

Beams are as written: notes that stand together without a space are beamed. Lengths that are no
note value are split into tied notes.
"""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import groupby, pairwise

from abcgen.errors import NotationError
from abcgen.notation.beams import beams_of
from abcgen.notation.decorations import name_of
from abcgen.notation.form import Bar, Section, read_sections
from abcgen.notation.keys import SEMITONES, signature
from abcgen.notation.meters import is_compound
from abcgen.notation.score import Head, Mark, Measure, Sign
from abcgen.notation.timing import Event, bar_events, read_grace
from abcgen.notation.tokens import ALTERATIONS, Pitch, Token, read_tuplet
from abcgen.notation.tune import Tune, read_meter
from abcgen.notation.values import Ratio, Value, implied_ratio, written_as

_ZERO = Fraction(0)
_MIDDLE = 4  # the octave from middle C upwards
#: A single grace note is an eighth, several are sixteenths, unless they have lengths.
_GRACE, _GRACES = Fraction(1, 8), Fraction(1, 16)
_HIGHEST = 127  # MIDI note number
_SOUNDS = frozenset({"note", "rest", "group"})


def score_of(tune: Tune) -> list[Measure]:
    """Return the bars of a tune as they are printed.

    Raises
    ------
    NotationError
        If the tune holds something that abcgen does not understand; the message is the reason.
    """
    engraver = _Engraver()
    for section in read_sections(tune, ornaments=True, layout=True):
        engraver.engrave(section)
    engraver.drop_open_slurs()
    _number(engraver.measures)
    return engraver.measures


def _number(measures: list[Measure]) -> None:
    """Give each bar its number; one that only completes the bar before has none.

    Such is a short bar at the start of a section, or at the start of an ending after a short bar.
    """
    number = 0
    before_is_short = False  # of the last bar before the endings
    for measure in measures:
        short = measure.duration < read_meter(measure.setting.meter)
        begins = measure.number < 0  # as `_Engraver` marks the first bar of a section
        completes = begins or (measure.begins_ending and before_is_short)
        if not measure.ending:
            before_is_short = short
        if short and completes:
            measure.number = 0
        else:
            number += 1
            measure.number = number


class _Tied:
    """A note whose tie is open: its head, its MIDI number, and when it ends."""

    def __init__(self, head: Head, number: int, end: Fraction) -> None:
        self.head, self.number, self.end = head, number, end
        self.across = False  # from before the endings into a second one


class _Engraver:
    """The bars printed so far, and what goes on from bar to bar."""

    def __init__(self) -> None:
        self.measures: list[Measure] = []
        self.now = _ZERO
        self.tied: dict[tuple[str, int], _Tied] = {}  # by letter and octave
        self.slurs: dict[int, Sign] = {}  # number -> the sign at which it begins
        self.waiting_slurs = 0  # opened, but no note yet
        self.breaks_line = False
        self.last: Sign | None = None  # the last note or group

    def engrave(self, section: Section) -> None:
        start = len(self.measures)
        self.add(section.bars)
        self.measures[start].begins_repeat = section.repeated
        # Each ending goes on from the same place: the last bar before them.
        now, tied = self.now, self.tied
        for number, ending in enumerate(section.endings, start=1):
            self.now, self.tied = now, dict(tied)
            for open_tie in self.tied.values():
                open_tie.across = number > 1
            first = len(self.measures)
            self.add(ending)
            for measure in self.measures[first:]:
                measure.ending = number
            self.measures[first].begins_ending = number
            last = self.measures[-1]
            last.ends_ending = number
            last.last_ending = number == len(section.endings)
            last.ends_repeat = not last.last_ending
            if not last.last_ending:
                self.half_ties()
        if not section.endings and section.repeated:
            self.measures[-1].ends_repeat = True
        self.measures[start].number = -1

    def half_ties(self) -> None:
        """Mark the ties that are open where the tune goes back."""
        for open_tie in self.tied.values():
            if open_tie.end == self.now and not open_tie.head.tied_to:
                open_tie.head.half_tie = "out"

    def add(self, bars: list[Bar]) -> None:
        for bar in bars:
            measures = list(_Reading(self, bar).measures())
            measures[-1].line = bar.line
            self.measures += measures

    def open_slurs(self, sign: Sign) -> None:
        for _ in range(self.waiting_slurs):
            number = next(n for n in range(1, len(self.slurs) + 2) if n not in self.slurs)
            self.slurs[number] = sign
            sign.slurs_begin.append(number)
        self.waiting_slurs = 0

    def drop_open_slurs(self) -> None:
        """Forget the slurs that never end."""
        for number, sign in self.slurs.items():
            sign.slurs_begin.remove(number)

    def close_slur(self) -> None:
        """Close the slur that was opened last; one without two notes is none."""
        if self.waiting_slurs:
            self.waiting_slurs -= 1
        elif self.slurs:
            number, begin = self.slurs.popitem()
            if self.last is None or self.last is begin:
                begin.slurs_begin.remove(number)
            else:
                self.last.slurs_end.append(number)


class _Reading:
    """Reads one bar."""

    def __init__(self, engraver: _Engraver, bar: Bar) -> None:
        self.engraver, self.bar = engraver, bar
        self.key = signature(bar.setting.key)
        self.altered: dict[tuple[str, int], int] = {}  # accidentals hold until the bar line
        self.measure = Measure(bar.setting, begins_line=engraver.breaks_line)
        engraver.breaks_line = False
        self.onset = _ZERO
        self.tuplet: Ratio | None = None
        self.tuplet_left = 0  # notes and rests that the open tuplet still governs
        self.tuplet_begins = False
        self.grace: list[Sign] = []
        self.decorations: list[tuple[str, int]] = []  # name and position
        self.apart = True  # whether the next note is not beamed to the one before
        self.beamed: list[list[Sign]] = []
        self.continued = False  # whether a backslash takes away the end of the line

    def measures(self) -> Iterator[Measure]:
        """Yield the bar, or several if it rests for several bars."""
        events = bar_events(self.bar)
        for token in self.bar.tokens:
            if token.kind == "chord":
                self.mark("chord", next(events).chord or "", token.position)
            elif token.kind in _SOUNDS:
                event = next(events)
                if event.rest_bars:
                    self.rest_bars(event.rest_bars, token.position)
                else:
                    self.sound(event, token)
            else:
                self.other(token)
        # A fault after the last sound is found only when the events are read to their end.
        next(events, None)
        self.finish()
        rests = self.measure.rest_bars
        yield self.measure
        for _ in range(rests - 1):
            yield Measure(
                self.bar.setting,
                content=[replace(sign) for sign in self.measure.signs],
                duration=self.measure.duration,
            )

    def other(self, token: Token) -> None:
        """Read a token that is no sound."""
        if token.kind in ("space", "newline"):
            self.apart = True
        if token.kind == "newline":
            self.engraver.breaks_line |= not self.continued
            self.continued = False
            if not self.measure.content:
                self.measure.begins_line |= self.engraver.breaks_line
                self.engraver.breaks_line = False
        elif token.kind == "layout":
            self.continued |= token.text == "\\"
        elif token.kind == "annotation":
            self.mark("remark", token.text.strip('"'), token.position)
        elif token.kind == "slur" and token.text == "(":
            self.engraver.waiting_slurs += 1
        elif token.kind == "slur":
            self.engraver.close_slur()
        elif token.kind == "tuplet":
            p, factor, self.tuplet_left = read_tuplet(
                token.text, is_compound(self.bar.setting.meter)
            )
            self.tuplet = Ratio(p, int(factor * p))
            self.tuplet_begins = True
        elif token.kind == "grace":
            self.grace = self.read_grace(token)
        elif token.kind == "decoration":
            self.decorations.append((name_of(token.text), token.position))

    def mark(self, kind: str, text: str, position: int) -> None:
        self.measure.content.append(Mark(kind, text, self.onset, position))

    def rest_bars(self, count: int, position: int) -> None:
        """Read a rest of whole bars; they are bars of their own if nothing else is in the bar."""
        full = read_meter(self.bar.setting.meter)
        if sum(token.kind in _SOUNDS for token in self.bar.tokens) == 1:
            self.measure.rest_bars = count if count > 1 else 0
            count = 1
        for _ in range(count):
            self.add(Event(full, full, []), full, None, position)

    def sound(self, event: Event, token: Token) -> None:
        """Read a note, a group or a rest."""
        self.engraver.breaks_line = False  # in the middle of a bar no line begins
        unit = self.bar.setting.unit
        ratio = None
        if self.tuplet_left:
            ratio = self.tuplet
            self.tuplet_left -= 1
        signs = self.add(event, event.length * unit, ratio, token.position)
        signs[0].tuplet_begins = self.tuplet_begins and ratio is not None
        signs[-1].tuplet_ends = ratio is not None and not self.tuplet_left
        self.tuplet_begins = False
        for sign in signs:
            sign.hidden = token.kind == "rest" and token.text[0] == "x"
        first = signs[0]
        first.decorations = [name for name, _ in self.decorations]
        first.grace, self.grace, self.decorations = self.grace, [], []
        if event.pitches:
            self.engraver.open_slurs(first)
            self.engraver.last = signs[-1]

    def add(
        self, event: Event, duration: Fraction, ratio: Ratio | None, position: int
    ) -> list[Sign]:
        """Add the signs of an event, which lasts so many whole notes."""
        ratio, values = written_as(duration, ratio)
        signs: list[Sign] = []
        start = self.onset
        for value, duration in values:
            sign = Sign([], value, self.onset, duration, position, ratio)
            signs.append(sign)
            self.measure.content.append(sign)
            self.beam(sign, rest=not event.pitches)
            self.onset += duration
        for pitch, length, tie in event.pitches:
            self.head(pitch, length, tie, signs, start)
        return signs

    def beam(self, sign: Sign, rest: bool) -> None:
        """Beam a sign to the one before, if they stand together and both have flags."""
        short = sign.value.beams > 0 and not rest
        if short and self.apart:
            self.beamed.append([])
        if short:
            self.beamed[-1].append(sign)
        self.apart = not short

    def head(
        self, pitch: Pitch, length: Fraction, tie: bool, signs: list[Sign], start: Fraction
    ) -> None:
        """Add the head of a note to each of the signs that it is written as."""
        place = letter, octave = pitch.place
        waiting = self.engraver.tied.pop(place, None)
        if waiting is not None and waiting.end != self.engraver.now + start:
            waiting = None
        natural = SEMITONES[letter] + 12 * octave + 60
        if pitch.accidental:
            alteration = self.altered[place] = ALTERATIONS[pitch.accidental]
        elif waiting is not None:
            alteration = waiting.number - natural  # a tie keeps the accidental across a bar line
        else:
            alteration = self.altered.get(place, self.key.get(letter, 0))
        number = natural + alteration
        if not 0 <= number <= _HIGHEST:
            raise NotationError(f"the note {pitch} is outside of what MIDI can play")
        heads = [Head(letter, octave + _MIDDLE, alteration) for _ in signs]
        for one, following in pairwise(heads):
            one.tied_to = following.tied_from = True
        if waiting is not None and waiting.number == number:
            heads[0].tied_from = True
            waiting.head.tied_to = True
            heads[0].half_tie = "in" if waiting.across else ""
        heads[0].accidental = pitch.accidental
        for sign, head in zip(signs, heads, strict=True):
            sign.heads.append(head)
        if tie:
            end = self.engraver.now + start + length * self.bar.setting.unit
            self.engraver.tied[place] = _Tied(heads[-1], number, end)

    def read_grace(self, token: Token) -> list[Sign]:
        """Return grace notes; their accidentals are for themselves alone."""
        notes = read_grace(token.text)
        usual = _GRACE if len(notes) == 1 else _GRACES
        signs = []
        for pitch, length, _ in notes:
            place = letter, octave = pitch.place
            alteration = self.altered.get(place, self.key.get(letter, 0))
            if pitch.accidental:
                alteration = ALTERATIONS[pitch.accidental]
            head = Head(letter, octave + _MIDDLE, alteration, pitch.accidental)
            # The nearest simple value: nobody counts a grace note.
            base = Fraction(2) ** (usual * length).numerator.bit_length() / 2
            base /= 2 ** ((usual * length).denominator.bit_length() - 1)
            sign = Sign([head], Value(base), self.onset, _ZERO, token.position)
            sign.slashed = token.text.startswith("{/")
            signs.append(sign)
        if all(sign.value.beams for sign in signs):
            _set_beams(signs)
        return signs

    def finish(self) -> None:
        """Do what can be done only when the whole bar is read."""
        for group in self.beamed:
            _set_beams(group)
        signs = self.measure.signs
        if self.grace and signs[-1].heads:
            signs[-1].grace_after = self.grace
        for name, position in self.decorations:
            self.mark("decoration", name, position)
        _mark_implied_tuplets(signs)
        full = read_meter(self.bar.setting.meter)
        if len(signs) == 1 and not signs[0].heads and self.onset == full:
            signs[0].whole_bar = True
        self.measure.duration = self.onset
        self.engraver.now += self.onset * max(1, self.measure.rest_bars)


def _set_beams(group: list[Sign]) -> None:
    for sign, beams in zip(group, beams_of([sign.value for sign in group]), strict=True):
        sign.beams = beams


def _mark_implied_tuplets(signs: list[Sign]) -> None:
    """Mark where tuplets begin and end that are written without ``(3``, by lengths alone."""
    if not any(sign.ratio for sign in signs):
        return
    inside = False
    for ratio, run in groupby(signs, key=lambda sign: sign.ratio):
        together: list[Sign] = []
        for sign in run:
            inside = (inside or sign.tuplet_begins) and ratio is not None
            if ratio is None or inside:
                inside = inside and not sign.tuplet_ends
                continue
            together.append(sign)
            if implied_ratio(sum((one.duration for one in together), _ZERO)) is None:
                together[0].tuplet_begins = together[-1].tuplet_ends = True
                together = []
        if together:
            together[0].tuplet_begins = together[-1].tuplet_ends = True
