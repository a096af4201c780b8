"""The acceptor: which characters may follow in a tune, so that it is valid to its end.

This is the one definition of the canonical spelling: a text is canonical if the acceptor accepts
it. It reads a tune character by character, from one `Place` to the next: the header
(`abcgen.grammar.header`), the inside of bars (`abcgen.grammar.bar`) and, here, the bar lines,
repeats, endings and sections between the bars.

The bar rule: a tune may begin with a pickup. Every other bar is full, with these exceptions. The
bar before ``:|`` and the last bar of each ending lack the pickup of their section. The bar before
``||`` may lack something, with which the next section then begins. The last bar of the tune lacks
the pickup of its section or of the tune or, by the second edition (`abcgen.grammar.alphabet`),
nothing; by that, a pickup may last 1/16, by the first only whole eighths.
"""

from typing import NamedTuple

from abcgen.errors import VocabularyError
from abcgen.grammar.alphabet import Alphabet
from abcgen.grammar.bar import ChordSymbol, InBar, Start
from abcgen.grammar.bar.rules import Context, Exit
from abcgen.grammar.chord_symbol import chord_continuations
from abcgen.grammar.form import FREE, Form
from abcgen.grammar.header import NEW_METERS, Header, continuations
from abcgen.grammar.wishes import ANYTHING, ONCE, REPEATED, REPEATED_AFTER_PICKUP, Wishes
from abcgen.notation.rhythms import HORNPIPE

#: What every tune needs.
NEEDED = frozenset("X:1\nTMLK|]")


class Fixed(NamedTuple):
    """Characters that must follow, and what is read after them."""

    text: str
    then: "Local"

    def allowed(self) -> str:
        """Return the character that must follow."""
        return self.text[0]

    def shortest(self) -> str:
        """Return the character that must follow."""
        return self.text[0]

    def after(self, character: str) -> "Local":
        """Return what is read after it."""
        return Fixed(self.text[1:], self.then) if len(self.text) > 1 else self.then


class Crossing(NamedTuple):
    """A place where only marks may follow: after a full line, and after the last bar."""

    marks: str
    tie: str = ""

    def allowed(self) -> str:
        """Return the characters that may follow."""
        return self.marks

    def shortest(self) -> str:
        """Return the mark with which the tune ends soonest."""
        return next(mark for mark in "]\n|:" if mark in self.marks)

    def after(self, character: str) -> Exit:
        """Return the mark."""
        return Exit(character, 0, self.tie, after_music=False)


class KeyChange(NamedTuple):
    """A change of key at the head of a section, after its K.

    Attributes
    ----------
    keys : tuple of str
        Those it may change to.
    text : str
        What has been read, from the colon on.
    """

    keys: tuple[str, ...]
    text: str = ""

    def allowed(self) -> str:
        """Return the characters that may follow."""
        if not self.text:
            return ":"
        more, whole = continuations(self.keys, self.text[1:])
        return more + ("\n" if whole else "")

    def shortest(self) -> str:
        """Return the character with which the field ends soonest."""
        if not self.text:
            return ":"
        head = self.text[1:]
        value = min((key for key in self.keys if key.startswith(head)), key=len)
        return (value + "\n")[len(head)]

    def after(self, character: str) -> "KeyChange | Exit":
        """Return the place after a character, or an exit that names the key."""
        if character == "\n":
            return Exit("K:", 0, self.text[1:], after_music=False)
        return KeyChange(self.keys, self.text + character)


class End(NamedTuple):
    """The place after the blank line that ends a tune."""

    def allowed(self) -> str:
        """Return nothing."""
        return ""

    def after(self, character: str) -> "End":
        """Raise a `ValueError`, since nothing may follow."""
        raise ValueError(f"{character!r} after the end of a tune")


#: What reads one character after another. Where it returns an `Exit`, the form decides.
Local = Header | InBar | Fixed | Crossing | KeyChange | End


def in_chord(local: Local) -> bool:
    """Return whether a chord symbol is open: its characters do not count in the width of a line."""
    return isinstance(local, ChordSymbol)


class Place(NamedTuple):
    """A place in a tune.

    Attributes
    ----------
    form : Form or None
        Where in the form it is; None in the header.
    local : Local
        What reads the next character.
    width : int
        Characters in the line so far, chord symbols not counted.
    """

    form: Form | None
    local: Local
    width: int = 0

    @property
    def may_end(self) -> bool:
        """Whether the text up to here is a whole tune, with or without its blank line."""
        if isinstance(self.local, End):
            return True
        return self.form is not None and self.width == 0 and "\n" in self.allowed()

    def allowed(self) -> str:
        """Return the characters that may follow, each once; none at the end."""
        return self.local.allowed()

    def after(self, character: str) -> "Place":
        """Return the place after a character that `allowed` names."""
        width = self.width + (not in_chord(self.local) and character != '"')
        following = self.local.after(character)
        if isinstance(following, Exit):
            return cross(self.form, following, width)
        if isinstance(following, Header) and following.done:
            return begin_music(following)
        return Place(self.form, following, 0 if character == "\n" else width)


def begin_tune(alphabet: Alphabet, wishes: Wishes = ANYTHING) -> Place:
    """Return the place before the first character of a tune.

    Raises
    ------
    VocabularyError
        If no tune can be written with these characters.
    """
    missing = sorted(NEEDED - alphabet.characters)
    if not missing and not alphabet.letters:
        missing = ["A"]
    if missing:
        raise VocabularyError(
            f"the vocabulary lacks {', '.join(map(repr, missing))}, without which no valid tune "
            "can be written: draw with --raw, or train on whole tunes"
        )
    header = Header(wishes, alphabet)
    if wishes.meter in NEW_METERS and not alphabet.wide:
        raise VocabularyError(
            f"the network has learned no tunes in {wishes.meter}: choose another metre, or draw "
            "from a checkpoint that has"
        )
    for field in "MLK" + ("R" if wishes.rhythm else ""):
        if not header.values(field):
            raise VocabularyError(
                f"the vocabulary lacks the characters of every {field}: that would do: draw with "
                "--raw, or train on whole tunes"
            )
    if wishes.chords and not chord_continuations("", alphabet):
        raise VocabularyError(
            "the network has learned no chord symbols: leave out --chords, or draw from a "
            "checkpoint that has"
        )
    return Place(None, header)


def begin_music(header: Header) -> Place:
    """Return the place after the header."""
    # The music does not depend on any other rhythm, nor on the key of the header.
    rhythm = header.rhythm if header.rhythm == HORNPIPE else ""
    return head(Form(header._replace(rhythm=rhythm, key=""), header.key), may_end=False)


def cross(form: Form | None, mark: Exit, width: int) -> Place:
    """Return the place after a bar line or another mark that an `Exit` names.

    Parameters
    ----------
    form : Form
        The form up to there.
    mark : Exit
        What has been read.
    width : int
        Characters in the line, the mark included.
    """
    if form is None:
        raise ValueError("there are no marks in the header")
    if mark.after_music:
        if mark.character == ":":
            return _repeat(form, width)
        return _bar_line(form, mark.missing, mark.value, width)
    after_bar = form.missing >= 0
    missing = form.missing
    form = form._replace(missing=-1)
    if mark.character == "K":
        keys = Header(ANYTHING, form.header.alphabet).values("K")
        return Place(form, KeyChange(tuple(key for key in keys if key != form.key)), width)
    if mark.character == "K:":
        return head(form._replace(key=mark.value), may_end=False, changed=True)
    if mark.character == "[":
        form = form._replace(ending=1, fork=form.bars)
        return Place(form, Fixed(" ", _bar(form)), width)
    if mark.character == "]":
        return Place(form, Fixed("\n", Crossing("\n")), width)
    if mark.character == "\n":
        if not after_bar:
            return Place(form, End())
        form = form._replace(line_bars=0)
        return Place(form, _bar(form, mark.value, "[" if _may_fork(form, mark.value) else ""))
    if mark.character == ":":  # |: after a pickup, which is not repeated
        form = form._replace(repeated=True, section_pickup=0)
        return Place(form, _bar(form), width)
    if after_bar:  # the second | of a double bar line
        section_pickup = missing if form.repeated else form.section_pickup
        following = head(_next_section(form, section_pickup, missing), may_end=False)
        return Place(following.form, Fixed("\n", following.local), width)
    form = form._replace(repeated=True, section_pickup=max(form.pickup, 0))
    return Place(form, Fixed(":", _bar(form)), width)


def _bar_line(form: Form, missing: int, tie: str, width: int) -> Place:
    """Return the place after the | at the end of a bar."""
    counted, opening = form.counts(missing), form.opening()
    may_close = form.may_close(form.bars + 1)
    if form.pickup == FREE:
        pickup = form.full() - missing if missing else 0
        form = form._replace(tune_pickup=pickup, section_pickup=pickup)
    if counted:
        form = form.with_bar()
    form = form._replace(pickup=0, missing=missing)
    marks = ""
    if counted and not tie and form.in_single_ending() and may_close:
        if form.may_be_followed() and missing in form.cuts():
            marks += "|"
        if form.may_be_last() and missing in form.pickups():
            marks += "]"
    if (missing and counted) or not form.may_continue(form.bars):
        return Place(form, Crossing(marks), width)
    if form.line_is_full(width):
        return Place(form, Crossing("\n" + marks, tie), width)
    if _may_fork(form, tie):
        marks += "["
    if not (counted or form.repeated or tie or opening == ONCE):
        if opening == REPEATED_AFTER_PICKUP:
            return Place(form, Crossing(":"), width)
        marks += ":"
    return Place(form, _bar(form, tie, marks), width)


def _may_fork(form: Form, tie: str) -> bool:
    """Return whether the first ending may begin here."""
    known = form.header.alphabet.characters
    return (
        form.repeated
        and not form.ending
        and not tie
        and form.bars > 0
        and form.may_continue(form.bars)
        and known.issuperset("[12 ")
    )


def _repeat(form: Form, width: int) -> Place:
    """Return the place after the : of a ``:|``."""
    if form.ending == 1:
        full = form._replace(line_bars=form.line_bars + 1).line_is_full(width + 1)
        line_bars = 0 if full else form.line_bars + 1
        form = form._replace(ending=2, bars=form.fork, line_bars=line_bars)
        return Place(form, Fixed("|\n[2 " if full else "|[2 ", _bar(form)), width)
    following = head(
        _next_section(form, form.section_pickup, form.section_pickup), may_end=form.may_be_last()
    )
    return Place(following.form, Fixed("|\n", following.local), width)


def _next_section(form: Form, section_pickup: int, pickup: int) -> Form:
    """Return the form at the head of the next section."""
    return Form(
        form.header,
        form.key,
        section=form.section + 1 if form.header.wishes.form else 1,
        tune_pickup=form.tune_pickup,
        section_pickup=section_pickup,
        pickup=pickup,
    )


def head(form: Form, may_end: bool, changed: bool = False) -> Place:
    """Return the place at the head of a section.

    Parameters
    ----------
    form : Form
        The form there.
    may_end : bool
        Whether the tune may end here instead.
    changed : bool
        Whether the key has just changed.
    """
    characters = form.header.alphabet.characters
    marks = ""
    if may_end:
        marks += "\n"
    # A section may follow unless the last one that was asked for has just been read.
    wished = form.header.wishes.form
    if wished and form.section >= len(wished):
        return Place(form, Crossing(marks))
    opening = form.opening()
    marks += "|" if ":" in characters and opening in (None, REPEATED) else ""
    if form.section and not changed and len(Header(ANYTHING, form.header.alphabet).values("K")) > 1:
        marks += "K"
    if opening == REPEATED:
        return Place(form, Crossing(marks))
    return Place(form, _bar(form, marks=marks))


def _bar(form: Form, tie: str = "", marks: str = "") -> Start:
    """Return the beginning of the next bar."""
    # Where chord symbols are asked for, one must stand at the first full bar of the section; where
    # a pickup may still come, at the bar after that, if there may be one.
    if form.pickup == FREE:
        first = not form.may_continue(1)
    else:
        second = form.section == 0 and form.bars == 1 and form.tune_pickup == 0
        first = (form.bars == 0 and form.pickup == 0) or second
    rules = form.rules()
    needs_chord = bool(form.header.wishes.chords) and first
    return Start(Context(rules, rules.size, tie), marks, needs_chord)
