"""What `abcgen.novelty` does: find the nearest tune of a corpus to each tune, and report."""

import json
from collections.abc import Sequence
from functools import partial

from abcgen.errors import CorpusError
from abcgen.evaluation.novelty import judge
from abcgen.evaluation.novelty_report import as_json, report
from abcgen.evaluation.validity import find_tunes
from abcgen.grammar.alphabet import NEWEST_EDITION
from abcgen.model.checkpoint import read_checkpoint
from abcgen.support.console import say, track
from abcgen.tunebooks.corpus import read_corpus
from abcgen.tunebooks.indexing import index_of

COMMAND = "abcgen.novelty"
#: What the checkpoint `folk` has learned from.
FOLK_BOOKS = ("nottingham", "cobb")


def run(
    files: Sequence[str],
    books: Sequence[str],
    threshold: int | None,
    percentile: float,
    show: int,
    *,
    json_wanted: bool,
) -> int:
    """Print how new tunes are; return the exit code.

    Parameters
    ----------
    files : sequence of str
        The tunes, as `abcgen.evaluation.validity.find_tunes` takes them.
    books : sequence of str
        The corpus, as `abcgen.tunebooks.corpus.read_corpus` takes it.
    threshold : int, optional
        The longest run that is not a copy, in notes; else it is found from `percentile`.
    percentile : float
        See `abcgen.melodies.index.NoveltyIndex.threshold`.
    show : int
        The most tunes to list, if the report is text.
    json_wanted : bool
        Whether to print everything as JSON.

    Raises
    ------
    CorpusError
        If the files or the books cannot be read, or have too few tunes.
    """
    tunes = find_tunes(files)
    say(COMMAND, f"reading {' '.join(books)}")
    tracked = partial(track, command=COMMAND, unit="tunes", what="reading")
    index = index_of(read_corpus(books, track=tracked, edition=_edition_for(books)))
    if threshold is None:
        threshold = index.threshold(percentile)
    judged, unread = judge(index, track(tunes, COMMAND, "tunes", what="comparing"))
    for tune, reason in unread:
        say(COMMAND, f"left out: {tune.label}: {reason}")
    if json_wanted:
        found = as_json(judged, unread, index, threshold)
        print(json.dumps(found, indent=1, ensure_ascii=False))
    elif judged:
        print(report(judged, index, threshold, show))
    else:
        raise CorpusError(f"none of {len(unread)} tunes can be read; the first: {unread[0][1]}")
    return 0


def _edition_for(books: Sequence[str]) -> int:
    """Return the edition of the spelling: for the books of `folk`, the one that it learned from."""
    if list(books) != list(FOLK_BOOKS):
        return NEWEST_EDITION
    return read_checkpoint(sampled=False).vocabulary.edition
