"""The index of a corpus, with which new tunes are compared."""

from abcgen.errors import CorpusError
from abcgen.melodies.index import NoveltyIndex
from abcgen.tunebooks.corpus import Corpus

_LEARNED, _HELD_OUT = "train", ("validation", "test")  # splits


def index_of(corpus: Corpus) -> NoveltyIndex:
    """Return the index of the tunes that a network learns from; the others are its held-out tunes.

    Raises
    ------
    CorpusError
        If there are none.
    """
    learned = [tune for tune in corpus.tunes if tune.split == _LEARNED]
    others = [text for split in _HELD_OUT for text in corpus.split(split)]
    if not learned:
        raise CorpusError(
            "the corpus has no tune that abcgen can read, so there is nothing to compare with"
        )
    return NoveltyIndex.of(learned, others)
