"""The bars of a MusicXML part: notes of its first voice, and what is said at each place."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from xml.etree.ElementTree import Element

from abcgen.errors import CorpusError
from abcgen.formats.bar_text import QUARTER, Head
from abcgen.formats.midi_in.pitches import lettered, pitch_of
from abcgen.formats.musicxml_in.chords import chord_of
from abcgen.formats.musicxml_in.marks import mark_in

#: A time or a length in units; a whole number where it is one.
Time = int | Fraction

_STEPS = frozenset("ABCDEFG")
_MIDDLE_OCTAVE = 4
#: Quarter notes of one note or rest, or one bar; more is a mistake in the file.
_LONGEST = 1000
#: Element -> the decoration before the note.
_DECORATIONS = {
    "trill-mark": "T",
    "turn": "~",
    "staccato": ".",
    "accent": "L",
    "mordent": "M",
    "inverted-mordent": "P",
    "up-bow": "u",
    "down-bow": "v",
}


@dataclass(slots=True)
class Placed:
    """A note, several at once, or a rest of a bar. Times are in units from its start.

    Attributes
    ----------
    onset, length : int or Fraction
        In units, `abcgen.formats.bar_text.QUARTER` a quarter note.
    heads : list of Head
        Empty for a rest.
    grace : list of Head
        The grace notes before it.
    decorations : str
        What stands before the note: ``T``, ``~``.
    """

    onset: Time
    length: Time
    heads: list[Head] = field(default_factory=list)
    grace: list[Head] = field(default_factory=list)
    decorations: str = ""


@dataclass(slots=True)
class ReadMeasure:
    """A bar as the file has it.

    Attributes
    ----------
    notes : list of Placed
        In order, with gaps where nothing is written.
    chords : list of (time, str)
        Chord symbols, and when each begins, in any order.
    others : list of (time, time, int)
        When notes of other voices and staves begin, how long they last, and their MIDI note
        numbers as they sound.
    length : int or Fraction
        How long it is, in units.
    fifths, mode, meter : optional
        The key and the metre that are said here.
    tempo : float, optional
        The tempo that is said here, in quarter notes a minute.
    transposition : int
        The semitones by which the part sounds higher than written.
    forward, backward : int
        How often the section that begins, or ends, here is played; 0 where none does.
    ending : str
        The numbers of the ending that begins here: ``1,2``.
    style : str
        That of the bar line after it.
    marks : list of str
        Those of `abcgen.notation.jumps` that stand in it: ``segno``, ``D.C. al fine``.
    """

    notes: list[Placed] = field(default_factory=list)
    chords: list[tuple[Time, str]] = field(default_factory=list)
    others: list[tuple[Time, Time, int]] = field(default_factory=list)
    length: Time = 0
    fifths: int | None = None
    mode: str | None = None
    meter: str | None = None
    tempo: float | None = None
    transposition: int = 0
    forward: int = 0
    backward: int = 0
    ending: str = ""
    style: str = ""
    marks: list[str] = field(default_factory=list)


def measures_of(part: Element, *, melody: bool = True) -> Iterator[ReadMeasure]:
    """Yield the bars of a part.

    Parameters
    ----------
    part : Element
        The ``part``.
    melody : bool
        Whether its first voice is a melody; else all its notes are among those of `others`.

    Raises
    ------
    CorpusError
        If a duration or a metre makes no sense.
    """
    reader = _Reader(melody)
    for measure in part.iter("measure"):
        for piece in _parted_by_repeats(measure):
            yield reader.read(piece)


def _parted_by_repeats(measure: Element) -> Iterator[Element]:
    """Yield a bar, or its parts if repeats or endings begin or end within it.

    One in which time goes back, since it has several voices, stays whole.
    """
    cuts = [0]
    notes = [index for index, one in enumerate(measure) if one.tag == "note"]
    if notes and measure.find("backup") is None:
        for index, one in enumerate(measure):
            repeat, ending = one.find("repeat"), one.find("ending")
            if one.tag == "barline" and notes[0] < index < notes[-1]:
                opens = repeat is not None and repeat.get("direction") == "forward"
                if opens or (
                    repeat is None and ending is not None and ending.get("type") == "start"
                ):
                    cuts.append(index)
                elif repeat is not None or ending is not None:
                    cuts.append(index + 1)
    for begin, end in pairwise([*dict.fromkeys(cuts), len(measure)]):
        piece = Element("measure")
        piece.extend(list(measure)[begin:end])
        yield piece


def number_in(element: Element, path: str, default: float | None = None) -> float:
    """Return the number in an element below another one.

    Raises
    ------
    CorpusError
        If there is none, and no default.
    """
    text = (element.findtext(path) or "").strip()
    try:
        value = float(text) if len(text) < 20 else float("nan")
    except ValueError:
        value = float("nan")
    if abs(value) < 1e9:
        return value
    if default is not None:
        return default
    raise CorpusError(f"the MusicXML file has {text[:20]!r} for {path}, where a number should be")


class _Reader:
    """Reads bars one after the other; the divisions and the voice hold on."""

    def __init__(self, melody: bool) -> None:
        self._divisions = Fraction(1)
        self._durations: dict[str, Time] = {}  # as they are written -> in units
        self._melody = melody
        self._voice: str | None = None  # the first that has notes
        self._transposition = 0
        self._before: list[Placed] = []  # the notes of the bar before
        self._repeats_bars = False  # whether a sign says that a bar is that before it

    def read(self, measure: Element) -> ReadMeasure:
        self._now: Time = 0
        self._onset: Time = 0
        self._grace: list[Head] = []
        self._bar = bar = ReadMeasure()
        self._spare: dict[str, list[Placed]] = {}  # other voices of the staff
        for element in measure:
            match element.tag:
                case "note":
                    self._note(element)
                case "backup":
                    self._now = max(self._now - self._duration(element), 0)
                case "forward":
                    self._now += self._duration(element)
                case "attributes":
                    self._attributes(element)
                case "harmony":
                    symbol = chord_of(element)
                    if symbol:
                        bar.chords.append((self._now + self._offset(element), symbol))
                case "direction" | "sound":
                    self._sound(element)
                    mark = mark_in(element)
                    if mark and mark not in bar.marks:
                        bar.marks.append(mark)
                case "barline":
                    self._bar_line(element)
            bar.length = max(bar.length, self._now)
        if not bar.notes:
            bar.notes = next(iter(self._spare.values()), [])
        if self._repeats_bars and not any(note.heads for note in bar.notes):
            bar.notes = self._before
        self._before = bar.notes
        if bar.length > _LONGEST * QUARTER:
            raise CorpusError(
                f"a bar of {float(bar.length / QUARTER):g} quarter notes is in the MusicXML file"
            )
        return bar

    def _offset(self, element: Element) -> Time:
        """Return how much later than where it stands something is, in units."""
        offset = Fraction(number_in(element, "offset", 0.0)) / self._divisions * QUARTER
        return max(offset, -self._now)

    def _duration(self, element: Element) -> Time:
        """Return a duration in units."""
        text = element.findtext("duration") or ""
        if text not in self._durations:
            quarters = Fraction(number_in(element, "duration", 0.0)) / self._divisions
            if not 0 <= quarters <= _LONGEST:
                raise CorpusError(
                    f"a note of {float(quarters):g} quarter notes is in the MusicXML file"
                )
            units = quarters * QUARTER
            # Whole numbers are faster, and almost all are.
            self._durations[text] = int(units) if units.denominator == 1 else units
        return self._durations[text]

    def _note(self, note: Element) -> None:
        """Add a note of the first voice; others only take their time."""
        is_grace, is_chord = note.find("grace") is not None, note.find("chord") is not None
        duration = 0 if is_grace else self._duration(note)
        if not is_chord:
            self._onset = self._now
            self._now += duration
        voice = f"{note.findtext('staff') or 1} {note.findtext('voice') or 1}"
        self._voice = self._voice or voice
        pitch = note.find("pitch")
        if note.find("cue") is not None:
            return
        heads = [_head(note, pitch)] if pitch is not None else []
        if voice != self._voice or not self._melody:
            if self._melody and voice.split()[0] == self._voice.split()[0]:
                spare = self._spare.setdefault(voice, [])
                if is_chord and spare:
                    spare[-1].heads += heads
                elif duration:
                    spare.append(Placed(self._onset, duration, list(heads)))
            if duration:
                self._bar.others += [
                    (self._onset, duration, self._sounding(head)) for head in heads
                ]
            return
        notes = self._bar.notes
        if is_grace:
            self._grace += heads
        elif is_chord and notes:
            notes[-1].heads += heads
        elif duration:
            decorations = _decorations_of(note) if heads else ""
            notes.append(Placed(self._onset, duration, heads, self._grace, decorations))
            self._grace = []

    def _attributes(self, attributes: Element) -> None:
        """Take divisions, key, metre and transposition; a change within a bar counts for it all."""
        if attributes.find("divisions") is not None:
            divisions = Fraction(number_in(attributes, "divisions"))
            if divisions <= 0:
                raise CorpusError("the MusicXML file says that a quarter note has no divisions")
            self._divisions = divisions
            self._durations = {}
        key, time = attributes.find("key"), attributes.find("time")
        if key is not None:
            self._bar.fifths = int(number_in(key, "fifths", 0.0))
            self._bar.mode = (key.findtext("mode") or "").strip().lower() or None
        if time is not None:
            self._bar.meter = _meter(time)
        again = attributes.find("measure-style/measure-repeat")
        if again is not None:
            self._repeats_bars = again.get("type") == "start" and (again.text or "1").strip() == "1"
        transpose = attributes.find("transpose")
        if transpose is not None:
            octaves = number_in(transpose, "octave-change", 0.0)
            self._bar.transposition = int(number_in(transpose, "chromatic", 0.0) + 12 * octaves)
            self._transposition = self._bar.transposition

    def _sounding(self, head: Head) -> int:
        """Return the MIDI note number of a note."""
        return pitch_of(head.letter, head.alteration) + self._transposition

    def _sound(self, element: Element) -> None:
        """Take a tempo before the first note of the bar."""
        sound = element if element.tag == "sound" else element.find("sound")
        if sound is not None and "tempo" in sound.attrib and not self._bar.notes:
            try:
                self._bar.tempo = float(sound.attrib["tempo"])
            except ValueError:
                return

    def _bar_line(self, line: Element) -> None:
        repeat, ending = line.find("repeat"), line.find("ending")
        if line.get("location") != "left":
            self._bar.style = line.findtext("bar-style") or ""
        if repeat is not None:
            times = repeat.get("times", "2")
            count = int(times) if times.isdecimal() and len(times) < 3 else 2
            if repeat.get("direction") == "forward":
                self._bar.forward = 2
            else:
                self._bar.backward = max(count, 2)
        if ending is not None and ending.get("type") == "start":
            numbers = (ending.get("number") or "1").replace(" ", "")
            self._bar.ending = ",".join(n for n in numbers.split(",") if n.isdecimal()) or "1"


def _decorations_of(note: Element) -> str:
    """Return what is written before a note for what stands above it."""
    tags = {one.tag for notations in note.iter("notations") for one in notations.iter()}
    return "".join(sign for tag, sign in _DECORATIONS.items() if tag in tags)


def _head(note: Element, pitch: Element) -> Head:
    step = (pitch.findtext("step") or "").strip().upper()
    octave = number_in(pitch, "octave")
    if step not in _STEPS or not 0 <= octave < 10:
        raise CorpusError(f"the MusicXML file has a note {step[:5]!r} in octave {octave:g}")
    alteration = round(number_in(pitch, "alter", 0.0))
    ties = {tie.get("type") for tie in note.findall("tie")}
    letter = lettered(step, int(octave) - _MIDDLE_OCTAVE)
    return Head(letter, min(max(alteration, -2), 2), "start" in ties, "stop" in ties)


def _meter(time: Element) -> str | None:
    """Return a metre as ABC writes it; None where there is none."""
    if time.find("senza-misura") is not None:
        return None
    symbol = time.get("symbol")
    said = "+".join(one.text or "" for one in time.findall("beats"))
    beats = [part for part in said.split("+") if part.strip().isdecimal()]
    unit = (time.findtext("beat-type") or "").strip()
    units = {(one.text or "").strip() for one in time.findall("beat-type")}
    if not beats or len(units) > 1 or unit not in ("1", "2", "4", "8", "16", "32"):
        raise CorpusError("the MusicXML file has a metre that is none")
    count = sum(int(part) for part in beats if len(part) < 4)
    if (symbol, count, unit) == ("common", 4, "4"):
        return "C"
    return "C|" if (count, unit) == (2, "2") and symbol in ("cut", None) else f"{count}/{unit}"
