"""What is wrong within a bar."""

import re

from abcgen.grammar.alphabet import ACCIDENTALS, LENGTHS, LETTERS
from abcgen.grammar.bar import (
    MOST_IN_GROUP,
    Accidental,
    AfterChordSymbol,
    AfterGroup,
    Broken,
    ChordSymbol,
    Group,
    GroupAccidental,
    InBar,
    Note,
    Rest,
    Space,
    Start,
    Tuplet,
    TupletNumber,
)
from abcgen.grammar.bar.lengths import lengths_that_fit
from abcgen.grammar.bar.rules import Context
from abcgen.grammar.form import BARS_IN_LINE, MOST_IN_LINE, Form
from abcgen.grammar.reasons import kinds
from abcgen.grammar.reasons.form import at_bar_line, closed
from abcgen.grammar.reasons.kinds import Reason, quoted, time_of

_NUMBER = re.compile(r"[0-9/]*")
_FIELD = re.compile(r"\n?\[?([A-Za-z]):(?![|:])")


def in_bar(form: Form, bar: InBar, width: int, rest: str) -> Reason:
    """Return what is wrong within a bar; `width` is that of the line so far."""
    if not rest.strip("\n"):
        begun = form.missing >= 0 or (width == 0 and bool(form.bars or form.section))
        if isinstance(bar, Start) and begun:
            words = "the tune ends after this bar without `|]` or `:|`"
            return Reason(kinds.END, words, before=True)
        return Reason(kinds.END, "the tune ends within this bar, without `|]` or `:|`")
    field = _field_at(bar, width, rest)
    if field:
        return _field(field)
    match bar:
        case Start():
            return _at_start(form, bar, rest)
        case Note() | Rest() | AfterGroup():
            return _behind_sound(form, bar, rest)
        case ChordSymbol():
            return _in_chord(bar, rest)
        case Tuplet():
            return _tuplet(form, bar, rest)
        case TupletNumber():
            return Reason(kinds.TUPLET, f"a tuplet begins with a note, not with {rest[0]!r}")
        case Broken() if rest[0] in "<>":
            return Reason(kinds.BROKEN, "`>>` and `<<` are not played alike")
        case Broken():
            words = f"`>` or `<` is followed by {rest[0]!r}, not by a note"
            return Reason(kinds.BROKEN, words)
        case Group() | GroupAccidental():
            return _in_group(bar, rest)
        case Accidental():
            return Reason(kinds.PITCH, f"an accidental is followed by {rest[0]!r}, not by a note")
    return _next(form, bar, bar.context, rest)


def _field_at(bar: InBar, width: int, rest: str) -> str:
    """Return the letter of the field that stands here, or an empty string."""
    after_bracket = isinstance(bar, Group) and bar.count == 0
    if width == 0 or rest[0] in "\n[" or after_bracket:
        field = _FIELD.match(rest)
        if field:
            return field[1]
    if isinstance(bar, Note) and width == 1 and re.match(":[^|:]", rest):
        return bar.pitch
    return ""


def _field(letter: str) -> Reason:
    if letter == "K":
        return Reason(kinds.KEY, "the key changes elsewhere than between two sections")
    if letter == "M":
        return Reason(kinds.METER, "the metre changes, and a tune has one")
    return Reason(kinds.FIELD, f"the field {letter}: stands within the music")


def _at_start(form: Form, bar: Start, rest: str) -> Reason:
    """Return what is wrong at the beginning of a bar."""
    character = rest[0]
    if bar.needs_chord and character not in bar.marks:
        return Reason(kinds.ASKED, "chord symbols are asked for, and one must stand here")
    after_bar = form.missing >= 0
    if character == "\n":
        if not after_bar:
            return Reason(kinds.END, "the tune ends where more music is due")
        words = f"a line continues up to {BARS_IN_LINE} full bars or {MOST_IN_LINE} characters"
        return Reason(kinds.SPELLING, words, before=True)
    if character == ":":
        return Reason(kinds.REPEAT, "`|:` after a section that neither `||` nor `:|` ends")
    if character in "|]" and after_bar:
        wrong = closed(form, form.missing, f"|{character}", form.bars, bar.context.tie)
        return wrong._replace(before=True)
    if character == "|":
        return Reason(kinds.REPEAT, "a `|` with no music before it")
    if character.isdigit() and after_bar:
        words = f"the ending {character} is in the wrong place or written in another way"
        return Reason(kinds.ENDING, words)
    if character == "]":
        return Reason(kinds.END, "`|]` after the end of a section")
    return _next(form, bar, bar.context, rest)


def _in_chord(bar: ChordSymbol, rest: str) -> Reason:
    chord, is_closed, _ = (bar.text + rest).partition("\n")[0].partition('"')
    if not is_closed:
        return Reason(kinds.CHORD, "a chord symbol is not closed")
    return Reason(kinds.CHORD, f'"{chord}" is not a chord symbol that every player knows')


# -- after sounds ------------------------------------------------------------------------------


def _behind_sound(form: Form, bar: Note | Rest | AfterGroup, rest: str) -> Reason:
    """Return what is wrong within or after a note, a rest or a group."""
    context, character = bar.context, rest[0]
    if isinstance(bar, Note) and context.tie and bar.pitch != context.tie:
        return Reason(kinds.TIE, f"a tie from {context.tie} to another note")
    if character in "',":
        if not isinstance(bar, Note) or bar.text:
            return Reason(kinds.SPELLING, f"{character!r} stands after a length")
        words = f"{bar.pitch}{character} is too high or too low, or spelled in another way"
        return Reason(kinds.PITCH, words)
    digits = _NUMBER.match(rest)
    written = bar.text + (digits.group() if digits else "")
    units = dict(lengths_that_fit(context)).get(written)
    if units is None:
        return _length(form, context, written)
    if context.notes > 1:
        words = f"a tuplet lacks {context.notes - 1} of its notes: {character!r} follows"
        return Reason(kinds.TUPLET, words)
    after = Context(context.rules, context.left_after(units))
    if character == "-":
        return _tie(bar, after.left)
    if character in "<>":
        return _broken(bar, units)
    return _next(form, bar, after, rest)


def _tie(bar: InBar, left: int) -> Reason:
    context = bar.context
    if isinstance(bar, Rest):
        return Reason(kinds.TIE, "a rest is tied")
    if context.time:
        return Reason(kinds.TIE, "a note of a tuplet is tied")
    if context.each:
        return Reason(kinds.TIE, "a note after `>` or `<` is tied")
    if isinstance(bar, AfterGroup) and not bar.group:
        return Reason(kinds.TIE, "notes at once with an accidental are tied")
    if left <= context.rules.least or left in context.rules.lines:
        return Reason(kinds.TIE, "a tie over the end of a section")
    return Reason(kinds.TIE, "nothing that fits follows a tie")


def _broken(bar: InBar, units: int) -> Reason:
    context, rules = bar.context, bar.context.rules
    if not rules.frame.broken:
        return Reason(kinds.IN_HORNPIPE, "`>` or `<` in a hornpipe, which players dot anyway")
    if not isinstance(bar, Note) or context.time or context.each:
        return Reason(kinds.BROKEN, "`>` or `<` after something that is not a plain note")
    if units not in rules.divisible:
        lasts = time_of(units, rules.frame.eighth)
        words = f"`>` or `<` after a note of {lasts}: only 1/16, 1/8 and 1/4 can be"
        return Reason(kinds.BROKEN, words)
    words = "the note after `>` or `<` is missing or too long for the bar"
    return Reason(kinds.BROKEN, words)


def _length(form: Form, context: Context, written: str) -> Reason:
    """Return why a note cannot have a length."""
    rules = context.rules
    units = LENGTHS.get(written)
    if written.startswith("//") or written == "/" or written.endswith("/"):
        return Reason(kinds.SPELLING, f"a length is written /2 or /4, not {written}")
    if written == "1":
        return Reason(kinds.SPELLING, "the length 1 is left out")
    if units is None or (written, units) not in rules.lengths:
        words = f"a note as long as {written} has no length that every player takes"
        return Reason(kinds.LENGTH, words)
    lasts = time_of(units, rules.frame.eighth)
    if context.each:
        if context.time:
            return Reason(kinds.TUPLET, "the notes of a tuplet do not have the same length")
        words = "the notes before and after `>` or `<` do not have the same length"
        return Reason(kinds.BROKEN, words)
    if context.time and units not in rules.divisible:
        words = f"a tuplet of notes of {lasts}: only 1/16, 1/8 and 1/4 can be"
        return Reason(kinds.TUPLET, words)
    if units * (context.time or 1) > context.room():
        return _too_long(form, context)
    if rules.pair > 1 and (units % rules.pair or context.left % rules.pair):
        words = f"a note of {lasts} that leaves the bar out of step by 1/32"
        return Reason(kinds.SINGLE, words)
    return Reason(kinds.LENGTH, f"a note of {lasts} does not fit here")


def _too_long(form: Form, context: Context) -> Reason:
    rules = context.rules
    due = time_of(rules.size - rules.least, rules.frame.eighth)
    if form.pickup > 0:
        words = f"a pickup of {due} is due here: "
        return Reason(kinds.PICKUP, words, more_than="it lasts more than that")
    return Reason(kinds.LONG, "", more_than=f"it lasts more than {due}")


# -- what comes next ----------------------------------------------------------------------------


def _next(form: Form, bar: InBar, context: Context, rest: str) -> Reason:
    """Return why something cannot come next in a bar; the context is that after what is whole."""
    rules, left, character = context.rules, context.left, rest[0]
    if character in "|:":
        if context.tie and left in rules.lines:
            return Reason(kinds.TIE, "a tie over the end of a section")
        if not isinstance(bar, Space | AfterChordSymbol):
            return at_bar_line(form, context, rest)
    if isinstance(bar, Space | AfterChordSymbol) and character in "|: \n":
        name = "a space" if isinstance(bar, Space) else "a chord symbol"
        return Reason(kinds.SPELLING, f"{name} is followed by {character!r}, not by a note")
    if character == "\n":
        return Reason(kinds.SPELLING, "a line ends within this bar")
    if character == " " and rest.lstrip(" ")[:1] in ("|", ":", "\n", ""):
        return Reason(kinds.SPELLING, "a space stands before a bar line")
    if character in "-<>0123456789/',":
        kind = {"-": kinds.TIE, "<": kinds.BROKEN, ">": kinds.BROKEN}.get(character, kinds.SPELLING)
        return Reason(kind, f"{character!r} does not stand after a note")
    if character not in LETTERS + ACCIDENTALS + '[(" z':
        words = f"{character!r} is left out of the spelling, or does not belong here"
        return Reason(kinds.SIGN, words)
    if left <= rules.least:
        return _too_long(form, context)
    return _no_sound(form, bar, context, rest)


def _no_sound(form: Form, bar: InBar, context: Context, rest: str) -> Reason:
    """Return why a sound or a chord symbol cannot begin where there is room for one."""
    rules, left, character = context.rules, context.left, rest[0]
    if character == '"':
        return _chord_place(bar, context)
    if context.tie:
        return Reason(kinds.TIE, f"a tie from {context.tie} to {quoted(rest[:2])[1:-1]}")
    if character == "z":
        return Reason(kinds.IN_HORNPIPE, "a rest in a hornpipe")
    if character == "[" and not rules.frame.groups:
        return _group_in_hornpipe()
    if character == "(":
        if left % rules.pair:
            return Reason(kinds.SINGLE, "a tuplet where the bar is out of step by 1/32")
        return _too_long(form, context)
    words = f"{character!r} stands where one of {bar.allowed()!r} may"
    return Reason(kinds.SPELLING, words)


def _chord_place(bar: InBar, context: Context) -> Reason:
    frame = context.rules.frame
    if isinstance(bar, AfterChordSymbol):
        words = "two chord symbols stand at one note"
    elif not frame.chords:
        words = "a chord symbol where the metre has none or none is asked for"
    elif context.left % frame.eighth:
        words = "a chord symbol stands within an eighth"
    else:
        words = "a chord symbol stands where none may"
    return Reason(kinds.CHORD_PLACE, words)


def _tuplet(form: Form, bar: Tuplet, rest: str) -> Reason:
    character, tuplets = rest[0], bar.context.rules.frame.tuplets
    if not character.isdigit():
        return Reason(kinds.SIGN, "a `(` without a number is a slur, which is left out")
    if character in tuplets:
        return _too_long(form, bar.context)
    known = ", ".join(f"({count}" for count in tuplets)
    words = f"({character} is none of the tuplets of this metre: {known}"
    return Reason(kinds.TUPLET, words)


def _group_in_hornpipe() -> Reason:
    return Reason(kinds.IN_HORNPIPE, "a group in a hornpipe")


def _in_group(bar: Group | GroupAccidental, rest: str) -> Reason:
    """Return what is wrong within notes at once."""
    character, tie = rest[0], bar.context.tie
    pitch = bar.pitch if isinstance(bar, Group) else ""
    if character.isdigit() and isinstance(bar, Group) and bar.group == "[":
        return Reason(kinds.ENDING, f"the ending `[{character}` is in the wrong place")
    if not bar.context.rules.frame.groups:
        return _group_in_hornpipe()
    if tie:
        return Reason(kinds.TIE, f"a tie from {tie} to other notes")
    if character in "0123456789/":
        words = "notes at once have a length of their own: it stands after `]`"
        return Reason(kinds.GROUP, words)
    if character == "-":
        words = "notes at once are tied one by one: the tie stands after `]`"
        return Reason(kinds.GROUP, words)
    if character in "',":
        return Reason(kinds.PITCH, f"{pitch}{character} is too high or too low, or out of order")
    if character == "]":
        return Reason(kinds.GROUP, "fewer than two notes in brackets")
    if character not in LETTERS + ACCIDENTALS:
        return Reason(kinds.GROUP, f"{character!r} stands among notes at once")
    if bar.count >= MOST_IN_GROUP:
        return Reason(kinds.GROUP, f"more than {MOST_IN_GROUP} notes at once")
    return Reason(kinds.GROUP, "notes at once are written from the lowest up, each once")
