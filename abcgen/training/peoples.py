"""Tunes by people that a network's are compared with."""

from collections.abc import Sequence

from abcgen.errors import UsageError
from abcgen.model.checkpoint import Checkpoint
from abcgen.tunebooks.corpus import read_corpus

_FEWEST = 50


def peoples_tunes(checkpoint: Checkpoint, books: Sequence[str], what: str) -> list[str]:
    """Return the tunes of the training split that a checkpoint can write, in abcgen's spelling.

    Parameters
    ----------
    checkpoint : Checkpoint
        Whose characters and whose edition of the spelling they have.
    books : sequence of str
        Corpora by name, files or folders.
    what : str
        What learns from them, for the message.

    Raises
    ------
    CorpusError
        If a book cannot be read.
    UsageError
        If there are too few.
    """
    known = checkpoint.vocabulary.char2idx.keys()
    corpus = read_corpus(list(books), edition=checkpoint.vocabulary.edition)
    people = [one.text for one in corpus.tunes if one.split == "train" and set(one.text) <= known]
    if len(people) < _FEWEST:
        raise UsageError(
            f"{', '.join(books)} has {len(people)} tunes to learn from, and {what} needs "
            f"{_FEWEST} or more: choose a larger book"
        )
    return people
