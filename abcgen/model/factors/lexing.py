"""What each character of a tune adds to the time, and which of them begin bars and sections."""

from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from abcgen.errors import NotationError
from abcgen.notation.keys import MODES, fifths_of, mode_of, spell_key
from abcgen.notation.meters import TUPLETS, is_compound

#: Ticks in a unit note length, such that a triplet of quarters of it is whole.
UNIT_TICKS = 48
#: Ticks in a whole note, when the unit note length is 1/16.
WHOLE = 16 * UNIT_TICKS

#: Events: what concerns more than the length of a note.
BODY, OVER, BAR, SECTION, FORK, REWIND, METER, UNIT, KEY = range(1, 10)
#: Keys are distinguished by their sharps or flats and their mode, numbered from 1; 0 is none.
MOST_FIFTHS = 7
KEYS = 1 + (2 * MOST_FIFTHS + 1) * len(MODES)

_NOTES = frozenset("ABCDEFGabcdefgz")
_FIELDS = frozenset("KLMNPQRTVWXZ")
_MOST = 64  # largest number of a length that is distinguished
_LONGEST_FIELD = 8  # characters of a field that are distinguished: K:Bbmix and one more
_COMMON = {"C": "4/4", "C|": "2/2"}


class Way(NamedTuple):
    """What a character does.

    Attributes
    ----------
    state : State
        The state after it.
    ticks : int
        What it adds to the time, in 1/48 of the unit note length: ``2`` after a note adds 48.
    event : int
        One of the events above, or 0.
    value : int
        Of `METER` twice the ticks of a full bar, one more if it counts in dotted beats, of `UNIT`
        how many sixteenths the unit is, of `BODY` and `KEY` the number of the key, of `BAR` whether
        it ends a section, of `SECTION` whether it opens a repeat.
    """

    state: "State"
    ticks: int = 0
    event: int = 0
    value: int = 0


@dataclass(frozen=True, slots=True)
class State:
    """What must be known about the characters so far to decide what the next one does.

    Attributes
    ----------
    body : bool
        Whether the header has ended.
    before : str
        The character before, where it matters.
    text : str
        What has been read of a header field that matters, from its letter on.
    within : str
        ``"field"`` or ``"chord"`` within a field of the body or a chord symbol.
    ticks : int
        The length of the last note so far; 0 where no length may follow.
    base, numerator, slashes, denominator : int
        What that length is made of.
    in_tuplet, beats : int
        Notes left of a tuplet, and in the time of how many of its notes it is played.
    tuplet : int
        The notes of the tuplet.
    dotted : str
        ``>`` or ``<`` before the next note.
    group : int
        0 outside of a group ``[CEG]``, 1 before its first note, 2 behind it.
    """

    body: bool = False
    before: str = "\n"
    text: str = ""
    within: str = ""
    ticks: int = 0
    base: int = 0
    numerator: int = 0
    slashes: int = 0
    denominator: int = 0
    tuplet: int = 0
    beats: int = 0
    in_tuplet: int = 0
    dotted: str = ""
    group: int = 0
    _ways: dict[str, Way] = field(init=False, default_factory=dict, compare=False, repr=False)

    def way(self, character: str) -> Way:
        """Return what a character does here."""
        if character not in self._ways:
            way = self._in_body(character) if self.body else self._in_header(character)
            # One object for equal states: the ways from it are worked out once.
            self._ways[character] = way._replace(state=_STATES.setdefault(way.state, way.state))
        return self._ways[character]

    def _in_header(self, character: str) -> Way:
        if character != "\n":
            begins = self.before == "\n" and character in "KLM"
            text = (self.text + character)[:_LONGEST_FIELD] if begins or self.text else ""
            return Way(State(before=character if character == "\n" else "", text=text))
        if self.text[:2] == "K:":
            return Way(State(body=True), event=BODY, value=_key(self.text[2:]))
        if self.text[:2] == "M:":
            value = 2 * _ratio(self.text[2:], 1, 1, WHOLE) + is_compound(self.text[2:])
            return Way(START, event=METER, value=value)
        if self.text[:2] == "L:":
            return Way(START, event=UNIT, value=_ratio(self.text[2:], 1, 8, 16))
        return Way(START, event=OVER if self.before == "\n" else 0)

    def _in_body(self, character: str) -> Way:
        if self.within:
            end = "\n" if self.within == "field" else '"'
            if character == end:
                event = KEY if self.text else 0
                value = _key(self.text[2:]) if event else 0
                return Way(replace(self, within="", text="", before=end), event=event, value=value)
            text = (self.text + character)[:_LONGEST_FIELD] if self.text else ""
            return Way(replace(self, text=text))
        if character == "\n":
            if self.before == "\n":
                return Way(START, event=OVER)
            return Way(replace(self, before="\n"))
        if self.before == "\n" and character in _FIELDS:
            return Way(replace(self, within="field", text="K" if character == "K" else ""))
        if character == '"':
            return Way(replace(self, within="chord", before=""))
        if character in _NOTES:
            return self._note()
        if character.isdigit():
            return self._number(int(character))
        if character == "/":
            return self._lengthened(slashes=min(self.slashes + 1, 2))
        if character in "<>" and self.ticks:
            ticks = self.ticks * 3 // 2 if character == ">" else self.ticks // 2
            after = replace(self, ticks=0, dotted=character, before=character)
            return Way(after, ticks - self.ticks)
        if character == "|":
            after = State(body=True, before="|")
            if self.before == "|":
                return Way(after, event=SECTION)
            return Way(after, event=BAR, value=int(self.before == ":"))
        if character == ":":
            opens = self.before == "|"
            after = replace(self, before=":", ticks=0)
            return Way(after, event=SECTION if opens else 0, value=int(opens))
        if character in "[]":
            group = 1 if character == "[" else 0
            return Way(replace(self, group=group, before=character))
        return Way(replace(self, before="(" if character == "(" else ""))

    def _note(self) -> Way:
        if self.group == 2:
            return Way(replace(self, before=""))
        base = UNIT_TICKS
        if self.in_tuplet:
            base = base * self.beats // self.tuplet
        if self.dotted:
            base = base // 2 if self.dotted == ">" else base * 3 // 2
        after = State(
            body=True,
            before="",
            ticks=base,
            base=base,
            tuplet=self.tuplet if self.in_tuplet > 1 else 0,
            beats=self.beats if self.in_tuplet > 1 else 0,
            in_tuplet=max(self.in_tuplet - 1, 0),
            group=2 if self.group else 0,
        )
        return Way(after, base)

    def _number(self, digit: int) -> Way:
        if self.before == "(":
            beats = TUPLETS.get(digit, 0)
            notes = digit if beats else 0
            return Way(replace(self, tuplet=notes, beats=beats, in_tuplet=notes, before=""))
        if self.before == "[":
            event = {1: FORK, 2: REWIND}.get(digit, 0)
            return Way(replace(self, group=0, before=""), event=event)
        if self.slashes:
            return self._lengthened(denominator=min(10 * self.denominator + digit, _MOST))
        return self._lengthened(numerator=min(10 * self.numerator + digit, _MOST))

    def _lengthened(self, **parts: Any) -> Way:
        """Return what a character of a note's length does."""
        if not self.ticks:
            return Way(replace(self, before=""))
        after = replace(self, before="", **parts)
        ticks = after.base * (after.numerator or 1) // (after.denominator or 2**after.slashes)
        ticks = max(ticks, 1)
        return Way(replace(after, ticks=ticks), ticks - self.ticks)


def _ratio(text: str, above: int, below: int, times: int) -> int:
    """Return a fraction such as 6/8, times something; of what is none, the default's."""
    numbers = _COMMON.get(text, text).split("/")
    if len(numbers) == 2 and all(n.isdigit() and 0 < int(n) <= _MOST for n in numbers):
        above, below = map(int, numbers)
    return max(above * times // below, 1)


def _key(text: str) -> int:
    """Return the number of a key."""
    try:
        key = spell_key(text)
    except NotationError:
        return 0
    return 1 + (fifths_of(key) + MOST_FIFTHS) * len(MODES) + list(MODES).index(mode_of(key))


#: Before the first character of a tune: a blank line stands before it.
START = State()
_STATES: dict[State, State] = {START: START}
