"""Every tune is valid: the acceptor's own promise, put before referees by other people."""

import itertools
import random
from collections import Counter

import numpy as np
import pytest
from numpy.typing import NDArray

from abcgen.evaluation.referees import REFEREES
from abcgen.evaluation.referees.referee import Referee
from abcgen.generation.loop import draw_tunes
from abcgen.generation.request import Request
from abcgen.generation.sampler import Sampler
from abcgen.grammar.acceptor import NEEDED, begin_tune
from abcgen.grammar.alphabet import BY_EDITION, EVERYTHING, FIRST_EDITION, Alphabet
from abcgen.grammar.closing import fewest
from abcgen.grammar.faults import complaint, find_fault
from abcgen.grammar.header import KEYS, METERS, UNITS
from abcgen.grammar.wishes import ANYTHING, Wishes
from abcgen.model.checkpoint import read_checkpoint
from abcgen.model.engine import Engine, LiteRTEngine
from abcgen.model.vocabulary import Vocabulary
from tests.conftest import ROOT
from tests.referee import require
from tests.walks import some_wishes, tame_alphabet, walk

FOLK = str(ROOT / "checkpoints" / "folk")
EVERY = Vocabulary(sorted(EVERYTHING.characters))
HEADER = "X:1\nT:x\nM:6/8\nL:1/8\nK:G\n"

by_every_referee = pytest.mark.parametrize(
    "referee", REFEREES, ids=[referee.name for referee in REFEREES]
)


class Dice:
    """An engine that predicts at random: logits that depend on what has been read so far."""

    _ROWS = 65521  # a prime number
    planner = None
    title_words = None

    def __init__(
        self, vocabulary: Vocabulary, num_streams: int, seed: int, scale: float, liked: str = ""
    ) -> None:
        self.num_streams, self.vocabulary = num_streams, vocabulary
        numbers = np.random.default_rng(seed)
        self._logits = numbers.normal(size=(997, len(vocabulary)))  # some more than others
        self._logits += numbers.normal(size=len(vocabulary))
        for character in liked:
            self._logits[:, vocabulary.char2idx[character]] += 3
        self._logits = (scale * self._logits).astype(np.float32)
        self._read = np.zeros(num_streams, np.int64)

    def step(self, characters: NDArray[np.int32]) -> NDArray[np.float32]:
        self._read = (31 * self._read + characters + 1) % self._ROWS
        return self._logits[self._read % len(self._logits)]

    def reset(self, stream: int) -> None:
        self._read[stream] = 0

    def state(self, stream: int) -> NDArray[np.float32]:
        return self._read[stream : stream + 1].astype(np.float32)

    def restore(self, stream: int, state: NDArray[np.float32]) -> None:
        self._read[stream] = int(state[0])


def judged(referee: Referee, tunes: list[str]) -> list[tuple[str, str]]:
    """Return what a referee says against tunes, with the tunes."""
    numbered = [f"X:{n}\n" + tune.partition("\n")[2] for n, tune in enumerate(tunes, 1)]
    said = require(referee).judge(numbered)
    return [(reason, tune) for reason, tune in zip(said, tunes, strict=True) if reason is not None]


# Walks.


@pytest.fixture(scope="module")
def walked() -> list[str]:
    """Tunes of all metres, units and modes, with and without wishes."""
    tunes = []
    for seed in range(240):
        draw = random.Random(seed)
        wishes = some_wishes(draw)._replace(meter="")
        alphabet = BY_EDITION[1 + seed % 2] if seed % 3 else tame_alphabet(draw)
        tunes.append(walk(draw, draw.randrange(350), wishes, alphabet).text)
    return tunes


def test_the_walks_go_everywhere(walked: list[str]) -> None:
    seen = Counter(line for tune in walked for line in set(tune.splitlines()))
    for field in [*(f"M:{meter}" for meter in METERS), *(f"L:{unit}" for unit in UNITS)]:
        assert seen[field] > 1
    assert sum(f"K:{key}" in seen for key in KEYS) > len(KEYS) / 2
    for mark in ("|:", "[1 ", "\n[2 ", "||\nK:", "(3", "(2", ">", "<", "z", "-|", "[C", '"'):
        assert sum(mark in tune for tune in walked) > 1, mark


@pytest.mark.referee
@by_every_referee
def test_walks(referee: Referee, walked: list[str]) -> None:
    assert judged(referee, walked) == []


# Networks.


def drawn(
    engine: Engine,
    sampler: Sampler,
    tunes: int,
    wishes: Wishes = ANYTHING,
    prime: str = "X:1\n",
    most: int = 400,
    seed: int = 1,
) -> list[str]:
    """Draw tunes that begin with a prime; check that they come to their end."""
    texts = []
    for text, whole, *_ in itertools.islice(
        draw_tunes(engine, Request(seed, sampler, wishes, prime), most=most), tunes
    ):
        assert whole
        assert len(text) <= most
        assert text.startswith(prime)
        assert complaint(text, wishes) is None
        texts.append(text)
    return texts


SAMPLERS = [
    Sampler(0),
    Sampler(0.7),
    Sampler(1.5),
    Sampler(1, top_k=1),
    Sampler(1, top_k=3),
    Sampler(1, top_p=0.5),
]


@pytest.fixture(scope="module")
def diced() -> list[str]:
    """Tunes of networks that predict at random, with more or less certainty."""
    tunes = []
    for number, (sampler, scale) in enumerate(itertools.product(SAMPLERS, (0.1, 3, 1e4, 1e30))):
        engine = Dice(EVERY, (1, 3, 8)[number % 3], number, scale, liked="|:]\n" * (number % 2))
        wishes = some_wishes(random.Random(number))
        most = fewest(begin_tune(EVERYTHING, wishes)) + 4 + 40 * (number % 7)
        tunes += drawn(engine, sampler, 4, wishes, most=most, seed=number)
    return tunes


@pytest.mark.referee
@by_every_referee
def test_networks_that_know_nothing(referee: Referee, diced: list[str]) -> None:
    assert len(set(diced)) > 40
    assert judged(referee, diced) == []


@pytest.fixture(scope="module")
def folk() -> list[str]:
    """Tunes of the network that is shipped, cool and hot."""
    checkpoint = read_checkpoint(FOLK)
    engine = LiteRTEngine.of(checkpoint, 20)
    return [
        tune
        for temperature in (0.7, 1.0, 1.5)
        for tune in drawn(engine, Sampler(temperature), 20, most=2000)
    ]


def test_the_shipped_network_draws_by_the_edition_that_it_learned(folk: list[str]) -> None:
    assert read_checkpoint(FOLK).vocabulary.edition == FIRST_EDITION
    assert [complaint(tune, edition=FIRST_EDITION) for tune in folk] == [None] * len(folk)


@pytest.mark.referee
@by_every_referee
def test_the_shipped_network(referee: Referee, folk: list[str]) -> None:
    assert len(set(folk)) == 60
    assert judged(referee, folk) == []


# The most characters that a tune may have.


@pytest.mark.parametrize("streams", [1, 7])
@pytest.mark.parametrize(
    "prime",
    [
        "X:1\n",
        "X:1\nT:An Unf",
        HEADER,
        HEADER + "|:G|GAB cde|",
        HEADER + '|:GAB "D',
        HEADER + "|:G6|[1 A3-",
        HEADER + "|:G6|[1 A6:|[2 ",
    ],
)
def test_tunes_are_as_long_as_they_may_be(prime: str, streams: int) -> None:
    begin, _ = find_fault(prime, begin_tune(EVERYTHING))
    least = len(prime) + fewest(begin)
    for more in (0, 1, 2, 3, 5, 20, 99, 150, 300):
        engine = Dice(EVERY, streams, more, 1.0)
        texts = drawn(engine, Sampler(1.0), 5, prime=prime, most=least + more, seed=more)
        if more == 0:
            assert {len(text) for text in texts} == {least}
        if more == 300:
            # Chance alone hardly ever ends a tune.
            assert max(map(len, texts)) > least + 200


@pytest.mark.parametrize("most", [900, 4000])
def test_tunes_without_end_are_ended(most: int) -> None:
    # It never likes an end: `|]` and the blank line are forced upon it.
    engine = Dice(EVERY, 4, 1, 1.0)
    engine._logits[:, EVERY.encode("]\n")] = -100
    texts = drawn(engine, Sampler(1.0), 4, prime=HEADER, most=most)
    assert all(most - 120 < len(text) <= most for text in texts)


def test_wishes_and_the_most_characters() -> None:
    for seed in range(30):
        wishes = some_wishes(random.Random(seed))
        least = 4 + fewest(begin_tune(EVERYTHING, wishes))
        engine = Dice(EVERY, 3, seed, 1.0)
        drawn(engine, Sampler(1.0), 3, wishes, most=least + seed * seed % 50, seed=seed)


def test_the_end_that_is_farthest_is_reached() -> None:
    # Without a 2, bars of 7/8 take more characters than a tune begun in C would.
    vocabulary = Vocabulary(sorted(NEEDED.union("C/478")))
    wishes = Wishes(form=(64,))
    least = 4 + fewest(begin_tune(Alphabet.of(frozenset(vocabulary.idx2char)), wishes))
    for most in range(least, 800, 40):
        drawn(
            Dice(vocabulary, 2, most, 1.0, liked="7/4"),
            Sampler(1.0),
            6,
            wishes,
            most=most,
        )
