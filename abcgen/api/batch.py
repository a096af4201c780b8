"""Tunes for many who ask at the same time, drawn side by side."""

import threading
from collections import deque
from concurrent.futures import Future
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, Unpack

from abcgen.api.generator import Generator, TuneOptions
from abcgen.api.tune import Tune
from abcgen.errors import UsageError
from abcgen.support import defaults

if TYPE_CHECKING:
    from abcgen.generation.book import Book
    from abcgen.generation.together import Asked, Together


class _Order(NamedTuple):
    """A tune that somebody waits for."""

    asked: "Asked"
    book: "Book"
    future: "Future[Tune]"


class Batch:
    """Draws the tunes that several threads ask for, in a thread of its own.

    Those that are asked for at the same time are drawn side by side, which takes much less time
    than one after the other. Each is the tune that `Generator.tune` makes of the same seed and
    wishes, whatever is drawn beside it.

    Parameters
    ----------
    generator : Generator
        Its network draws.

    Attributes
    ----------
    generator : Generator
        The same.
    """

    def __init__(self, generator: Generator) -> None:
        self.generator = generator
        self._come = threading.Condition()
        self._new: deque[_Order] = deque()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="batch", daemon=True)
        self._thread.start()

    def tunes(
        self, count: int = 1, *, novel: bool | int = False, **options: Unpack[TuneOptions]
    ) -> "list[Future[Tune]]":
        """Ask for tunes; return at once.

        Parameters
        ----------
        count : int
            How many.
        novel, **options
            The keywords of `Generator.tune`.

        Returns
        -------
        list of Future
            One for each tune, in order. To cancel one stops the drawing of its tune.

        Raises
        ------
        AbcgenError
            As `Generator.tune`, at once. What shows only later is raised by the future's result.
        """
        from abcgen.generation.book import Book
        from abcgen.generation.jobs import limit_of
        from abcgen.generation.together import Asked

        request = self.generator._request(novel=novel, **options)
        limit = limit_of(self.generator.checkpoint, request)
        with self.generator._engine() as reader:
            book = Book(reader, request, limit=limit)
        accept = limit.allows if limit else None
        orders = [
            _Order(Asked(request, number, accept), book, Future()) for number in range(1, count + 1)
        ]
        with self._come:
            if self._closed:
                raise UsageError("the batch has come to its end: make another")
            self._new.extend(orders)
            self._come.notify()
        return [order.future for order in orders]

    def close(self) -> None:
        """Stop; tunes that are not ready are cancelled."""
        with self._come:
            self._closed = True
            self._come.notify()
        self._thread.join()

    def _run(self) -> None:
        """Draw until the end."""
        waiting: dict[Asked, _Order] = {}
        together: Together | None = None
        while True:
            with self._come:
                while not (self._new or waiting or self._closed):
                    self._come.wait()
                new = list(self._new)
                self._new.clear()
            if self._closed:
                for order in (*waiting.values(), *new):
                    order.future.cancel()
                return
            try:
                # It is false while it draws nothing.
                together = self._together() if together is None else together
                for order in new:
                    waiting[order.asked] = order
                    together.ask(order.asked)
                self._step(together, waiting)
            except Exception as error:  # so that nobody waits for ever
                for order in {**waiting, **{order.asked: order for order in new}}.values():
                    if order.future.set_running_or_notify_cancel():
                        order.future.set_exception(error)
                waiting, together = {}, None

    def _step(self, together: "Together", waiting: "dict[Asked, _Order]") -> None:
        """Draw one character of each tune, and hand over those that are done."""
        for asked in [asked for asked, order in waiting.items() if order.future.cancelled()]:
            together.drop(asked)
            del waiting[asked]
        for asked, drawn in together.step() if waiting else ():
            order = waiting.pop(asked)
            if not order.future.set_running_or_notify_cancel():
                continue
            try:
                text = order.book.written(drawn).text.lstrip("\n")
            except Exception as error:  # of this tune alone
                order.future.set_exception(error)
            else:
                order.future.set_result(Tune(text))

    def _together(self) -> "Together":
        """Return the streams that draw."""
        from abcgen.generation.jobs import engine_of
        from abcgen.generation.together import Together
        from abcgen.model.parallel import ParallelEngine

        name, checkpoint = self.generator._engine_name, self.generator.checkpoint
        if name == defaults.ENGINE:
            return Together(ParallelEngine.of(checkpoint), partial(ParallelEngine.of, checkpoint))
        made = partial(engine_of, name, checkpoint)
        return Together(made(1), made)
