"""Tunes as a PDF file of A4 pages: one tune, or a book with an index."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from abcgen.errors import AbcgenError, NotationError
from abcgen.formats.score.engraving import pages_of
from abcgen.formats.score.pages import ROOM, Contents, Entry, Picture, index_pages, pages
from abcgen.formats.score.pdf import joined, pdf_page
from abcgen.notation.tune import Tune
from abcgen.support.processes import in_order, workers

_TUNES_PER_TASK, _PAGES_PER_TASK = 8, 4
_TASKS_AHEAD = 4  # tasks under way for each process, so that a big book is never all in memory

_Item = TypeVar("_Item")
#: What is told of a tune that is left out: the tune, and why.
LeftOut = Callable[[Tune, NotationError], None]


@dataclass(frozen=True, slots=True)
class _Refused:
    """A tune that cannot be drawn, and why."""

    tune: Tune
    reason: NotationError


def pdf_of(tune: Tune) -> bytes:
    """Return a tune as a PDF file, of one A4 page if it fits.

    Raises
    ------
    NotationError
        If the tune cannot be read or drawn.
    AbcgenError
        If a library is missing.
    """
    contents = Contents()
    picture = Picture((tune.title,), pages_of(tune, ROOM))
    drawn = pages([picture], "", contents, numbered=len(picture.svgs) > 1)
    return joined(map(pdf_page, drawn), tune.title, [])


def book_pdf(
    tunes: Iterable[Tune],
    *,
    title: str = "",
    jobs: int = 1,
    left_out: LeftOut | None = None,
) -> bytes:
    """Return a tunebook as one PDF file of A4 pages.

    Several tunes stand on a page where they fit. The last pages are an index of all titles, and
    each tune has a bookmark.

    Parameters
    ----------
    tunes : iterable of Tune
        The tunes, taken as they are needed.
    title : str
        The title of the book, on the first page and in the viewer's title bar.
    jobs : int
        Processes that share the work; the file is the same whatever the number.
    left_out : callable, optional
        Called with each tune that cannot be drawn, and the reason. Unless it is given, the first
        such tune is an error.

    Raises
    ------
    NotationError
        If a tune cannot be read or drawn.
    AbcgenError
        If there is no tune, a library is missing, or a worker process died.
    """
    contents = Contents()
    ahead = jobs * _TASKS_AHEAD
    with workers(jobs) as executor:
        found = in_order(_drawn, _tasks(tunes, _TUNES_PER_TASK), executor, ahead=ahead)
        music = pages(_drawable(found, left_out), title, contents, numbered=True)
        svgs = _with_index(music, contents)
        printed = in_order(_printed, _tasks(svgs, _PAGES_PER_TASK), executor, ahead=ahead)
        return joined(printed, title, _bookmarks(contents))


def _drawn(tunes: list[Tune]) -> Iterator[Picture | _Refused]:
    """Draw some tunes; runs in a worker."""
    for tune in tunes:
        titles = tuple(value for name, value in tune.header if name == "T" and value)
        try:
            yield Picture(titles or (f"without a title, X:{tune.number}",), pages_of(tune, ROOM))
        except NotationError as error:
            yield _Refused(tune, error)


def _printed(svgs: list[str]) -> Iterator[bytes]:
    """Turn some pages into PDF; runs in a worker."""
    return map(pdf_page, svgs)


def _drawable(found: Iterable[Picture | _Refused], left_out: LeftOut | None) -> Iterator[Picture]:
    """Yield the tunes that were drawn, and tell of the others."""
    for one in found:
        if isinstance(one, Picture):
            yield one
        elif left_out is None:
            shown = f"X:{one.tune.number} {one.tune.title!r}"
            raise NotationError(f"{shown} cannot be drawn: {one.reason}")
        else:
            left_out(one.tune, one.reason)


def _with_index(music: Iterable[str], contents: Contents) -> Iterator[str]:
    """Yield the pages with music and then those of the index."""
    yield from music
    if not contents.count:
        raise AbcgenError("there is no tune to draw; expected at least one")
    yield from index_pages(contents)


def _bookmarks(contents: Contents) -> Iterator[Entry]:
    """Yield what the outline lists, once all pages are made."""
    yield from contents.tunes
    yield contents.index


def _tasks(items: Iterable[_Item], count: int) -> Iterator[list[_Item]]:
    """Yield items in tasks for workers."""
    waiting = iter(items)
    while task := list(islice(waiting, count)):
        yield task
