"""Why a text is no canonical tune, in words for players.

The acceptor (`abcgen.grammar.acceptor`) knows only which characters may follow. Where another one
stands, this works out from the place what is wrong there: a bar that is too short, a repeat that
nothing opens, a tie into another note. Nothing here decides what is canonical.
"""

import re
from typing import NamedTuple

from abcgen.errors import NotationError
from abcgen.grammar import bar as bars
from abcgen.grammar.acceptor import (
    BARS_IN_LINE,
    EVERYTHING,
    FREE,
    MOST_IN_LINE,
    Crossing,
    End,
    Fixed,
    Form,
    KeyChange,
    Place,
    begin_tune,
)
from abcgen.grammar.bar import LENGTHS, InBar, left_after, lengths_that_fit, rules_of
from abcgen.grammar.header import METERS, TITLE_CHARACTERS, UNITS, Header, Wishes
from abcgen.notation.rhythms import RHYTHMS

# The kinds of reasons, as tables name them.
SHORT = "a bar is too short"
LONG = "a bar is too long"
LAST = "the last bar and the pickup do not make one bar"
BEFORE_REPEAT = "the bar before `:|` and the pickup do not make one bar"
PICKUP = "a section does not begin with what the bar before it lacks"
PICKUP_LENGTH = "a pickup is no whole number of eighths"
REPEAT = "repeat signs do not match"
ENDING = "a first or second ending is not where one may be"
KEY = "the key changes within a section"
METER = "the metre changes"
FIELD = "a field is unknown, missing or not where it may be"
VALUE = "a field has a value that not every player takes"
LENGTH = "a note has a length that not every player takes"
SINGLE = "a note of 1/32 stands alone"
TUPLET = "a tuplet that not every player takes"
BROKEN = "`>` or `<` not between two notes that it can dot"
TIE = "a tie into another note, or into none"
CHORD = "a chord symbol that not every player knows"
CHORD_PLACE = "a chord symbol where none may stand"
GROUP = "notes at once ([CEG]) that not every player takes"
PITCH = "a note is too high or too low, or its accidental has no note"
IN_HORNPIPE = "a rest, a group, `>` or `<` in a hornpipe"
ASKED = "it is not what was asked for"
END = "the tune ends too soon"
BEHIND = "something stands behind the end of the tune"
SPELLING = "it is spelled in another way"
SIGN = "a sign that is not part of the spelling"
VOCABULARY = "a character that the network has not learned"

#: What is said of a bar whose end has not been looked for.
_MORE_THAN = "it lasts more than"
_LONGEST = 64  # eighths that a bar is measured up to
_SHOWN = 30  # characters of a line that are quoted
_NUMBER = re.compile(r"[0-9/]*")
_FIELD = re.compile(r"\n?\[?([A-Za-z]):(?![|:])")
_LETTERS = "CDEFGABcdefgab"
_ACCIDENTALS = "^_="
#: In what order a header has its fields.
_FIELDS = "XTRNMLK"


class Reason(NamedTuple):
    """What is wrong: a kind, which tables count, and words for this one place.

    ``before`` says that it is the bar before that is wrong, whose bar line has been read.
    """

    kind: str
    words: str
    before: bool = False


class Fault(NamedTuple):
    """The first thing that is wrong with a text.

    Attributes
    ----------
    kind : str
        One of the kinds that this module names.
    words : str
        What is wrong there.
    position : int
        Characters before it.
    line, column : int
        Where it stands, from 1 on.
    bar : int
        The bar, from 1 on as they are written; a pickup is one, and so is each ending's. 0 in
        the header.
    """

    kind: str
    words: str
    position: int
    line: int
    column: int
    bar: int

    @property
    def musical(self) -> str:
        """The reason without line and column, for a text that the reader does not see."""
        return f"bar {self.bar}: {self.words}" if self.bar else f"line {self.line}: {self.words}"

    def __str__(self) -> str:
        """Return the reason on one line."""
        if not self.bar:
            return self.musical
        return f"{self.musical} (line {self.line}, column {self.column})"


class NotCanonicalError(NotationError):
    """A tune has no canonical spelling; ``fault`` says what is wrong with what was spelled."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.musical)
        self.fault = fault


class _Read(NamedTuple):
    """How far a text could be read: to a place, before a position, in a bar that began so."""

    place: Place
    position: int
    bar: int
    began: InBar | None
    began_at: int


def complaint(text: str, wishes: Wishes | None = None) -> Fault | None:
    """Return why a text is no canonical tune, or None if it is one.

    Parameters
    ----------
    text : str
        From X: on, with or without the blank line that ends it.
    wishes : Wishes, optional
        What is asked for of it; if not given, nothing, and a remark may stand in its header.
    """
    read = _read(text, begin_tune(EVERYTHING, wishes or Wishes(remark=True)))
    if read.position == len(text) and read.place.may_end:
        return None
    return _found(text, read)


def find_fault(text: str, start: Place) -> tuple[Place, Fault | None]:
    """Read a text that need not be a whole tune, such as one that is to be gone on with.

    Parameters
    ----------
    text : str
        What is read from the start.
    start : Place
        Where it begins, mostly `abcgen.grammar.acceptor.begin_tune`.

    Returns
    -------
    place : Place
        The place behind the text or, if there is a fault, before that.
    fault : Fault or None
        What is wrong first.
    """
    read = _read(text, start)
    return read.place, None if read.position == len(text) else _found(text, read)


def reason(place: Place, rest: str) -> Reason:
    """Return why a text cannot go on so at a place.

    Parameters
    ----------
    place : Place
        Where it stands.
    rest : str
        From the character on that is not allowed there; the more of it, the better can be told
        what was meant. An empty string if the text ends there.
    """
    character = rest[:1]
    if character and place.form is not None and character not in EVERYTHING.characters:
        return Reason(SIGN, f"{character!r} is no printable ASCII character")
    local = place.local
    if isinstance(local, Header):
        return _in_header(local, rest)
    assert place.form is not None
    known = place.form.header.alphabet.characters
    if character in EVERYTHING.characters and character not in known:
        return Reason(VOCABULARY, f"the network has never seen {character!r}")
    if isinstance(local, End):
        return Reason(BEHIND, f"{_quoted(rest)} stands behind the blank line that ends the tune")
    if isinstance(local, KeyChange):
        return Reason(VALUE, f"K: {_value(local.text[1:], rest)} {_NO_KEY}")
    if isinstance(local, Fixed):
        return _behind_mark(place.form, local, rest)
    if isinstance(local, Crossing):
        return _behind_bar(place.form, local, rest)
    return _in_bar(place, place.form, local, rest)


def _read(text: str, place: Place) -> _Read:
    """Read a text as far as the acceptor takes it."""
    bar, began, began_at = 0, None, 0
    position = 0
    for position, character in enumerate(text):
        local = place.local
        if isinstance(local, InBar) and local.phase == bars.START:
            began, began_at = local, position
        if character not in place.allowed():
            return _Read(place, position, bar, began, began_at)
        place = place.after(character)
        # Only behind music is a bar counted: |: and || are no bars.
        behind_music = isinstance(local, InBar) and local.phase not in (bars.START, bars.CHORD)
        bar += behind_music and character in "|:"
    return _Read(place, len(text), bar, began, began_at)


def _found(text: str, read: _Read) -> Fault:
    """Return what is wrong where a text could not be read on."""
    position, place = read.position, read.place
    kind, words, before = reason(place, text[position:])
    if _MORE_THAN in words and read.began is not None:
        rules = read.began.rules
        lasts = _measure(read.began, text[read.began_at :])
        if lasts is not None:
            words = words.partition(_MORE_THAN)[0] + _lasts(lasts, rules.frame, rules.least)
    line = text.count("\n", 0, position) + 1
    column = position - text.rfind("\n", 0, position)
    bar = 0 if place.form is None else read.bar + (not before)
    return Fault(kind, words, position, line, column, bar)


def _measure(began: InBar, text: str) -> int | None:
    """Return how long a bar is, whatever it should be, or None if it has other faults."""
    frame = began.rules.frame
    most = _LONGEST * frame.eighth
    ends = frozenset(range(most))
    place: InBar = began._replace(
        rules=rules_of(frame._replace(size=most, plain=ends, double=ends, repeat=ends)), left=most
    )
    for character in text:
        if character not in place.allowed():
            return None
        following = place.after(character)
        if not isinstance(following, InBar):
            return most - following.missing if following.behind_music else None
        place = following
    return None


# -- in words -----------------------------------------------------------------------------------


def _quoted(rest: str) -> str:
    line = rest.partition("\n")[0]
    return repr(_cut(line)) if line else "a line end"


def _cut(line: str) -> str:
    return line if len(line) <= _SHOWN else line[: _SHOWN - 3] + "..."


def _value(head: str, rest: str) -> str:
    """Return the value of a field of which a head has been read."""
    return _cut(repr(head + rest.partition("\n")[0])[1:-1])


def _time(units: int, eighth: int) -> str:
    """Return a length as a fraction of a whole note, in eighths if it can be."""
    for part in (8, 16, 32):
        if units * part % (8 * eighth) == 0:
            return f"{units * part // (8 * eighth)}/{part}"
    return f"{units * 64 // (8 * eighth)}/64"


def _lasts(units: int, frame: bars.Frame, missing: int = 0) -> str:
    """Say how long a bar is, and how long it should be."""
    due = _time(frame.size - missing, frame.eighth)
    return f"it lasts {_time(units, frame.eighth)}, not {due}"


# -- the header ---------------------------------------------------------------------------------

_NO_KEY = "is none of the keys with up to seven sharps or flats, spelled like G, Ador or Bbmix"


def _in_header(place: Header, rest: str) -> Reason:
    if not place.text:
        return _other_field(place, rest)
    field = place.field
    if len(place.text) == 1:
        return Reason(FIELD, f"{field} begins no field: a colon is to follow")
    if field in "TN":
        return _in_words(place, rest)
    if field == "X":
        value = _value("", rest)
        return Reason(VALUE, f"X: goes on with '{value}', and is to be a number of few digits")
    value = _value(place.text[2:], rest)
    wished = {"R": "rhythm", "M": "meter", "K": "key"}.get(field)
    asked = getattr(place.wishes, wished) if wished else ""
    if asked:
        return Reason(ASKED, f"{field}: {value} stands where {asked} is asked for")
    if field == "K":
        return Reason(VALUE, f"K: {value} {_NO_KEY}")
    values = (", " if field == "R" else " ").join(place.values(field))
    if value in RHYTHMS or value in METERS:
        return Reason(VALUE, f"{field}: {value} does not go with the rest; it may be {values}")
    return Reason(VALUE, f"{field}: {value} is none of {values}")


def _other_field(place: Header, rest: str) -> Reason:
    due = " or ".join(f"{field}:" for field in place.allowed())
    if not rest:
        return Reason(END, f"the header ends where {due} is due")
    match = re.match(r"([A-Za-z]):", rest)
    if match is None:
        return Reason(FIELD, f"{_quoted(rest)} stands where {due} is due")
    letter = match[1]
    if letter == "N":
        return Reason(FIELD, "a remark (N:) cannot stand here")
    if letter not in _FIELDS:
        return Reason(FIELD, f"{letter}: is a field that the spelling leaves out; {due} is due")
    return Reason(FIELD, f"{letter}: stands where {due} is due: the order is X T R M L K")


def _in_words(place: Header, rest: str) -> Reason:
    """Say what is wrong with a title or a remark."""
    name = "a title" if place.field == "T" else "a remark"
    wished = place.wishes.title if place.field == "T" else ""
    character = rest[:1]
    if wished:
        return Reason(ASKED, f"the title is not the one asked for, {wished!r}")
    if not character:
        return Reason(END, f"the text ends within {name}")
    if character == "\n":
        if not place.length:
            return Reason(VALUE, f"{name} cannot be empty")
        return Reason(VALUE, f"{name} cannot end with a space")
    if character not in TITLE_CHARACTERS:
        return Reason(VALUE, f"{name} cannot hold {character!r}")
    if character not in place.alphabet.characters:
        return Reason(VOCABULARY, f"the network has never seen {character!r}")
    if character == " " and (not place.length or place.text.endswith(" ")):
        where = "follow another" if place.length else f"begin {name}"
        return Reason(VALUE, f"a space cannot {where}")
    return Reason(VALUE, f"{name} cannot be longer than {place.length} characters")


# -- bar lines and the form ---------------------------------------------------------------------


def _behind_mark(form: Form, local: Fixed, rest: str) -> Reason:
    """Say what is wrong behind a mark that only one text may follow."""
    due = local.text
    if not rest:
        named = "a line end" if due[0] == "\n" else repr(due)
        return Reason(END, f"the text ends where {named} is due", before=True)
    if "[" in due:
        if rest.lstrip("|\n ")[:1] in ("[", "2"):
            written = repr(":|" + due.lstrip("|"))
            return Reason(SPELLING, f"the second ending is written {written} here", before=True)
        return Reason(ENDING, "the first ending has no second: `[2` is to follow", before=True)
    if due == ":":
        return Reason(REPEAT, "a `|` with no music before it; was `|:` meant?")
    if due == " ":
        return Reason(SPELLING, "an ending is written with a space behind its number, as in `[1 `")
    if rest[0] == ":":
        return Reason(SPELLING, "`::` is written `:|` and, on a new line, `|:`", before=True)
    if due[0] == "\n":
        return Reason(SPELLING, "a line is to end behind the end of a section", before=True)
    return Reason(SPELLING, f"{_quoted(rest)} stands where {due!r} is due", before=True)


def _behind_bar(form: Form, local: Crossing, rest: str) -> Reason:
    """Say what is wrong where no music may follow."""
    character = rest[:1]
    if form.missing < 0:
        wished = len(form.header.wishes.form)
        if not character:
            return Reason(END, "the text ends before the last line does", before=True)
        if wished and form.section >= wished:
            return Reason(ASKED, f"more sections than the {wished} asked for")
        return Reason(BEHIND, f"{_quoted(rest)} stands behind the last bar", before=True)
    full = _full(form)
    if character in ("|", "]"):
        return _closed(form, form.missing, f"|{character}", form.bars, local.tie)._replace(
            before=True
        )
    if form.missing:
        lasts = _of_full(full - form.missing, [full], form)
        if character in ("[", ":"):
            return Reason(ENDING, f"`|{rest[:2]}` within a bar: {lasts}", before=True)
        return Reason(SHORT, lasts, before=True)
    if "\n" not in local.marks:
        return _unlike_form(form, form.bars, before=True)
    if not character:
        return Reason(END, "the text ends where a line end is due", before=True)
    return Reason(
        SPELLING,
        f"a line ends behind {BARS_IN_LINE} full bars or {MOST_IN_LINE} characters",
        before=True,
    )


def _full(form: Form) -> int:
    return METERS[form.header.meter] * UNITS[form.header.unit]


def _of_full(units: int, due: list[int], form: Form) -> str:
    eighth = UNITS[form.header.unit]
    named = " or ".join(_time(length, eighth) for length in due)
    return f"it lasts {_time(units, eighth)}, not {named}"


def _unlike_form(form: Form, counted: int, before: bool = False) -> Reason:
    wished = form.header.wishes.form
    if form.section >= len(wished):
        return Reason(ASKED, f"more sections than the {len(wished)} asked for", before)
    name, due = f"section {form.section + 1}", wished[form.section]
    if counted >= due:
        return Reason(ASKED, f"{name} is to end behind {due} full bars", before)
    return Reason(ASKED, f"{name} ends behind {counted} full bars, not behind {due}", before)


def _closed(form: Form, missing: int, mark: str, counted: int, tie: str = "") -> Reason:
    """Say why a section cannot end with a double bar line behind a bar that lacks so much."""
    full = _full(form)
    if form.repeated and form.ending == 1:
        return Reason(ENDING, f"the first ending ends with `{mark}`, not with `:|`")
    if form.repeated and not form.ending:
        return Reason(REPEAT, f"`|:` without a `:|`: the section ends with `{mark}`")
    if tie:
        return Reason(TIE, f"a tie over `{mark}`")
    if not form.may_close(counted):
        return _unlike_form(form, counted)
    last = mark == "|]"
    if not (form.may_be_last() if last else form.may_be_followed()):
        wished = len(form.header.wishes.form)
        return Reason(ASKED, f"section {form.section + 1} of {wished} ends with `{mark}`")
    if not counted:
        return Reason(SHORT, f"nothing but a pickup before `{mark}`")
    if last:
        return _unlike_pickup(LAST, "the last bar", form, missing, {form.begin, form.first})
    return Reason(SHORT, _of_full(full - missing, [full], form))


def _unlike_pickup(kind: str, name: str, form: Form, missing: int, pickups: set[int]) -> Reason:
    """Say that a bar does not lack the pickup that it must lack."""
    full, eighth = _full(form), UNITS[form.header.unit]
    lasts = _of_full(full - missing, sorted(full - pickup for pickup in pickups), form)
    named = " or ".join(_time(pickup, eighth) for pickup in sorted(pickups) if pickup)
    if named:
        return Reason(kind, f"{name} must lack the pickup ({named}): {lasts}")
    return Reason(kind, f"{name} must be full, since there is no pickup: {lasts}")


def _bar_line(form: Form, bar: InBar, left: int, rest: str) -> Reason:
    """Say why a bar of which so much is left cannot end with a bar line."""
    frame = bar.rules.frame
    counted = form.bars + (form.pickup <= 0)
    lasts = _lasts(frame.size - left, frame)
    if form.pickup > 0:
        due = _time(form.pickup, frame.eighth)
        return Reason(PICKUP, f"a pickup of {due} is due here: {lasts}")
    if rest[0] == ":":
        if not form.repeated:
            return Reason(REPEAT, "`:|` without a `|:`")
        if form.ending == 2:
            return Reason(ENDING, "the second ending ends with `:|`, not with `||` or `|]`")
        if not form.may_close(counted):
            return _unlike_form(form, counted)
        return _unlike_pickup(
            BEFORE_REPEAT, "the bar before `:|`", form, left, {max(form.begin, 0)}
        )
    mark = rest[:2]
    if mark in ("||", "|]") and (mark == "|]" or form.repeated):
        return _closed(form, left, mark, counted)
    if form.section and not form.bars and form.missing < 0 and form.pickup == 0:
        return Reason(PICKUP, f"no pickup is due here, since the bar before is full: {lasts}")
    if form.pickup == FREE and left % frame.eighth:
        lasts = _time(frame.size - left, frame.eighth)
        return Reason(PICKUP_LENGTH, f"a pickup is a whole number of eighths; this lasts {lasts}")
    if not form.may_go_on(counted) and not left:
        return _unlike_form(form, counted)
    return Reason(SHORT, lasts)


# -- within a bar -------------------------------------------------------------------------------


def _in_bar(place: Place, form: Form, bar: InBar, rest: str) -> Reason:
    if not rest:
        if bar.phase == bars.START and form.missing >= 0:
            return Reason(END, "the tune ends behind this bar without `|]` or `:|`", before=True)
        return Reason(END, "the tune ends within this bar")
    field = _FIELD.match(rest) if place.width == 0 or rest[0] in "\n[" else None
    if bar.phase == bars.GROUP and bar.number == 0:
        field = _FIELD.match(rest)  # behind a [
    if field:
        return _field(form, field[1])
    if bar.phase == bars.NOTE and place.width == 1 and re.match(":[^|:]", rest):
        return _field(form, bar.pitch)
    if bar.phase == bars.START:
        return _at_start(form, bar, rest)
    if bar.phase in (bars.NOTE, bars.REST, bars.GROUPED):
        return _behind_sound(form, bar, rest)
    if bar.phase == bars.CHORD:
        chord, closed, _ = (bar.text + rest).partition("\n")[0].partition('"')
        if not closed:
            return Reason(CHORD, "a chord symbol is not closed")
        return Reason(CHORD, f'"{chord}" is no chord symbol that every player knows')
    if bar.phase == bars.TUPLET:
        return _tuplet(form, bar, rest)
    if bar.phase == bars.NUMBER:
        return Reason(TUPLET, f"a tuplet begins with a note, not with {rest[0]!r}")
    if bar.phase == bars.BROKEN:
        if rest[0] in "<>":
            return Reason(BROKEN, "`>>` and `<<` are not played alike")
        return Reason(BROKEN, f"`>` or `<` is followed by {rest[0]!r}, not by a note")
    if bar.phase in (bars.GROUP, bars.GROUP_ACCIDENTAL):
        return _in_group(bar, rest)
    if bar.phase == bars.ACCIDENTAL:
        return Reason(PITCH, f"an accidental is followed by {rest[0]!r}, not by a note")
    return _next(form, bar, bar.left, rest)


def _field(form: Form, letter: str) -> Reason:
    if letter == "K":
        return Reason(KEY, "the key changes elsewhere than between two sections")
    if letter == "M":
        return Reason(METER, "the metre changes, and a tune has one")
    return Reason(FIELD, f"the field {letter}: stands within the music")


def _at_start(form: Form, bar: InBar, rest: str) -> Reason:
    """Say what is wrong at the beginning of a bar."""
    character = rest[0]
    if bar.number and character not in bar.marks:
        return Reason(ASKED, "chord symbols are asked for, and one is to stand here")
    behind_bar = form.missing >= 0
    if character == "\n":
        if not behind_bar:
            return Reason(END, "the tune ends where more music is due")
        words = f"a line goes on to {BARS_IN_LINE} full bars or {MOST_IN_LINE} characters"
        return Reason(SPELLING, words, before=True)
    if character == ":":
        return Reason(REPEAT, "`|:` behind a section that neither `||` nor `:|` ends")
    if character in "|]" and behind_bar:
        closed = _closed(form, form.missing, f"|{character}", form.bars, bar.tie)
        return closed._replace(before=True)
    if character == "|":
        return Reason(REPEAT, "a `|` with no music before it")
    if character.isdigit() and behind_bar:
        return Reason(ENDING, f"the ending {character} is not where or not written as it may be")
    if character == "]":
        return Reason(END, "`|]` behind the end of a section")
    return _next(form, bar, bar.left, rest)


def _behind_sound(form: Form, bar: InBar, rest: str) -> Reason:
    """Say what is wrong within or behind a note, a rest or a group."""
    if bar.phase == bars.NOTE and bar.tie and bar.pitch != bar.tie:
        return Reason(TIE, f"a tie from {bar.tie} to another note")
    if rest[0] in "',":
        if bar.phase != bars.NOTE or bar.text:
            return Reason(SPELLING, f"{rest[0]!r} stands behind a length")
        return Reason(PITCH, f"{bar.pitch}{rest[0]} is too high or too low, or spelled unlike here")
    digits = _NUMBER.match(rest)
    number = digits.group() if digits else ""
    fitting = dict(lengths_that_fit(bar))
    if bar.text + number not in fitting:
        return _length(form, bar, bar.text + number)
    units = fitting[bar.text + number]
    character = rest[0]
    if bar.time and bar.number > 1:
        missing = bar.number - 1
        return Reason(TUPLET, f"a tuplet lacks {missing} of its notes: {character!r} follows")
    left = left_after(bar, units) if bar.phase == bars.NOTE else bar.left - units
    if character == "-":
        return _tie(bar, left)
    if character in "<>":
        return _broken(bar, units, left)
    return _next(form, InBar(bar.rules, bar.phase, left), left, rest)


def _tie(bar: InBar, left: int) -> Reason:
    if bar.phase == bars.REST:
        return Reason(TIE, "a rest is tied")
    if bar.time:
        return Reason(TIE, "a note of a tuplet is tied")
    if bar.each:
        return Reason(TIE, "a note behind `>` or `<` is tied")
    if bar.phase == bars.GROUPED and not bar.group:
        return Reason(TIE, "notes at once with an accidental are tied")
    if left <= bar.rules.least or left in bar.rules.lines:
        return Reason(TIE, "a tie over the end of a section")
    return Reason(TIE, "nothing that fits follows a tie")


def _broken(bar: InBar, units: int, left: int) -> Reason:
    rules = bar.rules
    if not rules.frame.broken:
        return Reason(IN_HORNPIPE, "`>` or `<` in a hornpipe, which players dot anyway")
    if bar.phase != bars.NOTE or bar.time or bar.each:
        return Reason(BROKEN, "`>` or `<` behind something that is no plain note")
    if units not in rules.divisible:
        lasts = _time(units, rules.frame.eighth)
        return Reason(BROKEN, f"`>` or `<` behind a note of {lasts}: only 1/16, 1/8 and 1/4 can be")
    return Reason(BROKEN, "the note behind `>` or `<` is missing or too long for the bar")


def _length(form: Form, bar: InBar, written: str) -> Reason:
    """Say why a note cannot have a length."""
    rules = bar.rules
    units = LENGTHS.get(written)
    if written.startswith("//") or written == "/" or written.endswith("/"):
        return Reason(SPELLING, f"a length is written /2 or /4, not {written}")
    if written == "1":
        return Reason(SPELLING, "the length 1 is left out")
    if units is None or (written, units) not in rules.lengths:
        return Reason(LENGTH, f"a note as long as {written} has no length that every player takes")
    lasts = _time(units, rules.frame.eighth)
    if bar.each:
        if bar.time:
            return Reason(TUPLET, "the notes of a tuplet are not of one length")
        return Reason(BROKEN, "the notes before and behind `>` or `<` are not of one length")
    if bar.time and units not in rules.divisible:
        return Reason(TUPLET, f"a tuplet of notes of {lasts}: only 1/16, 1/8 and 1/4 can be")
    if units * (bar.time or 1) > bar.room():
        return _too_long(form, bar)
    if rules.pair > 1 and (units % rules.pair or bar.left % rules.pair):
        return Reason(SINGLE, f"a note of {lasts} that leaves the bar out of step by 1/32")
    return Reason(LENGTH, f"a note of {lasts} does not fit here")


def _too_long(form: Form, bar: InBar) -> Reason:
    due = _time(bar.rules.size - bar.rules.least, bar.rules.frame.eighth)
    if form.pickup > 0:
        return Reason(PICKUP, f"a pickup of {due} is due here: {_MORE_THAN} that")
    return Reason(LONG, f"{_MORE_THAN} {due}")


def _next(form: Form, bar: InBar, left: int, rest: str) -> Reason:
    """Say why something cannot come next in a bar of which so much is left."""
    rules, character = bar.rules, rest[0]
    if character in "|:":
        if bar.tie and left in rules.lines:
            return Reason(TIE, "a tie over the end of a section")
        if bar.phase not in (bars.SPACE, bars.CHORDED):
            return _bar_line(form, bar, left, rest)
    if bar.phase in (bars.SPACE, bars.CHORDED) and character in "|: \n":
        name = "a space" if bar.phase == bars.SPACE else "a chord symbol"
        return Reason(SPELLING, f"{name} is followed by {character!r}, not by a note")
    if character == "\n":
        return Reason(SPELLING, "a line ends within this bar")
    if character == " " and rest.lstrip(" ")[:1] in ("|", ":", "\n", ""):
        return Reason(SPELLING, "a space stands before a bar line")
    if character in "-<>0123456789/',":
        kind = TIE if character == "-" else BROKEN if character in "<>" else SPELLING
        return Reason(kind, f"{character!r} stands behind no note")
    if character not in _LETTERS + _ACCIDENTALS + '[(" z':
        return Reason(SIGN, f"{character!r} is left out of the spelling, or does not belong here")
    if left <= rules.least:
        return _too_long(form, bar)
    if character == '"':
        return _chord_place(bar, left)
    if bar.tie:
        return Reason(TIE, f"a tie from {bar.tie} to {_quoted(rest[:2])[1:-1]}")
    if character == "z":
        return Reason(IN_HORNPIPE, "a rest in a hornpipe")
    if character == "[" and not rules.frame.groups:
        return Reason(IN_HORNPIPE, "a group in a hornpipe")
    if character == "(":
        if left % rules.pair:
            return Reason(SINGLE, "a tuplet where the bar is out of step by 1/32")
        return _too_long(form, bar)
    return Reason(SPELLING, f"{character!r} stands where one of {bar.allowed()!r} may")


def _chord_place(bar: InBar, left: int) -> Reason:
    frame = bar.rules.frame
    if bar.phase == bars.CHORDED:
        return Reason(CHORD_PLACE, "two chord symbols stand at one note")
    if not frame.chords:
        return Reason(CHORD_PLACE, "a chord symbol where the metre has none or none is asked for")
    if left % frame.eighth:
        return Reason(CHORD_PLACE, "a chord symbol stands within an eighth")
    return Reason(CHORD_PLACE, "a chord symbol stands where none may")


def _tuplet(form: Form, bar: InBar, rest: str) -> Reason:
    character = rest[0]
    if not character.isdigit():
        return Reason(SIGN, "a `(` without a number is a slur, which is left out")
    if character in bar.rules.frame.tuplets:
        return _too_long(form, bar)
    known = ", ".join(f"({count}" for count in bar.rules.frame.tuplets)
    return Reason(TUPLET, f"({character} is none of the tuplets of this metre: {known}")


def _in_group(bar: InBar, rest: str) -> Reason:
    """Say what is wrong within notes at once."""
    character = rest[0]
    if character.isdigit() and bar.number == 0 and bar.group == "[":
        number = rest[0]
        return Reason(ENDING, f"the ending `[{number}` is not where it may be")
    if bar.tie:
        return Reason(TIE, f"a tie from {bar.tie} to other notes")
    if character in "0123456789/":
        return Reason(GROUP, "notes at once have a length of their own: it stands behind `]`")
    if character == "-":
        return Reason(GROUP, "notes at once are tied one by one: the tie stands behind `]`")
    if character in "',":
        return Reason(PITCH, f"{bar.pitch}{character} is too high or too low, or out of order")
    if character == "]":
        return Reason(GROUP, "fewer than two notes in brackets")
    if character in _LETTERS + _ACCIDENTALS:
        if bar.number >= bars.MOST_IN_GROUP:
            return Reason(GROUP, f"more than {bars.MOST_IN_GROUP} notes at once")
        return Reason(GROUP, "notes at once are written from the lowest up, each once")
    return Reason(GROUP, f"{character!r} stands among notes at once")
