"""Text as shapes: a score as a PNG picture, and the font that PNG and PDF files have."""

import re
from functools import cache
from pathlib import Path

from abcgen.errors import AbcgenError, UsageError
from abcgen.formats.score.engraving import svg_of
from abcgen.notation.tune import Tune
from abcgen.support import values
from abcgen.support.extras import needed

#: The family of the files of `font_files`.
FONT = "Source Serif Pro"
_FACES = ("Regular", "It", "Bold", "BoldIt")
_MOST_PIXELS = 100_000_000  # of a picture; each takes four bytes
_SIZE = re.compile(r'<svg width="(\d+)px" height="(\d+)px"')


def png_of(tune: Tune, *, scale: float = 2) -> bytes:
    """Return a tune as a PNG picture on white.

    Parameters
    ----------
    tune : Tune
        The tune.
    scale : float
        Pixels of the picture for each of the SVG's, which is 900 pixels wide.

    Raises
    ------
    NotationError
        If the tune cannot be read or drawn.
    UsageError
        If the scale is not above 0.
    AbcgenError
        If a library is missing, or the picture would have more than 100 million pixels.
    """
    scale = values.number("scale", scale)
    if not scale > 0:
        raise UsageError(f"scale: expected more than 0, found {scale:g}")
    resvg = needed("resvg_py", "score", "a PNG picture")
    svg = svg_of(tune)
    width, height = size_of(svg)
    if width * height * scale**2 > _MOST_PIXELS:
        raise AbcgenError(
            f"a picture of {width * scale:.0f} times {height * scale:.0f} pixels is too large; "
            "choose a smaller scale, or SVG or PDF"
        )
    return bytes(
        resvg.svg_to_bytes(
            svg_string=in_font(svg),
            background="white",
            zoom=None,
            width=max(1, round(width * scale)),
            skip_system_fonts=True,
            font_files=list(font_files()),
            font_family=FONT,
        )
    )


def size_of(svg: str) -> tuple[int, int]:
    """Return the width and height of a picture by verovio, in pixels."""
    match = _SIZE.match(svg)
    if match is None:
        raise AbcgenError("verovio's picture has no size; abcgen is tested with verovio 6.4")
    return int(match[1]), int(match[2])


def in_font(svg: str) -> str:
    """Return a picture by verovio with its text in `FONT`, which lacks the signs for music."""
    svg = svg.replace("\N{MUSIC SHARP SIGN}", "#").replace("\N{MUSIC FLAT SIGN}", "b")
    return svg.replace('font-family="Times, serif"', f'font-family="{FONT}"')


@cache
def font_files() -> tuple[str, ...]:
    """Return the paths of the files of the font."""
    package = needed("font_source_serif_pro", "score", "text in a PNG or PDF file")
    folder = Path(str(package.__file__)).parent / "files"
    return tuple(str(folder / f"SourceSerifPro-{face}.ttf") for face in _FACES)
