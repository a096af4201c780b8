"""What stands among the music and is none: ignored one by one, with a warning each."""

import re
from collections.abc import Iterable, Iterator, Sequence

from abcgen.errors import NotationError
from abcgen.notation.fields import rest_of
from abcgen.notation.keys import read_key
from abcgen.notation.overlays import Overlays
from abcgen.notation.tokens import Token, describe
from abcgen.notation.tune import Tune
from abcgen.notation.warned import HALF_STEPS, ONE_LINE

_CHARACTER = "a stray character is ignored"
#: Tokens with pitches.
PITCHED = frozenset({"note", "group", "grace"})
_MICROTONE = re.compile(r"[\^_](?:\d*/\d*|\d)[A-Ga-g]", re.ASCII)
_ODD = frozenset({"stray", "html", "overlay"})
#: Strays that any tune may have, and how many of its signs; with more it is no music.
_SOME, _SHARE = 5, 0.2


class Strays:
    """Passes over what is no music in the body of a tune.

    Parameters
    ----------
    tune : Tune
        The tune, which gets the warnings.
    line : int
        Of several lines of music in a bar (``&``), which one is read, from 0.
    """

    def __init__(self, tune: Tune, line: int = 0) -> None:
        self._tune = tune
        self._first: Token | None = None
        self._count = self._signs = 0
        self._has_microtones = _MICROTONE.search(tune.body) is not None
        self._overlays, self._overlaid = Overlays(line), line > 0

    def add(self, token: Token, what: str) -> None:
        """Warn of a token that was ignored, or read as it was probably meant."""
        self._tune.warn(token.position, what, describe(token.text))

    def field(self, position: int, letter: str, value: str) -> None:
        """Warn of what is not understood of a K:, L: or M: in the body."""
        rest = read_key(value).rest if letter == "K" else rest_of(letter, value)
        if rest:
            self._tune.warn(position, f"a part of {letter}: is ignored", rest)

    def without(self, tokens: Sequence[Token]) -> Iterable[Token]:
        """Return the tokens that are music, of several lines of music in a bar only one."""
        kinds = {token.kind for token in tokens}
        music: Iterable[Token] = tokens
        if self._has_microtones or not kinds.isdisjoint(_ODD):
            music = self._without(tokens)
        else:
            self._signs += len(tokens)
        self._overlaid = self._overlaid or "overlay" in kinds
        return self._overlays.of(music) if self._overlaid else music

    def _without(self, tokens: Iterable[Token]) -> Iterator[Token]:
        repeat_of: Token | None = None
        for token in tokens:
            kind = token.kind
            self._signs += 1
            if repeat_of is not None:
                if kind == "stray" and token.text == "]":  # `:]` for `:|]`
                    self.add(token, "a :] is read as a repeat")
                    yield Token("bar", ":|]", repeat_of.position)
                    repeat_of = None
                    continue
                yield repeat_of
                repeat_of = None
            if kind == "stray" or kind == "html":
                self._count += 1
                self._first = self._first or token
                self.add(token, _CHARACTER if kind == "stray" else "HTML is ignored")
            elif kind == "bar" and token.text == ":":
                repeat_of = token
            else:
                if token.text == "&":
                    self._tune.warn(token.position, ONE_LINE)
                elif self._has_microtones and kind in PITCHED and _MICROTONE.search(token.text):
                    self.add(token, HALF_STEPS)
                yield token
        if repeat_of is not None:
            yield repeat_of

    def judge(self) -> None:
        """Refuse a tune that has so many strays that it is no music.

        Raises
        ------
        NotationError
            With the first of them and its place.
        """
        if self._first is None or self._count <= _SOME + _SHARE * self._signs:
            return
        body, position = self._tune.body, self._first.position
        line = body.count("\n", 0, position) + 1
        column = position - body.rfind("\n", 0, position)
        raise NotationError(
            f"{describe(self._first.text)} at line {line} of the music, column {column}, "
            "is not music"
        )
