"""The header of a tune, character by character: X, G, T, R, N, M, L and K, in this order."""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from abcgen.grammar.alphabet import GRID, Alphabet, lengths_of
from abcgen.grammar.wishes import Wishes
from abcgen.notation.keys import MODES, fifths_of
from abcgen.notation.rhythms import CUSTOMARY_METERS, HORNPIPE, HORNPIPE_METERS, RHYTHMS

#: Metre -> eighths in a bar.
METERS = {
    "2/4": 4,
    "3/4": 6,
    "4/4": 8,
    "C": 8,
    "C|": 8,
    "2/2": 8,
    "6/8": 6,
    "9/8": 9,
    "12/8": 12,
    "3/2": 12,
    "5/4": 10,
    "7/8": 7,
    "3/8": 3,
    "6/4": 12,
}
#: Metres whose bars obey the same rules as those of another: see `abcgen.grammar.form.Form.alike`.
SAME_BARS = {"C": "4/4", "C|": "4/4", "2/2": "4/4"}
#: Those that only the second edition has.
NEW_METERS = frozenset({"3/8", "6/4"})
#: Metres that abc2midi can accompany; in the others it complains about chord symbols.
CHORD_METERS = frozenset(METERS) - {"3/2", "5/4", "7/8", "6/4"}
#: Unit note length -> grid units in an eighth.
UNITS = {"1/8": GRID, "1/16": 2 * GRID, "1/4": GRID // 2}
#: Signatures with up to seven sharps or flats.
_MOST_ACCIDENTALS = 7
KEYS = tuple(
    key
    for letter in "CDEFGAB"
    for accidental in ("", "#", "b")
    for mode in MODES
    for key in (letter + accidental + mode,)
    if abs(fifths_of(key)) <= _MOST_ACCIDENTALS
)
#: What a title may hold: printable ASCII without what one of the tools misunderstands.
TITLE_CHARACTERS = "".join(c for c in map(chr, range(32, 127)) if c not in '%\\":|')
MOST_IN_TITLE = 80
MOST_IN_REMARK = 240
_DIGITS = "0123456789"
_LETTER = "a"  # stands for any character of a title except a space
_MOST_DIGITS = 7

#: Field -> the fields that may follow it.
_NEXT = {"X": "TG", "G": "T", "T": "RNM", "R": "NM", "N": "M", "M": "L", "L": "K"}


class Header(NamedTuple):
    """A place in the header.

    Attributes
    ----------
    wishes : Wishes
        What is asked of the tune.
    alphabet : Alphabet
        What can be written.
    field : str
        The letter of the field that is being read or has just been read; empty at first.
    text : str
        What has been read of the line; of a title or a remark only its first two characters
        (``T:``) and what its last one was.
    length : int
        Characters of a title or remark.
    rhythm, meter, unit, key, style : str
        The values that have been read; the style only where there are some to choose from.
    """

    wishes: Wishes
    alphabet: Alphabet
    field: str = ""
    text: str = ""
    length: int = 0
    rhythm: str = ""
    meter: str = ""
    unit: str = ""
    key: str = ""
    style: str = ""

    def allowed(self) -> str:
        """Return the characters that may follow, each once."""
        if not self.text:
            return self._next_fields()
        if len(self.text) == 1:
            return ":"
        more, whole = self._value()
        return more + ("\n" if whole else "")

    def after(self, character: str) -> "Header":
        """Return the place after a character that `allowed` names; see `done`."""
        if not self.text:
            return self._replace(field=character, text=character)
        if character == "\n":
            return self._read(self.text[2:])
        if self.in_words():
            last = character if character == " " else _LETTER
            return self._replace(text=self.text[:2] + last, length=self.length + 1)
        return self._replace(text=self.text + character)

    def in_words(self) -> bool:
        """Return whether a title, remark or number is being read; there only spaces matter.

        So is a style where any may be named.
        """
        words = "TNX" if self.alphabet.styles else "TNXG"
        return self.field in words and len(self.text) > 1

    @property
    def done(self) -> bool:
        """Whether the header has ended."""
        return bool(self.key)

    def values(self, field: str) -> tuple[str, ...]:
        """Return the values that a field, G, R, M, L or K, may have after what has been read."""
        return _values(self.wishes, self.alphabet, field, self.rhythm, self.style)

    def _next_fields(self) -> str:
        if not self.field:
            return "X"
        following = _NEXT[self.field]
        if self.wishes.rhythm and "R" in following:
            following = "R"
        if self.alphabet.styles and "G" in following:
            following = "G"
        return "".join(
            field
            for field in following
            if field in self.alphabet.characters
            and (field != "N" or self.wishes.remark)
            and (field != "G" or self.wishes.remark or self.alphabet.styles)
            and (field != "R" or self.values("R"))
        )

    def _value(self) -> tuple[str, bool]:
        """Return what may follow within the value, and whether it may end here."""
        head = self.text[2:]
        if self.field == "X":
            digits = _DIGITS[not self.length :] if self.length < _MOST_DIGITS else ""
            return "".join(c for c in digits if c in self.alphabet.characters), self.length > 0
        if self.field == "T" and self.wishes.title:
            title = self.wishes.title
            return title[self.length : self.length + 1], self.length == len(title)
        if self.in_words():
            most = MOST_IN_REMARK if self.field == "N" else MOST_IN_TITLE
            return _words(self.alphabet, head, self.length, most, self.field == "N")
        return continuations(self.values(self.field), head)

    def _read(self, value: str) -> "Header":
        clean = self._replace(text="", length=0)
        if self.field == "G":
            return clean._replace(style=value if self.alphabet.styles else "")
        if self.field == "R":
            return clean._replace(rhythm=value)
        if self.field == "M":
            return clean._replace(meter=value)
        if self.field == "L":
            return clean._replace(unit=value)
        if self.field == "K":
            return clean._replace(key=value)
        return clean

    def fewest(self) -> int:
        """Return the fewest characters in which the header can end, K: and its line end included.

        Which rhythm and metre are chosen on the way makes no difference.
        """
        place, count = self, 0
        while not place.done:
            place = place.after(place.shortest())
            count += 1
        return count

    def shortest(self) -> str:
        """Return the next character on the shortest way to the end of the header."""
        allowed = self.allowed()
        if "\n" in allowed:
            return "\n"
        if len(self.text) > 1 and not self.in_words():
            head = self.text[2:]
            value = min((v for v in self.values(self.field) if v.startswith(head)), key=len)
            return value[len(head)]
        return "M" if not self.text and "M" in allowed else allowed[0]


@lru_cache(256)
def _values(
    wishes: Wishes, alphabet: Alphabet, field: str, rhythm: str, style: str
) -> tuple[str, ...]:
    if field == "G":
        values: Iterable[str] = [wishes.style] if wishes.style else alphabet.styles
    elif field == "R":
        values = [wishes.rhythm] if wishes.rhythm else RHYTHMS
        metres = frozenset(_values(wishes, alphabet, "M", "", style))
        if not metres & HORNPIPE_METERS:
            values = (value for value in values if value != HORNPIPE)
        if wishes.meter and not wishes.rhythm:
            values = (v for v in values if wishes.meter in CUSTOMARY_METERS.get(v, METERS))
    elif field == "M":
        values = [wishes.meter] if wishes.meter else METERS
        if not alphabet.wide:
            values = (value for value in values if value not in NEW_METERS)
        if rhythm == HORNPIPE:
            values = (value for value in values if value in HORNPIPE_METERS)
        if wishes.chords:
            values = (value for value in values if value in CHORD_METERS)
        if wishes.rhythm and not wishes.meter:
            values = _customary(wishes.rhythm, alphabet, tuple(values))
    elif field == "L":
        # Bars are multiples of eighths, so eighths must be multiples of the shortest note.
        values = (
            unit
            for unit, eighth in UNITS.items()
            if eighth % min(units for _, units in lengths_of(alphabet, eighth)) == 0
        )
    else:
        values = [wishes.key] if wishes.key else KEYS
    spelled = tuple(value for value in values if alphabet.characters.issuperset(value))
    return _of_style(wishes, alphabet, field, style, spelled)


def _of_style(
    wishes: Wishes, alphabet: Alphabet, field: str, style: str, values: tuple[str, ...]
) -> tuple[str, ...]:
    """Return those of some values that a style has; all of them where it has none.

    A style may have no rhythms, and then a tune has one only if it is asked for.
    """
    known = alphabet.known(style, field)
    if known is None or (field == "R" and wishes.rhythm):
        return values
    kept = tuple(value for value in values if value in known)
    return kept if kept or field == "R" else values


def _customary(rhythm: str, alphabet: Alphabet, meters: tuple[str, ...]) -> tuple[str, ...]:
    """Return those of some metres that are customary for a rhythm; all where there is none."""
    among = CUSTOMARY_METERS.get(rhythm, METERS)
    customary = tuple(m for m in meters if m in among and alphabet.characters.issuperset(m))
    return customary or meters


@lru_cache(4096)
def continuations(values: tuple[str, ...], head: str) -> tuple[str, bool]:
    """Return the characters that may follow a head of a value, and whether it is a whole value."""
    more = {value[len(head)] for value in values if value.startswith(head) and value != head}
    return "".join(sorted(more)), head in values


@lru_cache(512)
def _words(alphabet: Alphabet, last: str, count: int, most: int, remark: bool) -> tuple[str, bool]:
    """Return what may follow in words whose last character is `last`, and if they may end here."""
    written = [c for c in TITLE_CHARACTERS if c in alphabet.characters]
    if remark:
        written = list(TITLE_CHARACTERS)
    if count == most:
        return "", True
    if not last or last == " " or count == most - 1:
        written = [c for c in written if c != " "]
    return "".join(written), count > 0 and last != " "
