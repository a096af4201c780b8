"""Tunes drawn from a network: side by side, each by chance of its own."""

import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from abcgen.generation.mask import Mask
from abcgen.generation.noise import Chance
from abcgen.generation.sampler import Choice
from abcgen.grammar.acceptor import Place
from abcgen.grammar.closing import fewest
from abcgen.model.engine import Engine, State
from abcgen.model.vocabulary import END_OF_TUNE, Vocabulary

#: The first line of every tune that a network learns; tunes are numbered when they are written.
REFERENCE = "X:1\n"
#: Characters that a tune has at most; the longest of O'Neill's has 1,704.
MAX_TUNE = 4096
_RESERVES, _RESERVE = 3, 100
#: How often a tune is drawn at most until one is accepted.
MOST_TRIES = 50
#: The numbers of tunes without end.
EVERY_NUMBER = range(1, sys.maxsize)


class Drawn(NamedTuple):
    """A tune as it was drawn.

    Attributes
    ----------
    text : str
        The characters, the prime included; a whole tune ends with a blank line, one given up
        anywhere.
    whole : bool
        Whether it came to its end.
    number : int
        Its number.
    attempt : int
        The try that this is, from 1.
    accepted : bool
        False if none of `MOST_TRIES` tries was accepted; this is the last.
    """

    text: str
    whole: bool
    number: int = 1
    attempt: int = 1
    accepted: bool = True


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
        noise: NDArray[np.float32],
        forbidden: NDArray[np.bool_],
    ) -> None:
        """Count one step: logits, noise and what is forbidden, each (N, V)."""
        odds = choice.odds(logits)
        self.removed += float(((odds * forbidden).sum(axis=1) / odds.sum(axis=1)).sum())
        freely = choice.scores(logits, noise).argmax(axis=1)
        self.stepped_in += int(forbidden[np.arange(len(freely)), freely].sum())
        self.characters += len(freely)

    def take(self) -> "Tally":
        """Return what was counted since this was last asked, and count from zero again."""
        taken = replace(self)
        self.characters, self.stepped_in, self.removed = 0, 0, 0.0
        return taken

    def add(self, other: "Tally") -> None:
        """Add what another has counted."""
        self.characters += other.characters
        self.stepped_in += other.stepped_in
        self.removed += other.removed


def draw_tunes(
    engine: Engine,
    vocabulary: Vocabulary,
    choice: Choice,
    seed: int,
    prime: str = REFERENCE,
    begin: Place | None = None,
    numbers: Iterable[int] = EVERY_NUMBER,
    *,
    attempt: int = 1,
    most: int | Callable[[int, int], int] = MAX_TUNE,
    accept: Callable[[str], bool] | None = None,
    tally: Tally | None = None,
) -> Iterator[Drawn]:
    """Yield tunes in the order of their numbers.

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
    numbers : iterable of int
        Those of the tunes, from 1. Each is taken when a stream is free for it; the engine keeps
        as many streams as there are tunes left.
    attempt : int
        The try with which every tune begins.
    most : int or callable
        Characters that a tune has at most, the prime and the blank line behind it included, up to
        `MAX_TUNE`; with `begin`, at least the prime's and `fewest` of it. Or what gives it for a
        tune's number and try, when that begins.
    accept : callable, optional
        Says of the text of a whole tune whether it will do. One that will not is drawn again, by
        chance that its number and the try decide, and the others stay what they are.
    tally : Tally, optional
        Counts what the mask does.

    Yields
    ------
    Drawn
        One tune; without its end if it was given up after `most` characters.

    Raises
    ------
    VocabularyError
        If the prime holds a character that the network does not know.
    """
    line_end = int(vocabulary.encode(END_OF_TUNE)[0])
    given = vocabulary.encode(prime)
    count = engine.num_streams
    mask = Mask(vocabulary, begin, count) if begin else None
    chance = Chance(count, len(vocabulary), choice.temperature)
    under_way = _UnderWay(count)
    parts = (engine, chance, under_way, mask) if mask else (engine, chance, under_way)
    reserve = reserve_of(begin) if begin else 0
    start = _state_behind(engine, [line_end, *given[:-1].tolist()])
    last = np.empty(count, np.int64)
    finished: dict[int, Drawn] = {}  # tunes that wait for one before them
    to_yield: deque[int] = deque()
    upcoming = iter(numbers)
    beginning = list(range(count))
    again: list[int] = []  # of the streams that begin, those whose tune was not accepted
    while True:
        over = []
        for stream in beginning:
            if stream in again:
                number, tried = under_way.number[stream], under_way.tried[stream] + 1
            else:
                number, tried = next(upcoming, 0), attempt
                if not number:
                    over.append(stream)
                    continue
                to_yield.append(number)
            may_have = most(number, tried) if callable(most) else most
            under_way.begin(stream, number, tried, may_have - len(given))
            chance.begin(stream, seed, number, tried)
            last[stream] = given[-1]
            engine.restore(stream, start)
            if mask:
                mask.reset(stream)
        if over:
            kept = [stream for stream in range(len(last)) if stream not in over]
            if not kept:
                return
            for part in parts:
                part.keep(kept)
            last = last[kept]
        logits = engine.step(last)
        noise = chance.next()
        if mask and (tally or choice.narrows):
            forbidden = mask.forbidden()
            if tally:
                tally.count(choice, logits, noise, forbidden < 0)
            logits += forbidden
        chosen = choice.scores(logits, noise).argmax(axis=1)
        if mask:
            near = under_way.near_their_end(reserve)
            # Of a character that may follow it makes no difference which others may not; near the
            # end of a tune others may have to be drawn instead.
            for stream in mask.refused(chosen) + near:
                row = slice(stream, stream + 1)
                logits[row] += mask.forbidden_to(stream)
                chosen[stream] = choice.scores(logits[row], noise[row]).argmax()
            for stream in near:
                row = slice(stream, stream + 1)
                left = under_way.left(stream)
                while 1 + fewest(mask.place_after(stream, chosen.item(stream))) > left:
                    logits[stream, chosen[stream]] = -np.inf
                    chosen[stream] = choice.scores(logits[row], noise[row]).argmax()
            mask.advance(chosen)
        under_way.add(chosen)
        beginning, again = [], []
        if not under_way.any_is_over and line_end not in chosen.tolist():
            last = chosen
            continue
        ended = (chosen == line_end) & (last == line_end)
        last = chosen
        for stream in (ended | under_way.over()).nonzero()[0].tolist():
            text = prime + vocabulary.decode(under_way.drawn(stream))
            beginning.append(stream)
            number, tried = under_way.number[stream], under_way.tried[stream]
            whole = bool(ended[stream])
            accepted = accept is None or not whole or accept(text)
            if accepted or tried >= MOST_TRIES:
                finished[number] = Drawn(text, whole, number, tried, accepted)
            else:
                again.append(stream)
        while to_yield and to_yield[0] in finished:
            yield finished.pop(to_yield.popleft())


class _UnderWay:
    """The tunes that are being drawn, one a stream, all a character a step.

    Parameters
    ----------
    num_streams : int
        N.

    Attributes
    ----------
    number, tried : list of int
        Of each stream's tune its number, and the try that it is.
    """

    def __init__(self, num_streams: int) -> None:
        self.number = [0] * num_streams
        self.tried = [0] * num_streams
        # What was drawn in the last steps, as many as any tune has: they come round again.
        self._history = np.empty((MAX_TUNE, num_streams), np.int32)
        self._step = 0
        #: The step of each tune's first character, and the one by which it has to be over.
        self._began = [0] * num_streams
        self._end = np.zeros(num_streams, np.int64)
        self._first_end = 0

    def begin(self, stream: int, number: int, tried: int, most: int) -> None:
        """Let a tune begin, of so many characters at most."""
        self.number[stream], self.tried[stream] = number, tried
        self._began[stream], self._end[stream] = self._step, self._step + most
        self._first_end = self._end.min().item()

    def keep(self, streams: list[int]) -> None:
        """Go on with some of the tunes alone, numbered anew."""
        self._history, self._end = self._history[:, streams], self._end[streams]
        self.number, self.tried, self._began = (
            [of[stream] for stream in streams] for of in (self.number, self.tried, self._began)
        )
        self._first_end = self._end.min().item()

    def add(self, chosen: NDArray[np.int64]) -> None:
        """Add a character to each tune, (N,)."""
        self._history[self._step % MAX_TUNE] = chosen
        self._step += 1

    def drawn(self, stream: int) -> list[int]:
        """Return the characters that were drawn of a tune."""
        steps = np.arange(self._began[stream], self._step) % MAX_TUNE
        characters: list[int] = self._history[steps, stream].tolist()
        return characters

    def left(self, stream: int) -> int:
        """Return how many characters a tune may still have."""
        return self._end.item(stream) - self._step

    def near_their_end(self, reserve: int) -> list[int]:
        """Return the streams that may have no more than one character beyond the reserve."""
        near = self._step + reserve + 1
        if near < self._first_end:
            return []
        streams: list[int] = (self._end <= near).nonzero()[0].tolist()
        return streams

    @property
    def any_is_over(self) -> bool:
        """Whether some tune may have no more characters."""
        return self._step >= self._first_end

    def over(self) -> NDArray[np.bool_]:
        """Return which tunes may have no more characters, bool (N,)."""
        return self._end <= self._step


def reserve_of(begin: Place) -> int:
    """Return how many characters from its end a tune is watched, so that it ends in time.

    No tune needs more to end. One that has ended before is what it would be without a limit.
    """
    return _RESERVES * fewest(begin) + _RESERVE


def _state_behind(engine: Engine, characters: list[int]) -> State:
    """Return the state of the network behind some characters, read from a state of zero."""
    for stream in range(engine.num_streams):
        engine.reset(stream)
    for character in characters:
        engine.step(np.full(engine.num_streams, character, np.int32))
    return engine.state(0)


def raw_text(drawn: Iterator[Drawn], length: int | None) -> Iterator[str]:
    """Yield exactly the characters drawn, or the first of them."""
    for tune in drawn:
        yield tune.text[:length]
        if length is not None:
            length -= len(tune.text)
            if length <= 0:
                return
