"""A tune as SVG, drawn by verovio (https://www.verovio.org) from abcgen's own MEI."""

import os
import re
import threading
from functools import cache
from pathlib import Path
from typing import Any

from abcgen.errors import AbcgenError
from abcgen.formats.mei import LINE_BREAK, mei_of
from abcgen.formats.mei.lines import PAGE
from abcgen.notation.tune import Tune
from abcgen.support import values
from abcgen.support.extras import needed

_FONT = "Leland"
_MARGIN = 25  # units around the music
#: The width of a picture in units, of which a staff is 72 high.
WIDTH = PAGE + 2 * _MARGIN
#: Pixels of a unit.
SCALE = 0.4
_HIGHEST = 60_000  # units; verovio takes no higher page
_OPTIONS = {
    "header": "encoded",
    "footer": "none",
    "font": _FONT,
    "adjustPageHeight": True,
    "pageWidth": WIDTH,
    "pageMarginTop": _MARGIN,
    "pageMarginBottom": _MARGIN,
    "pageMarginLeft": _MARGIN,
    "pageMarginRight": _MARGIN,
    "scale": round(100 * SCALE),
    "smuflTextFont": "none",
    "svgFormatRaw": True,
    "svgRemoveXlink": True,
    "noJustification": False,
    "mmOutput": False,
}
#: The note of a tempo, which verovio writes as text in its own font.
_TEMPO_NOTE = re.compile(
    r'<text x="(\d+)" y="(\d+)" font-size="0px"( font-weight="bold")?><tspan[^>]*><tspan[^>]*>'
    rf'<tspan font-family="{_FONT}"[^>]*>([^<]*)</tspan></tspan></tspan>'
)
_NOTE_SIZE = 0.45  # of that note; its outline has 1000 units an em
_DOT_GAP = 60  # of these units

#: Ids of what has none in MEI. They are drawn by lot, and differ from thread to thread.
_RANDOM_ID = re.compile(r' id="[^"]*"(?= class="(?!(?:note|chord|rest|mRest|multiRest|measure)"))')
_RANDOM_CLASS = re.compile(r'MilestoneEnd \w+(?=")')

#: What the whole picture says already, and with what to take instead.
_TIMES = ' font-family="Times"'

#: Held while verovio works: its toolkit holds one score at a time.
_working = threading.Lock()


def svg_of(tune: Tune, *, stretch: bool = True, style: bool = True) -> str:
    """Return a tune as one SVG picture, as high as its lines need.

    Lines that nearly fill the page are stretched to its width. Without `stretch` each is as wide as
    its notes need, and a picture of a single line is no wider, which takes less time. Without
    `style` there is no style sheet in it, which takes verovio long, and sizes are in millimetres.

    Each note is an element with the id ``n`` and its offset in the text that the tune was read
    from, each bar one with the id ``m`` and its number, counted from 0. Music is drawn as shapes;
    text is text, in the viewer's serif font.

    Raises
    ------
    NotationError
        If the tune cannot be read, or a length or pitch in it cannot be drawn.
    AbcgenError
        If verovio is missing, or cannot draw the tune.
    """
    stretch, style = values.flag("stretch", stretch), values.flag("style", style)
    mei = mei_of(tune)
    breaks = "encoded" if stretch or LINE_BREAK in mei else "none"
    return "".join(_draw(mei, breaks, _HIGHEST, noJustification=not stretch, mmOutput=not style))


def pages_of(tune: Tune, height: int) -> list[str]:
    """Return a tune as SVG pictures that are at most `height` units high; see `svg_of`."""
    return _draw(mei_of(tune), "line", height)


def _draw(mei: str, breaks: str, height: int, **options: bool) -> list[str]:
    """Return the pages of a score."""
    asked = {**_OPTIONS, "breaks": breaks, "pageHeight": height, **options}
    with _working:
        toolkit = _toolkit()
        toolkit.setOptions(asked)
        toolkit.resetXmlIdSeed(1)  # for the id of the picture, and of its signs
        loaded = toolkit.loadData(mei)
        count = toolkit.getPageCount() if loaded else 0
        pages = [toolkit.renderToSVG(page) for page in range(1, count + 1)]
    if not pages or not all('class="measure"' in page for page in pages):
        raise AbcgenError(
            f"verovio {toolkit.getVersion()} cannot draw this tune; abcgen is tested with 6.4"
        )
    return [_cleaned(page) for page in pages]


def _cleaned(svg: str) -> str:
    """Return a page by verovio without random ids, and without text in a font for music."""
    svg = _RANDOM_CLASS.sub("MilestoneEnd", _RANDOM_ID.sub("", svg)).replace(_TIMES, "")
    return _TEMPO_NOTE.sub(_as_shape, svg)


@cache
def _toolkit() -> Any:
    """Return verovio's toolkit, which takes as long to make as to draw a tune."""
    verovio = _verovio()
    verovio.enableLog(verovio.LOG_OFF)
    return verovio.toolkit()


def _verovio() -> Any:
    return needed("verovio", "score", "a score")


def _begin_in_child() -> None:
    """Forget what another thread may have been doing when this process was forked."""
    global _working
    _working = threading.Lock()
    _toolkit.cache_clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_in_child)


def _as_shape(text: re.Match[str]) -> str:
    """Return the note of a tempo as a shape, and the beginning of the text after it."""
    x, y = int(text[1]), int(text[2])
    shapes, advance = [], 0
    for glyph in text[4]:
        outline, width = _outline(f"{ord(glyph):X}")
        shapes.append(f'<g transform="translate({advance}, 0)">{outline}</g>')
        advance += width + _DOT_GAP
    return (
        f'<g transform="translate({x}, {y}) scale({_NOTE_SIZE})">{"".join(shapes)}</g>'
        f'<text x="{x + round(advance * _NOTE_SIZE)}" y="{y}" font-size="0px"{text[3] or ""}>'
    )


@cache
def _outline(code: str) -> tuple[str, int]:
    """Return the shape of a sign of verovio's font, and its width."""
    data = Path(_verovio().__file__).parent / "data"
    try:
        shape = (data / _FONT / f"{code}.xml").read_text("utf-8")
        metrics = (data / f"{_FONT}.xml").read_text("utf-8")
    except OSError:
        return "", 0
    width = re.search(rf'c="{code}"[^>]*h-a-x="(\d+)"', metrics)
    outline = re.search(r"<path[^>]*/>", shape)
    return outline[0] if outline else "", int(width[1]) if width else 0
