"""What all visitors of the studio share: the network, the book, and the threads that work."""

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar, cast

from abcgen.studio.book import Book
from abcgen.studio.fields import RefusedError
from abcgen.studio.networks import Networks
from abcgen.studio.training import Training

if TYPE_CHECKING:
    from abcgen import Generator, Tune
    from abcgen.api.batch import Batch

Result = TypeVar("Result")
#: Told how much of some work is done, 0 to 1; it raises where nobody waits for the rest.
Progress = Callable[[float], None]

#: Seconds until a visitor is told that the work takes too long.
PATIENCE = 60.0
#: Requests that may wait for a thread.
MOST_WAITING = 200
_STEPS = 20  # in which progress is told


class GoneError(Exception):
    """Nobody waits for this work any more."""


class Workshop:
    """Does the work of requests in threads, so that the server always answers.

    Parameters
    ----------
    networks : Networks
        Make tunes, for all visitors.
    book : Book
        Keeps them.
    threads : int
        How many requests are worked on at once.
    """

    def __init__(self, networks: Networks, book: Book, threads: int) -> None:
        self.networks, self.book, self.training = networks, book, Training(networks)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="studio")
        self._waiting = 0

    def batch(self, name: str = "") -> "Batch":
        """Return what draws the tunes of all visitors together, with a network."""
        return self.networks.batch(name)

    def generator(self, name: str = "") -> "Generator":
        """Return a network; asked for in a thread, since it may have to be loaded."""
        return self.batch(name).generator

    def begin(self, failed: Callable[[Exception], None]) -> None:
        """Load what the first visitor would wait for, in a thread.

        Parameters
        ----------
        failed : callable
            Takes, in that thread, the error that comes of it.
        """

        def load() -> None:
            try:
                self.generator().tune(seed=1).svg()
            except Exception as error:
                failed(error)

        self._pool.submit(load)

    def close(self) -> None:
        """Let no more work begin, and wait until what has begun is done."""
        self.training.stop()
        self._pool.shutdown(cancel_futures=True)
        self.networks.close()

    async def do(self, work: Callable[[], Result]) -> Result:
        """Return what some work returns that is done in a thread.

        Raises
        ------
        RefusedError
            If too many wait already, or it takes too long. It then goes on unseen.
        """
        if self._waiting >= MOST_WAITING:
            raise RefusedError(503, "too many requests at once; try again in a moment")
        self._waiting += 1
        loop = asyncio.get_running_loop()
        future = loop.run_in_executor(self._pool, partial(_run, work))
        future.add_done_callback(self._done)
        try:
            # A visitor who goes away must not count as done before the thread is free again.
            result, error = await asyncio.wait_for(asyncio.shield(future), PATIENCE)
        except TimeoutError:
            raise _too_long() from None
        if error is not None:
            raise error
        return cast(Result, result)

    async def follow(
        self, work: Callable[[Progress], list[Mapping[str, Any]]]
    ) -> AsyncGenerator[Mapping[str, Any], None]:
        """Yield how far some work is that is done in a thread, then its result.

        Where this is closed before, the work ends at the next progress that it tells.
        """
        loop = asyncio.get_running_loop()
        told: asyncio.Queue[float | None] = asyncio.Queue()
        gone = threading.Event()
        last = -1

        def progress(done: float) -> None:
            nonlocal last
            if gone.is_set():
                raise GoneError
            if (step := int(done * _STEPS)) > last:
                last = step
                loop.call_soon_threadsafe(told.put_nowait, step / _STEPS)

        task = asyncio.ensure_future(self.do(lambda: work(progress)))
        task.add_done_callback(lambda _: told.put_nowait(None))
        try:
            while (done := await told.get()) is not None:
                yield {"done": done}
            yield {"tunes": task.result()}
        finally:
            gone.set()
            task.add_done_callback(lambda done: done.cancelled() or done.exception())

    async def drawn(self, ask: "Callable[[], list[Future[Tune]]]") -> "AsyncGenerator[Tune, None]":
        """Yield tunes that are asked for in a thread, as they are drawn, in order.

        Those that are still to come at the end are cancelled.
        """
        futures: list[Future[Tune]] = []
        gone = threading.Event()

        def begin() -> None:
            futures.extend(ask())
            if gone.is_set():
                _cancel(futures)

        try:
            await self.do(begin)
            async with asyncio.timeout(PATIENCE):
                for future in futures:
                    yield await asyncio.wrap_future(future)
        except TimeoutError:
            raise _too_long() from None
        finally:
            gone.set()
            _cancel(futures)

    def _done(self, _: object) -> None:
        self._waiting -= 1


def _cancel(futures: "list[Future[Tune]]") -> None:
    for future in futures:
        future.cancel()


def _too_long() -> RefusedError:
    return RefusedError(503, f"this takes longer than {PATIENCE:g} seconds")


def _run(work: Callable[[], Result]) -> tuple[Result | None, Exception | None]:
    """Return what some work returns, or its error; so none is lost unseen."""
    try:
        return work(), None
    except Exception as error:
        return None, error


def tune_of(abc: str) -> "Tune":
    """Return one tune of ABC text that a visitor sent."""
    from abcgen import Tune

    return Tune(abc.replace("\r\n", "\n").rstrip("\n") + "\n")
