"""The pages of a book as SVG: which tunes stand on which page, and the index of titles."""

import re
import textwrap
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from abcgen.formats.mei.xml import safe
from abcgen.formats.score.engraving import SCALE, WIDTH
from abcgen.formats.score.pictures import FONT, in_font, size_of

# Lengths are in units, of which a page is 2625 wide: 0.08 mm. A staff is 5.8 mm high.
_PAGE_WIDTH, _PAGE_HEIGHT = 2625, 3712  # A4
_POINTS = 595.276 / _PAGE_WIDTH  # of a unit
_LEFT = (_PAGE_WIDTH - WIDTH) // 2
_TOP, _BOTTOM, _NUMBER = 170, 3500, 3600  # the first and last place for music; the page number
#: The height that music has on a page.
ROOM = _BOTTOM - _TOP
_GAP = 50  # between two tunes
_TITLE_SIZE, _TITLE_LINE = 110, 40  # of a book: height of the letters, and letters on a line
_SMALL, _SMALL_LINE = 44, 56  # of page numbers and the index: height of the letters, and of a line
_COLUMNS, _COLUMN_GAP, _COLUMN_LETTERS = 2, 100, 42
_COLUMN = (WIDTH - _COLUMN_GAP) // _COLUMNS
_ARTICLE = re.compile(r"(the|a|an)\s+")


@dataclass(frozen=True, slots=True)
class Picture:
    """A tune to be placed: its titles, and its SVG pictures, more than one if it is long."""

    titles: tuple[str, ...]
    svgs: Sequence[str]


@dataclass(frozen=True, slots=True)
class Entry:
    """A title, the page on which its tune begins, from 1, and how far down that is."""

    title: str
    page: int
    down: float


@dataclass(slots=True)
class Contents:
    """What stands where, filled while `pages` are taken.

    Attributes
    ----------
    tunes : list of Entry
        The first title of each tune.
    titles : list of Entry
        All titles.
    index : Entry
        The index.
    count : int
        Pages.
    """

    tunes: list[Entry] = field(default_factory=list)
    titles: list[Entry] = field(default_factory=list)
    index: Entry = Entry("Index", 1, 0)
    count: int = 0


def pages(
    pictures: Iterable[Picture], title: str, contents: Contents, *, numbered: bool
) -> Iterator[str]:
    """Yield the pages with music, as SVG.

    A tune stands on the page of the one before if it fits, and else on a new page. Only one that is
    higher than a page goes over several; verovio has cut it between two lines.
    """
    parts, y = _heading(title)
    used = False
    for picture in pictures:
        for nth, svg in enumerate(picture.svgs):
            height = size_of(svg)[1] / SCALE
            if used and y + height > _BOTTOM:
                contents.count += 1
                yield _page(parts, contents.count if numbered else 0)
                parts, y = [], float(_TOP)
            if nth == 0:
                entries = [Entry(one, contents.count + 1, _down(y)) for one in picture.titles]
                contents.tunes += entries[:1]
                contents.titles += entries
            parts.append(_placed(svg, y, height))
            y += height + _GAP
            used = True
    if used:
        contents.count += 1
        yield _page(parts, contents.count if numbered else 0)


def index_pages(contents: Contents) -> Iterator[str]:
    """Yield the pages of the index, by title without accents and articles."""
    lines = [
        (line, entry.page if last else 0)
        for entry in sorted(contents.titles, key=lambda entry: (_order(entry.title), entry.page))
        for line, last in _wrapped(entry.title)
    ]
    top = _TOP + 2 * _TITLE_SIZE
    rows = (_BOTTOM - top) // _SMALL_LINE
    contents.index = Entry("Index", contents.count + 1, 0)
    for first in range(0, len(lines), rows * _COLUMNS):
        parts = [_text("Index", _PAGE_WIDTH / 2, _TOP + _TITLE_SIZE, _TITLE_SIZE, "middle")]
        for place, (line, page) in enumerate(lines[first : first + rows * _COLUMNS]):
            column, row = divmod(place, rows)
            left = _LEFT + column * (_COLUMN + _COLUMN_GAP)
            y = top + (row + 1) * _SMALL_LINE
            parts.append(_text(line, left, y, _SMALL, "start"))
            if page:
                parts.append(_text(str(page), left + _COLUMN, y, _SMALL, "end"))
        contents.count += 1
        yield _page(parts, contents.count)


def _heading(title: str) -> tuple[list[str], float]:
    """Return the title of a book, and where the music begins below it."""
    lines = textwrap.wrap(title, _TITLE_LINE)
    parts = [
        _text(line, _PAGE_WIDTH / 2, _TOP + _TITLE_SIZE * (nth + 1), _TITLE_SIZE, "middle")
        for nth, line in enumerate(lines)
    ]
    return parts, _TOP + (_TITLE_SIZE * (len(lines) + 1) if lines else 0)


def _placed(svg: str, y: float, height: float) -> str:
    """Return a picture as a part of a page."""
    inside = svg[svg.index(">") + 1 :]
    head = svg[: svg.index(">")]
    identity = re.search(r'\sid="[^"]*"', head)  # the picture's own style refers to it
    return (
        f'<svg x="{_LEFT}" y="{y:g}" width="{WIDTH}" height="{height:g}" overflow="visible"'
        f"{identity[0] if identity else ''}>{in_font(inside)}"
    )


def _page(parts: list[str], number: int) -> str:
    """Return a page; a number of 0 is not shown."""
    shown = _text(str(number), _PAGE_WIDTH / 2, _NUMBER, _SMALL, "middle") if number else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'width="{_PAGE_WIDTH * _POINTS:.3f}" height="{_PAGE_HEIGHT * _POINTS:.3f}" '
        f'viewBox="0 0 {_PAGE_WIDTH} {_PAGE_HEIGHT}">{"".join(parts)}{shown}</svg>'
    )


def _text(text: str, x: float, y: float, size: float, anchor: str) -> str:
    return (
        f'<text x="{x:g}" y="{y:g}" font-family="{FONT}" font-size="{size}" '
        f'text-anchor="{anchor}">{safe(text)}</text>'
    )


def _wrapped(title: str) -> Iterator[tuple[str, bool]]:
    """Yield the lines of a title in the index, and whether each is the last."""
    lines = textwrap.wrap(title, _COLUMN_LETTERS, subsequent_indent="\u2003")
    for nth, line in enumerate(lines, start=1):
        yield line, nth == len(lines)


def _order(title: str) -> str:
    """Return what titles are sorted by: ``The Élan`` stands at E."""
    letters = unicodedata.normalize("NFKD", title.casefold())
    plain = "".join(letter for letter in letters if letter.isalnum() or letter == " ")
    return _ARTICLE.sub("", plain.strip(), count=1)


def _down(y: float) -> float:
    """Return how far down a page a place is, in points."""
    return y * _POINTS
