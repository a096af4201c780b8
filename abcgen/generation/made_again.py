"""Tunes of a file made again from their remarks: what every `--like` has in common."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from abcgen.errors import CheckpointError, CorpusError
from abcgen.model.checkpoint import Checkpoint, read_checkpoint
from abcgen.notation.tunebook import label_of, split_tunebook
from abcgen.tunebooks.names import STDIN, read_stdin, read_tunebook

Remark = TypeVar("Remark")


def read_like(source: str) -> str:
    """Return the text of the file that `--like` names; ``-`` is stdin."""
    return read_stdin() if source == STDIN else read_tunebook(Path(source))


def remarked(
    source: str, read: Callable[[str, str], Remark | None], expected: str
) -> tuple[list[tuple[str, Remark]], int]:
    """Return the tunes of a file that say how they were made, each with what it says.

    Parameters
    ----------
    source : str
        The file, as `--like` names it.
    read : callable
        Takes a tune and the name of its file; returns what its remark says, or None.
    expected : str
        What messages say that no tune of the file says.

    Returns
    -------
    made : list of (str, remark)
    others : int
        How many tunes do not say.

    Raises
    ------
    CorpusError
        If none does.
    """
    book = list(split_tunebook(read_like(source)))
    made = [(text, found) for text in book if (found := read(text, source)) is not None]
    if not made:
        raise CorpusError(f"no tune of {source} says {expected}")
    return made, len(book) - len(made)


def left_out(others: int, source: str) -> str:
    """Return the line on tunes that cannot be made again."""
    return f"left out: {others} of {source}, which do not say how they were made"


def checkpoint_of(made: Iterable[tuple[object, str]], named: str | None, source: str) -> Checkpoint:
    """Return the checkpoint that made all tunes of a file.

    Parameters
    ----------
    made : iterable of (number, str)
        The number of each tune, and the checkpoint that its remark names.
    named : str, optional
        The checkpoint to take; otherwise the one that the first tune names.
    source : str
        What messages call the file.

    Raises
    ------
    CheckpointError
        If another made one of them.
    """
    made = list(made)
    checkpoint = read_checkpoint(named or made[0][1].split(" ")[0])
    makers = [checkpoint.that_made(label, f"X:{number} of {source}") for number, label in made]
    for (number, label), maker in zip(made, makers, strict=True):
        if maker.label != makers[0].label:
            raise CheckpointError(
                f"X:{number} of {source} was made by {label}, and others by {makers[0].label}: "
                "make them again from two files"
            )
    return makers[0]


def remade(
    made: Iterable[tuple[str, Remark]],
    remake: Callable[[str, Remark], str],
    source: str,
    tell: Callable[[str], None],
) -> Iterator[str]:
    """Yield tunes made again, and tell of each that comes out different.

    Parameters
    ----------
    made : iterable of (str, remark)
        See `remarked`.
    remake : callable
        Takes a tune of the file and what its remark says; returns the tune made again.
    source : str
        What messages call the file.
    tell : callable
        Takes a line.
    """
    for text, remark in made:
        again = remake(text, remark)
        if again.strip() != text.strip():
            tell(
                f"X:{label_of(text).number} comes out different from {source}: it was edited "
                "there, or made on another kind of processor or by another version of abcgen"
            )
        yield again
