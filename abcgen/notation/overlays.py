"""Overlays: several lines of music in a bar, with ``&`` between them, of which one is read.

By the ABC standard 2.1 (section 7.4) each ``&`` goes back to the bar line before it. Between
``(&`` and ``&)``, as abc2midi and abcm2ps read them, it goes back to the ``(&``.
"""

from collections.abc import Iterable, Iterator, Sequence

from abcgen.notation.tokens import SOUNDING, Token, read_group, read_note, tokenize

#: What ends the overlay of a bar.
_ENDS = frozenset({"bar", "ending"})
#: What holds for the bars that follow, whichever line it stands in.
_FIELDS = ("[K:", "[L:", "[M:")
#: What a silent line keeps: what takes time, and what says how long.
_TIMED = frozenset({*SOUNDING, "tuplet", "broken", "space", "newline", *_ENDS})


def most_lines(body: str) -> int:
    """Return how many lines of music the bar has that has most of them, 1 without overlays."""
    most = lines = 1
    for token in tokenize(body) if "&" in body else ():
        if token.text == "&":
            lines += 1
            most = max(most, lines)
        elif token.kind == "overlay" or token.kind in _ENDS:
            lines = 1
    return most


class Overlays:
    """Takes one line of music of each bar.

    Parameters
    ----------
    line : int
        Which one, from 0. Where a bar has fewer, the line is silent for as long as the first one.
    """

    def __init__(self, line: int) -> None:
        self._line = line
        self._lines: list[list[Token]] = [[]]  # since the last bar line, or since (&
        self._long = False  # between (& and &)

    def of(self, tokens: Iterable[Token]) -> Iterator[Token]:
        """Yield the tokens of the line; what is open at their end goes on with the next ones."""
        for token in tokens:
            if token.text == "&":
                self._lines.append([])
            elif token.kind == "overlay" or (token.kind in _ENDS and not self._long):
                yield from self._taken()
                self._lines = [[]]
                if token.kind == "overlay":
                    self._long = token.text == "(&"
                else:
                    yield token
            else:
                self._lines[-1].append(token)
        yield from self._taken()
        self._lines = [[] for _ in self._lines]

    def _taken(self) -> Sequence[Token]:
        first, *others = self._lines
        if self._line == 0:
            return first
        fields = [token for token in first if token.text.startswith(_FIELDS)]
        if self._line <= len(others):
            return [*others[self._line - 1], *fields]
        return [*(_silent(token) for token in first if token.kind in _TIMED), *fields]


def _silent(token: Token) -> Token:
    """Return a rest that is as long as a note or a group."""
    if token.kind == "note":
        _, length = read_note(token.text)
    elif token.kind == "group":
        notes, factor = read_group(token.text)
        length = notes[0][1] * factor
    else:
        return token
    return Token("rest", f"x{length.numerator}/{length.denominator}", token.position)
