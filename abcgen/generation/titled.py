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
        self._forbidden_next: dict[str, NDArray[np.float32]] = {}
        super().__init__(vocabulary, begin, num_streams)

    def put(self, stream: int, place: Place) -> None:
        """Set a tune to a place."""
        super().put(stream, place)
        local = place.local
        if isinstance(local, Header) and local.field in _BEFORE and not local.wishes.title:
            self._headers[stream] = "\n" + local.text
        else:
            self._headers.pop(stream, None)

    def _renumber(self) -> None:
        headers = self._headers.copy()
        super()._renumber()
        self._headers = headers

    def keep(self, streams: list[int]) -> None:
        """Keep only these tunes, renumbered in this order."""
        super().keep(streams)
        old = enumerate(streams)
        self._headers = {new: self._headers[of] for new, of in old if of in self._headers}

    def release(self, streams: list[int]) -> None:
        """Let tunes that are to end soon have any title."""
        super().release(streams)
        for stream in streams:
            self._headers.pop(stream, None)

    def forbidden(self) -> NDArray[np.float32]:
        """Return what to add to logits, (N, V): minus infinity for what may not follow, else 0."""
        forbidden = super().forbidden()
        for stream, title in self._titles():
            forbidden[stream] += self._forbidden_after(title)
        return forbidden

    def forbidden_to(self, stream: int) -> NDArray[np.float32]:
        """Return the same for one stream, (V,)."""
        forbidden = super().forbidden_to(stream)
        header = self._headers.get(stream, "")
        if header.startswith(_TITLE):
            forbidden = forbidden + self._forbidden_after(header[len(_TITLE) :])
        return forbidden

    def refused(self, chosen: NDArray[np.int64]) -> list[int]:
        """Return the streams in which a character, indices (N,), may not follow."""
        refused = super().refused(chosen)
        for stream, title in self._titles():
            if stream not in refused and self._forbidden_after(title)[chosen.item(stream)]:
                refused.append(stream)
        return refused

    def advance(self, chosen: NDArray[np.int64]) -> None:
        """Read one character in each stream: indices (N,), none of them forbidden."""
        super().advance(chosen)
        for stream, header in list(self._headers.items()):
            character = self._characters[chosen.item(stream)]
            if character != "\n":
                self._headers[stream] = header + character
            elif header.startswith(_TITLE):
                del self._headers[stream]
            else:
                self._headers[stream] = character

    def _titles(self) -> list[tuple[int, str]]:
        """Return the titles that are being read, by stream."""
        return [
            (stream, header[len(_TITLE) :])
            for stream, header in self._headers.items()
            if header.startswith(_TITLE)
        ]

    def _forbidden_after(self, title: str) -> NDArray[np.float32]:
        """Return what the words forbid after the beginning of a title, (V,)."""
        allowed = self._title_words.allowed(title)
        if allowed not in self._forbidden_next:
            self._forbidden_next[allowed] = np.array(
                [0 if one in allowed else -np.inf for one in self._characters], np.float32
            )
        return self._forbidden_next[allowed]
