"""What all visitors of the studio share: the network, the book, and the threads that work."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from abcgen import Generator, Tune
from abcgen.studio.book import Book
from abcgen.studio.fields import RefusedError

Result = TypeVar("Result")

#: Seconds until a visitor is told that the work takes too long.
PATIENCE = 60.0
#: Requests that may wait for a thread.
MOST_WAITING = 200


class Workshop:
    """Does the work of requests in threads, so that the server always answers.

    Parameters
    ----------
    generator : Generator
        Makes tunes, for all visitors.
    book : Book
        Keeps them.
    threads : int
        How many requests are worked on at once.
    """

    def __init__(self, generator: Generator, book: Book, threads: int) -> None:
        self.generator, self.book = generator, book
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="studio")
        self._waiting = 0

    def warm_up(self) -> None:
        """Load what the first visitor would have to wait for, in a thread."""
        self._pool.submit(self._warm_up)

    def _warm_up(self) -> None:
        self.generator.tune(seed=1).svg()

    def close(self) -> None:
        """Let no more work begin; close the book when what has begun is done."""
        self._pool.shutdown(cancel_futures=True)
        self.book.close()

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
            raise RefusedError(503, f"this takes longer than {PATIENCE:g} seconds") from None
        if error is not None:
            raise error
        assert result is not None
        return result

    def _done(self, _: object) -> None:
        self._waiting -= 1


def _run(work: Callable[[], Result]) -> tuple[Result | None, Exception | None]:
    """Return what some work returns, or its error; so none is lost unseen."""
    try:
        return work(), None
    except Exception as error:
        return None, error


def tune_of(abc: str) -> Tune:
    """Return one tune of ABC text that a visitor sent."""
    return Tune(abc.replace("\r\n", "\n").rstrip("\n") + "\n")
