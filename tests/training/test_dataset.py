from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abcgen.errors import CorpusError
from abcgen.grammar.acceptor import begin_tune
from abcgen.grammar.alphabet import Alphabet
from abcgen.grammar.spelling import canonical
from abcgen.grammar.style import style_of, with_style
from abcgen.model.factors.reader import read_text
from abcgen.model.vocabulary import END_OF_TUNE, Vocabulary
from abcgen.notation.tune import read_tune
from abcgen.training.augmentation import Versions
from abcgen.training.dataset import SnippetDataset, StreamDataset
from abcgen.training.encoding import Chunk, EncodedTunes
from tests.tunes import made_up_tune

JIGS = [made_up_tune(1), made_up_tune(2)]

tunes = st.lists(st.text("abc", min_size=1, max_size=30), min_size=1, max_size=20)
sizes = st.integers(1, 6)


def laid_out(dataset: StreamDataset, vocabulary: Vocabulary, chunks: list[Chunk]) -> list[str]:
    """Return what each stream should predict, put together again from the chunks."""
    targets = np.concatenate([chunk.targets for chunk in chunks], axis=1)
    weights = np.concatenate([chunk.weights for chunk in chunks], axis=1)
    return [
        vocabulary.decode(row[weight == 1]) for row, weight in zip(targets, weights, strict=True)
    ]


@given(tunes, sizes, sizes, st.integers(0, 3))
def test_every_tune_is_predicted_once_and_whole(
    texts: list[str], batch_size: int, seq_length: int, seed: int
) -> None:
    vocabulary = Vocabulary.of("abc\n")
    dataset = StreamDataset(EncodedTunes(texts, vocabulary), batch_size, seq_length)
    chunks = list(dataset.chunks(np.random.default_rng(seed)))
    rows = laid_out(dataset, vocabulary, chunks)
    predicted = [tune for row in rows for tune in row.split(END_OF_TUNE)[:-1]]
    assert sorted(predicted) == sorted(texts)


@given(tunes, sizes, sizes)
def test_targets_are_the_inputs_shifted_by_one_across_chunks(
    texts: list[str], batch_size: int, seq_length: int
) -> None:
    vocabulary = Vocabulary.of("abc\n")
    chunks = list(StreamDataset(EncodedTunes(texts, vocabulary), batch_size, seq_length).chunks())
    inputs = np.concatenate([chunk.inputs[:, :, 0] for chunk in chunks], axis=1)
    targets = np.concatenate([chunk.targets for chunk in chunks], axis=1)
    assert all(chunk.inputs.shape == (batch_size, seq_length, 1) for chunk in chunks)
    np.testing.assert_array_equal(inputs[:, 1:], targets[:, :-1])
    # The first thing that a stream is shown is the end of a tune.
    assert set(inputs[:, 0]) == {vocabulary.char2idx[END_OF_TUNE]}


def test_the_order_is_another_each_epoch_and_decided_by_the_generator() -> None:
    vocabulary = Vocabulary.of("abcdefgh\n")
    dataset = StreamDataset(EncodedTunes(list("abcdefgh"), vocabulary), 1, 16)

    def order(seed: int) -> str:
        chunks = list(dataset.chunks(np.random.default_rng(seed)))
        return laid_out(dataset, vocabulary, chunks)[0]

    assert order(1) == order(1)
    assert order(1) != order(2)


def test_streams_are_even() -> None:
    vocabulary = Vocabulary.of("a\n")
    dataset = StreamDataset(EncodedTunes(["a" * 10] * 64, vocabulary), 8, 16)
    lengths = {len(stream) for stream in dataset.streams()}
    assert lengths == {1 + 8 * 11}


VERSIONS = [Versions(("a", "b"), (0.75, 0.25)), Versions(("c",), (1.0,))]


def read_in(epoch: int, transposed: float, versions: Sequence[Versions] = VERSIONS) -> str:
    """Return what the one stream of an epoch should predict, for the tunes "a" and "c"."""
    vocabulary = Vocabulary.of("abc\n")
    dataset = StreamDataset(
        EncodedTunes(["a", "c"], vocabulary, versions=versions, transposed=transposed), 1, 8
    )
    chunks = list(dataset.chunks(np.random.default_rng([1, epoch])))
    return laid_out(dataset, vocabulary, chunks)[0]


def test_versions_are_drawn_anew_each_epoch_by_their_shares() -> None:
    for transposed in (0.5, 1.0):
        epochs = [read_in(epoch, transposed) for epoch in range(2000)]
        assert epochs == [read_in(epoch, transposed) for epoch in range(2000)]
        assert all(epoch.count("c") == 1 for epoch in epochs)
        share = sum("b" in epoch for epoch in epochs) / len(epochs)
        assert share == pytest.approx(0.25 * transposed, abs=0.03)


def test_tunes_are_drawn_as_often_as_they_weigh() -> None:
    vocabulary = Vocabulary.of("abc\n")
    encoded = EncodedTunes(["a", "b", "c"], vocabulary, times=[0.3, 2.0, 1.0])
    dataset, drawn = StreamDataset(encoded, 2, 8), ""
    for epoch in range(1000):
        drawn += "".join(
            laid_out(dataset, vocabulary, list(dataset.chunks(np.random.default_rng(epoch))))
        )
    assert (drawn.count("b"), drawn.count("c")) == (2000, 1000)
    assert drawn.count("a") == pytest.approx(300, abs=60)
    with pytest.raises(CorpusError, match="--weights"):
        EncodedTunes(["a"], vocabulary, times=[0.0]).drawn(np.random.default_rng(1))


def test_without_versions_the_order_is_the_same() -> None:
    orders = {read_in(epoch, 0.0) for epoch in range(20)}
    assert orders == {"a\nc\n", "c\na\n"}
    for epoch in range(20):
        assert read_in(epoch, 0.0) == read_in(epoch, 0.0, []) == read_in(epoch, 1.0, [])


def test_unshuffled_the_tunes_are_as_they_were_given() -> None:
    vocabulary = Vocabulary.of("abc\n")
    dataset = StreamDataset(
        EncodedTunes(["a", "c"], vocabulary, versions=VERSIONS, transposed=1.0), 1, 8
    )
    assert laid_out(dataset, vocabulary, list(dataset.chunks())) == ["a\nc\n"]


def test_no_tunes_is_an_error() -> None:
    with pytest.raises(CorpusError):
        EncodedTunes([], Vocabulary.of("a\n"))


def test_snippets_stand_somewhere_in_the_tunes_and_another_epoch_draws_others() -> None:
    vocabulary = Vocabulary.of("abcdefgh\n")
    dataset = SnippetDataset(EncodedTunes(["abcd", "efgh"], vocabulary), 5, 3)
    assert dataset.steps == 1
    texts = []
    for chunk in dataset.chunks(np.random.default_rng(1)):
        np.testing.assert_array_equal(chunk.inputs[:, 1:, 0], chunk.targets[:, :-1])
        assert (chunk.weights == 1).all()
        texts += [vocabulary.decode(row) for row in chunk.targets]
    assert len(texts) == 5
    either = "abcd\nefgh\n", "efgh\nabcd\n"
    assert all(text in either[0] for text in texts) or all(text in either[1] for text in texts)
    again = [
        vocabulary.decode(row) for row in next(dataset.chunks(np.random.default_rng(2))).targets
    ]
    assert texts != again


def test_too_little_text_for_a_snippet_is_an_error() -> None:
    with pytest.raises(CorpusError, match="snippet"):
        SnippetDataset(EncodedTunes(["ab"], Vocabulary.of("ab\n")), 1, 8)


def test_characters_come_with_their_factors_in_every_stream() -> None:
    vocabulary = Vocabulary.of("".join(JIGS) + "\n")
    dataset = StreamDataset(EncodedTunes(JIGS, vocabulary, factored=True), 2, 16)
    alone = [read_text(vocabulary, vocabulary.encode(jig + END_OF_TUNE).tolist()) for jig in JIGS]
    for stream, tune in zip(dataset.streams(), alone, strict=True):
        np.testing.assert_array_equal(stream[1:], tune)


def test_chunks_say_what_the_rules_forbid() -> None:
    tunes = [canonical(read_tune(jig)) for jig in JIGS]
    vocabulary = Vocabulary.of("".join(tunes) + "]|")
    dataset = StreamDataset(EncodedTunes(tunes, vocabulary, ruled=True), 1, 10_000)
    (chunk,) = dataset.chunks()
    start = begin_tune(Alphabet.of(frozenset(vocabulary.idx2char)))
    forbidden = iter(chunk.forbidden[0])
    for tune in tunes:
        place = start
        for character in tune + END_OF_TUNE:
            row = next(forbidden)
            allowed = {vocabulary.idx2char[index] for index in np.flatnonzero(~row)}
            assert allowed == set(place.allowed()) & set(vocabulary.idx2char)
            assert character in allowed
            place = place.after(character)
    assert not chunk.forbidden[0][chunk.weights[0] == 0][1:].any()


def test_where_nobody_asks_nothing_is_forbidden() -> None:
    (chunk,) = StreamDataset(EncodedTunes(["a"], Vocabulary.of("a\n")), 1, 4).chunks()
    assert chunk.forbidden.shape == (1, 1, 1)
    assert not chunk.forbidden.any()


def titles_of(texts: list[str]) -> list[str]:
    return [text.split("\n")[1] for text in texts]


def read_texts(encoded: EncodedTunes, vocabulary: Vocabulary, *drawn: object) -> list[str]:
    return [
        vocabulary.decode(rows[:, 0].tolist()).removesuffix(END_OF_TUNE)
        for rows in encoded.drawn(*drawn)  # type: ignore[arg-type]
    ]


def titled(title: str, rhythm: str, key: str) -> str:
    return f"X:1\nT:{title}\nR:{rhythm}\nM:6/8\nL:1/8\nK:{key}\n|:dfa agf|gec A3:|\n"


def test_tunes_exchange_titles_with_others_of_their_rhythm() -> None:
    texts = [titled("One", "jig", "D"), titled("Two", "jig", "G"), titled("Three", "slide", "A")]
    vocabulary = Vocabulary.of("".join(texts) + "]")
    options = {"factored": True, "ruled": True}
    for retitled in (0.5, 1.0):
        encoded = EncodedTunes(texts, vocabulary, **options, retitled=retitled)
        seen = set()
        for seed in range(40):
            drawn = read_texts(encoded, vocabulary, np.random.default_rng(seed))
            seen.add(tuple(titles_of(drawn)))
            # All but the title is as it was, and what is told of each character, too.
            for text, before in zip(drawn, texts, strict=True):
                assert text.split("\n")[2:] == before.split("\n")[2:]
        assert seen == {(one, two, "T:Three") for one in SHORT for two in SHORT}
    rows = encoded.drawn(np.random.default_rng(0))
    text = read_texts(encoded, vocabulary, np.random.default_rng(0))
    alone = EncodedTunes(text, vocabulary, **options).drawn(None)
    for one, other in zip(rows, alone, strict=True):
        np.testing.assert_array_equal(one[:, :-1], other[:, :-1])


SHORT = ("T:One", "T:Two")


def test_own_tunes_are_read_once_and_by_titles_of_others() -> None:
    texts = [titled("One", "jig", "D"), titled("Two", "jig", "G")]
    own = titled("Three", "jig", "C")
    vocabulary = Vocabulary.of("".join([*texts, own]))
    encoded = EncodedTunes(texts, vocabulary, retitled=1.0)
    for seed in range(20):
        drawn = read_texts(encoded, vocabulary, np.random.default_rng(seed), [own])
        assert [text.split("\n")[5] for text in drawn] == ["K:D", "K:G", "K:C"]
        assert set(titles_of(drawn)) <= set(SHORT)
        assert len(read_texts(encoded, vocabulary, np.random.default_rng(seed))) == 2
    # A tune of the book that the network has written too is still one of the book.
    assert len(read_texts(encoded, vocabulary, np.random.default_rng(1), texts)) == 4
    assert len(read_texts(encoded, vocabulary, np.random.default_rng(1))) == 2


def test_own_tunes_are_predicted_in_streams_and_snippets() -> None:
    vocabulary = Vocabulary.of("abc\n")
    encoded = EncodedTunes(["aa", "bb"], vocabulary)
    streams = StreamDataset(encoded, 1, 12)
    (row,) = laid_out(streams, vocabulary, list(streams.chunks(np.random.default_rng(1), ["cc"])))
    assert sorted(row.split("\n")) == ["", "aa", "bb", "cc"]
    snippets = SnippetDataset(encoded, 20, 3)
    (chunk,) = snippets.chunks(np.random.default_rng(1), ["cc"])
    assert vocabulary.char2idx["c"] in chunk.targets


def test_titles_are_those_of_tunes_in_the_same_style() -> None:
    texts = [
        with_style(titled(title, "jig", "D"), style)
        for title, style in (("One", "bach"), ("Two", "reel"), ("Three", "reel"))
    ]
    vocabulary = Vocabulary.of("".join(texts))
    encoded = EncodedTunes(texts, vocabulary, retitled=1.0)
    seen = set()
    for seed in range(20):
        drawn = read_texts(encoded, vocabulary, np.random.default_rng(seed))
        assert [style_of(text) for text in drawn] == ["bach", "reel", "reel"]
        seen.update(text.split("\n")[2] for text in drawn[1:])
        assert "\nT:One\n" in drawn[0]
    assert seen == {"T:Two", "T:Three"}
