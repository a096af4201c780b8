"""A tune as MusicXML 4.0, which MuseScore, Finale, Sibelius and Dorico open.

The score comes from `abcgen.notation.engraving` and is written element by element: beams, ties
and line breaks stay as they are in the ABC.
"""

import math
from collections.abc import Sequence
from itertools import groupby
from xml.etree.ElementTree import Element, indent, tostring

import abcgen
from abcgen.formats.musicxml.directions import add_tempo
from abcgen.formats.musicxml.elements import add
from abcgen.formats.musicxml.measures import Once, add_measure, mode_named
from abcgen.formats.musicxml.parts import in_played_order
from abcgen.formats.printed_tempos import begins_with_tempo
from abcgen.music.directives import transposition_in
from abcgen.music.instruments import INSTRUMENTS
from abcgen.music.performance import melody_program
from abcgen.music.tempo import tempo_of, written_tempo
from abcgen.notation.engraving import score_of
from abcgen.notation.score import Measure
from abcgen.notation.tune import Tune

_HEAD = """\
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 Partwise//EN" \
"http://www.musicxml.org/dtds/partwise.dtd">
"""
_VERSION = "4.0"
#: The field that names the keys of a tune, one for each key signature: ``Ador, D``.
KEYS_FIELD = "keys"
_PART, _INSTRUMENT = "P1", "P1-I1"
#: Header field -> its name among what MusicXML has no element for.
_MORE_FIELDS = {
    "R": "rhythm",
    "O": "origin",
    "B": "book",
    "D": "discography",
    "N": "notes",
    "P": "parts",
}


def musicxml_of(tune: Tune, *, instrument: str | int | None = None) -> str:
    """Return a tune as a MusicXML document.

    Parameters
    ----------
    tune : Tune
        Any tune that `abcgen.music.notes.music_of` understands.
    instrument : str or int, optional
        What plays it; see `abcgen.music.performance.perform`.

    Raises
    ------
    NotationError
        If the tune cannot be read, or has a note too high or too low for a score.
    UsageError
        If the instrument is unknown.

    Notes
    -----
    The same tune always gives the same document: it holds no date. A group of notes of different
    lengths is written with the length of the first, which is how long it lasts. Parts stand in the
    order in which they are played.
    """
    measures = in_played_order(score_of(tune), tune)
    program = melody_program(tune, instrument)
    root = Element("score-partwise", version=_VERSION)
    _add_titles(root, tune, measures)
    _add_part_list(root, program)
    part = add(root, "part", id=_PART)
    _add_measures(part, measures, tune)
    indent(root, " ")
    return _HEAD + tostring(root, encoding="unicode") + "\n"


def _add_titles(root: Element, tune: Tune, measures: Sequence[Measure]) -> None:
    """Append title, composer, the other fields of the header, and the keys if modes are missing."""
    titles = [value for letter, value in tune.header if letter == "T" and value]
    if titles:
        add(add(root, "work"), "work-title", titles[0])
        add(root, "movement-title", titles[0])
    identification = add(root, "identification")
    for letter, value in tune.header:
        if letter == "C":
            add(identification, "creator", value, type="composer")
    encoding = add(identification, "encoding")
    add(encoding, "software", f"abcgen {abcgen.__version__}")
    for letter, value in tune.header:
        if letter == "Z":
            add(encoding, "encoder", value)
    for element in ("accidental", "beam"):
        add(encoding, "supports", element=element, type="yes")
    add(encoding, "supports", element="print", attribute="new-system", type="yes", value="yes")
    source = tune.field("S")
    if source:
        add(identification, "source", source)
    more = [
        (_MORE_FIELDS[letter], value) for letter, value in tune.header if letter in _MORE_FIELDS
    ]
    keys = [measure.setting.key for measure in measures]
    if any(mode_named(key) is None for key in keys):
        more.append((KEYS_FIELD, ", ".join(key for key, _ in groupby(keys))))
    if more:
        fields = add(identification, "miscellaneous")
        for name, value in more:
            add(fields, "miscellaneous-field", value, name=name)
    for title in titles[1:]:
        credit = add(root, "credit", page=1)
        add(credit, "credit-type", "subtitle")
        add(credit, "credit-words", title)


def _add_part_list(root: Element, program: int) -> None:
    """Append the one part and its instrument."""
    name = INSTRUMENTS[program].capitalize()
    part = add(add(root, "part-list"), "score-part", id=_PART)
    add(part, "part-name", name, print_object="no")
    add(add(part, "score-instrument", id=_INSTRUMENT), "instrument-name", name)
    midi = add(part, "midi-instrument", id=_INSTRUMENT)
    add(midi, "midi-channel", 1)
    add(midi, "midi-program", program + 1)


def _add_measures(part: Element, measures: Sequence[Measure], tune: Tune) -> None:
    durations = {sign.duration for measure in measures for sign in measure.signs}
    divisions = math.lcm(*((4 * duration).denominator for duration in durations))
    once = Once(divisions, transposition_in(tune))
    before = None
    unnumbered = 0
    for place, measure in enumerate(measures):
        number = str(measure.number)
        if place and not measure.counted:
            unnumbered += 1
            number = f"X{unnumbered}"
        element = add_measure(part, measure, number, before, once)
        if before is None and not begins_with_tempo(measure):
            _insert_tempo(element, tune)
        before = measure.setting


def _insert_tempo(element: Element, tune: Tune) -> None:
    """Put the tempo before the first note, after the attributes."""
    holder = Element("holder")
    add_tempo(holder, written_tempo(tune), tempo_of(tune))
    place = [child.tag for child in element].index("attributes") + 1
    element[place:place] = list(holder)
