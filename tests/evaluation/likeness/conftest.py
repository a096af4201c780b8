"""Checkpoints that tests of likeness share."""

import shutil
from pathlib import Path

import pytest

from abcgen.model.checkpoint import NOVELTY_FILE, read_checkpoint, write_checkpoint
from abcgen.tunebooks.corpus import read_corpus
from abcgen.tunebooks.indexing import index_of
from tests.conftest import TINY
from tests.tunes import made_up_book


@pytest.fixture(scope="session")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a checkpoint that knows all characters that a valid tune needs.

    It was trained briefly on `many.abc` in the same folder, with fewer than 20 tunes held out.
    """
    from abcgen.training.run import train

    folder = tmp_path_factory.mktemp("plain")
    book = folder / "many.abc"
    ended = made_up_book(20, 100).replace("|:", "").replace(":|\n|", "||\n").replace(":|", "|]")
    book.write_text(made_up_book(60) + "\n" + ended)
    train([str(book)], folder / "tiny", TINY, seed=1)
    return folder / "tiny"


@pytest.fixture(scope="session")
def judged(plain: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same checkpoint with an index that has enough tunes held out."""
    folder = tmp_path_factory.mktemp("judged")
    shutil.copytree(plain, folder / "tiny")
    book = folder / "many.abc"
    shutil.copy(plain.parent / "many.abc", book)
    larger = folder / "larger.abc"
    larger.write_text(book.read_text() + "\n" + made_up_book(320, 1000))
    index = index_of(read_corpus([str(larger)]))
    assert len(index.held_out) >= 20
    write_checkpoint(read_checkpoint(str(folder / "tiny")), {NOVELTY_FILE: index.save})
    return folder / "tiny"
