from pathlib import Path

import pytest

from abcgen.errors import CorpusError
from abcgen.melodies.melody import melody_of
from abcgen.tunebooks.corpus import Corpus, read_corpus
from abcgen.tunebooks.indexing import index_of


def test_the_index_of_a_corpus_holds_what_is_learned(book: Path) -> None:
    corpus = read_corpus([str(book)])
    index = index_of(corpus)
    assert len(index) == len(corpus.split("train")) > 60
    assert len(index.held_out) == len(corpus.tunes) - len(index) > 0
    assert all(
        index.longest_run(text) == len(melody_of(text).bars) for text in corpus.split("train")
    )
    held_out = corpus.split("validation") + corpus.split("test")
    assert [index.longest_run(text) for text in held_out] == list(index.held_out)


def test_an_empty_corpus_has_no_index() -> None:
    with pytest.raises(CorpusError, match="no tune that abcgen can read"):
        index_of(Corpus())
