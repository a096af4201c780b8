"""The characters a network knows, their indices, and the styles that it writes in."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from abcgen.errors import VocabularyError
from abcgen.grammar.alphabet import BY_EDITION, NEWEST_EDITION, Alphabet

#: A tune ends with a blank line; so one also stands before the first tune. It is the character
#: that a network reads first, and after which it begins a tune.
END_OF_TUNE = "\n"
#: Names of styles, perhaps each with fields of the header and the values that these have in it.
Styles = Sequence[str] | Mapping[str, Mapping[str, Sequence[str]]]


class Vocabulary:
    """A bijection between characters and indices 0 to V - 1.

    Parameters
    ----------
    characters : iterable of str
        The characters, each of length 1, without repetition. Their order gives the indices.
    styles : sequence of str, or mapping of str to mapping of str to sequence of str
        The styles that the network tells apart (`abcgen.grammar.style`), if it does; if they are a
        mapping, each with the values that fields of the header have in it.
    edition : int
        The edition of the canonical spelling in which texts are written with it.

    Attributes
    ----------
    idx2char : tuple of str
        Index -> character.
    char2idx : dict of str to int
        Character -> index.
    styles : tuple of str
        The names of the styles.
    edition : int
        As given.
    headers : dict of str to dict of str to tuple of str
        Of each style that has any, the letters of fields, and the values that they have in it.
    """

    def __init__(
        self, characters: Iterable[str], styles: Styles = (), edition: int = NEWEST_EDITION
    ) -> None:
        if edition not in BY_EDITION:
            editions = ", ".join(map(str, BY_EDITION))
            raise VocabularyError(
                f"edition {edition!r} of the spelling is none of {editions}; update abcgen"
            )
        self.edition = edition
        self.idx2char: tuple[str, ...] = tuple(characters)
        self.char2idx: dict[str, int] = {
            character: index for index, character in enumerate(self.idx2char)
        }
        self.styles: tuple[str, ...] = tuple(styles)
        known = styles if isinstance(styles, Mapping) else {}
        self.headers = {
            style: {letter: tuple(values) for letter, values in fields.items()}
            for style, fields in known.items()
            if fields
        }
        if len(self.char2idx) != len(self.idx2char):
            raise VocabularyError("a vocabulary contains each character once, but one occurs twice")
        if not self.idx2char or any(len(character) != 1 for character in self.idx2char):
            raise VocabularyError("a vocabulary contains single characters, at least one")

    @classmethod
    def of(cls, text: str, edition: int = NEWEST_EDITION) -> "Vocabulary":
        """Return the vocabulary of a text: its characters, sorted."""
        return cls(sorted(set(text)), edition=edition)

    @property
    def alphabet(self) -> Alphabet:
        """What the grammar needs to know of it."""
        headers = tuple(
            (style, letter, values)
            for style, fields in self.headers.items()
            for letter, values in fields.items()
        )
        return Alphabet.of(frozenset(self.idx2char), self.styles, self.edition, headers)

    def __len__(self) -> int:
        return len(self.idx2char)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Vocabulary) and self._parts == other._parts

    def __hash__(self) -> int:
        return hash(self._parts[:3])

    @property
    def _parts(self) -> tuple[tuple[str, ...], tuple[str, ...], int, dict[str, Any]]:
        return self.idx2char, self.styles, self.edition, self.headers

    def encode(self, text: str) -> NDArray[np.int32]:
        """Return the indices of a text's characters, int32, shape (len(text),).

        Raises
        ------
        VocabularyError
            For the first character outside the vocabulary, with its place and a remedy.
        """
        try:
            return np.fromiter(
                (self.char2idx[character] for character in text), np.int32, len(text)
            )
        except KeyError:
            position = next(i for i, character in enumerate(text) if character not in self.char2idx)
            raise VocabularyError(self._complaint(text, position)) from None

    def decode(self, indices: Iterable[int]) -> str:
        """Return the text of indices, each 0 to V - 1."""
        return "".join(map(self.idx2char.__getitem__, indices))

    def _complaint(self, text: str, position: int) -> str:
        character = text[position]
        line = text.count("\n", 0, position) + 1
        column = position - (text.rfind("\n", 0, position) + 1) + 1
        name = unicodedata.name(character, "a control character")
        shown = f"{character!r} ({name}, U+{ord(character):04X})"
        return (
            f"the character {shown} at line {line}, column {column} is not among the "
            f"{len(self)} that this network was trained on; {self._remedy(character)}"
        )

    def _remedy(self, character: str) -> str:
        """Return what to do about an unknown character: the nearest known one, if there is one."""
        plain = unicodedata.normalize("NFKD", character)[:1]
        near = [plain, character.swapcase()]
        if character.isspace():
            near.append(" ")
        if character in "\u2018\u2019\u00b4`":
            near.append("'")
        for candidate in near:
            if candidate in self.char2idx:
                return f"write {candidate!r} instead"
        return "leave it out"
