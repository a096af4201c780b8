import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from abcgen.errors import UsageError
from abcgen.evaluation.likelihood.int8_network import Int8Network, score_tunes
from abcgen.evaluation.likelihood.text_model import Score
from abcgen.model.checkpoint import read_checkpoint
from abcgen.model.vocabulary import Vocabulary
from tests.tunes import SPELLED

ABC = Vocabulary("\nabc")


class Parrot:
    """An engine that predicts the last character again, e^2 times as likely as any other.

    After the same character twice all are equally likely, so that its state matters.
    """

    def __init__(self, num_streams: int) -> None:
        self.num_streams = num_streams
        self.before: list[int | None] = [7] * num_streams  # wrong until it is reset

    def reset(self, stream: int) -> None:
        self.before[stream] = None

    def step(self, characters: NDArray[np.int32]) -> NDArray[np.float32]:
        logits = np.zeros((self.num_streams, len(ABC)), np.float32)
        for stream, character in enumerate(characters):
            if self.before[stream] != character:
                logits[stream, character] = 2
            self.before[stream] = int(character)
        return logits + 1000  # too large for the exponentials to be computed


def test_bits_of_a_parrot_by_hand() -> None:
    likelier = math.exp(2)
    same, other = -math.log2(likelier / (likelier + 3)), math.log2(likelier + 3)
    any_ = 2.0  # of four
    # It reads the end of a tune, then a a b and the end: predicted are a a b and the end.
    score = score_tunes(Parrot(1), ABC, ["aab"])
    assert score.bits == pytest.approx(other + same + any_ + other)
    assert score.right == 1
    # The end, then an empty tune.
    score = score_tunes(Parrot(1), ABC, [""])
    assert (score.bits, score.right) == (pytest.approx(same), 1)


@given(st.lists(st.text("abc", max_size=9), max_size=9), st.integers(1, 12))
def test_a_tune_is_read_alone_in_each_stream(tunes: list[str], streams: int) -> None:
    together = score_tunes(Parrot(streams), ABC, tunes)
    alone = [score_tunes(Parrot(1), ABC, [tune]) for tune in tunes]
    assert together.bits == pytest.approx(sum(score.bits for score in alone))
    assert together.right == sum(score.right or 0 for score in alone)


def test_the_shipped_network_prefers_tunes_to_noise() -> None:
    network = Int8Network(read_checkpoint("folk"))
    tune = network.score([SPELLED])
    noise = network.score(["".join(sorted(SPELLED))])
    assert tune.bits < noise.bits / 2
    assert network.score([SPELLED, SPELLED]).bits == pytest.approx(2 * tune.bits)
    assert network.score([]) == Score(0.0, 0)


def test_the_line_that_tells_the_style_is_not_judged() -> None:
    """A parrot finds aa in the name as likely as elsewhere: without that line the sums differ."""
    every = Vocabulary(sorted(set("\nX:1Gab")))

    class Reads(Parrot):
        def step(self, characters: NDArray[np.int32]) -> NDArray[np.float32]:
            return np.zeros((self.num_streams, len(every)), np.float32)

    tune = "X:1\nab\n"
    plain = score_tunes(Reads(2), every, [tune, tune[:-2]])
    told = score_tunes(Reads(2), every, [tune, tune[:-2]], "aabb")
    assert told.bits == pytest.approx(plain.bits) == pytest.approx(14 * math.log2(len(every)))


def test_a_network_with_styles_is_told_one(styled: Path) -> None:
    checkpoint = read_checkpoint(str(styled))
    for style, words in (("", "name one of bach, reel"), ("jig", "styled has bach, reel")):
        with pytest.raises(UsageError, match=words):
            Int8Network(checkpoint, style)
    found = [Int8Network(checkpoint, style).score([SPELLED]).bits for style in ("bach", "reel")]
    assert found[0] != found[1]
    with pytest.raises(UsageError, match="folk has no styles"):
        Int8Network(read_checkpoint(), "bach")
