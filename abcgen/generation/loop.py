"""The drawing loop: many tunes side by side, one character each with every step of the network."""

import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from abcgen.generation.accepting import Accept
from abcgen.generation.choosing import Choice, reserve_of
from abcgen.generation.mask import Mask
from abcgen.generation.noise import Noise
from abcgen.generation.prime import start_of
from abcgen.generation.request import MAX_TUNE, Request
from abcgen.generation.stats import Stats
from abcgen.generation.streams import Streams
from abcgen.generation.titled import mask_of
from abcgen.model.engine import Engine, State
from abcgen.model.vocabulary import END_OF_TUNE

if TYPE_CHECKING:
    from abcgen.generation.planning import Planning

#: How often a tune is drawn until one is accepted.
MAX_ATTEMPTS = 50
#: All tune numbers.
ALL_NUMBERS = range(1, sys.maxsize)


class DrawnTune(NamedTuple):
    """A tune as drawn.

    Attributes
    ----------
    text : str
        Its characters, the prime included. A whole tune ends with a blank line; one that was cut
        off ends anywhere.
    whole : bool
        Whether it came to its end.
    number : int
        Its number.
    attempt : int
        The attempt that this is, from 1.
    accepted : bool
        False if no attempt was accepted; this is then the last one.
    """

    text: str
    whole: bool
    number: int = 1
    attempt: int = 1
    accepted: bool = True


def draw_tunes(
    engine: Engine,
    request: Request,
    numbers: Iterable[int] = ALL_NUMBERS,
    *,
    attempt: int = 1,
    each: int = 1,
    most: int | Callable[[int, int], int] = MAX_TUNE,
    accept: Accept | None = None,
    stats: Stats | None = None,
) -> Iterator[DrawnTune]:
    """Yield tunes in the order of their numbers.

    Parameters
    ----------
    engine : Engine
        Draws `engine.num_streams` tunes side by side. Their number never changes a tune.
    request : Request
        What is asked for. Unless it is raw, only valid characters are drawn and every tune comes
        to its end.
    numbers : iterable of int
        The tunes' numbers, from 1. Each is taken when a stream is free for it; the engine keeps
        as many streams as there are tunes left.
    attempt : int
        The attempt with which every tune begins.
    each : int
        The attempts at every tune that are yielded, one behind the other.
    most : int or callable
        The most characters of a tune, the prime and its blank line included: up to `MAX_TUNE`,
        and at least the prime's and `fewest` of the place behind it. Or a function that gives it
        for a tune's number and attempt, called when that begins.
    accept : callable, optional
        Takes the text of a whole tune and its attempt: is it accepted? One that is not is drawn
        again with the noise of its next attempt, unless there are several of each; other tunes do
        not change.
    stats : Stats, optional
        Counts what the mask does.

    Raises
    ------
    VocabularyError, UsageError
        If the network or the grammar does not allow the prime.
    """
    attempts = range(attempt, attempt + each)
    yield from _Loop(engine, request, iter(numbers), attempts, most, accept, stats)


class _Loop:
    """The state of `draw_tunes`; N streams, V characters."""

    def __init__(
        self,
        engine: Engine,
        request: Request,
        numbers: Iterator[int],
        attempts: range,
        most: int | Callable[[int, int], int],
        accept: Accept | None,
        stats: Stats | None,
    ) -> None:
        self._engine, self._request, self._sampler = engine, request, request.sampler
        self._begun = ((number, attempt) for number in numbers for attempt in attempts)
        self._each = len(attempts)
        self._most, self._accept, self._stats = most, accept, stats
        vocabulary, count = engine.vocabulary, engine.num_streams
        self._vocabulary = vocabulary
        self._prime, place = start_of(vocabulary, request)
        self._given = vocabulary.encode(self._prime)
        self._line_end = int(vocabulary.encode(END_OF_TUNE)[0])
        self._reserve = reserve_of(place) if place else 0
        self._mask = mask_of(engine, place, count) if place else None
        self._noise = Noise(count, len(vocabulary), self._sampler.temperature)
        self._planning = planning_of(engine, self._mask)
        self._streams = Streams(count)
        self._last = np.empty(count, np.int64)  # (N,)
        self._state = state_behind(engine, [self._line_end, *self._given[:-1].tolist()])
        self._rejected: set[int] = set()  # streams whose tune was not accepted
        self._order: deque[tuple[int, int]] = deque()  # the places begun and not yet yielded
        self._done: dict[tuple[int, int], DrawnTune] = {}  # tunes that wait for one before them

    def __iter__(self) -> Iterator[DrawnTune]:
        free = list(range(len(self._streams)))
        while True:
            self._begin(free)
            if not len(self._streams):
                return
            logits = self._engine.step(self._last)  # (N, V)
            chosen = self._choose(logits, self._noise.next())  # (N,)
            free = self._finish(chosen)
            if free:
                yield from self._ready()

    def _begin(self, free: list[int]) -> None:
        """Begin the next tune, or the next attempt, in each free stream; drop idle streams."""
        idle = []
        for stream in free:
            if stream in self._rejected:
                number, attempt = self._streams.number[stream], self._streams.attempt[stream] + 1
            else:
                number, attempt = next(self._begun, (0, 0))
                if not number:
                    idle.append(stream)
                    continue
                self._order.append(self._place(number, attempt))
            most = self._most(number, attempt) if callable(self._most) else self._most
            self._streams.begin(stream, number, attempt, most - len(self._given))
            self._noise.begin(stream, self._request.seed, number, attempt)
            self._engine.restore(stream, self._state)
            self._last[stream] = self._given[-1]
            if self._mask:
                self._mask.reset(stream)
            if self._planning:
                self._planning.begin(stream, self._request, self._prime, number, attempt)
        if idle:
            self._keep([stream for stream in range(len(self._streams)) if stream not in idle])

    def _keep(self, streams: list[int]) -> None:
        """Keep only these streams, renumbered from 0."""
        self._streams.keep(streams)
        if streams:
            self._last = self._last[streams]
            for part in (self._engine, self._noise, self._mask, self._planning):
                if part:
                    part.keep(streams)

    def _choose(self, logits: NDArray[np.float32], noise: NDArray[np.float32]) -> NDArray[np.int64]:
        """Return the next character of each stream, (N,), from logits and noise, both (N, V)."""
        mask, sampler = self._mask, self._sampler
        # The mask is not needed for most choices: forbidding characters does not change the choice
        # of an allowed one. It comes first only where its effect is counted, or where the sampler
        # keeps the likeliest characters only, which must be the likeliest of the allowed ones. Else
        # it is applied below, after the choice, and only in the streams that need it.
        if mask and (self._stats or sampler.truncates):
            penalty = mask.forbidden()
            if self._stats:
                self._stats.count(sampler, logits, noise, penalty < 0)
            logits += penalty
        chosen: NDArray[np.int64] = sampler.scores(logits, noise).argmax(axis=1)
        if mask:
            near = self._streams.near_their_end(self._reserve)
            if near:
                mask.release(near)
                if self._planning:
                    self._planning.release(near)
            choice = Choice(mask, chosen, logits, noise)  # changes `chosen` and `logits` in place
            # Streams near their end choose again, too, even if their character is allowed:
            # `end_in_time` may have to take another, and needs the forbidden ones marked for that.
            for stream in mask.refused(chosen) + near:
                choice.allow(stream, sampler.scores)
            for stream in near:
                choice.end_in_time(stream, sampler.scores, self._streams.left(stream))
            mask.advance(chosen)
        return chosen

    def _finish(self, chosen: NDArray[np.int64]) -> list[int]:
        """Add the chosen characters; return the streams whose tune has ended."""
        last, self._last = self._last, chosen
        streams = self._streams
        streams.add(chosen)
        if self._planning:
            self._planning.add(chosen)
        self._rejected.clear()
        if not streams.any_is_over and self._line_end not in chosen.tolist():
            return []
        whole = (chosen == self._line_end) & (last == self._line_end)
        free: list[int] = (whole | streams.over()).nonzero()[0].tolist()
        for stream in free:
            text = self._prime + self._vocabulary.decode(streams.drawn(stream))
            number, attempt = streams.number[stream], streams.attempt[stream]
            accepted = not whole[stream] or self._accept is None or self._accept(text, attempt)
            if accepted or attempt >= MAX_ATTEMPTS or self._each > 1:
                tune = DrawnTune(text, bool(whole[stream]), number, attempt, accepted)
                self._done[self._place(number, attempt)] = tune
            else:
                self._rejected.add(stream)
        return free

    def _place(self, number: int, attempt: int) -> tuple[int, int]:
        """Return the place of a tune among the others; its attempt counts if there are several."""
        return number, attempt if self._each > 1 else 1

    def _ready(self) -> Iterator[DrawnTune]:
        """Yield the tunes that no earlier one holds up."""
        while self._order and self._order[0] in self._done:
            yield self._done.pop(self._order.popleft())


def planning_of(engine: Engine, mask: Mask | None) -> "Planning | None":
    """Return what plans the tunes, if the network reads plans."""
    if engine.planner is None:
        return None
    from abcgen.generation.planning import Planning

    return Planning(engine, engine.planner, mask)


def state_behind(engine: Engine, characters: list[int]) -> State:
    """Return the state of the network after some characters, read from a zero state."""
    for stream in range(engine.num_streams):
        engine.reset(stream)
    for character in characters:
        engine.step(np.full(engine.num_streams, character, np.int32))
    return engine.state(0)
