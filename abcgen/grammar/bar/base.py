"""What all phases of a bar have in common, and what a sound may begin with."""

from collections.abc import Callable
from functools import cache, lru_cache
from typing import ClassVar, TypeVar

from abcgen.grammar.alphabet import LETTERS
from abcgen.grammar.bar.lengths import Ends
from abcgen.grammar.bar.rules import Context, Exit, Rules
from abcgen.grammar.chord_symbol import chord_continuations
from abcgen.notation.meters import TUPLETS

#: How much of what has been worked out is kept, each entry some hundred bytes.
_MOST_KEPT = 4096


class InBar:
    """A place within a bar. There is one subclass for each phase: for what has just been read.

    Places are equal if they are in the same phase and equal in all fields; so phases are not named
    tuples, which are equal across classes. A place is never changed once it is made. Phases are
    written without `dataclass`, whose generated code delays the start of sampling by some
    milliseconds.
    """

    __slots__ = ("context",)
    _fields: ClassVar[tuple[str, ...]] = ("context",)

    def __init_subclass__(cls) -> None:
        cls._fields += tuple(cls.__slots__)

    def __init__(self, context: Context) -> None:
        self.context = context

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self._values() == other._values()

    def __hash__(self) -> int:
        return hash(self._values())

    def __repr__(self) -> str:
        return f"{type(self).__name__}{self._values()}"

    def _values(self) -> tuple[object, ...]:
        return tuple([getattr(self, name) for name in self._fields])

    @classmethod
    def begun(cls, context: Context, character: str) -> "InBar":
        """Return the place after the character that begins this phase; see `begins`."""
        return cls(context)

    def allowed(self) -> str:
        """Return the characters that may follow, each once."""
        raise NotImplementedError

    def after(self, character: str) -> "InBar | Exit":
        """Return the place after a character that `allowed` names; by default a sound begins."""
        return begin(self.context, character)

    def shortest(self, ends: Ends) -> str:
        """Return the character with which the shortest way to one of the bar's ends begins."""
        return first_of(self.context)

    # Which note has been read, or which root of a chord symbol, makes no difference to what may
    # follow, except for a tie. So places that differ only in these can be treated as one.

    def reads_letter(self, character: str) -> bool:
        """Return whether a character that may follow is a letter that `of_any_letter` replaces."""
        return not self.context.tie and character in LETTERS

    def of_any_letter(self) -> "InBar":
        """Return the place as it would be with other letters: the same one for all of them."""
        return self

    def letters_read(self) -> str:
        """Return the last characters, those that `of_any_letter` may replace."""
        return ""

    def with_letters(self, read: str) -> "InBar":
        """Return the place with these `letters_read`, from the one that `of_any_letter` gave."""
        return self


_Phase = TypeVar("_Phase", bound=InBar)
_BEGUN: dict[str, type[InBar]] = {}


def begins(characters: str) -> Callable[[type[_Phase]], type[_Phase]]:
    """Register a phase as begun by some characters, wherever a sound may begin."""

    def register(phase: type[_Phase]) -> type[_Phase]:
        _BEGUN.update(dict.fromkeys(characters, phase))
        return phase

    return register


def begin(context: Context, character: str) -> InBar:
    """Return the place after the first character of a sound, a chord symbol or a space."""
    return _BEGUN[character].begun(context, character)


def begin_or_end(context: Context, character: str) -> InBar | Exit:
    """Return the place after a character that follows a sound, from the context after the sound."""
    if character in "|:":
        return Exit(character, context.left, context.tie, after_music=True)
    return begin(context, character)


@lru_cache(_MOST_KEPT)
def tuplets(rules: Rules, room: int) -> str:
    """Return the numbers of notes of the tuplets that fit."""
    lengths = [units for _, units in rules.lengths if units in rules.divisible]
    return "".join(
        count
        for count in rules.frame.tuplets
        if lengths and TUPLETS[int(count)] * min(lengths) <= room
    )


def music(context: Context, chord: bool = False, space: bool = False) -> str:
    """Return what a sound may begin with, and a chord symbol or a space before it."""
    return _music(context.rules, context.left, context.tie, chord, space)


@lru_cache(_MOST_KEPT)
def _music(rules: Rules, left: int, tie: str, chord: bool, space: bool) -> str:
    room = left - rules.least
    if room <= 0:
        return ""
    frame = rules.frame
    written = frame.alphabet.characters
    allowed = tie[0] if tie else notes(rules)
    if not tie:
        allowed += "z" if frame.rests and "z" in written else ""
        allowed += "[" if rules.groups else ""
        allowed += "(" if left % rules.pair == 0 and tuplets(rules, room) else ""
    if (
        chord
        and frame.chords
        and left % frame.eighth == 0
        and chord_continuations("", frame.alphabet)
    ):
        allowed += '"'
    if space and " " in written:
        allowed += " "
    return allowed


def notes(rules: Rules) -> str:
    """Return what a note may begin with."""
    return rules.letters + rules.frame.alphabet.accidentals


def first_of(context: Context) -> str:
    """Return the character with which the shortest sound begins: what is tied, or any letter."""
    return context.tie[0] if context.tie else context.rules.letters[0]


@lru_cache(_MOST_KEPT)
def follows(rules: Rules, left: int, last: str, units: int) -> str:
    """Return what may follow a sound that is whole.

    Parameters
    ----------
    rules : Rules
        What the bar must be.
    left : int
        Grid units that are left after the sound.
    last : str
        What may be tied: the pitch of a note outside of tuplets, or a group; or an empty string.
    units : int
        The grid units of the sound where it may be dotted, or 0.
    """
    allowed = _music(rules, left, "", chord=True, space=True) + rules.lines.get(left, "")
    frame = rules.frame
    written = frame.alphabet.characters
    if last:
        if "-" in written and (left > rules.least or left in frame.plain):
            allowed += "-"
        if frame.broken and units in rules.divisible and units <= left - rules.least:
            allowed += "".join(sign for sign in "><" if sign in written)
    return allowed


@cache
def octave_marks(pitch: str, tie: str, characters: frozenset[str]) -> str:
    """Return the octave mark that may follow a letter."""
    if tie:
        return tie[len(pitch) : len(pitch) + 1]
    if len(pitch) > 1:
        return ""
    mark = "," if pitch.isupper() else "'"
    return mark if mark in characters else ""
