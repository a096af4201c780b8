"""Pages of SVG as a PDF document, with bookmarks."""

import io
from collections.abc import Iterable
from functools import cache
from typing import Any

from abcgen.errors import AbcgenError
from abcgen.formats.score.pages import Entry
from abcgen.formats.score.pictures import font_files
from abcgen.support.extras import needed

_HEIGHT = 841.89  # points of A4


def pdf_page(svg: str) -> bytes:
    """Return an SVG page as a PDF of one page. Its text is text, in a font of its own.

    Raises
    ------
    AbcgenError
        If a library is missing, or cannot read the page.
    """
    svg2pdf = needed("svg2pdf_py", "score", "a PDF file")
    try:
        return bytes(svg2pdf.svg_to_pdf(svg, _fonts()))
    except (ValueError, RuntimeError) as error:
        raise AbcgenError(f"svg2pdf-py cannot draw a page: {error}") from None


@cache
def _fonts() -> Any:
    """Return the font as svg2pdf wants it."""
    svg2pdf = needed("svg2pdf_py", "score", "a PDF file")
    fonts = svg2pdf.FontDatabase()
    for file in font_files():
        fonts.load_font_file(file)
    return fonts


def joined(pages: Iterable[bytes], title: str, bookmarks: Iterable[Entry]) -> bytes:
    """Return pages as one document.

    Parameters
    ----------
    pages : iterable of bytes
        A PDF of one page each.
    title : str
        The document's title, which viewers show.
    bookmarks : iterable of Entry
        What the viewer's outline lists; taken after the pages.
    """
    pypdf = needed("pypdf", "score", "a PDF file")
    writer = pypdf.PdfWriter()
    for data in pages:
        page = pypdf.PdfReader(io.BytesIO(data)).pages[0]
        _sort_fonts(page)
        writer.add_page(page)
    for entry in bookmarks:
        fit = pypdf.generic.Fit.xyz(left=0, top=_HEIGHT - entry.down)
        writer.add_outline_item(title=entry.title, page_number=entry.page - 1, fit=fit)
    writer.add_metadata({"/Title": title, "/Creator": "abcgen"})
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _sort_fonts(page: Any) -> None:
    """Sort the fonts of a page by name. They come in any order, and are copied as they come."""
    fonts = page["/Resources"].get("/Font", {})
    ordered = [(name, fonts.raw_get(name)) for name in sorted(fonts)]
    fonts.clear()
    fonts.update(ordered)
