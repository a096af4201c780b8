"""The bars of a tune as MEI: the notes of each, and the signs at them."""

from dataclasses import dataclass, field
from fractions import Fraction

from abcgen.errors import NotationError
from abcgen.formats.mei import signs
from abcgen.formats.mei.heading import tempo
from abcgen.formats.mei.nesting import Run, Sound, nested, tuplet_run
from abcgen.formats.mei.pitches import Pitches, Tie, place_of
from abcgen.formats.mei.values import Value, values_of
from abcgen.notation.form import Bar
from abcgen.notation.meters import is_compound
from abcgen.notation.timing import Event, bar_events
from abcgen.notation.tokens import Token, inner_places, read_tuplet
from abcgen.notation.tune import Tune, read_meter

_SOUNDS = frozenset({"note", "group", "rest"})
#: The value of a lone grace note, and of each of several.
_GRACE, _GRACES = Value("8"), Value("16")


@dataclass(slots=True)
class DrawnBar:
    """A bar as MEI.

    Attributes
    ----------
    layer : str
        Its notes and rests.
    signs : list of str
        What refers to them: ties, slurs, chord symbols. Some come with a later bar.
    length : Fraction
        In whole notes.
    sounds : list of Sound
        Its notes, chords and rests, to estimate how wide it is.
    rest_bars : int
        How many bars it stands for: more than one if it is a long rest.
    end : str
        The place where it ends, as an attribute.
    begins_with_tempo : bool
        Whether a tempo is among its signs, at its beginning.
    """

    layer: str = ""
    signs: list[str] = field(default_factory=list)
    length: Fraction = Fraction(0)
    sounds: list[Sound] = field(default_factory=list)
    rest_bars: int = 1
    end: str = ""
    begins_with_tempo: bool = False


@dataclass(slots=True)
class _Before:
    """What stands before a note and belongs to it."""

    chords: list[str] = field(default_factory=list)
    annotations: list[str] = field(default_factory=list)
    decorations: list[str] = field(default_factory=list)
    grace: Token | None = None
    slurs: int = 0


#: Where a slur or hairpin begins: the signs of that bar, and the id of the note.
_Start = tuple[list[str], str]


class BarWriter:
    """Writes the bars of a tune, in the order in which they stand."""

    def __init__(self, tune: Tune) -> None:
        self.tune = tune
        self.pitches = Pitches()
        self._slurs: list[_Start] = []
        self._hairpins: dict[str, _Start] = {}
        self._bar = DrawnBar()
        self._before = _Before()

    def write(self, bar: Bar) -> DrawnBar:
        """Return the next bar.

        Raises
        ------
        NotationError
            As `abcgen.notation.timing.bar_events`, or if no note values add up to a length.
        """
        self._bar = DrawnBar()
        self._before = _Before()
        self.pitches.begin_bar(bar.setting.key)
        tuplets: list[Run] = []
        within: list[tuple[int, Fraction]] = []  # end and factor of the open tuplet
        joined, total = False, Fraction(0)
        events = bar_events(bar)
        sounds = self._bar.sounds
        for token in bar.tokens:
            if token.kind in _SOUNDS:
                event = next(events)
                length = event.length
                total += length
                if within:  # a tuplet is drawn in the values that it is written in
                    length /= within[0][1]
                sounds.append(self._sound(token, event, length, bar, joined))
                joined = True
                if within and len(sounds) == within[0][0]:
                    within.clear()
            elif token.kind == "chord":
                self._before.chords.append(next(events).chord or "")
            elif token.kind == "field":
                self._tempo(next(events), total * bar.setting.unit, bar)
            elif token.kind == "tuplet":
                notes, factor, count = read_tuplet(token.text, is_compound(bar.setting.meter))
                start, end = len(sounds), len(sounds) + count
                tuplets.append(tuplet_run(start, end, notes, int(factor * notes)))
                within.append((end, factor))
            elif token.kind in ("space", "newline"):
                joined = False
            else:
                self._note_sign(token)
        self._bar.length += total * bar.setting.unit
        self._bar.layer = nested(sounds, tuplets)
        self._end_of_bar(bar)
        return self._bar

    def _tempo(self, event: Event, onset: Fraction, bar: Bar) -> None:
        """Write a change of tempo."""
        letter, _, value = event.field.partition(":")
        sign = tempo(value, _tstamp(onset, bar)) if letter == "Q" else ""
        self._bar.signs.append(sign)
        self._bar.begins_with_tempo |= bool(sign) and not onset

    def _note_sign(self, token: Token) -> None:
        """Keep a sign for the next note, or end a slur at the one before."""
        before = self._before
        if token.kind == "annotation":
            before.annotations.append(token.text.strip('"'))
        elif token.kind == "decoration":
            name = token.text if len(token.text) == 1 else token.text[1:-1].strip()
            before.decorations.append(name)
        elif token.kind == "mark":
            before.decorations.append(token.text)
        elif token.kind == "grace":
            before.grace = token
        elif token.text == "(":
            before.slurs += 1
        elif token.text == ")" and self._slurs and self._bar.sounds:
            self._span("slur", self._slurs.pop(), self._bar.sounds[-1].id)

    def _span(self, element: str, start: _Start, end: str) -> None:
        """Write what spans several notes, unless it begins and ends at the same."""
        where, begin = start
        if begin != end:
            where.append(f'<{element} startid="#{begin}" endid="#{end}"/>')

    def _sound(self, token: Token, event: Event, length: Fraction, bar: Bar, joined: bool) -> Sound:
        """Return a note, chord or rest, and write the signs at it."""
        before, self._before = self._before, _Before()
        offset = self.tune.offset_of(token.position)
        if event.rest_bars:
            return self._long_rest(event.rest_bars, offset, bar)
        values = values_of(length, bar.setting.unit)
        identity = f"{ {'note': 'n', 'group': 'g', 'rest': 'r'}[token.kind] }{offset}"
        articulations = " ".join(
            signs.ARTICULATIONS[name] for name in before.decorations if name in signs.ARTICULATIONS
        )
        grace = self._grace(before.grace, event)
        if not event.pitches:
            name = "space" if token.text[0] == "x" else "rest"
            xml = "".join(
                f'<{name} xml:id="{_nth(identity, nth)}"{value.attributes()}/>'
                for nth, value in enumerate(values)
            )
            self.pitches.tied = {}
        else:
            places = inner_places(token.text) if token.kind == "group" else [0]
            offsets = [offset + place for place in places]
            xml = self._notes(identity, event, offsets, values, articulations)
        self._signs(before, identity)
        return Sound(identity, grace + xml, values, not event.pitches, joined)

    def _notes(
        self,
        identity: str,
        event: Event,
        offsets: list[int],
        values: tuple[Value, ...],
        articulations: str,
    ) -> str:
        """Return the elements of a note or of a chord of notes, and tie it to the one before."""
        tied: dict[tuple[str, int], Tie] = {}
        notes = []  # id and attributes of each
        for (pitch, _, tie), offset in zip(event.pitches, offsets, strict=True):
            alteration, attributes = self.pitches.sound(pitch)
            place = place_of(pitch)
            waiting = self.pitches.tied.get(place)
            if waiting is not None and waiting.alteration == alteration:
                self._tie(waiting.start, f"n{offset}")
            notes.append((f"n{offset}", attributes))
            if tie:
                tied[place] = Tie(_nth(f"n{offset}", len(values) - 1), alteration)
        self.pitches.tied = tied
        artic = f' artic="{articulations}"' if articulations else ""
        parts = []
        for nth, value in enumerate(values):
            if nth:  # a value that only lengthens the one before
                artic = ""
                notes = [(note, _undrawn(attributes)) for note, attributes in notes]
                for note, _ in notes:
                    self._tie(_nth(note, nth - 1), _nth(note, nth))
            inner = value.attributes() + artic
            if identity[0] == "n":
                parts.append(f'<note xml:id="{_nth(identity, nth)}"{inner}{notes[0][1]}/>')
                continue
            members = "".join(
                f'<note xml:id="{_nth(note, nth)}"{attributes}/>' for note, attributes in notes
            )
            parts.append(f'<chord xml:id="{_nth(identity, nth)}"{inner}>{members}</chord>')
        return "".join(parts)

    def _tie(self, start: str, end: str) -> None:
        """Write a tie; without a start it comes from the bar line."""
        begin = f'startid="#{start}"' if start else 'tstamp="0"'
        self._bar.signs.append(f'<tie {begin} endid="#{end}"/>')

    def _grace(self, token: Token | None, event: Event) -> str:
        """Return the grace notes of a sound; a slash is drawn where ``{/`` is written."""
        if token is None or not event.grace:
            return ""
        begin = self.tune.offset_of(token.position)
        value = _GRACE if len(event.grace) == 1 else _GRACES
        slash = ' stem.mod="1slash"' if token.text.startswith("{/") else ""
        kind = "unacc" if slash else "acc"
        notes = "".join(
            f'<note xml:id="n{begin + place}" grace="{kind}"{value.attributes()}{slash} '
            f'stem.dir="up"{self.pitches.grace(pitch)}/>'
            for place, (pitch, _, _) in zip(inner_places(token.text), event.grace, strict=True)
        )
        inside = notes if len(event.grace) == 1 else f"<beam>{notes}</beam>"
        return f"<graceGrp>{inside}</graceGrp>"

    def _signs(self, before: _Before, identity: str) -> None:
        """Write the signs at a note."""
        place = f'startid="#{identity}"'
        out = self._bar.signs
        for name in before.decorations:
            out.append(signs.sign(name, place))
            if name in signs.HAIRPINS:
                what, form = signs.HAIRPINS[name]
                if what == "begin":
                    self._hairpins[form] = (out, identity)
                elif form in self._hairpins:
                    self._span(f'hairpin form="{form}"', self._hairpins.pop(form), identity)
        out.extend(signs.annotation(text, place) for text in before.annotations)
        out.append(signs.chord_symbol(before.chords, place))
        self._slurs += [(out, identity)] * before.slurs

    def _long_rest(self, bars: int, offset: int, bar: Bar) -> Sound:
        """Return a rest of whole bars."""
        self.pitches.tied = {}
        self._bar.length += bars * read_meter(bar.setting.meter)
        self._bar.rest_bars = bars
        identity = f"r{offset}"
        if sum(token.kind in _SOUNDS for token in bar.tokens) > 1:
            raise NotationError("a rest of whole bars (Z) shares its bar with notes")
        xml = f'<mRest xml:id="{identity}"/>'
        if bars > 1:
            xml = f'<multiRest xml:id="{identity}" num="{bars}"/>'
        return Sound(identity, xml, (), True, False)

    def _end_of_bar(self, bar: Bar) -> None:
        """Write what stands after the last note: words such as Fine, and chord symbols."""
        place = self._bar.end = _tstamp(self._bar.length, bar)
        before = self._before
        texts = [name for name in before.decorations if name in signs.AT_BAR_END]
        self._bar.signs.extend(signs.sign(name, place, ends=True) for name in texts)
        self._bar.signs.extend(signs.annotation(text, place) for text in before.annotations)
        self._bar.signs.append(signs.chord_symbol(before.chords, place))


def _tstamp(onset: Fraction, bar: Bar) -> str:
    """Return a place in a bar as an attribute, which counts beats from 1."""
    unit = int(bar.setting.meter.partition("/")[2] or {"C": 4, "C|": 2}[bar.setting.meter])
    return f'tstamp="{float(1 + onset * unit):g}"'


def _nth(identity: str, nth: int) -> str:
    """Return the id of a note's further value, which is not the written note itself."""
    return f"{identity}-{nth}" if nth else identity


def _undrawn(attributes: str) -> str:
    """Return the attributes of a note without the accidental that is drawn."""
    head, drawn, rest = attributes.partition(' accid="')
    return head + rest.partition('"')[2] if drawn else attributes
