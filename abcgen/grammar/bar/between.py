"""Between sounds: spaces, chord symbols, ties."""

from abcgen.grammar.bar.base import InBar, begin_or_end, begins, first_of, music
from abcgen.grammar.bar.lengths import Ends
from abcgen.grammar.bar.rules import Context, Exit
from abcgen.grammar.chord_symbol import chord_continuations, chord_end, on_any_root


@begins(" ")
class Space(InBar):
    """After a space, which parts beams."""

    __slots__ = ()

    def allowed(self) -> str:
        return music(self.context, chord=True)


@begins('"')
class ChordSymbol(InBar):
    """Within a chord symbol, of which `text` has been read."""

    __slots__ = ("text",)

    def __init__(self, context: Context, text: str = "") -> None:
        super().__init__(context)
        self.text = text

    def allowed(self) -> str:
        return chord_continuations(self.text, self.context.rules.frame.alphabet)

    def after(self, character: str) -> InBar:
        if character == '"':
            return AfterChordSymbol(self.context)
        return ChordSymbol(self.context, self.text + character)

    def shortest(self, ends: Ends) -> str:
        return chord_end(self.text, self.context.rules.frame.alphabet)[0]

    def reads_letter(self, character: str) -> bool:
        return self.text[-1:] in ("", "/") and character in "ABCDEFG"

    def of_any_letter(self) -> InBar:
        return ChordSymbol(self.context, on_any_root(self.text))

    def letters_read(self) -> str:
        return self.text

    def with_letters(self, read: str) -> InBar:
        return ChordSymbol(self.context, read)


class AfterChordSymbol(InBar):
    """After a chord symbol."""

    __slots__ = ()

    def allowed(self) -> str:
        return music(self.context)


class Tied(InBar):
    """After a tie; `Context.tie` is what must come next."""

    __slots__ = ()

    def allowed(self) -> str:
        allowed = music(self.context, chord=True, space=True)
        return allowed + ("|" if self._may_end() else "")

    def after(self, character: str) -> InBar | Exit:
        return begin_or_end(self.context, character)

    def shortest(self, ends: Ends) -> str:
        return "|" if self._may_end() else first_of(self.context)

    def _may_end(self) -> bool:
        return self.context.left in self.context.rules.frame.plain
