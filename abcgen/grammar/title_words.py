"""The words of the titles that people gave their tunes, of which new titles are made."""

import re
from bisect import bisect_left
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

from abcgen.grammar.header import MOST_IN_TITLE

#: With fewer words than these, new titles would be much alike.
FEWEST_WORDS = 200
#: Behind every character that a title may hold.
_LAST = "\x7f"
#: What collections put around titles: the kind of tune, an article at the end, a full stop, quotes.
_KIND = re.compile(r" +-+ .*|[ .,;:-]+$")
_ARTICLE = re.compile(r"(?P<title>.+), (?P<article>The|A|An|THE|AN)$")
_CAPITALS = re.compile(r"(?!\b[IVX]+\b)\b[A-Z][A-Z]+\b(?:'[A-Z]\b)?")


class TitleWords:
    """What may follow in a title that is made of known words, and is not a known title.

    Parameters
    ----------
    titles : iterable of str
        The known titles, in abcgen's spelling.
    """

    def __init__(self, titles: Iterable[str]) -> None:
        written = set(titles)
        plain = set(map(_plain, written))
        self._titles = frozenset(written | plain)
        #: In order: so all words with one beginning stand side by side.
        self._words = sorted({word for title in plain for word in title.split()})
        #: No word begins behind this many characters: the longest could not come to its end.
        self._last_start = MOST_IN_TITLE - max(map(len, self._words), default=0)
        self._continuations = lru_cache(4096)(self._continuing)

    def __len__(self) -> int:
        """Return the number of different words."""
        return len(self._words)

    def allowed(self, title: str) -> str:
        """Return the characters that may follow the beginning of a title.

        A line end means that the title may be over.
        """
        start = title.rfind(" ") + 1
        more, whole = self._continuations(title[start:])
        if not whole:
            return more
        if len(title) < self._last_start:
            more += " "
        # Where nothing else may follow, a known title has to do.
        return more + "\n" if title not in self._titles or not more else more

    def _continuing(self, head: str) -> tuple[str, bool]:
        """Return what may follow the beginning of a word, and whether it is a whole one."""
        first, last = (bisect_left(self._words, head + end) for end in ("", _LAST))
        words = self._words[first:last]
        whole = bool(head) and words[:1] == [head]
        following = [word[len(head)] for word in words[whole:]]
        firsts = following[:1] + [b for a, b in pairwise(following) if a != b]
        return "".join(firsts), whole


def _plain(title: str) -> str:
    """Return a title without what collections put around it, and not in capitals."""
    title = _KIND.sub("", title)
    article = _ARTICLE.match(title)
    if article:
        title = article["title"]
    if title.startswith("'") and title.endswith("'"):
        title = title[1:-1]
    if article:
        title = f"{article['article']} {title}"
    return _CAPITALS.sub(lambda word: word[0].capitalize(), title)
