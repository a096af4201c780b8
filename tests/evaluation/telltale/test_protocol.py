import re
from pathlib import Path

import pytest

from abcgen.errors import CorpusError
from abcgen.evaluation.telltale import protocol
from abcgen.evaluation.telltale.protocol import FEWEST_HELD_OUT, gather
from abcgen.generation.matched import draw_matched, wishes_of
from abcgen.generation.request import Request
from abcgen.generation.sampler import Sampler
from abcgen.model.checkpoint import Checkpoint, read_checkpoint
from abcgen.tunebooks.corpus import read_corpus
from tests.tunes import made_up_book

#: Tunes whose titles have no digits: `folk` does not know all of them.
BOOK = re.sub(r"No\. \d+", "Here", made_up_book(160))


@pytest.fixture
def large(tmp_path: Path) -> str:
    """A tunebook with enough tunes held out."""
    path = tmp_path / "large.abc"
    path.write_text(BOOK)
    return str(path)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[object, ...]]:
    """What was asked to be drawn; nothing is drawn."""
    calls: list[tuple[object, ...]] = []

    def noted(checkpoint: Checkpoint, people: list[str], *rest: object) -> list[str]:
        calls.append((people, *rest))
        return [f"{text}drawn" for text in people]

    monkeypatch.setattr(protocol, "draw_matched", noted)
    return calls


def test_people_and_drawn_are_matched(large: str, asked: list[tuple[object, ...]]) -> None:
    tunes = gather(large, read_checkpoint("folk"), 40, Request(7, Sampler(0.8)), 2)
    corpus = read_corpus([large])
    held_out = {*corpus.split("validation"), *corpus.split("test")}
    assert len(tunes.training) == len(tunes.drawn) == len(tunes.others) == 40
    assert len(set(tunes.training)) == 40
    assert set(tunes.training) <= set(corpus.split("train"))
    assert set(tunes.held_out) == held_out
    assert tunes.drawn == [f"{text}drawn" for text in tunes.training]
    again = [tunes.held_out[number % len(held_out)] for number in range(40)]
    first, second = (Request(seed, Sampler(0.8)) for seed in (7, 8))
    assert asked == [(tunes.training, first, 2), (again, second, 2)]
    # The people's tunes do not depend on the seed, and a smaller number takes some of them.
    other = gather(large, read_checkpoint("folk"), 20, Request(1, Sampler(1.0)), 1)
    assert (other.training, other.held_out) == (tunes.training[:20], tunes.held_out)


def test_tunes_with_unknown_characters_are_left_out(
    tmp_path: Path, asked: list[tuple[object, ...]]
) -> None:
    path = tmp_path / "large.abc"
    path.write_text(BOOK.replace("Here", "Th~re", 1))
    checkpoint = read_checkpoint("folk")
    assert "~" not in checkpoint.vocabulary.char2idx
    corpus = read_corpus([str(path)])
    assert "~" in corpus.split("train")[0]
    count = len(corpus.split("train"))
    with pytest.raises(CorpusError, match=f"has {count - 1} tunes to learn from"):
        gather(str(path), checkpoint, count, Request(1, Sampler(1.0)), 1)


def test_the_book_is_read_by_the_edition_that_the_network_learned(
    tmp_path: Path, asked: list[tuple[object, ...]]
) -> None:
    # All but ten end with a full bar in spite of a pickup, which the first edition does not take.
    path = tmp_path / "large.abc"
    tunes = BOOK.split("\n\n")
    full = [re.sub(r"(\nK:.*\n)\|:", r"\1g|", tune) for tune in tunes[10:]]
    full = [tune.replace(":|\n|:", "|").replace(":|", "|]") for tune in full]
    path.write_text("\n\n".join(tunes[:10] + full))
    assert len(read_corpus([str(path)]).tunes) > 100
    with pytest.raises(CorpusError, match="has 10 tunes to learn from"):
        gather(str(path), read_checkpoint("folk"), 40, Request(1, Sampler(1.0)), 1)


def test_too_small_a_book_is_an_error(book: Path, large: str) -> None:
    checkpoint = read_checkpoint("folk")
    count = len(read_corpus([large]).split("train"))
    with pytest.raises(CorpusError, match=f"{count + 1} are asked for.*--samples"):
        gather(large, checkpoint, count + 1, Request(1, Sampler(1.0)), 1)
    small = read_corpus([str(book)])
    held_out = len(small.tunes) - len(small.split("train"))
    assert held_out < FEWEST_HELD_OUT
    with pytest.raises(CorpusError, match=f"has {held_out} tunes that are held out"):
        gather(str(book), checkpoint, 5, Request(1, Sampler(1.0)), 1)


def test_what_is_drawn_are_tunes_of_two_seeds(large: str) -> None:
    checkpoint = read_checkpoint("folk")
    tunes = gather(large, checkpoint, 3, Request(1, Sampler(0.9)), 1)
    assert [wishes_of(text) for text in tunes.drawn] == [wishes_of(t) for t in tunes.training]
    assert tunes.drawn == draw_matched(checkpoint, tunes.training, Request(1, Sampler(0.9)))
    assert tunes.others == draw_matched(checkpoint, tunes.held_out[:3], Request(2, Sampler(0.9)))
