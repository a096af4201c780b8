"""Notes and rests, and what binds notes: tuplets and broken rhythm."""

from abcgen.grammar.alphabet import ACCIDENTALS, LETTERS
from abcgen.grammar.bar.base import (
    InBar,
    begin,
    begin_or_end,
    begins,
    follows,
    notes,
    octave_marks,
    tuplets,
)
from abcgen.grammar.bar.between import Tied
from abcgen.grammar.bar.lengths import Ends, heads_of, way_to_end
from abcgen.grammar.bar.rules import Context, Exit
from abcgen.notation.meters import TUPLETS


@begins(ACCIDENTALS)
class Accidental(InBar):
    """After an accidental, or half of a double one."""

    __slots__ = ("text",)

    def __init__(self, context: Context, text: str) -> None:
        super().__init__(context)
        self.text = text

    @classmethod
    def begun(cls, context: Context, character: str) -> InBar:
        return cls(context, character)

    def allowed(self) -> str:
        rules = self.context.rules
        double = self.text in ("^", "_") and self.text in rules.frame.alphabet.accidentals
        return rules.letters + (self.text if double else "")

    def after(self, character: str) -> InBar:
        if character in ACCIDENTALS:
            return Accidental(self.context, self.text + character)
        return Note(self.context, character)


@begins(LETTERS)
class Note(InBar):
    """After a note, which may be whole or may lack some of its length.

    Attributes
    ----------
    pitch : str
        Its letter and octave mark.
    text : str
        What has been read of its length.
    """

    __slots__ = ("pitch", "text")

    def __init__(self, context: Context, pitch: str, text: str = "") -> None:
        super().__init__(context)
        self.pitch = pitch
        self.text = text

    @classmethod
    def begun(cls, context: Context, character: str) -> InBar:
        return cls(context, character)

    def allowed(self) -> str:
        context = self.context
        more, units = heads_of(context).get(self.text, ("", 0))
        marks = self._marks()
        if marks and context.tie:
            return marks
        if not units:
            return marks + more
        if context.notes > 1:
            return marks + more + notes(context.rules)
        plain = "" if context.time or context.each else self.pitch
        return marks + more + follows(context.rules, context.left_after(units), plain, units)

    def after(self, character: str) -> InBar | Exit:
        context = self.context
        if character in "',":
            return Note(context, self.pitch + character)
        more, units = heads_of(context)[self.text]
        if character in more:
            return Note(context, self.pitch, self.text + character)
        rules, left = context.rules, context.left_after(units)
        if context.notes > 1:
            rest = Context(rules, left, each=units, time=context.time, notes=context.notes - 1)
            return begin(rest, character)
        if character == "-":
            return Tied(Context(rules, left, tie=self.pitch))
        if character in "><":
            return Broken(Context(rules, left, each=units))
        return begin_or_end(Context(rules, left), character)

    def shortest(self, ends: Ends) -> str:
        marks = self._marks() if self.context.tie else ""
        return marks or way_to_end(self.context, self.text, ends)[1]

    def _marks(self) -> str:
        """Return the octave mark that may follow."""
        if self.text:
            return ""
        written = self.context.rules.frame.alphabet.characters
        return octave_marks(self.pitch, self.context.tie, written)

    def of_any_letter(self) -> InBar:
        if self.context.tie:
            return self
        # A letter says which octave mark may follow; after a mark or a length none may.
        low = self.text or len(self.pitch) > 1 or self.pitch.isupper()
        return Note(self.context, ("C" if low else "c") + "," * len(self.pitch[1:]), self.text)

    def letters_read(self) -> str:
        return "" if self.context.tie else self.pitch + self.text

    def with_letters(self, read: str) -> InBar:
        return Note(self.context, read[: len(self.pitch)], self.text) if read else self


@begins("z")
class Rest(InBar):
    """After a rest, of whose length `text` has been read."""

    __slots__ = ("text",)

    def __init__(self, context: Context, text: str = "") -> None:
        super().__init__(context)
        self.text = text

    def allowed(self) -> str:
        context = self.context
        more, units = heads_of(context).get(self.text, ("", 0))
        return more + (follows(context.rules, context.left_after(units), "", 0) if units else "")

    def after(self, character: str) -> InBar | Exit:
        context = self.context
        more, units = heads_of(context)[self.text]
        if character in more:
            return Rest(context, self.text + character)
        return begin_or_end(Context(context.rules, context.left_after(units)), character)

    def shortest(self, ends: Ends) -> str:
        return way_to_end(self.context, self.text, ends)[1]


@begins("(")
class Tuplet(InBar):
    """After the ( of a tuplet, whose number is next."""

    __slots__ = ()

    def allowed(self) -> str:
        return tuplets(self.context.rules, self.context.room())

    def after(self, character: str) -> InBar:
        return TupletNumber(self._of(character))

    def shortest(self, ends: Ends) -> str:
        return min(self.allowed(), key=lambda count: way_to_end(self._of(count), "", ends)[0])

    def _of(self, count: str) -> Context:
        """Return the context of the first note of a tuplet with this number."""
        number = int(count)
        return Context(self.context.rules, self.context.left, time=TUPLETS[number], notes=number)


class TupletNumber(InBar):
    """After the number of a tuplet: a note must follow."""

    __slots__ = ()

    def allowed(self) -> str:
        return notes(self.context.rules)


class Broken(InBar):
    """After > or <: a note as long as the one before must follow."""

    __slots__ = ()

    def allowed(self) -> str:
        return notes(self.context.rules)
