import json
import re
from pathlib import Path

import pytest

from abcgen.errors import CorpusError
from abcgen.grammar.alphabet import FIRST_EDITION, NEWEST_EDITION, SECOND_EDITION
from abcgen.model.checkpoint import Checkpoint
from abcgen.model.vocabulary import Vocabulary
from abcgen.training.lessons import read_lessons
from abcgen.training.run import train
from tests.conftest import TINY
from tests.tunes import ONLY_BY_THE_SECOND, made_up_book, made_up_tune

pytestmark = pytest.mark.keras


@pytest.mark.parametrize("count", [1, 2])
def test_a_corpus_too_short_is_an_error(count: int, tmp_path: Path) -> None:
    file = tmp_path / "short.abc"
    file.write_text(made_up_book(count))
    with pytest.raises(CorpusError, match="too short"):
        train([str(file)], tmp_path / "short", TINY)
    assert not (tmp_path / "short").exists()


def test_the_vocabulary_holds_what_other_keys_need(tmp_path: Path) -> None:
    file = tmp_path / "book.abc"
    # All but one are in C; the sharps of that one's chord symbols come with its key alone.
    plain = made_up_book(60).replace("K:", "K:C\nK:")
    texts = re.sub(r"K:C\nK:.*\n", "K:C\n", plain).replace("|:", '|:"Em"')
    file.write_text(texts.replace("K:C\n", "K:D\n", 1))
    with_keys, without = (
        train([str(file)], tmp_path / f"{share}", TINY.changed(epochs=1, transposed=share))
        for share in (1.0, 0.0)
    )
    assert set(without.vocabulary.idx2char) < set(with_keys.vocabulary.idx2char)
    assert "#" in with_keys.vocabulary.char2idx
    assert "100 % of the training tunes were in another key" in " ".join(
        (tmp_path / "1.0" / "MODEL_CARD.md").read_text().split()
    )


def test_a_network_learns_the_voice_that_is_named(tmp_path: Path) -> None:
    file = tmp_path / "book.abc"
    tunes = (f"V:1\n{tune}V:2\nC8|\n" for tune in map(made_up_tune, range(1, 61)))
    file.write_text("\n".join(re.sub(r"V:1\n((?:.+\n)*K:.*\n)", r"\1V:1\n", t) for t in tunes))
    lessons = read_lessons([str(file)], TINY, voice="1")
    assert lessons.about["voice"] == "1"
    assert len(lessons.training) > 40
    with pytest.raises(CorpusError, match="too short"):
        read_lessons([str(file)], TINY)


def test_books_are_read_by_the_edition_of_the_base(tmp_path: Path) -> None:
    file = tmp_path / "book.abc"
    file.write_text(f"{made_up_book(60)}\n{ONLY_BY_THE_SECOND}")
    found = {}
    for edition in (FIRST_EDITION, SECOND_EDITION):
        vocabulary = Vocabulary.of("abc\n", edition=edition)
        base = Checkpoint(tmp_path, TINY, vocabulary, {"books": ["some.abc"]}, {})
        lessons = read_lessons([str(file)], TINY, base=base)
        assert lessons.vocabulary.edition == edition
        found[edition] = len(lessons.corpus.tunes)
    assert found == {FIRST_EDITION: 60, SECOND_EDITION: 61}
    newest = read_lessons([str(file)], TINY)
    assert (len(newest.corpus.tunes), newest.vocabulary.edition) == (61, NEWEST_EDITION)


def test_styles_have_the_headers_of_their_tunes(tmp_path: Path) -> None:
    files = [tmp_path / "plain.abc", tmp_path / "dances.abc"]
    for first, file in enumerate(files):
        file.write_text(made_up_book(60, first=1 + 1000 * first))
    files[0].write_text(re.sub("R:.*\n", "", files[0].read_text()))
    lessons = read_lessons(list(map(str, files)), TINY, styles=["plain", "dance"])
    headers = lessons.vocabulary.headers
    assert headers["plain"]["R"] == ()
    texts = files[1].read_text()
    for letter in "RMLK":
        values = set(re.findall(rf"^{letter}:(.*)$", texts, re.MULTILINE))
        assert set(headers["dance"][letter]) <= values != set()


def test_the_corpus_of_a_checkpoint_is_described(tiny: Path) -> None:
    corpus = json.loads((tiny / "checkpoint.json").read_text())["corpus"]
    assert corpus["books"] == ["made-up.abc"]
    assert sum(corpus["tunes"].values()) == 80
    assert len(corpus["sha256"]) == 64
