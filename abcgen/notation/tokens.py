"""The body of a tune as tokens: notes, bar lines, chord symbols and so on.

The names and the order of things before a note follow the ABC standard 2.1
(https://abcnotation.com/wiki/abc:standard:v2.1, sections 4 and 5).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from abcgen.errors import NotationError
from abcgen.notation.meters import TUPLETS

#: Notes and lengths that are kept once read: tunes have few of them, again and again.
_MOST_KEPT = 4096

_LENGTH = r"\d*(?:/+\d*)?"
#: A microtone, such as ``_/`` and ``^3/2``, counts half steps; see `_nearest`.
_PITCH = r"(?:\^\^|__|[\^_](?:\d*/\d*|\d)?|=)?[A-Ga-g][,']*"
#: What may stand before a note within a chord and does not change it: fingers, words, slurs, rests.
_BEFORE_INNER = rf"""(?:"[^"\n]*"|![^!\n|]+!|\+[^+\n|]+\+|[(.~HLMOPSTuv]|[ \t]|[zx]{_LENGTH})*"""
_SPACE = r"[ \t\x0b\x0c\xa0\xad\u2000-\u200f\u202f\u205f\u2060\u3000\ufeff]"
#: Notes between two `!`, which end lines in old ABC, and are no decoration as ``!ff!`` is.
_OLD_LINE = rf"!(?!f+!)(?:{_PITCH}{_LENGTH}[ \t]*){{2,}}!"
_HTML = (
    r"</[A-Za-z][^<>\n]*>|<!--[^\n]*?-->|<[A-Za-z]+\s+\w+=[^<>\n]*>|&(?:[a-z]{2,8}|\#\d{1,6});"
    r"|<(?:html|head|body|br|hr|p|pre|div|span|tt|table|tr|td|font|center|li|ul|i|em)\s*/?>"
    r"|<b>(?=[^\n]*</b>)|<a>(?=[^\n]*</a>)"
)

# The order matters: the first alternative that fits wins. The first ones are the most frequent.
# An ending may be glued to its bar line: `|1` and `:|2`.
_TOKEN = re.compile(
    rf"""
      (?P<note>{_PITCH}{_LENGTH})
    | (?P<space>{_SPACE}+)
    | (?P<bar>(?:\[\|\]?|\|\]|[:|])+)
    | (?P<newline>\n)
    | (?P<annotation>"[\^_<>@][^"\n]*")
    | (?P<chord>"[^"\n]*")
    | (?P<field>\[[A-Za-z]:[^\]\n]*\])
    | (?P<ending>(?:\[[ \t]?|(?<=\|)|(?<=\|[\]:]|::))\d[\d,\-]*
        |\["\d[\d,\-]*(?:st|nd|rd|th)?\.?")
    | (?P<group>\[(?:{_BEFORE_INNER}{_PITCH}{_LENGTH}\)?-?)+(?:[) \t]|[zx]{_LENGTH})*\]{_LENGTH})
    | (?P<rest>[zx]{_LENGTH}|[ZX]\d*)
    | (?P<tuplet>\([2-9](?::\d*(?::\d*)?)?)
    | (?P<html>{_HTML})
    | (?P<broken>>+|<+)
    | (?P<tie>-)
    | (?P<grace>\{{[^}}\n]*\}})
    | (?P<decoration>(?!{_OLD_LINE})![^!\n|]+!|\+[^+\n|]+\+
        |[~.H-Wh-w](?=[\s~.H-Wh-w]*[\^_=A-Ga-gxz"\[(\{{|!:-]))
    | (?P<overlay>\(&|&\)|&)
    | (?P<slur>[()])
    | (?P<layout>!|\*|`|\$|y{_LENGTH}|\\)
    | (?P<stray>.)
    """,
    re.VERBOSE | re.ASCII,
)
_NOTE = re.compile(
    r"(?P<accidental>[\^_=][\^_\d/]*)?(?P<letter>[A-Ga-g])(?P<octave>[,']*)(?P<length>.*)"
)
#: A note of a chord, or, without groups, words and signs in it.
_INNER_NOTE = re.compile(rf"""\{{/?|"[^"\n]*"|![^!\n]*!|\+[^+\n]*\+|({_PITCH})({_LENGTH})\)?(-?)""")

#: Accidental as written -> semitones.
ALTERATIONS = {"^^": 2, "^": 1, "=": 0, "_": -1, "__": -2}
#: Tokens that take time.
SOUNDING = frozenset({"note", "rest", "group"})
_MAX_LENGTH = 1 << 15  # unit note lengths: 64 whole notes in the smallest unit
_SHORTEST = 512  # the largest denominator of a length
_MAX_DIGITS = 8  # of a length or a tuplet


class Token(NamedTuple):
    """A piece of a tune's body.

    Attributes
    ----------
    kind : str
        One of the group names of the token grammar: ``note``, ``rest``, ``group``, ``chord``,
        ``bar``, ``ending``, ``tuplet``, ``broken``, ``tie``, ``field``, ``newline`` and so on;
        ``stray`` for a character that begins none.
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
    """A pitch as written: ``accidental`` in ``^ ^^ _ __ =`` or none, letter, octave marks.

    A microtone has the accidental of the nearest half step, and in `bend` how many half steps it
    is higher than that.
    """

    accidental: str
    letter: str
    octave: str
    bend: Fraction = Fraction(0)
    #: The letter as a capital, and the octave, 0 from middle C upwards.
    place: tuple[str, int] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        octave = self.letter.islower() + self.octave.count("'") - self.octave.count(",")
        object.__setattr__(self, "place", (self.letter.upper(), octave))

    def __str__(self) -> str:
        return self.accidental + self.letter + self.octave


def tokenize(body: str, begin: int = 0, end: int | None = None) -> list[Token]:
    """Return the tokens of a tune's body, or of its part from `begin` to before `end`."""
    return [
        Token(match.lastgroup, match.group(), match.start())  # type: ignore[arg-type]
        for match in _TOKEN.finditer(body, begin, len(body) if end is None else end)
    ]


def describe(found: str) -> str:
    """Return a name for a character, which may be invisible, or for several."""
    visible = found.isprintable() or len(found) != 1
    return repr(found) if visible else f"the character U+{ord(found):04X}"


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
    if Fraction(numerator, denominator) > _MAX_LENGTH or denominator > _SHORTEST:
        raise NotationError(f"the note length {text!r} is out of range")
    return Fraction(numerator, denominator)


@lru_cache(_MOST_KEPT)
def read_note(text: str) -> tuple[Pitch, Fraction]:
    """Split a note such as ``^c'3/2`` into its pitch and its length in unit note lengths."""
    match = _NOTE.fullmatch(text)
    if match is None:
        raise NotationError(f"{text!r} is not a note")
    accidental = match["accidental"] or ""
    if not accidental or accidental in ALTERATIONS:
        pitch = Pitch(accidental, match["letter"], match["octave"])
    else:
        nearest, bend = _nearest(accidental)
        pitch = Pitch(nearest, match["letter"], match["octave"], bend)
    return pitch, length_of(match["length"])


def _nearest(accidental: str) -> tuple[str, Fraction]:
    """Return the accidental of the nearest half step, and what is left: ``^``, -1/4 for ``^3/4``.

    Of two that are as near, it is the one nearer to the natural note.
    """
    above, slash, below = accidental[1:].partition("/")
    if len(accidental) > _MAX_DIGITS or (below and not int(below)):
        raise NotationError(f"{accidental[:_MAX_DIGITS]!r} is not an accidental")
    half_steps = Fraction(int(above or 1), int(below or 2) if slash else 1)
    count = int(min(-(-(2 * half_steps - 1) // 2), 2))
    left = half_steps - count if accidental[0] == "^" else count - half_steps
    return accidental[0] * count if count > 0 else "=", left


def with_notes(text: str, change: Callable[[Pitch, str], str]) -> str:
    """Return a note, chord or grace notes with each pitch as a function of it and its spelling."""

    def changed(match: re.Match[str]) -> str:
        if not match[1]:
            return match[0]
        pitch, _ = read_note(match[1])
        return change(pitch, match[1]) + match[0][len(match[1]) :]

    return _INNER_NOTE.sub(changed, text)


def scaled(token: Token, factor: Fraction) -> Token:
    """Return a note, chord or rest with another length; a rest of whole bars stays as it is."""
    text = token.text
    if text[0] in "ZX":
        return token
    head, bracket, after = text.rpartition("]")
    if token.kind == "rest":
        head, after = text[0], text[1:]
    elif not bracket:
        after = text[len(text.rstrip("0123456789/")) :]
        head = text.removesuffix(after)
    length = length_of(after) * factor
    written = f"{head}{bracket}{length.numerator}/{length.denominator}"
    return Token(token.kind, written, token.position)


def read_group(text: str) -> tuple[list[tuple[Pitch, Fraction, bool]], Fraction]:
    """Split ``[CE-G]2`` into its notes, each (pitch, length, tied), and the group's own length."""
    inside, _, after = text[1:].rpartition("]")
    notes = []
    for pitch_text, length_text, tie in _INNER_NOTE.findall(inside):
        if not pitch_text:
            continue
        pitch, length = read_note(pitch_text + length_text)
        notes.append((pitch, length, bool(tie)))
    return notes, length_of(after)


def inner_places(text: str) -> list[int]:
    """Return where in the text of a group or of grace notes each of its notes begins."""
    return [match.start() for match in _INNER_NOTE.finditer(text) if match[1]]


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
