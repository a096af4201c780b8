"""A tune as MEI, the XML of music engraving (https://music-encoding.org), version 5.

All that is written is kept: beams, line breaks, repeats, endings, ornaments. Each note has the id
``n`` and its offset in the text of the tune, each bar ``m`` and its place, counted from 0; its
number is that of `abcgen.notation.bar_numbers`.
"""

from abcgen.formats.mei.document import LINE_BREAK, mei_of

__all__ = ["LINE_BREAK", "mei_of"]
