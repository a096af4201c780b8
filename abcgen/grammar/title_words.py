"""The words of the titles that people gave their tunes, of which new titles are made."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from itertools import chain, pairwise

from abcgen.grammar.header import MOST_IN_TITLE

#: With fewer words than these, new titles would be much alike.
FEWEST_WORDS = 200
#: Behind every character that a title may hold.
_LAST = "\x7f"
#: What collections put around titles: the kind of tune, an article at the end, a full stop, quotes.
_KIND, _AROUND = re.compile(r" +-+ .*"), " .,;:-"
_ARTICLE = re.compile(r"(?P<title>.+), (?P<article>The|A|An|THE|AN)$")
#: Titles with these have words that make no sense elsewhere: "North Skelton 1, v 10", "(Miss".
_ODD = re.compile(r"[\d()\[\]?!]")
#: A comma, or a stop behind a whole word; behind fewer letters it may be an abbreviation.
_STOP = re.compile(r"(?:,|(?<=[A-Za-z']{4})[.;:]+)(?= )")
_CAPITALS = re.compile(r"(?!\b[IVX]+\b)\b[A-Z][A-Z]+\b(?:'[A-Z]\b)?")
#: A title without these is plain, as most are; there are thousands to read whenever abcgen starts.
_NOT_PLAIN = re.compile(r"[.,;:-]|^'(?:.*')?$|[A-Z][A-Z]| $")


class TitleWords:
    """What may follow in a title that is made of known words, and is not a known title.

    It begins with a word that begins a known title. It ends with one that ends known titles as
    often as not, if it has room for that: so it does not end in "of" or "the".

    Parameters
    ----------
    titles : iterable of str
        The known titles, in abcgen's spelling.
    """

    def __init__(self, titles: Iterable[str]) -> None:
        written = set(titles)
        plain = set(map(_plain, written))
        self._titles = frozenset(written | plain)
        split = [words for title in plain if not _ODD.search(title) and (words := title.split())]
        #: In order: so all words with one beginning stand side by side.
        self._words = sorted(set(chain.from_iterable(split)))
        self._firsts = sorted({words[0] for words in split})
        lasts = Counter(words[-1] for words in split)
        times = Counter(chain.from_iterable(split))
        self._lasts = frozenset(word for word, last in lasts.items() if 2 * last >= times[word])
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
        word = title[start:]
        more, whole = self._continuations(word, start == 0)
        if not whole:
            return more
        if len(title) < self._last_start:
            more += " "
        # Where nothing else may follow, any word has to do, and any title.
        ends = (word in self._lasts and title not in self._titles) or not more
        return more + "\n" if ends else more

    def _continuing(self, head: str, begins: bool) -> tuple[str, bool]:
        """Return what may follow the beginning of a word, and whether it is a whole one.

        The first word of a title is one of those that begin one.
        """
        known = self._firsts if begins else self._words
        first, last = (bisect_left(known, head + end) for end in ("", _LAST))
        words = known[first:last]
        whole = bool(head) and words[:1] == [head]
        following = [word[len(head)] for word in words[whole:]]
        firsts = following[:1] + [b for a, b in pairwise(following) if a != b]
        return "".join(firsts), whole


def _plain(title: str) -> str:
    """Return a title without what collections put around it, and not in capitals."""
    if not _NOT_PLAIN.search(title):
        return title
    title = _KIND.sub("", title).rstrip(_AROUND)
    article = _ARTICLE.match(title)
    if article:
        title = article["title"].rstrip(_AROUND)
    if title.startswith("'") and title.endswith("'"):
        title = title[1:-1].rstrip(_AROUND)
    if article:
        title = f"{article['article']} {title}"
    title = _STOP.sub("", title)
    return _CAPITALS.sub(lambda word: word[0].capitalize(), title)
