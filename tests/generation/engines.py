"""Engines made for tests, which predict what they are told to."""

import zlib

import numpy as np
from numpy.typing import NDArray

from abcgen.grammar.alphabet import EVERYTHING
from abcgen.grammar.title_words import TitleWords
from abcgen.melodies.index import NoveltyIndex
from abcgen.model.factors.plan import Plan
from abcgen.model.plans.planner import Planner
from abcgen.model.vocabulary import Vocabulary

VOCABULARY = Vocabulary(sorted(EVERYTHING.characters))
TUNE = "X:1\nT:ab\nM:C\nL:1/8\nK:D\n|:A8|B8:|\n\n"


class Parrot:
    """An engine that predicts, in each stream, one text character by character."""

    planner: Planner | None = None
    title_words: TitleWords | None = None

    def __init__(
        self, text: str, vocabulary: Vocabulary = VOCABULARY, num_streams: int = 1
    ) -> None:
        self.num_streams = num_streams
        self.vocabulary = vocabulary
        self.text = vocabulary.encode(text)
        self.size = len(vocabulary)
        self.places = [0] * num_streams

    def step(self, characters: NDArray[np.int32]) -> NDArray[np.float32]:
        logits = np.full((self.num_streams, self.size), -30, np.float32)
        for stream, place in enumerate(self.places):
            logits[stream, self.text[place % len(self.text)]] = 30
            self.places[stream] += 1
        return logits

    def reset(self, stream: int) -> None:
        self.places[stream] = 0

    def state(self, stream: int) -> NDArray[np.float32]:
        return np.array([self.places[stream]], np.float32)

    def restore(self, stream: int, state: NDArray[np.float32]) -> None:
        self.places[stream] = int(state[0])

    def plan(self, stream: int, plan: Plan) -> None:
        pass

    def keep(self, streams: list[int]) -> None:
        self.num_streams = len(streams)
        self.places = [self.places[stream] for stream in streams]


class Dice(Parrot):
    """An engine that finds all characters equally likely."""

    def __init__(self, num_streams: int = 1, planner: Planner | None = None) -> None:
        super().__init__("", VOCABULARY, num_streams)
        self.planner = planner
        #: The plans of all tunes, in the order in which they came.
        self.plans: list[Plan] = []

    def plan(self, stream: int, plan: Plan) -> None:
        self.plans.append(plan)

    def step(self, characters: NDArray[np.int32]) -> NDArray[np.float32]:
        return np.zeros((self.num_streams, self.size), np.float32)


class Habit(Parrot):
    """An engine with habits: what it predicts depends on the last two characters alone.

    The state of a stream is those two, as one number.
    """

    def __init__(self, vocabulary: Vocabulary, num_streams: int = 1, seed: int = 1) -> None:
        super().__init__("", vocabulary, num_streams)
        draw = np.random.default_rng(seed)
        self.table = draw.normal(0, 2, (self.size**2, self.size)).astype(np.float32)

    def step(self, characters: NDArray[np.integer]) -> NDArray[np.float32]:
        self.places = [
            place % self.size * self.size + character
            for place, character in zip(self.places, characters.tolist(), strict=True)
        ]
        return self.table[self.places]


class Fussy(NoveltyIndex):
    """An index that finds a run of 9 notes in every other text, or in all."""

    def __init__(self, everywhere: bool = False) -> None:
        super().__init__([], {}, *np.zeros((3, 0), np.int64))
        self.everywhere = everywhere

    def longest_run(self, text: str) -> int:
        return 9 if self.everywhere or zlib.crc32(text.encode()) % 2 else 0
