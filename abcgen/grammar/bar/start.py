"""The beginning of a bar, where a mark of the form may stand instead of music."""

from abcgen.grammar.bar.base import InBar, begin, first_of, music
from abcgen.grammar.bar.groups import Group
from abcgen.grammar.bar.lengths import Ends
from abcgen.grammar.bar.rules import Context, Exit


class Start(InBar):
    """The beginning of a bar, of which nothing has been read.

    Attributes
    ----------
    marks : str
        Characters that may stand here instead of music; they lead to an `Exit`. ``[`` means that
        an ending may begin, so that a ``1`` may come after it.
    needs_chord : bool
        Whether a chord symbol must stand here.
    """

    __slots__ = ("marks", "needs_chord")

    def __init__(self, context: Context, marks: str = "", needs_chord: bool = False) -> None:
        super().__init__(context)
        self.marks = marks
        self.needs_chord = needs_chord

    def allowed(self) -> str:
        if self.needs_chord:
            return '"' + self.marks.replace("[", "")
        allowed = music(self.context, chord=True)
        return allowed + "".join(mark for mark in self.marks if mark not in allowed)

    def after(self, character: str) -> InBar | Exit:
        if character in self.marks:
            if character == "[":
                return Group(self.context, may_be_ending=True)
            return Exit(character, self.context.left, self.context.tie, after_music=False)
        return begin(self.context, character)

    def shortest(self, ends: Ends) -> str:
        # A line end stands only at the head of a section, where it ends the tune.
        for mark in "]\n":
            if mark in self.marks:
                return mark
        return '"' if self.needs_chord else first_of(self.context)
