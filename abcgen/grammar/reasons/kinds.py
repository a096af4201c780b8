"""Kinds of reasons, and the words that they share."""

from typing import NamedTuple

# The kinds of reasons, as tables name them.
SHORT = "a bar is too short"
LONG = "a bar is too long"
LAST = "the last bar and the pickup do not make one bar"
BEFORE_REPEAT = "the bar before `:|` and the pickup do not make one bar"
PICKUP = "a section does not begin with what the bar before it lacks"
PICKUP_LENGTH = "a pickup is not a whole number of eighths"
REPEAT = "repeat signs do not match"
ENDING = "a first or second ending is in the wrong place"
KEY = "the key changes within a section"
METER = "the metre changes"
FIELD = "a field is unknown, missing or in the wrong place"
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
AFTER_END = "something stands after the end of the tune"
SPELLING = "it is spelled in another way"
SIGN = "a sign that is not part of the spelling"
VOCABULARY = "a character that the network has not learned"

_SHOWN = 30  # characters of a line that are quoted


class Reason(NamedTuple):
    """What is wrong at a place.

    Attributes
    ----------
    kind : str
        One of the kinds above, which tables count.
    words : str
        Words for this one place.
    before : bool
        Whether the bar before is wrong, whose bar line has been read.
    more_than : str
        If the bar is too long: what to say after `words` unless its length can be measured.
    """

    kind: str
    words: str
    before: bool = False
    more_than: str = ""


def quoted(rest: str) -> str:
    """Return the beginning of the line that follows, in quotes."""
    line = rest.partition("\n")[0]
    return repr(_cut(line)) if line else "a line end"


def _cut(line: str) -> str:
    return line if len(line) <= _SHOWN else line[: _SHOWN - 3] + "..."


def value_of(head: str, rest: str) -> str:
    """Return the value of a field of which a head has been read."""
    return _cut(repr(head + rest.partition("\n")[0])[1:-1])


def time_of(units: int, eighth: int) -> str:
    """Return a length as a fraction of a whole note, in eighths if it can be."""
    for part in (8, 16, 32):
        if units * part % (8 * eighth) == 0:
            return f"{units * part // (8 * eighth)}/{part}"
    return f"{units * 64 // (8 * eighth)}/64"


def lasts_of(units: int, due: int, eighth: int) -> str:
    """Return words for how long a bar is, and how long it should be."""
    return f"it lasts {time_of(units, eighth)}, not {time_of(due, eighth)}"
