"""Text that is safe in XML."""

import re
from html import escape

#: Characters that XML 1.0 cannot hold, not even escaped.
_IMPOSSIBLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def safe(text: str) -> str:
    """Return a text for the content or an attribute of an element."""
    return escape(_IMPOSSIBLE.sub("", text))
