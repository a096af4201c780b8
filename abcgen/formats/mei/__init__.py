"""A tune as MEI, the XML of music engraving (https://music-encoding.org), version 5.

All that is written is kept: beams, line breaks, repeats, endings, ornaments. Each note has the id
``n`` and its offset in the text of the tune, each bar ``m`` and its number, counted from 0.
"""

from abcgen.formats.mei.document import mei_of

__all__ = ["mei_of"]
