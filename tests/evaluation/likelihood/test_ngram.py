import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abcgen.errors import VocabularyError
from abcgen.evaluation.likelihood.ngram import NGram
from abcgen.model.vocabulary import Vocabulary
from tests.tunes import made_up_tune

ABC = Vocabulary("\nabc")


PRINTABLE = Vocabulary(["\n", *map(chr, range(32, 127))])


#: Some tunes, as they are compressed.
TUNES = [made_up_tune(number) for number in range(1, 41)]


texts = st.lists(st.text("abc\n", max_size=20), min_size=1, max_size=6)


orders = st.integers(1, 5)


@given(texts, orders, st.text("abc\n", max_size=8))
def test_the_probabilities_add_up_to_1_after_any_history(
    tunes: list[str], order: int, history: str
) -> None:
    model = NGram(ABC, order)
    model.train(tunes)
    found = model.probabilities(history)
    assert found.shape == (4,)
    assert found.min() > 0
    assert found.sum() == pytest.approx(1)


def slow_probability(tunes: list[str], order: int, history: str, character: str) -> float:
    """Do what `NGram.probabilities` does, as Chen and Goodman write it, counting each time."""
    streams = ["\n" * (order - 1) + tune + "\n" for tune in tunes]
    grams = [s[i : i + order] for s in streams for i in range(len(s) - order + 1)]

    def count(gram: str) -> int:
        if len(gram) == order:
            return grams.count(gram)
        return len({g for g in grams_of(len(gram) + 1) if g[1:] == gram})

    def grams_of(length: int) -> set[str]:
        return {gram[order - length :] for gram in grams}

    def probability(context: str) -> float:
        length = len(context) + 1
        followed = {c: count(context + c) for c in "\nabc" if context + c in grams_of(length)}
        shorter = probability(context[1:]) if context else 1 / 4
        if not followed:
            return shorter
        counts = [count(gram) for gram in grams_of(length)]
        ones, twos = counts.count(1), counts.count(2)
        discount = ones / (ones + 2 * twos) if ones else 0.5
        total = sum(followed.values())
        own = max(followed.get(character, 0) - discount, 0) / total
        return own + discount * len(followed) / total * shorter

    return probability(history[-(order - 1) :] if order > 1 else "")


@given(texts, orders, st.text("abc\n", max_size=8), st.sampled_from("\nabc"))
def test_a_slow_twin_gives_the_same_probabilities(
    tunes: list[str], order: int, history: str, character: str
) -> None:
    model = NGram(ABC, order)
    model.train(tunes)
    expected = slow_probability(tunes, order, history, character)
    assert model.probabilities(history)[ABC.char2idx[character]] == pytest.approx(expected)


def test_bits_of_an_ngram_by_hand() -> None:
    model = NGram(ABC, 1)
    model.train(["ab"])  # a, b and the end once each: all of a discount of 1 goes to 1/4
    assert model.score(["c"]).bits == pytest.approx(2 * math.log2(4))
    model.train(["aab"])  # twice a, once b and the end: discount 1/2
    a, c = 1.5 / 4 + 1.5 / 4 / 4, 1.5 / 4 / 4
    end = 0.5 / 4 + c
    score = model.score(["ac"])
    assert score.bits == pytest.approx(-math.log2(a) - math.log2(c) - math.log2(end))
    assert score.right == 1


def test_an_ngram_learns_and_forgets() -> None:
    model = NGram(PRINTABLE)
    model.train(TUNES[:30])
    known, new = model.score(TUNES[:1]), model.score(TUNES[30:31])
    assert known.bits / len(TUNES[0]) < 1 < new.bits / len(TUNES[30])
    assert known.right is not None and known.right > 0.8 * len(TUNES[0])
    model.train(["abc\n"])
    assert model.score(TUNES[:1]).bits > 5 * known.bits
    with pytest.raises(VocabularyError):
        NGram(ABC).train(["abd"])
