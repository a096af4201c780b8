"""One step of the network for many streams, shared out among the processors."""

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache, cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from abcgen.model.engine import LiteRTEngine, Memory
from abcgen.support.processes import num_processors
from abcgen.support.quiet import stderr_silenced

#: With fewer streams in each part, to wake another thread takes longer than it saves.
_FEWEST_IN_PART = 8
_MOST_PARTS = 4
#: LiteRT's products are made of so many streams at a time.
_ROWS = 4


class _Part(NamedTuple):
    """Some streams in an interpreter of their own: their rows, and its memory."""

    rows: slice
    memory: Memory


class ParallelEngine(LiteRTEngine):
    """A `LiteRTEngine` of many streams that uses several processors; its logits are the same.

    The streams are in parts, each with an interpreter of its own, which threads step at the same
    time. Where other engines or programs keep the processors busy, there is a single part.
    """

    def _allocate(self, num_streams: int) -> None:
        """Resize all tensors for a number of streams; what they held is lost."""
        self._parts: list[_Part] = []
        count = min(num_streams // _FEWEST_IN_PART, _helpers().free() + 1, _MOST_PARTS)
        if count <= 1:
            super()._allocate(num_streams)
            return
        self._make_room(num_streams)
        bounds = [num_streams * place // count // _ROWS * _ROWS for place in range(count)]
        self._parts = [
            _Part(slice(start, stop), self._resized(interpreter, stop - start))
            for start, stop, interpreter in zip(
                bounds, [*bounds[1:], num_streams], self._interpreters(count), strict=True
            )
        ]
        _, *state = self._inputs
        self._state = [np.zeros((num_streams, width), np.float32) for _, width in state]

    def _interpreters(self, count: int) -> list[Any]:
        """Return interpreters, of which there may have been fewer so far."""
        from ai_edge_litert.interpreter import Interpreter

        with stderr_silenced():
            self._others += [
                Interpreter(model_path=str(self._file), num_threads=1)
                for _ in range(count - 1 - len(self._others))
            ]
        return [self._interpreter, *self._others[: count - 1]]

    @cached_property
    def _others(self) -> list[Any]:
        return []

    def step(self, characters: NDArray[np.integer]) -> NDArray[np.float32]:
        """Read a character a stream; see `LiteRTEngine.step`."""
        if not self._parts:
            return super().step(characters)
        self._reader.read(characters, self._symbols)
        first, *others = self._parts
        with _helpers().beside() as run:
            helped = [(part, run(self._step_part, part)) for part in others]
            self._step_part(first)
            for part, helper in helped:
                if helper:
                    helper.result()
                else:
                    self._step_part(part)
        self._add_habits()
        return self._logits

    def _step_part(self, part: _Part) -> None:
        memory, rows = part.memory, part.rows
        for to, of in zip(memory.before, self._state, strict=True):
            to[:] = of[rows]
        self._predict(memory, self._symbols[rows], self._logits[rows])
        for of, to in zip(memory.after, self._state, strict=True):
            to[rows] = of


class _Helpers:
    """Threads for the parts of all engines: never more than there are processors at work."""

    def __init__(self, count: int) -> None:
        self.count = count
        self._processors = threading.Semaphore(count + 1)
        self._pool = ThreadPoolExecutor(max(count, 1), thread_name_prefix="step")

    def free(self) -> int:
        """Return how many threads would help: none where other programs leave no time for them."""
        return 0 if _others_running() >= self.count + 1 else self.count

    @contextmanager
    def beside(self) -> Iterator[Callable[..., "Future[None] | None"]]:
        """Give what lets a thread do some work, or returns None if no processor is free for it."""
        own = self._processors.acquire(blocking=False)
        try:
            yield self._run
        finally:
            if own:
                self._processors.release()

    def _run(self, work: Callable[[_Part], None], part: _Part) -> "Future[None] | None":
        if not self._processors.acquire(blocking=False):
            return None
        future = self._pool.submit(work, part)
        future.add_done_callback(lambda _: self._processors.release())
        return future


def _others_running() -> float:
    """Return how many other threads of this machine run at the moment."""
    try:
        running, _, _ = Path("/proc/loadavg").read_text().split()[3].partition("/")
        return int(running) - 1
    except (OSError, IndexError, ValueError):  # not Linux
        pass
    try:
        return os.getloadavg()[0]  # on average, in the last minute
    except (AttributeError, OSError):  # Windows
        return 0


@cache
def _helpers() -> _Helpers:
    """Return those of this process."""
    return _Helpers(num_processors() - 1)
