"""Between sounds: spaces, chord symbols, ties."""

from dataclasses import dataclass

from abcgen.grammar.bar import Exit
from abcgen.grammar.chord_symbol import chord_continuations, chord_end, on_any_root
from abcgen.grammar.phases.base import InBar, begin_or_end, begins, first_of, music
from abcgen.grammar.phases.lengths import Ends


@begins(" ")
@dataclass(eq=False, repr=False, slots=True)
class Space(InBar):
    """After a space, which parts beams."""

    def allowed(self) -> str:
        return music(self.context, chord=True)


@begins('"')
@dataclass(eq=False, repr=False, slots=True)
class Chord(InBar):
    """Within a chord symbol, of which `text` has been read."""

    text: str = ""

    def allowed(self) -> str:
        return chord_continuations(self.text, self.context.rules.frame.alphabet)

    def after(self, character: str) -> InBar:
        if character == '"':
            return Chorded(self.context)
        return Chord(self.context, self.text + character)

    def shortest(self, ends: Ends) -> str:
        return chord_end(self.text, self.context.rules.frame.alphabet)[0]

    def reads_letter(self, character: str) -> bool:
        return self.text[-1:] in ("", "/") and character in "ABCDEFG"

    def of_any_letter(self) -> InBar:
        return Chord(self.context, on_any_root(self.text))

    def letters_read(self) -> str:
        return self.text

    def with_letters(self, read: str) -> InBar:
        return Chord(self.context, read)


@dataclass(eq=False, repr=False, slots=True)
class Chorded(InBar):
    """After a chord symbol."""

    def allowed(self) -> str:
        return music(self.context)


@dataclass(eq=False, repr=False, slots=True)
class Tied(InBar):
    """After a tie; `Context.tie` is what must come next."""

    def allowed(self) -> str:
        allowed = music(self.context, chord=True, space=True)
        return allowed + ("|" if self._may_end() else "")

    def after(self, character: str) -> InBar | Exit:
        return begin_or_end(self.context, character)

    def shortest(self, ends: Ends) -> str:
        return "|" if self._may_end() else first_of(self.context)

    def _may_end(self) -> bool:
        return self.context.left in self.context.rules.frame.plain
