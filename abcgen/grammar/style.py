"""The style of a tune: a line ``G:`` between its number and its title.

ABC 2.1 has G: for groups of tunes and leaves their meaning to the user; no player shows or plays
it. It stands before the title, so that a network reads it first: a title says much about its tune,
and where it came first it would decide what follows. ABC 2.1 would have the title second, but no
program insists on that.
"""

import re
import unicodedata

from abcgen.errors import UsageError

_MOST = 30  # characters of a name
_LINE = re.compile(r"\A(X:.*\n)(?:G:(.*)\n?)?")
_OTHERS = re.compile(r"[^A-Za-z0-9]+")


def spell_style(name: str) -> str:
    """Return the name of a style as it is written: letters, digits, and hyphens for all others.

    Raises
    ------
    UsageError
        If nothing is left of it, or too much.
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    spelled = _OTHERS.sub("-", plain).strip("-")
    if not 0 < len(spelled) <= _MOST:
        raise UsageError(
            f"the name of a style has letters and digits, at most {_MOST} of them, not {name!r}"
        )
    return spelled


def style_of(text: str) -> str:
    """Return the style of a tune, from its X: line on; empty if it names none."""
    line = _LINE.match(text)
    return (line[2] or "").strip() if line else ""


def with_style(text: str, style: str) -> str:
    """Return a tune, from its X: line on, in another style, or in none if that is empty."""
    return _LINE.sub(lambda line: line[1] + (f"G:{style}\n" if style else ""), text)
