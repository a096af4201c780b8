"""Tunes drawn from a network: side by side, each by chance of its own."""

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from abcgen.choice import Choice
from abcgen.dataset import END_OF_TUNE
from abcgen.engine import Engine
from abcgen.mask import Mask
from abcgen.notation.acceptor import Place
from abcgen.notation.closing import fewest
from abcgen.vocabulary import Vocabulary

#: The first line of every tune that a network learns; tunes are numbered when they are written.
REFERENCE = "X:1\n"
#: Characters that a tune has at most; the longest of O'Neill's has 1,704.
MAX_TUNE = 4096
_RESERVE = 100


@dataclass
class Tally:
    """How much the mask changed.

    Attributes
    ----------
    characters : int
        Those drawn so far, of all tunes.
    stepped_in : int
        Those of them where chance would have fallen on a forbidden one.
    removed : float
        The probability of forbidden characters, summed over all that were drawn.
    """

    characters: int = 0
    stepped_in: int = 0
    removed: float = 0.0

    def count(
        self,
        choice: Choice,
        logits: NDArray[np.float32],
        uniforms: NDArray[np.float64],
        forbidden: NDArray[np.bool_],
    ) -> None:
        """Count one step: logits (N, V), uniforms (N,), forbidden (N, V)."""
        odds = choice.odds(logits)
        self.removed += float(((odds * forbidden).sum(axis=1) / odds.sum(axis=1)).sum())
        freely = choice.choose(logits, uniforms)
        self.stepped_in += int(forbidden[np.arange(len(freely)), freely].sum())
        self.characters += len(freely)


def draw_tunes(
    engine: Engine,
    vocabulary: Vocabulary,
    choice: Choice,
    seed: int,
    prime: str = REFERENCE,
    begin: Place | None = None,
    *,
    first: int = 1,
    most: int = MAX_TUNE,
    tally: Tally | None = None,
) -> Iterator[tuple[str, bool]]:
    """Yield tunes without end, in order, each with whether it came to its end.

    Parameters
    ----------
    engine : Engine
        Samples `engine.num_streams` tunes side by side; which, and how many, changes nothing
        about the text.
    vocabulary : Vocabulary
        The network's.
    choice : Choice
        Temperature, top-k, top-p.
    seed : int
        With a tune's number it decides the tune.
    prime : str
        What every tune begins with, from ``X:1`` on.
    begin : Place, optional
        Where the acceptor is behind the prime: only what it allows is drawn, and every tune comes
        to its end. Without it the network draws what it likes.
    first : int
        The number of the first tune.
    most : int
        Characters that a tune has at most, the prime and the blank line behind it included; with
        `begin`, at least the prime's and `fewest` of it.
    tally : Tally, optional
        Counts what the mask does.

    Yields
    ------
    text : str
        The characters as they were drawn, the prime included; a whole tune ends with a blank
        line, one given up after `most` characters anywhere.
    whole : bool
        Whether it ended.

    Raises
    ------
    VocabularyError
        If the prime holds a character that the network does not know.
    """
    line_end = int(vocabulary.encode(END_OF_TUNE)[0])
    given = vocabulary.encode(prime)
    # A tune begins behind the line end that ended the one before.
    read = np.concatenate([[line_end], given]).astype(np.int32)
    engine.begin(read[:-1])
    count = engine.num_streams
    mask = Mask(vocabulary, begin, count) if begin else None
    # No tune needs more characters to end; one that has so few left is watched.
    reserve = 2 * fewest(begin) + _RESERVE if begin else 0
    # What was chosen at each step, for every stream: a ring, as long as the longest tune.
    history = np.empty((MAX_TUNE, count), np.int32)
    began = [0] * count  # the step at which a stream's tune began
    number = [0] * count
    chance = [random.random] * count
    finished: dict[int, tuple[str, bool]] = {}  # tunes that wait for one before them
    upcoming = itertools.count(first)
    to_yield = first
    last = np.empty(count, np.int32)
    beginning = list(range(count))
    for step in itertools.count():
        for stream in beginning:
            number[stream] = next(upcoming)
            began[stream] = step
            # Python's generator, since numpy's may change its numbers from version to version.
            chance[stream] = random.Random(f"{seed} {number[stream]}").random
            last[stream] = read[-1]
            engine.reset(stream)
            if mask:
                mask.reset(stream)
        uniforms = np.array([draw() for draw in chance])
        logits = engine.step(last)
        if mask:
            if tally:
                tally.count(choice, logits, uniforms, mask.forbidden())
            mask.restrict(logits)
        chosen = choice.choose(logits, uniforms)
        longest = len(given) + step - min(began) + 1
        if mask:
            if longest > most - reserve:
                for stream in range(count):
                    may_follow = most - (len(given) + step - began[stream])
                    if may_follow <= reserve:
                        odds = logits[[stream]]
                        while 1 + fewest(mask.place_after(stream, chosen[stream])) > may_follow:
                            odds[0, chosen[stream]] = -np.inf
                            chosen[stream] = choice.choose(odds, np.array([chance[stream]()]))[0]
            mask.advance(chosen)
        history[step % MAX_TUNE] = chosen
        ended = (chosen == line_end) & (last == line_end)
        last[:] = chosen
        beginning = []
        if longest < most and not ended.any():
            continue
        for stream in range(count):
            length = len(given) + step - began[stream] + 1
            if not ended[stream] and length < most:
                continue
            steps = np.arange(began[stream], step + 1) % MAX_TUNE
            text = prime + vocabulary.decode(history[steps, stream].tolist())
            finished[number[stream]] = (text, bool(ended[stream]))
            beginning.append(stream)
        while to_yield in finished:
            yield finished.pop(to_yield)
            to_yield += 1


def raw_text(
    drawn: Iterator[tuple[str, bool]], tunes: int | None, length: int | None
) -> Iterator[str]:
    """Yield exactly the characters drawn: of so many tunes, or so many characters."""
    for text, _ in itertools.islice(drawn, tunes):
        yield text if length is None else text[:length]
        if length is not None:
            length -= len(text)
            if length <= 0:
                return
