"""Bars that can be read on their own: what began in the bar before, what changes within the bar.

A bar has one key, one metre and one unit note length. So the tokens after a change within it are
written as they would stand without the change, and the change holds from the next bar on.
"""

from collections.abc import Sequence
from fractions import Fraction

from abcgen.notation.keys import signature
from abcgen.notation.meters import is_compound
from abcgen.notation.strays import PITCHED
from abcgen.notation.tokens import (
    ALTERATIONS,
    SOUNDING,
    Pitch,
    Token,
    read_tuplet,
    scaled,
    with_notes,
)
from abcgen.notation.tune import Setting

_SIGNS = {semitones: accidental for accidental, semitones in ALTERATIONS.items()}


def in_octave(token: Token, octave: int) -> Token:
    """Return a token with its pitches so many octaves higher."""

    def moved(pitch: Pitch, text: str) -> str:
        letter, place = pitch.place
        place += octave
        marks = "'" * (place - 1) if place > 0 else "," * -place
        accidental = text[: len(text) - len(text.lstrip("^_=/0123456789"))]
        return accidental + (letter.lower() if place > 0 else letter) + marks

    return Token(token.kind, with_notes(token.text, moved), token.position)


class Change:
    """A change of key, metre or unit note length within a bar.

    Attributes
    ----------
    now : Setting
        What holds from the change on.
    """

    def __init__(self, setting: Setting, tokens: Sequence[Token]) -> None:
        self._written = self.now = setting
        self._altered: dict[tuple[str, int], int] = {}  # accidentals as the bar is written
        self._since: dict[tuple[str, int], int] = {}  # those since the change
        for token in tokens:
            if token.kind in ("note", "group"):
                with_notes(token.text, self._note_before)

    def to(self, letter: str, value: str) -> None:
        """Change a field."""
        self.now = self.now.changed(letter, value)
        if letter == "K":
            self._since = {}

    def token(self, token: Token) -> Token:
        """Return a token after the change as it stands without it."""
        if token.kind == "tuplet" and token.text.count(":") < 2:
            p, factor, r = read_tuplet(token.text, is_compound(self.now.meter))
            return Token(token.kind, f"({p}:{factor * p}:{r}", token.position)
        if token.kind in PITCHED:
            text = with_notes(token.text, self._grace if token.kind == "grace" else self._note)
            token = Token(token.kind, text, token.position)
        if token.kind in SOUNDING and self.now.unit != self._written.unit:
            token = scaled(token, self.now.unit / self._written.unit)
        return token

    def _note_before(self, pitch: Pitch, text: str) -> str:
        if pitch.accidental:
            self._altered[pitch.place] = ALTERATIONS[pitch.accidental]
        return text

    def _note(self, pitch: Pitch, text: str) -> str:
        place = pitch.place
        if pitch.accidental:
            self._altered[place] = self._since[place] = ALTERATIONS[pitch.accidental]
            return text
        accidental = self._missing(pitch)
        if accidental:
            self._altered[place] = ALTERATIONS[accidental]
        return accidental + text

    def _grace(self, pitch: Pitch, text: str) -> str:
        return text if pitch.accidental else self._missing(pitch) + text

    def _missing(self, pitch: Pitch) -> str:
        """Return the accidental by which a note sounds in the old key as in the new one."""
        place = pitch.place
        wanted = self._since.get(place, signature(self.now.key).get(place[0], 0))
        sounds = self._altered.get(place, signature(self._written.key).get(place[0], 0))
        return "" if wanted == sounds else _SIGNS[wanted]


def cut_tuplet(tokens: list[Token], compound: bool) -> Token | None:
    """Cut off the last tuplet of a bar if it lacks notes; return it for those of the next bar.

    Parameters
    ----------
    tokens : list of Token
        Of the bar; the token of such a tuplet is replaced by one of the notes that are there, or
        taken out.
    compound : bool
        Whether the metre of the bar is compound.
    """
    begins = [index for index, token in enumerate(tokens) if token.kind == "tuplet"]
    if not begins:
        return None
    token = tokens[begins[-1]]
    p, factor, r = read_tuplet(token.text, compound)
    there = sum(other.kind in SOUNDING for other in tokens[begins[-1] :])
    if there >= r:
        return None
    left = Token("tuplet", f"({p}:{factor * p}:{r - there}", token.position)
    if there:
        tokens[begins[-1]] = Token("tuplet", f"({p}:{factor * p}:{there}", token.position)
    else:
        del tokens[begins[-1]]
    return left


def cut_broken(tokens: list[Token]) -> Fraction | None:
    """Take out a ``>`` or ``<`` that the bar ends with; return the factor of the next note."""
    last = next((i for i in reversed(range(len(tokens))) if tokens[i].kind != "space"), 0)
    if not tokens or tokens[last].kind != "broken":
        return None
    text = tokens[last].text
    share = (1 - Fraction(1, 2 ** len(text))) * (1 if text[0] == ">" else -1)
    before = next((i for i in reversed(range(last)) if tokens[i].kind in SOUNDING), None)
    del tokens[last]
    if before is None:
        return None
    tokens[before] = scaled(tokens[before], 1 + share)
    return 1 - share
