"""The acceptor: which characters may follow in a tune, so that it is valid to its end.

This is the one definition of the canonical spelling: a text is canonical if the acceptor accepts
it. It reads a tune character by character, from one `Place` to the next; header
(`abcgen.grammar.header`), the inside of bars (`abcgen.grammar.bar`) and, here, the form: which
bars, repeats, endings and sections may follow.

The bar rule: a tune may begin with a pickup. Every other bar is full, but that the bar before
``:|`` and the last bar of each ending lack the pickup of their section, and that the bar before
``||`` may lack something, which the next section begins with. The last bar of the tune lacks the
pickup of its section or of the tune.
"""

from typing import NamedTuple

from abcgen.errors import VocabularyError
from abcgen.grammar.bar import (
    CHORD,
    GRID,
    Alphabet,
    Exit,
    Frame,
    InBar,
    Rules,
    begin_bar,
    chord_goes_on,
    rules_of,
)
from abcgen.grammar.header import CHORD_METERS, METERS, UNITS, Header, Wishes, goes_on
from abcgen.notation.rhythms import HORNPIPE

#: A line ends behind so many full bars,
BARS_IN_LINE = 4
#: or so many characters, chord symbols not counted: abcm2ps refuses lines of some 75.
MOST_IN_LINE = 44
#: Two, four and eight notes in the time of three are at home where beats have three parts.
COMPOUND = frozenset({"6/8", "9/8", "12/8"})
COMPOUND_TUPLETS, SIMPLE_TUPLETS = "23468", "36"
#: Whether it is the first bar, the second, or a later one decides what may stand in it.
_BARS_TOLD_APART = 2
#: What every tune needs.
NEEDED = frozenset("X:1\nTMLK|]")
#: What the first bar of a tune may hold: less than a full bar, or a full one.
FREE = -1
ANYTHING = Wishes()
#: Everything that a canonical tune may hold.
EVERYTHING = Alphabet.of(frozenset([*map(chr, range(32, 127)), "\n"]))


def line_is_full(bars: int, width: int) -> bool:
    """Say whether a line of so many full bars and characters is to be broken."""
    return bars >= BARS_IN_LINE or width >= MOST_IN_LINE


class Form(NamedTuple):
    """Where in the form of a tune a bar stands.

    Lengths are in grid units (`abcgen.grammar.bar.GRID`).

    Attributes
    ----------
    header : Header
        What the header says.
    key : str
        The key at this place.
    section : int
        Sections before this one; no more than 1 where no form is asked for.
    repeated : bool
        Whether the section begins with ``|:``.
    bars : int
        Its full bars so far; in the second ending, as if the first had not been. As few tell
        apart what may follow, no more than those are counted where no form is asked for.
    ending, fork : int
        The ending that is read, 0 before any; the bars before the endings.
    first, begin : int
        The pickups of the tune and of what has been read since the last repeat sign.
    pickup : int
        What the bar that is read is to hold if it is a pickup: `FREE` where it may be one or
        not, 0 where it is none.
    missing : int
        What the bar lacks whose bar line has just been read; -1 elsewhere.
    line_bars : int
        Full bars in the line so far.
    """

    header: Header
    key: str
    section: int = 0
    repeated: bool = False
    bars: int = 0
    ending: int = 0
    fork: int = 0
    first: int = 0
    begin: int = 0
    pickup: int = FREE
    missing: int = -1
    line_bars: int = 0

    def with_bar(self) -> "Form":
        """Return the form with a full bar more."""
        most = _BARS_TOLD_APART if not self.header.wishes.form else self.bars + 1
        return self._replace(bars=min(self.bars + 1, most), line_bars=self.line_bars + 1)

    def may_go_on(self, bars: int) -> bool:
        """Say whether the section may have more bars than these."""
        form = self.header.wishes.form
        return not form or bars < form[self.section]

    def may_close(self, bars: int) -> bool:
        """Say whether the section may have these bars and no more."""
        form, chords = self.header.wishes.form, self.header.wishes.chords
        # What may be a pickup need not have a chord symbol, and so is not the only bar with them.
        alone = self.pickup == FREE and bool(chords) and self.may_go_on(1)
        return (not form or bars == form[self.section]) and not alone

    def may_be_last(self) -> bool:
        """Say whether the tune may end with this section."""
        form = self.header.wishes.form
        return not form or self.section + 1 == len(form)

    def may_be_followed(self) -> bool:
        """Say whether another section may follow."""
        form = self.header.wishes.form
        return not form or self.section + 1 < len(form)

    def in_single_ending(self) -> bool:
        """Say whether what is read is played once: outside of repeats, or in a second ending."""
        return not self.repeated or self.ending == 2

    def line_is_full(self, width: int) -> bool:
        """Say whether a line of these full bars and so many characters is to be broken."""
        return line_is_full(self.line_bars, width)


class Fixed(NamedTuple):
    """Characters that must follow, and what is read behind them."""

    text: str
    then: "Local"

    def allowed(self) -> str:
        """Return the character that must follow."""
        return self.text[0]

    def after(self, character: str) -> "Local":
        """Return what is read after it."""
        return Fixed(self.text[1:], self.then) if len(self.text) > 1 else self.then


class Crossing(NamedTuple):
    """A place where no music may follow, but marks: behind a full line, and behind the music."""

    marks: str
    tie: str = ""

    def allowed(self) -> str:
        """Return the characters that may follow."""
        return self.marks

    def after(self, character: str) -> Exit:
        """Return the mark."""
        return Exit(character, 0, self.tie, behind_music=False)


class KeyChange(NamedTuple):
    """A change of key at the head of a section, from behind its K on.

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
        more, whole = goes_on(self.keys, self.text[1:])
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
            return Exit("K:", 0, self.text[1:], behind_music=False)
        return KeyChange(self.keys, self.text + character)


class End(NamedTuple):
    """Behind the blank line that ends a tune."""

    def allowed(self) -> str:
        """Return nothing."""
        return ""

    def after(self, character: str) -> "End":
        """Raise, since nothing may follow."""
        raise ValueError(f"{character!r} behind the end of a tune")


#: What is read from character to character; where it gives an `Exit`, the form decides.
Local = Header | InBar | Fixed | Crossing | KeyChange | End


def in_chord(local: Local) -> bool:
    """Say whether a chord symbol is open: its characters do not make a line longer."""
    return isinstance(local, InBar) and local.phase == CHORD


class Place(NamedTuple):
    """A place in a tune.

    Attributes
    ----------
    form : Form or None
        Where in the form it is; None in the header.
    local : Local
        What is being read.
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
        """Return the characters that may follow, each once; none behind the end."""
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
    for field in "MLK" + ("R" if wishes.rhythm else ""):
        if not header.values(field):
            raise VocabularyError(
                f"the vocabulary lacks the characters of every {field}: that would do: draw with "
                "--raw, or train on whole tunes"
            )
    if wishes.chords and not chord_goes_on("", alphabet):
        raise VocabularyError(
            "the network has learned no chord symbols: leave out --chords, or draw from a "
            "checkpoint that has"
        )
    return Place(None, header)


def begin_music(header: Header) -> Place:
    """Return the place behind the header."""
    # Of the rest nothing matters to the music.
    rhythm = header.rhythm if header.rhythm == HORNPIPE else ""
    return _head(Form(header._replace(rhythm=rhythm, key=""), header.key), may_end=False)


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
    if mark.behind_music:
        if mark.character == ":":
            return _repeat(form, width)
        return _bar_line(form, mark.missing, mark.value, width)
    behind_bar = form.missing >= 0
    missing = form.missing
    form = form._replace(missing=-1)
    if mark.character == "K":
        keys = Header(ANYTHING, form.header.alphabet).values("K")
        return Place(form, KeyChange(tuple(key for key in keys if key != form.key)), width)
    if mark.character == "K:":
        return _head(form._replace(key=mark.value), may_end=False, changed=True)
    if mark.character == "[":
        form = form._replace(ending=1, fork=form.bars)
        return Place(form, Fixed(" ", _bar(form)), width)
    if mark.character == "]":
        return Place(form, Fixed("\n", Crossing("\n")), width)
    if mark.character == "\n":
        if not behind_bar:
            return Place(form, End())
        form = form._replace(line_bars=0)
        return Place(form, _bar(form, mark.value, "[" if _may_fork(form, mark.value) else ""))
    if mark.character == ":":  # |: behind a pickup, which is not repeated
        form = form._replace(repeated=True, begin=0)
        return Place(form, _bar(form), width)
    if behind_bar:  # the second | of a double bar line
        begin = form.begin if not form.repeated else missing
        following = _head(_next_section(form, begin, missing), may_end=False)
        return Place(following.form, Fixed("\n", following.local), width)
    form = form._replace(repeated=True, begin=max(form.pickup, 0))
    return Place(form, Fixed(":", _bar(form)), width)


def _bar_line(form: Form, missing: int, tie: str, width: int) -> Place:
    """Return the place behind the | at the end of a bar."""
    counted = form.pickup == 0 or (form.pickup == FREE and missing == 0)
    may_close = form.may_close(form.bars + 1)
    if form.pickup == FREE:
        pickup = _full(form.header) - missing if missing else 0
        form = form._replace(first=pickup, begin=pickup)
    if counted:
        form = form.with_bar()
    form = form._replace(pickup=0, missing=missing)
    marks = ""
    if counted and not tie and form.in_single_ending() and may_close:
        if form.may_be_followed() and missing in _cuts(form):
            marks += "|"
        if form.may_be_last() and missing in (form.begin, form.first):
            marks += "]"
    if (missing and counted) or not form.may_go_on(form.bars):
        return Place(form, Crossing(marks), width)
    if form.line_is_full(width):
        return Place(form, Crossing("\n" + marks, tie), width)
    if _may_fork(form, tie):
        marks += "["
    if not (counted or form.repeated or tie):
        marks += ":"
    return Place(form, _bar(form, tie, marks), width)


def _may_fork(form: Form, tie: str) -> bool:
    """Say whether the first ending may begin here."""
    known = form.header.alphabet.characters
    return (
        form.repeated
        and not form.ending
        and not tie
        and form.bars > 0
        and form.may_go_on(form.bars)
        and known.issuperset("[12 ")
    )


def _repeat(form: Form, width: int) -> Place:
    """Return the place behind the : of a ``:|``."""
    if form.ending == 1:
        full = form._replace(line_bars=form.line_bars + 1).line_is_full(width + 1)
        line_bars = 0 if full else form.line_bars + 1
        form = form._replace(ending=2, bars=form.fork, line_bars=line_bars)
        return Place(form, Fixed("|\n[2 " if full else "|[2 ", _bar(form)), width)
    following = _head(_next_section(form, form.begin, form.begin), may_end=form.may_be_last())
    return Place(following.form, Fixed("|\n", following.local), width)


def _next_section(form: Form, begin: int, pickup: int) -> Form:
    """Return the form at the head of the next section."""
    return Form(
        form.header,
        form.key,
        section=form.section + 1 if form.header.wishes.form else 1,
        first=form.first,
        begin=begin,
        pickup=pickup,
    )


def _head(form: Form, may_end: bool, changed: bool = False) -> Place:
    """Return the place at the head of a section."""
    characters = form.header.alphabet.characters
    marks = ""
    if may_end:
        marks += "\n"
    # A section may follow unless what was the last one has just been read.
    goes_on = not form.header.wishes.form or form.section < len(form.header.wishes.form)
    if not goes_on:
        return Place(form, Crossing(marks))
    marks += "|" if ":" in characters else ""
    if form.section and not changed and len(Header(ANYTHING, form.header.alphabet).values("K")) > 1:
        marks += "K"
    return Place(form, _bar(form, marks=marks))


def _bar(form: Form, tie: str = "", marks: str = "") -> InBar:
    """Return the beginning of the next bar."""
    wish = form.header.wishes.chords
    # The first full bar of the section; where a pickup may still come, the bar behind that, if
    # there may be one.
    if form.pickup == FREE:
        first = not form.may_go_on(1)
    else:
        second = form.section == 0 and form.bars == 1 and form.first == 0
        first = (form.bars == 0 and form.pickup == 0) or second
    return begin_bar(_rules(form), tie, marks, chord=bool(wish) and first)


def _full(header: Header) -> int:
    """Return the grid units of a full bar."""
    return METERS[header.meter] * UNITS[header.unit]


def _cuts(form: Form) -> frozenset[int]:
    """Return what the bar before a double bar line may lack: what may be a pickup."""
    eighth, full = UNITS[form.header.unit], _full(form.header)
    most = min(full // 2, full - 2 * GRID)
    return frozenset(range(0, most + 1, eighth)) | {form.begin, form.first}


def _rules(form: Form) -> Rules:
    """Return the rules of the next bar."""
    header = form.header
    full, eighth = _full(header), UNITS[header.unit]
    goes_on = form.may_go_on(form.bars + 1)
    plain = {0} if goes_on else set()
    double: set[int] = set()
    repeat: set[int] = set()
    if form.pickup > 0:
        plain = {0}
    else:
        first = {0} if form.pickup == FREE else {form.begin, form.first}
        if form.may_close(form.bars + 1):
            if form.in_single_ending():
                if form.may_be_last():
                    double |= first
                if form.may_be_followed():
                    double |= {0} if form.pickup == FREE else _cuts(form)
            else:
                repeat = {0} if form.pickup == FREE else {form.begin}
        if form.pickup == FREE:
            # A bar of one unit may come to stand alone in a line before :|, as in A:|, which is
            # read as a field.
            plain |= set(range(-(-2 * GRID // eighth) * eighth, full, eighth))
    tuplets = COMPOUND_TUPLETS if header.meter in COMPOUND else SIMPLE_TUPLETS
    written = header.alphabet.characters
    if "(" not in written:
        tuplets = ""
    size = form.pickup if form.pickup > 0 else full
    frame = Frame(
        size,
        frozenset(plain),
        frozenset(double),
        frozenset(repeat),
        eighth,
        tuplets="".join(count for count in tuplets if count in written),
        chords=header.wishes.chords is not False and header.meter in CHORD_METERS,
        # abc2midi plays hornpipes dotted, and with any of these it loses count.
        rests=header.rhythm != HORNPIPE,
        groups=header.rhythm != HORNPIPE,
        broken=header.rhythm != HORNPIPE,
        alphabet=header.alphabet,
    )
    return rules_of(frame)
