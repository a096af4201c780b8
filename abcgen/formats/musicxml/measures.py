"""Bars in MusicXML: their signatures, bar lines, repeats and endings."""

from dataclasses import dataclass
from xml.etree.ElementTree import Element

from abcgen.formats.key_signatures import accidentals_printed, fifths_printed
from abcgen.formats.musicxml.directions import (
    add_chord,
    add_decoration,
    add_part,
    add_remark,
    add_tempo,
)
from abcgen.formats.musicxml.elements import add
from abcgen.formats.musicxml.notes import add_sign
from abcgen.music.tempo import read_tempo, tempo_in
from abcgen.notation.keys import mode_of
from abcgen.notation.score import Mark, Measure
from abcgen.notation.tune import Setting

#: The modes that are told. Many programs know no other ones, and MuseScore 3 warns of them.
_MODES = {"": "major", "m": "minor"}
#: Metre as a sign -> its numbers and the name of the sign.
_SIGNS = {"C": ("4/4", "common"), "C|": ("2/2", "cut")}
_PLAIN = "regular"
#: Bar line as `Measure.line` has it -> its style.
_STYLES = {
    "|": _PLAIN,
    "||": "light-light",
    "|]": "light-heavy",
    "[|": "heavy-light",
    ".|": "dotted",
    "[|]": "none",
}
_OCTAVE = 12  # semitones
#: Semitones -> the steps of a scale that they usually are.
_STEPS = (0, 1, 1, 2, 2, 3, 3, 4, 5, 5, 6, 6)


@dataclass(frozen=True, slots=True)
class Once:
    """What is said once, in the first bar.

    Attributes
    ----------
    divisions : int
        The units of a quarter note, of which every duration is a whole number.
    transposition : int
        The semitones by which the tune sounds higher than written, or lower if negative.
    """

    divisions: int
    transposition: int


def add_measure(
    parent: Element, measure: Measure, number: str, before: Setting | None, once: Once
) -> Element:
    """Append a bar and return its element.

    Parameters
    ----------
    parent : Element
        The part.
    measure : Measure
        As `abcgen.notation.engraving.score_of` gives it.
    number : str
        Its number.
    before : Setting, optional
        That of the bar before; None for the first bar.
    once : Once
        The same for all bars.
    """
    implicit = None if measure.counted else "yes"
    element = add(parent, "measure", number=number, implicit=implicit)
    if measure.begins_line and before is not None:
        add(element, "print", new_system="yes")
    _add_left_line(element, measure)
    _add_attributes(element, measure, before, once)
    for item in measure.content:
        if isinstance(item, Mark):
            _add_mark(element, item, measure.setting)
            continue
        for name in item.decorations:
            add_decoration(element, name)
        add_sign(element, item, once.divisions)
    _add_right_line(element, measure)
    return element


def _add_mark(element: Element, mark: Mark, setting: Setting) -> None:
    if mark.kind == "chord":
        add_chord(element, mark.text)
    elif mark.kind == "remark":
        add_remark(element, mark.text)
    elif mark.kind == "part":
        add_part(element, mark.text)
    elif mark.kind == "tempo":
        qpm = read_tempo(mark.text, setting)
        if qpm is not None:
            add_tempo(element, tempo_in(mark.text, setting), qpm)
    else:
        add_decoration(element, mark.text)


def _add_attributes(element: Element, measure: Measure, before: Setting | None, once: Once) -> None:
    """Append key and metre where they change, and all that is said once in the first bar."""
    setting = measure.setting
    attributes = Element("attributes")
    if before is None:
        add(attributes, "divisions", once.divisions)
    if before is None or setting.key != before.key:
        _add_key(attributes, setting.key)
    if before is None or setting.meter != before.meter:
        numbers, sign = _SIGNS.get(setting.meter, (setting.meter, None))
        time = add(attributes, "time", symbol=sign)
        beats, _, unit = numbers.partition("/")
        add(time, "beats", int(beats))
        add(time, "beat-type", int(unit))
    if before is None:
        clef = add(attributes, "clef")
        add(clef, "sign", "G")
        add(clef, "line", 2)
        _add_transposition(attributes, once.transposition)
    if measure.rest_bars:
        add(add(attributes, "measure-style"), "multiple-rest", measure.rest_bars)
    if len(attributes):
        element.append(attributes)


def _add_key(attributes: Element, key: str) -> None:
    """Append a key signature; one that is no usual one by its accidentals."""
    element = add(attributes, "key")
    fifths = fifths_printed(key)
    if fifths is None:
        for letter, semitones in accidentals_printed(key):
            add(element, "key-step", letter)
            add(element, "key-alter", semitones)
        return
    add(element, "fifths", fifths)
    mode = mode_named(key)
    if mode:
        add(element, "mode", mode)


def mode_named(key: str) -> str | None:
    """Return the name of a key's mode, if it is one that all programs know."""
    return None if fifths_printed(key) is None else _MODES.get(mode_of(key))


def _add_transposition(attributes: Element, semitones: int) -> None:
    """Append by how much the tune sounds higher than written, if it does."""
    if not semitones:
        return
    sign = 1 if semitones > 0 else -1
    octaves, chromatic = divmod(abs(semitones), _OCTAVE)
    transpose = add(attributes, "transpose")
    add(transpose, "diatonic", sign * _STEPS[chromatic])
    add(transpose, "chromatic", sign * chromatic)
    if octaves:
        add(transpose, "octave-change", sign * octaves)


def _add_left_line(element: Element, measure: Measure) -> None:
    """Append the bar line before a bar, where a repeat or an ending begins."""
    if not (measure.begins_repeat or measure.begins_ending):
        return
    line = add(element, "barline", location="left")
    add(line, "bar-style", "heavy-light" if measure.begins_repeat else _PLAIN)
    if measure.begins_ending:
        add(line, "ending", number=_ending(measure), type="start")
    if measure.begins_repeat:
        add(line, "repeat", direction="forward")


def _add_right_line(element: Element, measure: Measure) -> None:
    """Append the bar line after a bar, unless it is a plain one."""
    style = _style(measure)
    if style == _PLAIN and not measure.ends_ending:
        return
    line = add(element, "barline", location="right")
    add(line, "bar-style", style)
    if measure.ends_ending:
        kind = "discontinue" if measure.open_ending else "stop"
        add(line, "ending", number=_ending(measure), type=kind)
    if measure.ends_repeat:
        times = measure.times if measure.times > 2 else None
        add(line, "repeat", direction="backward", times=times)


def _ending(measure: Measure) -> str:
    """Return the times at which an ending is played: ``1,2``."""
    return ",".join(map(str, measure.ending))


def _style(measure: Measure) -> str:
    """Return the style of the bar line after a bar."""
    return _STYLES["|]" if measure.ends_repeat else measure.line]
