"""Where a stream waits in the grammar: it reads bar lines, which nobody looks at."""

from typing import NamedTuple

from abcgen.grammar.acceptor import Place

#: What a stream that waits reads.
LINE = "|"


class _Waiting(NamedTuple):
    """A local place that only a bar line leads on from, and back to itself."""

    line: str = LINE  # without a field it would be equal to `End`

    def allowed(self) -> str:
        return self.line

    def shortest(self) -> str:
        return self.line

    def after(self, character: str) -> "_Waiting":
        return self


WAITING = Place(None, _Waiting())  # type: ignore[arg-type]
