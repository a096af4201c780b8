"""The body of a tune as tokens: notes, bar lines, chord symbols and so on.

The names and the order of things before a note follow the ABC standard 2.1
(https://abcnotation.com/wiki/abc:standard:v2.1, sections 4 and 5).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from abcgen.errors import NotationError
from abcgen.notation.meters import TUPLETS

#: Notes and lengths that are kept once read: tunes have few of them, again and again.
_MOST_KEPT = 4096

_LENGTH = r"\d*(?:/+\d*)?"
_PITCH = r"(?:\^\^|\^|__|_|=)?[A-Ga-g][,']*"

# The order matters: the first alternative that fits wins.
_TOKEN = re.compile(
    rf"""
      (?P<annotation>"[\^_<>@][^"\n]*")
    | (?P<chord>"[^"\n]*")
    | (?P<field>\[[A-Za-z]:[^\]\n]*\])
    | (?P<ending>\[\s?[\d][\d,\-]*)
    | (?P<note>{_PITCH}{_LENGTH})
    | (?P<group>\[\s*(?:{_PITCH}{_LENGTH}-?\s*)+\]{_LENGTH})
    | (?P<bar>(?:\[\|\]?|\|\]|[:|])+)
    | (?P<rest>[zx]{_LENGTH}|Z\d*)
    | (?P<tuplet>\(\d(?::\d*(?::\d*)?)?)
    | (?P<broken>>+|<+)
    | (?P<tie>-)
    | (?P<grace>\{{[^}}\n]*\}})
    | (?P<decoration>![^!\n|]+!|\+[^+\n|]+\+|[~.H-Wh-w](?=[\s~.H-Wh-w]*[\^_=A-Ga-gxz"\[(\{{|!:-]))
    | (?P<slur>[()])
    | (?P<layout>!|\*|`|\$|y{_LENGTH}|\\)
    | (?P<newline>\n)
    | (?P<space>[ \t]+)
    """,
    re.VERBOSE | re.ASCII,
)
_NOTE = re.compile(r"(?P<accidental>[\^_=]*)(?P<letter>[A-Ga-g])(?P<octave>[,']*)(?P<length>.*)")
_INNER_NOTE = re.compile(rf"({_PITCH})({_LENGTH})(-?)")

#: Accidental as written -> semitones.
ALTERATIONS = {"^^": 2, "^": 1, "=": 0, "_": -1, "__": -2}
_MAX_LENGTH = 64  # unit note lengths; a longer note is a typing error
_MAX_DIGITS = 8  # of a length or a tuplet


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a tune's body.

    Attributes
    ----------
    kind : str
        One of the group names of the token grammar: ``note``, ``rest``, ``group``, ``chord``,
        ``bar``, ``ending``, ``tuplet``, ``broken``, ``tie``, ``field``, ``newline`` and so on.
    text : str
        The characters as written.
    position : int
        The position of the first one in the body, counted from 0.
    """

    kind: str
    text: str
    position: int


@dataclass(frozen=True, slots=True)
class Pitch:
    """A pitch as written: ``accidental`` in ``^ ^^ _ __ =`` or none, letter, octave marks."""

    accidental: str
    letter: str
    octave: str

    def __str__(self) -> str:
        return self.accidental + self.letter + self.octave

    @property
    def place(self) -> tuple[str, int]:
        """The letter as a capital, and the octave, 0 from middle C upwards."""
        octave = self.letter.islower() + self.octave.count("'") - self.octave.count(",")
        return self.letter.upper(), octave


def tokenize(body: str, begin: int = 0, end: int | None = None) -> Iterator[Token]:
    """Yield the tokens of a tune's body, or of its part from `begin` to before `end`.

    Raises
    ------
    NotationError
        At the first character that does not begin a token; the message names it and its place.
    """
    position = line_start = begin
    end = len(body) if end is None else end
    while position < end:
        match = _TOKEN.match(body, position, end)
        if match is None:
            line = body.count("\n", 0, position) + 1
            found = body[position]
            column = position - line_start + 1
            raise NotationError(
                f"{_describe(found)} at line {line} of the music, column {column}, is not music"
            )
        kind = str(match.lastgroup)
        yield Token(kind, match.group(), position)
        position = match.end()
        if kind == "newline":
            line_start = position
        # `|1` and `:|2` are endings glued to their bar line.
        if kind == "bar" and position < end and body[position].isdigit():
            after = position + 1
            while after < end and body[after] in "0123456789,-":
                after += 1
            yield Token("ending", body[position:after], position)
            position = after


def _describe(found: str) -> str:
    """Return a name for a character, which may be invisible."""
    return repr(found) if found.isprintable() else f"the character U+{ord(found):04X}"


@lru_cache(_MOST_KEPT)
def length_of(text: str) -> Fraction:
    """Return a written length (``3/2``, ``/``, ``//``, empty) in unit note lengths.

    Raises
    ------
    NotationError
        If it is zero, divides by zero, or is longer than any note.
    """
    if not text:
        return Fraction(1)
    if len(text) > _MAX_DIGITS:
        raise NotationError(f"the note length {text[:_MAX_DIGITS]}... is out of range")
    above, slashes, below = re.fullmatch(r"(\d*)(/*)(\d*)", text).groups()  # type: ignore[union-attr]
    numerator = int(above or 1)
    denominator = int(below) if below else 2 ** len(slashes)
    if numerator == 0 or denominator == 0 or (len(slashes) > 1 and below):
        raise NotationError(f"{text!r} is not a note length")
    if Fraction(numerator, denominator) > _MAX_LENGTH or denominator > _MAX_LENGTH:
        raise NotationError(f"the note length {text!r} is out of range")
    return Fraction(numerator, denominator)


@lru_cache(_MOST_KEPT)
def read_note(text: str) -> tuple[Pitch, Fraction]:
    """Split a note such as ``^c'3/2`` into its pitch and its length in unit note lengths."""
    match = _NOTE.fullmatch(text)
    if match is None:
        raise NotationError(f"{text!r} is not a note")
    pitch = Pitch(match["accidental"], match["letter"], match["octave"])
    return pitch, length_of(match["length"])


def read_group(text: str) -> tuple[list[tuple[Pitch, Fraction, bool]], Fraction]:
    """Split ``[CE-G]2`` into its notes, each (pitch, length, tied), and the group's own length."""
    inside, _, after = text[1:].rpartition("]")
    notes = []
    for pitch_text, length_text, tie in _INNER_NOTE.findall(inside):
        pitch, length = read_note(pitch_text + length_text)
        notes.append((pitch, length, bool(tie)))
    return notes, length_of(after)


def inner_places(text: str) -> list[int]:
    """Return where in the text of a group or of grace notes each of its notes begins."""
    return [match.start() for match in _INNER_NOTE.finditer(text)]


def read_tuplet(text: str, compound: bool) -> tuple[int, Fraction, int]:
    """Return a tuplet's (notes in it p, factor q/p for their lengths, notes it governs r).

    Parameters
    ----------
    text : str
        ``(3`` or the long forms ``(3:2`` and ``(3:2:4``.
    compound : bool
        Whether the metre is compound (6/8, 9/8, 12/8), which decides (5, (7 and (9.
    """
    if len(text) > _MAX_DIGITS:
        raise NotationError(f"{text[:_MAX_DIGITS]!r}... is not a tuplet")
    parts = text[1:].split(":")
    p = int(parts[0])
    if p < 2:
        raise NotationError(f"{text!r} is not a tuplet")
    q = int(parts[1]) if len(parts) > 1 and parts[1] else TUPLETS.get(p, 3 if compound else 2)
    r = int(parts[2]) if len(parts) > 2 and parts[2] else p
    if q < 1 or r < 1:
        raise NotationError(f"{text!r} is not a tuplet")
    return p, Fraction(q, p), r
