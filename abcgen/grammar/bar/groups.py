"""Notes at once: groups such as [CEG], written from the lowest note up, each note once."""

from functools import cache

from abcgen.grammar.alphabet import ACCIDENTALS, OCTAVE, Alphabet, read_pitch
from abcgen.grammar.bar.base import InBar, begin_or_end, begins, follows
from abcgen.grammar.bar.between import Tied
from abcgen.grammar.bar.lengths import Ends, heads_of, way_to_end
from abcgen.grammar.bar.rules import Context, Exit

#: Notes in a group.
MOST_IN_GROUP = 4


@cache
def _highest(alphabet: Alphabet) -> int:
    """Return the rank of the highest note that can be written."""
    return max(_top(letter, alphabet) for letter in alphabet.letters)


def _top(letter: str, alphabet: Alphabet) -> int:
    """Return the rank of a letter with the highest octave mark that it may have."""
    raised = letter.islower() and "'" in alphabet.characters
    return read_pitch(letter) + (OCTAVE if raised else 0)


@cache
def _rises(alphabet: Alphabet, last: int, first: bool) -> str:
    """Return the letters with which a group rises above its last note, or with which it begins."""
    highest = _highest(alphabet)
    return "".join(
        letter
        for letter in alphabet.letters
        # The first note must leave room for a second.
        if _top(letter, alphabet) > last and (not first or read_pitch(letter) < highest)
    )


@begins("[")
class Group(InBar):
    """Within a group, after its [ or one of its notes.

    Attributes
    ----------
    group : str
        What has been read of it.
    pitch : str
        Letter and octave mark of the note that has been read.
    count : int
        Notes so far.
    last : int
        The rank of the note before `pitch`.
    may_be_ending : bool
        Whether the [ may be that of a first ending, so that a 1 may follow.
    """

    __slots__ = ("count", "group", "last", "may_be_ending", "pitch")

    def __init__(
        self,
        context: Context,
        group: str = "[",
        pitch: str = "",
        count: int = 0,
        last: int = -1,
        may_be_ending: bool = False,
    ) -> None:
        super().__init__(context)
        self.group = group
        self.pitch = pitch
        self.count = count
        self.last = last
        self.may_be_ending = may_be_ending

    def allowed(self) -> str:
        rules, tie = self.context.rules, self.context.tie
        if tie:
            return tie[len(self.group)]
        ending = "1" if self.may_be_ending else ""
        if not rules.groups:
            return ending
        alphabet = rules.frame.alphabet
        if not self.pitch:
            rises = _rises(alphabet, self.last, first=not self.count)
            return ending + rises + (alphabet.accidentals if rises else "")
        rank, marks = read_pitch(self.pitch), self._marks()
        if rank <= self.last:
            return marks  # it must be raised
        more = _rises(alphabet, rank, first=False) if self.count < MOST_IN_GROUP else ""
        if self.count < 2 and not more:
            return marks
        end = "]" if self.count >= 2 else ""
        return marks + more + (alphabet.accidentals if more else "") + end

    def _marks(self) -> str:
        """Return the octave mark that may follow the note that has been read."""
        if len(self.pitch) > 1:
            return ""
        alphabet = self.context.rules.frame.alphabet
        mark = "," if self.pitch.isupper() else "'"
        moved = read_pitch(self.pitch + mark)
        # The first note must stay below the highest that there is.
        in_bounds = self.count > 1 or moved < _highest(alphabet)
        return mark if mark in alphabet.characters and moved > self.last and in_bounds else ""

    def after(self, character: str) -> InBar | Exit:
        context = self.context
        if self.may_be_ending and character == "1":
            return Exit("[", context.left, "", after_music=False)
        group = self.group + character
        if character == "]":
            # abc2midi does not find the notes of a tied group again if one has an accidental.
            may_be_tied = not any(sign in group for sign in ACCIDENTALS)
            return AfterGroup(Context(context.rules, context.left), group if may_be_tied else "")
        if context.tie:
            return Group(context, group)
        if character in "',":
            return Group(context, group, self.pitch + character, self.count, self.last)
        last = read_pitch(self.pitch) if self.pitch else self.last
        if character in ACCIDENTALS:
            return GroupAccidental(context, self.group, character, self.count, last)
        return Group(context, group, character, self.count + 1, last)

    def shortest(self, ends: Ends) -> str:
        context, allowed = self.context, self.allowed()
        if context.tie:
            return allowed
        if "]" in allowed:
            return "]"
        rank = read_pitch(self.pitch) if self.pitch else self.last
        if self.pitch and rank <= self.last:
            return allowed[0]  # its octave mark
        letters = [one for one in allowed if one in context.rules.letters]
        higher = [one for one in letters if read_pitch(one) > rank]
        written = higher or [one for one in allowed if one in context.rules.letters + "',"]
        # With too few letters for a group, [ begins an ending.
        return written[0] if written else allowed[0]

    def reads_letter(self, character: str) -> bool:
        return False


class GroupAccidental(InBar):
    """Within a group, after an accidental or half of a double one.

    Attributes
    ----------
    group : str
        What was read of the group before it.
    text : str
        The accidental.
    count : int
        Notes so far.
    last : int
        The rank of the last one.
    """

    __slots__ = ("count", "group", "last", "text")

    def __init__(self, context: Context, group: str, text: str, count: int, last: int) -> None:
        super().__init__(context)
        self.group = group
        self.text = text
        self.count = count
        self.last = last

    def allowed(self) -> str:
        return self._rises() + (self.text if self.text in ("^", "_") else "")

    def after(self, character: str) -> InBar:
        text = self.text + character
        if character in ACCIDENTALS:
            return GroupAccidental(self.context, self.group, text, self.count, self.last)
        return Group(self.context, self.group + text, character, self.count + 1, self.last)

    def shortest(self, ends: Ends) -> str:
        letters = self._rises()
        higher = (one for one in letters if read_pitch(one) > self.last)
        return next(higher, letters[0])

    def _rises(self) -> str:
        return _rises(self.context.rules.frame.alphabet, self.last, first=not self.count)

    def reads_letter(self, character: str) -> bool:
        return False


class AfterGroup(InBar):
    """After a group and perhaps some of its length.

    Attributes
    ----------
    group : str
        The group without its length; an empty string if it cannot be tied.
    text : str
        What has been read of its length.
    """

    __slots__ = ("group", "text")

    def __init__(self, context: Context, group: str, text: str = "") -> None:
        super().__init__(context)
        self.group = group
        self.text = text

    def allowed(self) -> str:
        context = self.context
        more, units = heads_of(context).get(self.text, ("", 0))
        if not units:
            return more
        return more + follows(context.rules, context.left_after(units), self.group, 0)

    def after(self, character: str) -> InBar | Exit:
        context = self.context
        more, units = heads_of(context)[self.text]
        if character in more:
            return AfterGroup(context, self.group, self.text + character)
        left = context.left_after(units)
        if character == "-":
            return Tied(Context(context.rules, left, tie=self.group))
        return begin_or_end(Context(context.rules, left), character)

    def shortest(self, ends: Ends) -> str:
        return way_to_end(self.context, self.text, ends)[1]
