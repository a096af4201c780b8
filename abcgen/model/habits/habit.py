"""A habit: something that is chosen, in a number of contexts, among a number of choices."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from abcgen.model.factors.harmony import tonic_of
from abcgen.model.factors.lexing import KEYS
from abcgen.model.vocabulary import Vocabulary

#: The letters of notes, in the order of their steps, and how many an octave has.
LETTERS_OF_NOTES = "CDEFGABcdefgab"
OCTAVE = 7
#: What a character chooses that chooses nothing.
NONE = -1
#: Of each key by number, the letter of the tonic, 0 for C, and the number of the mode.
TONICS, MODES_OF_KEYS = np.array([tonic_of(key) for key in range(KEYS)]).T


class Habit(NamedTuple):
    """Something that is chosen.

    Attributes
    ----------
    shape : tuple of int
        Contexts and choices.
    first : int
        The first row of the situations in which it is chosen.
    characters : int array, shape (n,)
        The characters that choose.
    numbers : int32 array, shape (rows, n)
        For each of these rows, what each character chooses: a context's first choice, and so on
        through all contexts; -1 for nothing.
    anything_else : bool
        Whether the first choice of each context is anything else, which is left as it is.
    """

    shape: tuple[int, int]
    first: int
    characters: NDArray[np.int64]
    numbers: NDArray[np.int32]
    anything_else: bool = False


def known(vocabulary: Vocabulary, characters: str) -> NDArray[np.int64]:
    """Return the numbers of those characters that a vocabulary has."""
    known = [vocabulary.char2idx[c] for c in characters if c in vocabulary.char2idx]
    return np.array(known, np.int64)


def letters_of(
    vocabulary: Vocabulary, letters: str = LETTERS_OF_NOTES
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the numbers of those letters that a vocabulary has, and their places among all."""
    there = [letter in vocabulary.char2idx for letter in letters]
    return known(vocabulary, letters), np.flatnonzero(there)


def grouped(
    vocabulary: Vocabulary, groups: Iterable[str]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return those characters of some groups that a vocabulary has, and the group of each.

    Groups are numbered from 0.
    """
    characters = [known(vocabulary, some) for some in groups]
    numbers = [np.full_like(some, number) for number, some in enumerate(characters)]
    return np.concatenate(characters), np.concatenate(numbers)


def group_of_each(vocabulary: Vocabulary, groups: Iterable[str]) -> NDArray[np.int64]:
    """Return the group of each character, from 1; 0 for none: (V,)."""
    characters, numbers = grouped(vocabulary, groups)
    every = np.zeros(len(vocabulary), np.int64)
    every[characters] = 1 + numbers
    return every


def habit_of(
    first: int,
    characters: NDArray[np.int64],
    contexts: int,
    choices: int,
    chosen: NDArray[np.int64],
    *,
    anything_else: bool = False,
) -> Habit:
    """Return a habit of which each context has some rows, in each of which this is chosen."""
    numbers = np.arange(contexts)[:, None, None] * choices + chosen
    rows = numbers.reshape(-1, len(characters)).astype(np.int32)
    return Habit((contexts, choices), first, characters, rows, anything_else)
