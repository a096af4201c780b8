"""What is wrong in a header."""

import re

from abcgen.grammar.header import METERS, TITLE_CHARACTERS, Header
from abcgen.grammar.reasons import kinds
from abcgen.grammar.reasons.kinds import Reason, quoted, value_of
from abcgen.notation.rhythms import RHYTHMS

#: In what order a header has its fields.
_FIELDS = "XGTRNMLK"
#: Fields that hold words.
_NAMES = {"G": "a style", "T": "a title", "N": "a remark"}
_NO_KEY = "is none of the keys with up to seven sharps or flats, spelled like G, Ador or Bbmix"


def in_header(place: Header, rest: str) -> Reason:
    """Return what is wrong at a place in the header."""
    if not place.text:
        return _other_field(place, rest)
    field = place.field
    if len(place.text) == 1:
        return Reason(kinds.FIELD, f"{field} does not begin a field: a colon must follow")
    if field == "X":
        value = value_of("", rest)
        return Reason(
            kinds.VALUE,
            f"X: continues with '{value}', but must be a number of one to seven digits",
        )
    if place.in_words():
        return _in_words(place, rest)
    value = value_of(place.text[2:], rest)
    wished = {"G": "style", "R": "rhythm", "M": "meter", "K": "key"}.get(field)
    asked = getattr(place.wishes, wished) if wished else ""
    if asked:
        return Reason(kinds.ASKED, f"{field}: {value} stands where {asked} is asked for")
    if field == "K":
        return in_key(place.text[2:], rest)
    values = (", " if field == "R" else " ").join(place.values(field))
    if field != "G" and (value in RHYTHMS or value in METERS):
        return Reason(
            kinds.VALUE, f"{field}: {value} does not go with the rest; it may be {values}"
        )
    return Reason(kinds.VALUE, f"{field}: {value} is none of {values}")


def in_key(head: str, rest: str) -> Reason:
    """Return what is wrong with a key, of which a head has been read."""
    return Reason(kinds.VALUE, f"K: {value_of(head, rest)} {_NO_KEY}")


def _other_field(place: Header, rest: str) -> Reason:
    # Where any style may be named, none need be.
    named = [field for field in place.allowed() if field != "G" or place.alphabet.styles]
    due = " or ".join(f"{field}:" for field in named)
    if not rest:
        return Reason(kinds.END, f"the header ends where {due} is due")
    match = re.match(r"([A-Za-z]):", rest)
    if match is None:
        return Reason(kinds.FIELD, f"{quoted(rest)} stands where {due} is due")
    letter = match[1]
    if letter in _NAMES and letter != "T":
        return Reason(kinds.FIELD, f"{_NAMES[letter]} ({letter}:) cannot stand here")
    if letter not in _FIELDS:
        return Reason(
            kinds.FIELD, f"{letter}: is a field that the spelling leaves out; {due} is due"
        )
    order = "X G T R M L K" if place.alphabet.styles else "X T R M L K"
    return Reason(kinds.FIELD, f"{letter}: stands where {due} is due: the order is {order}")


def _in_words(place: Header, rest: str) -> Reason:
    """Return what is wrong with a title or a remark."""
    name = _NAMES[place.field]
    wished = place.wishes.title if place.field == "T" else ""
    character = rest[:1]
    if wished:
        return Reason(kinds.ASKED, f"the title is not the one asked for, {wished!r}")
    if not character:
        return Reason(kinds.END, f"the text ends within {name}")
    if character == "\n":
        if not place.length:
            return Reason(kinds.VALUE, f"{name} cannot be empty")
        return Reason(kinds.VALUE, f"{name} cannot end with a space")
    if character not in TITLE_CHARACTERS:
        return Reason(kinds.VALUE, f"{name} cannot hold {character!r}")
    if character not in place.alphabet.characters:
        return Reason(kinds.VOCABULARY, f"the network has never seen {character!r}")
    if character == " " and (not place.length or place.text.endswith(" ")):
        where = "follow another" if place.length else f"begin {name}"
        return Reason(kinds.VALUE, f"a space cannot {where}")
    return Reason(kinds.VALUE, f"{name} cannot be longer than {place.length} characters")
