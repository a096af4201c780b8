"""The first fault of a text that is not a canonical tune, and where it is.

The acceptor (`abcgen.grammar.acceptor`) knows only which characters may follow. Where another one
stands, `abcgen.grammar.reasons` works out from the place what is wrong there: a bar that is too
short, a repeat that nothing opens, a tie into another note. Nothing here decides what is canonical.
"""

from typing import NamedTuple

from abcgen.errors import NotationError
from abcgen.grammar.acceptor import Crossing, End, Fixed, KeyChange, Place, begin_tune
from abcgen.grammar.alphabet import BY_EDITION, EVERYTHING, NEWEST_EDITION
from abcgen.grammar.bar import InBar, Start
from abcgen.grammar.bar.rules import rules_of
from abcgen.grammar.header import Header
from abcgen.grammar.reasons import kinds
from abcgen.grammar.reasons.bar import in_bar
from abcgen.grammar.reasons.form import after_bar, after_mark
from abcgen.grammar.reasons.header import in_header, in_key
from abcgen.grammar.reasons.kinds import Reason, lasts_of, quoted
from abcgen.grammar.steps import Passed, Walk, walk
from abcgen.grammar.wishes import Wishes

_LONGEST = 64  # eighths that a bar is measured up to


class Fault(NamedTuple):
    """The first fault of a text.

    Attributes
    ----------
    kind : str
        One of those in `abcgen.grammar.reasons.kinds`.
    words : str
        What is wrong there.
    position : int
        Characters before it.
    line, column : int
        Where it stands, counted from 1.
    bar : int or None
        The number of the bar, as `abcgen.notation.bar_numbers` counts: 0 for a pickup. None in the
        header.
    """

    kind: str
    words: str
    position: int
    line: int
    column: int
    bar: int | None

    @property
    def musical(self) -> str:
        """The reason without line and column, for a text that the user does not see."""
        place = f"line {self.line}" if self.bar is None else f"bar {self.bar}"
        return f"{place}: {self.words}"

    def __str__(self) -> str:
        """Return the reason on one line."""
        if self.bar is None:
            return self.musical
        return f"{self.musical} (line {self.line}, column {self.column})"


class NotCanonicalError(NotationError):
    """A tune has no canonical spelling; ``fault`` says what is wrong with the attempt."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.musical)
        self.fault = fault


def complaint(
    text: str, wishes: Wishes | None = None, edition: int = NEWEST_EDITION
) -> Fault | None:
    """Return why a text is not a canonical tune, or None if it is one.

    Parameters
    ----------
    text : str
        From X: on, with or without the blank line that ends it.
    wishes : Wishes, optional
        What is asked of it; if not given, nothing, and a remark may stand in its header.
    edition : int
        The edition of the spelling; what is canonical by one is so by all later ones.
    """
    read = walk(text, begin_tune(BY_EDITION[edition], wishes or Wishes(remark=True)))
    return None if _is_whole(text, read) else _found(text, read)


def is_canonical(text: str, edition: int = NEWEST_EDITION) -> bool:
    """Return whether a text is a canonical tune: whether there is no `complaint`."""
    return _is_whole(text, walk(text, begin_tune(BY_EDITION[edition], Wishes(remark=True))))


def _is_whole(text: str, read: Walk) -> bool:
    return read.position == len(text) and read.place.may_end


def find_fault(text: str, start: Place) -> tuple[Place, Fault | None]:
    """Read a text that need not be a whole tune, such as one that a tune is to begin with.

    Parameters
    ----------
    text : str
        What is read from the start.
    start : Place
        Where it begins, mostly `abcgen.grammar.acceptor.begin_tune`.

    Returns
    -------
    place : Place
        The place after the text or, if there is a fault, before that.
    fault : Fault or None
        The first fault.
    """
    read = walk(text, start)
    return read.place, None if read.position == len(text) else _found(text, read)


def reason(place: Place, rest: str) -> Reason:
    """Return why a text cannot continue like this at a place.

    Parameters
    ----------
    place : Place
        Where it stands.
    rest : str
        The text from the character that is not allowed there; the more of it, the better the
        reason. An empty string if the text ends there.
    """
    character = rest[:1]
    local, form = place.local, place.form
    if isinstance(local, Header):
        return in_header(local, rest)
    assert form is not None
    if character and character not in EVERYTHING.characters:
        return Reason(kinds.SIGN, f"{character!r} is not a printable ASCII character")
    if character and character not in form.header.alphabet.characters:
        return Reason(kinds.VOCABULARY, f"the network has never seen {character!r}")
    match local:
        case End():
            words = f"{quoted(rest)} stands after the blank line that ends the tune"
            return Reason(kinds.AFTER_END, words)
        case KeyChange():
            return in_key(local.text[1:], rest)
        case Fixed():
            return after_mark(local, rest)
        case Crossing():
            return after_bar(form, local, rest)
    return in_bar(form, local, place.width, rest)


def _found(text: str, read: Walk) -> Fault:
    """Return what is wrong at the character that the acceptor does not take."""
    place, position, passed = read
    found = reason(place, text[position:])
    words = found.words + found.more_than
    # The bar that is wrong, from its music on.
    began: Start | None = None
    began_at = 0
    for _, _, local, at in passed:
        if isinstance(local, Start) and at < len(text):
            began, began_at = local, at
    if found.more_than and began is not None:
        lasts = _measure(began, text[began_at:])
        if lasts is not None:
            rules = began.context.rules
            words = found.words + lasts_of(lasts, rules.size - rules.least, rules.frame.eighth)
    line = text.count("\n", 0, position) + 1
    column = position - text.rfind("\n", 0, position)
    bar = None
    if place.form is not None:
        bar = sum(map(_counts, passed))
        bar += not found.before and not _only_completes(place, text[began_at:])
    return Fault(found.kind, words, position, line, column, bar)


def _counts(passed: Passed) -> bool:
    """Return whether a mark ends a bar that is counted: only after music, not as ``|:`` does."""
    form, mark, _, _ = passed
    return form is not None and mark is not None and mark.after_music and form.counts(mark.missing)


def _only_completes(place: Place, bar: str) -> bool:
    """Return whether the bar that is wrong is a pickup, as far as its music can be read."""
    form = place.form
    if form is None or not form.pickup or not isinstance(place.local, InBar):
        return False
    from abcgen.grammar.reasons.pickup import is_short  # which takes a while to load

    return is_short(form, bar)


def _measure(began: Start, text: str) -> int | None:
    """Return how long a bar is, whatever it should be, or None if it has other faults."""
    frame = began.context.rules.frame
    most = _LONGEST * frame.eighth
    ends = frozenset(range(most))
    rules = rules_of(frame._replace(size=most, plain=ends, double=ends, repeat=ends))
    context = began.context._replace(rules=rules, left=most)
    place: InBar = Start(context, began.marks, began.needs_chord)
    for character in text:
        if character not in place.allowed():
            return None
        following = place.after(character)
        if not isinstance(following, InBar):
            return most - following.missing if following.after_music else None
        place = following
    return None
