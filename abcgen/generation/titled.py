"""The mask of tunes whose titles are made of known words."""

import numpy as np
from numpy.typing import NDArray

from abcgen.generation.mask import Mask
from abcgen.grammar.acceptor import Place
from abcgen.grammar.header import Header
from abcgen.grammar.title_words import TitleWords
from abcgen.model.engine import Engine
from abcgen.model.vocabulary import Vocabulary

_TITLE = "\nT:"
#: The fields that may stand before a title.
_BEFORE = ("", "X", "G")


def mask_of(engine: Engine, begin: Place, num_streams: int) -> Mask:
    """Return the mask of tunes that begin at a place, by what the network knows."""
    if engine.title_words is None:
        return Mask(engine.vocabulary, begin, num_streams)
    return TitledMask(engine.vocabulary, begin, num_streams, engine.title_words)


class TitledMask(Mask):
    """A mask that also keeps the titles that are drawn to known words.

    A title that is asked for, or that the prime begins, is left alone.

    Parameters
    ----------
    vocabulary, begin, num_streams
        As for `Mask`.
    words : TitleWords
        The words.
    """

    def __init__(
        self, vocabulary: Vocabulary, begin: Place, num_streams: int, words: TitleWords
    ) -> None:
        self._title_words = words
        #: By stream whose title is not over: the header as far as it has been read, from the line
        #: end before the field.
        self._headers: dict[int, str] = {}
        #: By stream that is within its title: what may follow there by its words.
        self._allowed: dict[int, str] = {}
        self._forbidden_next: dict[str, NDArray[np.float32]] = {}
        super().__init__(vocabulary, begin, num_streams)

    def put(self, stream: int, place: Place) -> None:
        """Set a tune to a place."""
        super().put(stream, place)
        local = place.local
        if isinstance(local, Header) and local.field in _BEFORE and not local.wishes.title:
            self._note(stream, "\n" + local.text)
        else:
            self._leave(stream)

    def _renumber(self) -> None:
        headers, allowed = self._headers.copy(), self._allowed.copy()
        super()._renumber()
        self._headers, self._allowed = headers, allowed

    def keep(self, streams: list[int]) -> None:
        """Keep only these tunes, renumbered in this order."""
        super().keep(streams)
        self._headers, self._allowed = (
            {new: known[old] for new, old in enumerate(streams) if old in known}
            for known in (self._headers, self._allowed)
        )

    def release(self, streams: list[int]) -> None:
        """Let tunes that are to end soon have any title."""
        super().release(streams)
        for stream in streams:
            self._leave(stream)

    def forbidden(self) -> NDArray[np.float32]:
        """Return what to add to logits, (N, V): minus infinity for what may not follow, else 0."""
        forbidden = super().forbidden()
        for stream, allowed in self._allowed.items():
            forbidden[stream] += self._forbidden_but(allowed)
        return forbidden

    def forbidden_to(self, stream: int) -> NDArray[np.float32]:
        """Return the same for one stream, (V,)."""
        forbidden = super().forbidden_to(stream)
        if stream in self._allowed:
            forbidden = forbidden + self._forbidden_but(self._allowed[stream])
        return forbidden

    def refused(self, chosen: NDArray[np.int64]) -> list[int]:
        """Return the streams in which a character, indices (N,), may not follow."""
        refused = super().refused(chosen)
        for stream, allowed in self._allowed.items():
            if self._characters[chosen.item(stream)] not in allowed and stream not in refused:
                refused.append(stream)
        return refused

    def advance(self, chosen: NDArray[np.int64]) -> None:
        """Read one character in each stream: indices (N,), none of them forbidden."""
        super().advance(chosen)
        for stream, header in list(self._headers.items()):
            character = self._characters[chosen.item(stream)]
            if character != "\n":
                self._note(stream, header + character)
            elif stream in self._allowed:
                self._leave(stream)
            else:
                self._headers[stream] = character

    def _note(self, stream: int, header: str) -> None:
        """Note how far the header of a stream has been read."""
        self._headers[stream] = header
        if header.startswith(_TITLE):
            self._allowed[stream] = self._title_words.allowed(header[len(_TITLE) :])
        else:
            self._allowed.pop(stream, None)

    def _leave(self, stream: int) -> None:
        """Leave the rest of a header alone."""
        self._headers.pop(stream, None)
        self._allowed.pop(stream, None)

    def _forbidden_but(self, allowed: str) -> NDArray[np.float32]:
        """Return what is forbidden where only some characters may follow, (V,)."""
        if allowed not in self._forbidden_next:
            self._forbidden_next[allowed] = np.array(
                [0 if one in allowed else -np.inf for one in self._characters], np.float32
            )
        return self._forbidden_next[allowed]
