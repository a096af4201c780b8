"""The bars of a tune as MEI: the notes of each, and the signs at them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from abcgen.formats.mei import signs
from abcgen.formats.mei.heading import tempo
from abcgen.formats.mei.nesting import nested
from abcgen.formats.mei.notes import NoteWriter
from abcgen.music.tempo import read_tempo, tempo_in
from abcgen.notation.score import Mark, Measure, Sign
from abcgen.notation.tune import Setting


@dataclass(slots=True)
class DrawnBar:
    """A bar as MEI: its notes and rests, and what refers to them, such as ties and chord symbols.

    Some signs are added with a later bar.
    """

    layer: str = ""
    signs: list[str] = field(default_factory=list)


#: Where a slur or hairpin begins: the signs of that bar, and the id of the note.
_Start = tuple[list[str], str]


class BarWriter:
    """Writes the bars of a tune, in the order in which they stand.

    Parameters
    ----------
    offset_of : callable
        `abcgen.notation.tune.Tune.offset_of` of the tune.
    """

    def __init__(self, offset_of: Callable[[int], int]) -> None:
        self._offset_of = offset_of
        self._ties: dict[tuple[str, int], str] = {}  # letter and octave -> where the tie begins
        self._slurs: dict[int, _Start] = {}
        self._hairpins: dict[str, _Start] = {}
        self._bar = DrawnBar()

    def write(self, measure: Measure) -> DrawnBar:
        """Return the next bar; a long rest is one."""
        self._bar = DrawnBar()
        notes = NoteWriter(self._offset_of, measure)
        elements: list[str] = []
        before: list[Mark] = []  # what stands before a note and belongs to it
        identity = ""
        for item in measure.content:
            if isinstance(item, Sign):
                identity = notes.identity(item)
                heads = notes.head_identities(item, identity)
                elements.append(notes.xml(item, identity, heads))
                self._tie(item, heads, measure)
                self._at(item, before, identity)
                before = []
            elif item.kind in ("tempo", "part"):
                self._bar.signs.append(_heading(item, measure.setting))
            else:
                before.append(item)
        if measure.rest_bars:
            elements = [f'<multiRest xml:id="{identity}" num="{measure.rest_bars}"/>']
        self._bar.layer = nested(elements, measure.signs)
        self._end_of_bar(before, identity, measure)
        return self._bar

    def _tie(self, sign: Sign, heads: Sequence[str], measure: Measure) -> None:
        """Write the ties that end at a sign, and keep those that begin."""
        for head, identity in zip(sign.heads, heads, strict=True):
            place = head.letter, head.octave
            if head.tied_from:
                begin = f'startid="#{self._ties.get(place)}"'
                if head.half_tie == "in":  # from the bar line, for want of another end
                    begin = 'tstamp="0"'
                self._bar.signs.append(f'<tie {begin} endid="#{identity}"/>')
            if head.half_tie == "out":  # to the bar line
                end = beat(measure.duration, measure.setting)
                self._bar.signs.append(f'<tie startid="#{identity}" tstamp2="0m+{end}"/>')
            if head.tied_to:
                self._ties[place] = identity

    def _at(self, sign: Sign, before: Sequence[Mark], identity: str) -> None:
        """Write the signs at a note."""
        place = f'startid="#{identity}"'
        out = self._bar.signs
        for name in sign.decorations:
            out.append(signs.sign(name, place))
            self._hairpin(name, identity)
        if sign.whole_bar:  # it stands in the middle of the bar
            place = 'tstamp="1"'
        out.extend(signs.annotation(one.text, place) for one in before if one.kind == "remark")
        out.append(signs.chord_symbol([one.text for one in before if one.kind == "chord"], place))
        for number in sign.slurs_end:
            self._span("slur", self._slurs.pop(number), identity)
        for number in sign.slurs_begin:
            self._slurs[number] = out, identity

    def _hairpin(self, name: str, identity: str) -> None:
        """Begin or end a hairpin, if the decoration is one."""
        what, form = signs.HAIRPINS.get(name, ("", ""))
        if what == "begin":
            self._hairpins[form] = self._bar.signs, identity
        elif form in self._hairpins:
            self._span(f'hairpin form="{form}"', self._hairpins.pop(form), identity)

    def _span(self, element: str, start: _Start, end: str) -> None:
        """Write what spans several notes, unless it begins and ends at the same."""
        where, begin = start
        if begin != end:
            where.append(f'<{element} startid="#{begin}" endid="#{end}"/>')

    def _end_of_bar(self, marks: Sequence[Mark], last: str, measure: Measure) -> None:
        """Write what stands after the last note: words such as Fine, and chord symbols."""
        place = tstamp(measure.duration, measure.setting)
        out = self._bar.signs
        for mark in marks:
            if mark.kind == "decoration":
                out.append(signs.sign_at_end(mark.text, place))
                self._hairpin(mark.text, last)
            elif mark.kind == "remark":
                out.append(signs.annotation(mark.text, place))
        out.append(signs.chord_symbol([one.text for one in marks if one.kind == "chord"], place))


def tstamp(onset: Fraction, setting: Setting) -> str:
    """Return a place in a bar as an attribute."""
    return f'tstamp="{beat(onset, setting)}"'


def beat(onset: Fraction, setting: Setting) -> str:
    """Return a place in a bar as MEI counts it: in beats, from 1."""
    unit = int(setting.meter.partition("/")[2] or {"C": 4, "C|": 2}[setting.meter])
    return f"{float(1 + onset * unit):g}"


def _heading(mark: Mark, setting: Setting) -> str:
    """Return the element of a tempo, or of the name of a part."""
    place = tstamp(mark.onset, setting)
    if mark.kind == "part":
        return signs.part(mark.text, place)
    if read_tempo(mark.text, setting) is None:
        return ""
    return tempo(tempo_in(mark.text, setting), place)
