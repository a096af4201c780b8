"""Steps from one place of a tune to the next, each worked out once: most are taken again and again.

`abcgen.grammar.acceptor` works out each place again, which is too slow to check many tunes. What
makes no difference to what may follow is left out of what is kept: the letter of a note, the key,
and how wide a line is, unless that decides where the line ends.
"""

import itertools
from enum import Enum
from typing import NamedTuple

from abcgen.grammar.acceptor import Fixed, Local, Place, begin_music, cross, in_chord
from abcgen.grammar.alphabet import LETTERS
from abcgen.grammar.bar import InBar
from abcgen.grammar.bar.rules import Exit
from abcgen.grammar.form import MOST_IN_LINE, Form
from abcgen.grammar.header import TITLE_CHARACTERS, Header

#: What is kept, each some hundred bytes; then all begins again.
_MOST_KEPT = 1 << 15
_MOST_CROSSINGS = 1 << 13
#: A line that is narrower is not full after a mark, whatever the mark is.
_NARROW = MOST_IN_LINE - 2
#: Characters of which one leads where the others do.
_LETTERS_ALIKE = [frozenset(filter(case, LETTERS)) for case in (str.islower, str.isupper)]
_IN_WORDS = frozenset(TITLE_CHARACTERS) - {" "}


class _Tag(Enum):
    TIE = 0  # where it leads depends on the letters that have been read


class _KnownForm:
    """A form without its key: one object for all that are equal."""

    __slots__ = ("form",)

    def __init__(self, form: Form) -> None:
        self.form = form


class _Crossed(NamedTuple):
    """Where a mark or the end of the header leads: over a fixed text to a stop."""

    known: _KnownForm
    key: str  # empty if it stays
    fixed: str
    stop: "Stop"


class Stop(dict[str, "Stop | Exit | _Crossed | _Tag | None"]):
    """What reads the next character, and where those lead that have been read and may follow.

    Attributes
    ----------
    local : Local
        As in `abcgen.grammar.acceptor.Place`, with other letters: the same one for all of them.
    """

    __slots__ = ("local",)

    def __init__(self, local: Local) -> None:
        super().__init__()
        self.local = local

    def __missing__(self, character: str) -> "Stop | Exit | _Crossed | _Tag | None":
        allowed = self.local.allowed()
        if character not in allowed:
            return None
        following = self[character] = self._after(character)
        self.update(dict.fromkeys(self._alike(character).intersection(allowed), following))
        return following

    def _after(self, character: str) -> "Stop | Exit | _Crossed | _Tag":
        if character == "-" and _letters(self.local):
            return _Tag.TIE
        following = self.local.after(character)
        if isinstance(following, Exit):
            return following
        if isinstance(following, Header) and following.done:
            return _crossed(begin_music(following))
        return _stop(following)

    def _alike(self, character: str) -> frozenset[str]:
        """Return the characters that lead where this one does, if they may follow."""
        local = self.local
        if isinstance(local, InBar) and local.reads_letter(character):
            return _LETTERS_ALIKE[character.isupper()]
        if isinstance(local, Header) and local.in_words() and character in _IN_WORDS:
            return _IN_WORDS
        return frozenset()


_stops: dict[tuple[type, Local], Stop] = {}
_forms: dict[Form, _KnownForm] = {}
_crossings: dict[tuple[_KnownForm, Exit, int], _Crossed] = {}


def _stop(local: Local) -> Stop:
    """Return the one stop of a place."""
    if isinstance(local, InBar):
        local = local.of_any_letter()
    # Named tuples of two classes may be equal.
    key = local.__class__, local
    stop = _stops.get(key)
    if stop is None:
        if len(_stops) >= _MOST_KEPT:
            _stops.clear()
            _crossings.clear()
        stop = _stops[key] = Stop(local)
    return stop


def _known(form: Form) -> _KnownForm:
    """Return the one object for a form without its key."""
    known = _forms.get(form)
    if known is None:
        if len(_forms) >= _MOST_CROSSINGS:
            _forms.clear()
            _crossings.clear()
        known = _forms[form] = _KnownForm(form)
    return known


def _crossed(place: Place) -> _Crossed:
    """Return a place behind a mark, which was crossed without regard to the key before."""
    form, local = place.form, place.local
    assert form is not None
    known, key = _known(form._replace(key="")), form.key
    if isinstance(local, Fixed):
        return _Crossed(known, key, local.text, _stop(local.then))
    return _Crossed(known, key, "", _stop(local))


def _cross(known: _KnownForm, key: str, mark: Exit, width: int) -> _Crossed:
    """Return where a mark leads, behind which the line has some width."""
    if mark.character == "K":  # into another key
        return _crossed(cross(known.form._replace(key=key), mark, width))
    within = min(max(width, _NARROW), MOST_IN_LINE)
    crossed = _crossings.get((known, mark, within))
    if crossed is None:
        if len(_crossings) >= _MOST_CROSSINGS:
            _crossings.clear()
        crossed = _crossed(cross(known.form, mark, within))
        _crossings[known, mark, within] = crossed
    return crossed


def _letters(local: Local) -> str:
    """Return the last characters that were read if stops do not tell them."""
    return local.letters_read() if isinstance(local, InBar) else ""


def _with_letters(local: Local, read: str) -> Local:
    """Return what reads the next character of a stop, after some text."""
    count = len(_letters(local))
    return local.with_letters(read[-count:]) if count and isinstance(local, InBar) else local


def _width(line: str) -> int:
    """Return the characters of a line, those of chord symbols not counted."""
    return len(line) if '"' not in line else sum(map(len, line.split('"')[::2]))


class Passed(NamedTuple):
    """A mark, or the end of the header, in a text that was read.

    Attributes
    ----------
    form : Form or None
        The form before it, without its key.
    mark : Exit or None
        The mark.
    local : Local
        What reads the next character.
    position : int
        The characters before that one.
    """

    form: Form | None
    mark: Exit | None
    local: Local
    position: int


class Walk(NamedTuple):
    """How far a text could be read.

    Attributes
    ----------
    place : Place
        The place there.
    position : int
        The characters before it.
    passed : list of Passed
        The beginning, and all marks behind it.
    """

    place: Place
    position: int
    passed: list[Passed]


def walk(text: str, place: Place) -> Walk:
    """Read a text as far as it may follow, from a place on."""
    # What has been read of the sound or the chord symbol in which the text begins.
    begun = '"' * in_chord(place.local) + _letters(place.local)
    read = begun + text
    wider = place.width - _width(begun)  # is the first line than what is read of it
    known = _known(place.form._replace(key="")) if place.form else None
    key = place.form.key if place.form else ""
    stop, fixed = _stop(place.local), ""
    if isinstance(place.local, Fixed):
        stop, fixed = _stop(place.local.then), place.local.text
    passed: list[Passed] = []
    position = len(begun)
    form: Form | None = None
    mark: Exit | None = None
    while True:
        local: Local = stop.local
        if fixed:
            common = _common(fixed, read[position : position + len(fixed)])
            position += common
            if common < len(fixed):
                local = Fixed(fixed[common:], local)
        passed.append(Passed(form, mark, local, position - len(begun)))
        if local is not stop.local:
            break
        stop, position, following = _go_on(stop, read, position)
        if following is None:
            local = _with_letters(stop.local, read[:position])
            break
        position += 1
        form, mark = known.form if known else None, None
        if isinstance(following, Exit):
            assert known is not None
            mark = following
            following = _cross(known, key, mark, _width_at(read, position, wider))
        known, changed, fixed, stop = following
        key = changed or key
    form = known.form._replace(key=key) if known else None
    last = Place(form, local, _width_at(read, position, wider))
    return Walk(last, position - len(begun), passed)


def _go_on(stop: Stop, read: str, position: int) -> tuple[Stop, int, Exit | _Crossed | None]:
    """Read up to a mark, or to what may not follow; return what that leads to, or None."""
    for at in range(position, len(read)):
        following = stop[read[at]]
        if isinstance(following, Stop):
            stop = following
        elif following is _Tag.TIE:
            tied = _with_letters(stop.local, read[:at]).after("-")
            assert isinstance(tied, InBar)
            stop = _stop(tied)
        else:
            return stop, at, following
    return stop, len(read), None


def _common(one: str, other: str) -> int:
    """Return how many characters two texts begin with that are the same."""
    same = itertools.takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    return len(one) if one == other else len(list(same))


def _width_at(read: str, position: int, wider: int) -> int:
    """Return how wide the line is up to a position; the first line is wider than what is read."""
    line = read.rfind("\n", 0, position) + 1
    return _width(read[line:position]) + (0 if line else wider)
