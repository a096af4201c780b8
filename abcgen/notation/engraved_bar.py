"""One bar as it is printed: its notes as note values, with beams, ties, tuplets and signs.

Beams are as written: notes that stand together without a space are beamed. A length that is no
note value is split into tied notes.
"""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import groupby, pairwise

from abcgen.errors import NotationError
from abcgen.notation.beams import beams_of
from abcgen.notation.carried import Carried, OpenTie
from abcgen.notation.decorations import name_of
from abcgen.notation.form import Bar
from abcgen.notation.keys import SEMITONES, signature
from abcgen.notation.meters import is_compound
from abcgen.notation.score import Head, Mark, Measure, Sign
from abcgen.notation.timing import Event, bar_events, read_grace
from abcgen.notation.tokens import ALTERATIONS, Pitch, Token, inner_places, read_tuplet
from abcgen.notation.tune import read_meter
from abcgen.notation.values import LONGEST, Ratio, Value, implied_ratio, written_as

_ZERO = Fraction(0)
_MIDDLE = 4  # the octave from middle C upwards
_OCTAVES = range(10)  # that MusicXML and MEI can write
_MIDDLE_C, _OCTAVE, _HIGHEST = 60, 12, 127  # MIDI note number, semitones, MIDI note number
#: A single grace note is an eighth, several are sixteenths, unless they have lengths.
_GRACE, _GRACES = Fraction(1, 8), Fraction(1, 16)
_SOUNDS = frozenset({"note", "rest", "group"})
_BREAKS = frozenset("!$*")  # where other programs end a line of music


def engrave_bar(bar: Bar, carried: Carried) -> Iterator[Measure]:
    """Yield a bar as it is printed, or several if it is a rest of several bars.

    Parameters
    ----------
    bar : Bar
        As written, with ornaments and layout.
    carried : Carried
        What goes on from the bar before; changed to what goes on after this one.

    Raises
    ------
    NotationError
        As `abcgen.notation.timing.bar_events`, or if a note is outside of what MIDI can play.
    """
    return _Engraver(bar, carried).measures()


class _Engraver:
    """One bar while it is engraved."""

    def __init__(self, bar: Bar, carried: Carried) -> None:
        self.bar, self.carried = bar, carried
        self.key = signature(bar.setting.key)
        self.altered: dict[tuple[str, int], int] = {}  # accidentals hold until the bar line
        self.measure = Measure(bar.setting, begins_line=carried.line_ends)
        carried.line_ends = False
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
            elif token.kind == "field":
                letter, _, value = next(events).field.partition(":")
                if letter == "Q":
                    self.mark("tempo", value.strip(), token.position)
                elif letter == "P":
                    self.carried.parts.append((value.strip(), token.position))
            elif token.kind in _SOUNDS:
                event = next(events)
                if event.rest_bars:
                    self.rest_bars(event.rest_bars, token)
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
            if not self.continued:
                self.end_line()
            self.continued = False
        elif token.kind == "layout":
            self.continued |= token.text == "\\"
            if token.text in _BREAKS:
                self.end_line()
        elif token.kind == "annotation":
            self.mark("remark", token.text.strip('"'), token.position)
        elif token.kind == "slur" and token.text == "(":
            self.carried.open_slur()
        elif token.kind == "slur":
            self.carried.close_slur()
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
        elif token.kind == "mark":
            self.decorations.append((token.text, token.position))

    def end_line(self) -> None:
        """Let this bar begin a line, or the next one if notes stand here already."""
        if any(isinstance(item, Sign) for item in self.measure.content):
            self.carried.line_ends = True
        else:
            self.measure.begins_line = True

    def mark(self, kind: str, text: str, position: int) -> None:
        self.measure.content.append(Mark(kind, text, self.onset, position))

    def rest_bars(self, count: int, token: Token) -> None:
        """Read a rest of whole bars; they are bars of their own if nothing else is in the bar."""
        self.tuplet_left = max(0, self.tuplet_left - 1)
        full = read_meter(self.bar.setting.meter)
        if sum(token.kind in _SOUNDS for token in self.bar.tokens) == 1:
            self.measure.rest_bars = count if count > 1 else 0
            count = 1
        for bar in range(count):
            signs = self.add(Event.lasting(full), full, None, token.position)
            for sign in signs:
                sign.nth += bar * len(signs)

    def sound(self, event: Event, token: Token) -> None:
        """Read a note, a group or a rest."""
        self.carried.line_ends = False  # in the middle of a bar no line begins
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
        if not event.pitches:
            return
        places = inner_places(token.text) if token.kind == "group" else [0]
        for sign in signs:
            for head, place in zip(sign.heads, places, strict=True):
                head.position = token.position + place
        self.carried.sound(first, signs[-1])

    def add(
        self, event: Event, duration: Fraction, ratio: Ratio | None, position: int
    ) -> list[Sign]:
        """Add the signs of an event, which lasts so many whole notes."""
        for name, place in self.carried.parts:
            self.mark("part", name, place)
        self.carried.parts.clear()
        ratio, values = written_as(duration, ratio)
        signs: list[Sign] = []
        start = self.onset
        for nth, (value, duration) in enumerate(values):
            sign = Sign([], value, self.onset, duration, position, nth, ratio)
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
        waiting = self.carried.ties.pop(place, None)
        if waiting is not None and waiting.end != self.carried.now + start:
            waiting = None
        natural = _MIDDLE_C + SEMITONES[letter] + _OCTAVE * octave
        if pitch.accidental:
            alteration = self.altered[place] = ALTERATIONS[pitch.accidental]
        elif waiting is not None:
            alteration = waiting.pitch - natural  # a tie keeps the accidental across a bar line
        else:
            alteration = self.altered.get(place, self.key.get(letter, 0))
        number = natural + alteration
        if not 0 <= number <= _HIGHEST:
            raise NotationError(f"the note {pitch} is outside of what MIDI can play")
        heads = [Head(letter, _printed(octave, pitch), alteration) for _ in signs]
        for one, following in pairwise(heads):
            one.tied_to = following.tied_from = True
        if waiting is not None and waiting.pitch == number:
            heads[0].tied_from = True
            waiting.head.tied_to = True
            heads[0].half_tie = "in" if waiting.across else ""
        heads[0].accidental = pitch.accidental
        for sign, head in zip(signs, heads, strict=True):
            sign.heads.append(head)
        if tie:
            end = self.carried.now + start + length * self.bar.setting.unit
            self.carried.ties[place] = OpenTie(heads[-1], number, end)

    def read_grace(self, token: Token) -> list[Sign]:
        """Return grace notes; their accidentals are for themselves alone."""
        notes = read_grace(token.text)
        usual = _GRACE if len(notes) == 1 else _GRACES
        signs = []
        for (pitch, length, _), inside in zip(notes, inner_places(token.text), strict=False):
            letter, octave = place = pitch.place
            alteration = self.altered.get(place, self.key.get(letter, 0))
            if pitch.accidental:
                alteration = ALTERATIONS[pitch.accidental]
            position = token.position + inside
            printed = _printed(octave, pitch)
            head = Head(letter, printed, alteration, pitch.accidental, position)
            # The nearest simple value: nobody counts a grace note.
            base = Fraction(2) ** (usual * length).numerator.bit_length() / 2
            base /= 2 ** ((usual * length).denominator.bit_length() - 1)
            sign = Sign([head], Value(min(base, LONGEST)), self.onset, _ZERO, position)
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
        self.carried.now += self.onset * max(1, self.measure.rest_bars)


def _printed(octave: int, pitch: Pitch) -> int:
    """Return the octave of a note on paper, from its octave above middle C."""
    if octave + _MIDDLE not in _OCTAVES:
        shown = f"{pitch.accidental}{pitch.letter}{pitch.octave[:10]}"
        raise NotationError(f"the note {shown} is too high or too low for a score")
    return octave + _MIDDLE


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
