"""The titles of Bach's chorales, which the files of music21 lack."""

import re
from functools import lru_cache

#: The name of a file: its number in the catalogue of Bach's works, perhaps with a variant.
_NAME = re.compile(r"bwv([\d.]+)(-\w+)?", re.IGNORECASE)


def chorale_title(name: str) -> str:
    """Return the title of a chorale, or its number where music21 knows no title.

    Parameters
    ----------
    name : str
        The name of its file without ending, such as ``bwv248.23-2``; another one stays as it is.
    """
    number = _NAME.fullmatch(name)
    if number is None:
        return name
    titles = _titles()
    return titles.get(number[1] + (number[2] or "")) or titles.get(number[1]) or f"BWV {name[3:]}"


@lru_cache(1)
def _titles() -> dict[str, str]:
    """Return the titles by number in the catalogue."""
    from music21.corpus.chorales import ChoraleList, ChoraleListRKBWV  # takes a second

    lists = (ChoraleList().byBWV, ChoraleListRKBWV().byBWV)  # of 186 and 353 chorales
    return {str(number): one["title"] for known in lists for number, one in known.items()}
