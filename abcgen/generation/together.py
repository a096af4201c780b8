"""Tunes of several requests drawn side by side: those that come together are drawn together.

A step of the network for many streams takes little more than for few. So one batch of streams takes
in whatever is asked for, at any step, and lets go what has come to its end.
"""

from collections import deque
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from abcgen.generation.accepting import Accept
from abcgen.generation.choosing import Choice, Scores, reserve_of
from abcgen.generation.jobs import MAX_STREAMS
from abcgen.generation.loop import (
    MAX_ATTEMPTS,
    DrawnTune,
    planning_of,
    state_behind,
)
from abcgen.generation.noise import Noise
from abcgen.generation.prime import start_of
from abcgen.generation.request import MAX_TUNE, Request
from abcgen.generation.streams import Streams
from abcgen.generation.titled import mask_of
from abcgen.generation.waiting import LINE, WAITING
from abcgen.grammar.acceptor import Place
from abcgen.model.engine import Engine, State
from abcgen.model.vocabulary import END_OF_TUNE

#: A batch becomes smaller when this part of its streams waits: that takes as long as some steps.
_WAITING_PART = 4
_PRIMES_KEPT = 64


@dataclass(eq=False)
class Asked:
    """A tune that is asked for.

    Attributes
    ----------
    request : Request
        Not a raw one.
    number : int
        The tune's number. With the request it determines the tune, whatever is drawn beside it.
    accept : callable, optional
        As in `abcgen.generation.loop.draw_tunes`.
    """

    request: Request
    number: int = 1
    accept: Accept | None = None
    prime: str = ""
    place: Place = WAITING
    reserve: int = 0
    given: list[int] = field(default_factory=list)


class Together:
    """A batch of streams in which each draws a tune of a request of its own.

    The tunes are those of `abcgen.generation.loop.draw_tunes`. Not for several threads at once.

    Parameters
    ----------
    reading : callable
        Gives an engine of one stream for as long as a prime is read.
    engine_of : callable
        Gives an engine of the same network with a number of streams.
    most : int
        The most streams; what is asked for beyond them waits.
    """

    def __init__(
        self,
        reading: Callable[[], AbstractContextManager[Engine]],
        engine_of: Callable[[int], Engine],
        most: int = MAX_STREAMS,
    ) -> None:
        self._most = most
        self._engine = engine_of(1)
        self._vocabulary = vocabulary = self._engine.vocabulary
        self._line_end, self._line = (vocabulary.char2idx[one] for one in (END_OF_TUNE, LINE))
        self._queue: deque[Asked] = deque()
        self._asked: list[Asked | None] = [None]  # by stream
        self._changed = True  # whether something was asked for or let go since the last step
        self._mask = mask_of(self._engine, WAITING, 1)
        self._planning = planning_of(self._engine, self._mask)
        self._noise = Noise(1, len(vocabulary))
        self._streams = Streams(1)
        self._last = np.zeros(1, np.int64)  # (N,)
        self._wait(0)

        @lru_cache(_PRIMES_KEPT)
        def state_of(prime: str) -> State:
            known = vocabulary.encode(prime)
            with reading() as reader:
                return state_behind(reader, [self._line_end, *known[:-1].tolist()])

        self._state_of = state_of

    def __len__(self) -> int:
        """Return how many tunes are drawn or wait for it."""
        return len(self._queue) + len(self._asked) - self._asked.count(None)

    def ask(self, asked: Asked) -> None:
        """Let a tune be drawn from the next step on.

        Raises
        ------
        VocabularyError, UsageError
            If the network or the grammar does not allow its prime.
        """
        asked.prime, place = start_of(self._vocabulary, asked.request)
        if place is None:
            raise ValueError("raw text has no end: it cannot be drawn together with tunes")
        asked.place, asked.reserve = place, reserve_of(place)
        asked.given = self._vocabulary.encode(asked.prime).tolist()
        self._queue.append(asked)
        self._changed = True

    def drop(self, asked: Asked) -> None:
        """Draw a tune no further."""
        if asked in self._queue:
            self._queue.remove(asked)
        elif asked in self._asked:
            self._wait(self._asked.index(asked))

    def step(self) -> list[tuple[Asked, DrawnTune]]:
        """Draw a character of each tune; return those that have come to their end."""
        if self._changed:
            self._take_in()
        chosen = self._choose(self._engine.step(self._last), self._noise.next())
        self._mask.advance(chosen)
        last, self._last = self._last, chosen
        self._streams.add(chosen)
        if self._planning:
            self._planning.add(chosen)
        whole = (chosen == self._line_end) & (last == self._line_end)  # (N,)
        if not whole.any() and not self._streams.any_is_over:
            return []
        ended: list[int] = (whole | self._streams.over()).nonzero()[0].tolist()
        return [done for stream in ended if (done := self._end(stream, bool(whole[stream])))]

    def _take_in(self) -> None:
        """Let streams that wait draw what is asked for; note what all steps until then need."""
        self._fit()
        for stream, busy in enumerate(self._asked):
            if busy is None and self._queue:
                asked = self._asked[stream] = self._queue.popleft()
                self._begin(stream, asked, 1)
        drawn = [(stream, asked) for stream, asked in enumerate(self._asked) if asked]
        self._truncated = [stream for stream, asked in drawn if asked.request.sampler.truncates]
        self._reserve = max([asked.reserve for _, asked in drawn], default=0)
        self._changed = False

    def _fit(self) -> None:
        """Have as many streams as there are tunes, more or less."""
        busy = [stream for stream, asked in enumerate(self._asked) if asked]
        wanted = min(len(busy) + len(self._queue), self._most)
        count = len(self._asked)
        if wanted > count:
            self._keep([*range(count), *[0] * (wanted - count)])
            for stream in range(count, wanted):
                self._wait(stream)
        elif count - wanted >= max(count // _WAITING_PART, 1):
            self._keep(busy or [0])

    def _keep(self, streams: list[int]) -> None:
        """Keep these streams, renumbered from 0; one may be there several times."""
        for part in (self._engine, self._mask, self._noise, self._streams, self._planning):
            if part:
                part.keep(streams)
        self._asked = [self._asked[stream] for stream in streams]
        self._last = self._last[streams]

    def _begin(self, stream: int, asked: Asked, attempt: int) -> None:
        """Begin an attempt at a tune."""
        request = asked.request
        self._streams.begin(stream, asked.number, attempt, MAX_TUNE - len(asked.given))
        temperature = request.sampler.temperature
        self._noise.begin(stream, request.seed, asked.number, attempt, temperature)
        self._engine.restore(stream, self._state_of(asked.prime))
        self._last[stream] = asked.given[-1]
        self._mask.put(stream, asked.place)
        if self._planning:
            self._planning.begin(stream, request, asked.prime, asked.number, attempt)

    def _wait(self, stream: int) -> None:
        """Let a stream wait for a tune."""
        self._asked[stream] = None
        self._changed = True
        self._streams.begin(stream, 0, 0, MAX_TUNE)
        self._noise.silence(stream)
        self._engine.reset(stream)
        self._last[stream] = self._line
        self._mask.put(stream, WAITING)
        if self._planning:
            self._planning.drop(stream)

    def _choose(self, logits: NDArray[np.float32], noise: NDArray[np.float32]) -> NDArray[np.int64]:
        """Return the next character of each stream, (N,), from logits and noise, both (N, V)."""
        # Without the mask: as in `loop`, forbidding characters does not change the choice of an
        # allowed one. It follows below, in the streams that need it.
        chosen: NDArray[np.int64] = (logits + noise).argmax(axis=1)
        near = [
            stream
            for stream in self._streams.near_their_end(self._reserve)
            if (asked := self._asked[stream]) and self._streams.left(stream) <= asked.reserve + 1
        ]
        if near:
            self._mask.release(near)
            if self._planning:
                self._planning.release(near)
        choice = Choice(self._mask, chosen, logits, noise)  # changes `chosen` and `logits` in place
        # Streams near their end choose again, too, even if their character is allowed:
        # `end_in_time` may have to take another, and needs the forbidden ones marked for that.
        for stream in dict.fromkeys([*self._mask.refused(chosen), *near, *self._truncated]):
            choice.allow(stream, self._scores(stream))
        for stream in near:
            choice.end_in_time(stream, self._scores(stream), self._streams.left(stream))
        return chosen

    def _scores(self, stream: int) -> Scores:
        """Return what gives the scores of a stream's characters."""
        asked = self._asked[stream]
        return asked.request.sampler.scores if asked else np.add

    def _end(self, stream: int, whole: bool) -> tuple[Asked, DrawnTune] | None:
        """Let go the tune of a stream, or begin it again; None where there is none."""
        asked = self._asked[stream]
        if asked is None:
            self._wait(stream)  # so that what it has read does not grow for ever
            return None
        text = asked.prime + self._vocabulary.decode(self._streams.drawn(stream))
        attempt = self._streams.attempt[stream]
        accepted = not whole or asked.accept is None or asked.accept(text, attempt)
        if not accepted and attempt < MAX_ATTEMPTS:
            self._begin(stream, asked, attempt + 1)
            return None
        self._wait(stream)
        return asked, DrawnTune(text, whole, asked.number, attempt, accepted)
