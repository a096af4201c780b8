"""Tunebooks read, written and checked."""

import re
from collections.abc import Iterable, Iterator
from os import PathLike
from typing import TYPE_CHECKING, NamedTuple

from abcgen.api.tune import Tune
from abcgen.errors import AbcgenError, CorpusError, NotationError, UsageError
from abcgen.support import values

if TYPE_CHECKING:
    from abcgen.grammar.faults import Fault

_KEY = re.compile(r"^[ \t]*K:", re.MULTILINE)
_SHOWN = 40  # characters of what is no tune
_LONGEST = 200  # characters of a path


class Unread(NamedTuple):
    """A tune that could not be read: its text, which a file that is no tunebook lacks, and why."""

    abc: str
    reason: str


class Tunebook(list[Tune]):
    """The tunes of a book, in order, and in ``unread`` those that could not be read.

    Attributes
    ----------
    unread : list of Unread
        Tunes without key, without music or without the voice, each with the reason.
    """

    def __init__(self, tunes: Iterable[Tune] = (), unread: Iterable[Unread] = ()) -> None:
        super().__init__(tunes)
        self.unread = list(unread)


def read(source: str | PathLike[str], *, voice: str | int | None = None) -> Tunebook:
    """Read the tunes of a tunebook.

    Parameters
    ----------
    source : str or path
        ABC text (anything with a line end in it), an ABC file, a folder of them, or the name of a
        corpus such as ``oneills``.
    voice : str or int, optional
        Of tunes with several voices (V:), which one is the melody: its name, or its number, from 1.
        Tunes that have no such voice stand in ``unread``.

    Returns
    -------
    Tunebook
        A list of `Tune`. One bad tune does not lose the book, nor one bad file its folder: what
        cannot be read stands in ``unread``, with the reason.

    Raises
    ------
    CorpusError
        If there is no such file or corpus, no tune in it, or none that can be read.
    UsageError
        If it is neither text nor a path, or the voice neither a name nor a number.
    AbcgenError
        If the operating system does not let it be read.
    """
    from abcgen.notation.tune import read_tune

    if not isinstance(source, str):
        wanted = "ABC text, or the name of a file, a folder or a corpus"
        source = str(values.path("source", source, wanted))
    voice = values.name_or_number("voice", voice)
    book = Tunebook()
    for abc in _texts(source, book.unread):
        try:
            read_tune(abc, voice)
            book.append(Tune(abc.rstrip("\n") + "\n", voice))
        except NotationError as error:
            book.unread.append(Unread(abc, str(error)))
    if not book:
        found = (
            f"none of {len(book.unread)} can be read; the first: {book.unread[0].reason}"
            if book.unread
            else "found no line that begins with X:"
        )
        where = "the text" if "\n" in source else source
        raise CorpusError(f"expected tunes in ABC in {where}; {found}")
    return book


def _texts(source: str, unread: list[Unread]) -> Iterator[str]:
    """Yield the text of each tune of a source; add files that are no tunebooks to `unread`."""
    from abcgen.notation.tunebook import split_tunebook
    from abcgen.tunebooks.names import books_in, find_tunebooks

    if "\n" in source:
        text = source.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
        yield from split_tunebook(text)
        return
    try:
        for _, found in books_in(find_tunebooks(source)):
            if isinstance(found, AbcgenError):
                unread.append(Unread("", str(found)))
            else:
                yield from found
    except OSError as error:
        raise AbcgenError(
            f"cannot read {values.shown(source, _LONGEST)}: {error.strerror or error}; give "
            "another file or folder, or text with a line end"
        ) from None


def write(tunes: Iterable[Tune | str] | Tune | str, path: str | PathLike[str]) -> None:
    """Write tunes into a file, in the format that its ending names.

    Parameters
    ----------
    tunes : iterable of Tune or str, or one of these
        For ``.abc`` and ``.pdf`` one or more; in ABC they are numbered from X:1. For the other
        formats of `Tune.save` exactly one.
    path : str or path
        The file; it appears only when it is whole.

    Raises
    ------
    UsageError
        If the ending is unknown, there is no tune, or a file of one tune is to hold several.
    NotationError
        If a text is no tune: it has no line K:. Or if a tune cannot be read, except for ``.abc``.
    AbcgenError
        If the file cannot be written, or an extra is missing.
    """
    from abcgen.api.writing import write_tunes

    write_tunes(checked(several(tunes)), path, {}, number=True)


def several(tunes: Iterable[Tune | str] | Tune | str) -> Iterable[Tune | str]:
    """Return tunes to go through, where one alone may be given as well.

    Raises
    ------
    UsageError
        If these are no tunes.
    """
    if isinstance(tunes, Tune | str):
        return [tunes]
    if not isinstance(tunes, Iterable) or isinstance(tunes, bytes):
        raise UsageError(f"expected a tune, or a list of tunes, found {values.shown(tunes)}")
    return tunes


def text_of(tune: Tune | str) -> str:
    """Return the text of a tune, which may be given as text.

    Raises
    ------
    UsageError, NotationError
        If it is no text, or no text that a tune can have.
    """
    return (tune if isinstance(tune, Tune) else Tune(tune)).abc


def checked(tunes: Iterable[Tune | str]) -> Iterator[Tune | str]:
    """Yield each tune; raise if one is none."""
    for place, tune in enumerate(tunes, start=1):
        text = text_of(tune)
        if not _KEY.search(text):
            raise NotationError(
                f"tune {place} is no tune in ABC: expected a line that begins with K:, found "
                f"{text.strip()[:_SHOWN]!r}"
            )
        yield tune


def check(tune: Tune | str) -> "Fault | None":
    """Check a tune by abcgen's grammar.

    Parameters
    ----------
    tune : Tune or str
        One tune, from its X: line on.

    Returns
    -------
    Fault or None
        None if the tune is valid in abcgen's canonical spelling, which every ABC player takes; else
        the first fault: ``str()`` of it is one line, ``bar``, ``line`` and ``column`` its place.
    """
    from abcgen.grammar.faults import complaint

    text = tune if isinstance(tune, str) else text_of(tune)
    return complaint(text.rstrip("\n") + "\n")
