"""A tune as a score, and a book of scores: SVG, PNG and PDF, engraved by verovio."""

from abcgen.formats.score.book import book_pdf, pdf_of
from abcgen.formats.score.engraving import svg_of
from abcgen.formats.score.pictures import png_of

__all__ = ["book_pdf", "pdf_of", "png_of", "svg_of"]
