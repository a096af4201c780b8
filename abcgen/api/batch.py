"""Tunes for many who ask at the same time, drawn side by side."""

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, Unpack

from abcgen.api.asking import TuneOptions, check_keywords
from abcgen.api.generator import Generator
from abcgen.api.tune import Tune
from abcgen.errors import UsageError
from abcgen.support import defaults
from abcgen.support.processes import num_processors

if TYPE_CHECKING:
    from abcgen.generation.book import Book
    from abcgen.generation.together import Asked, Together

#: So many tunes are drawn by one thread before the next one begins: two would take longer for
#: these, since each works while the other waits for the network alone.
_FEW = 8


class _Order(NamedTuple):
    """A tune that somebody waits for."""

    asked: "Asked"
    book: "Book"
    future: "Future[Tune]"


class Batch:
    """Draws the tunes that several threads ask for, in threads of its own.

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
        self._asking = threading.Lock()
        self._closed = False
        self._drawers = [_Drawer(self._together) for _ in range(num_processors())]

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
        from abcgen.generation.accepting import acceptance
        from abcgen.generation.best import critic_of
        from abcgen.generation.book import Book
        from abcgen.generation.jobs import limit_of
        from abcgen.generation.together import Asked

        check_keywords("Batch.tunes", options)
        request = self.generator._request(options, novel=novel)
        limit = limit_of(self.generator.checkpoint, request)
        with self.generator._engine() as reader:
            book = Book(reader, request, limit=limit)
        accept = acceptance(limit, critic_of(self.generator.checkpoint, request))
        orders = [
            _Order(Asked(request, number, accept), book, Future()) for number in range(1, count + 1)
        ]
        with self._asking:
            if self._closed:
                raise UsageError("the batch has come to its end: make another")
            for order in orders:
                min(self._drawers, key=lambda drawer: max(len(drawer), _FEW)).ask(order)
        return [order.future for order in orders]

    def close(self) -> None:
        """Stop; tunes that are not ready are cancelled."""
        with self._asking:
            self._closed = True
        for drawer in self._drawers:
            drawer.close()

    def _together(self) -> "Together":
        """Return the streams in which one thread draws."""
        from abcgen.generation.jobs import MAX_STREAMS, engine_of
        from abcgen.generation.together import Together

        name = self.generator._engine_name
        made = partial(engine_of, name, self.generator.checkpoint)
        # The network of Keras has one stream alone.
        # The generator's own engine reads primes: each engine takes some 9 MB.
        reading = self.generator._engine
        return Together(reading, made, MAX_STREAMS if name == defaults.ENGINE else 1)


class _Drawer:
    """Draws tunes side by side, in a thread.

    Parameters
    ----------
    streams : callable
        Makes the streams in which it draws, when the first tune is asked for.
    """

    def __init__(self, streams: "Callable[[], Together]") -> None:
        self._streams = streams
        self._come = threading.Condition()
        self._new: deque[_Order] = deque()
        self._gone: deque[Asked] = deque()  # tunes for which nobody waits any more
        self._waiting: dict[Asked, _Order] = {}
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="batch", daemon=True)
        self._thread.start()

    def __len__(self) -> int:
        """Return how many tunes are drawn or wait for it."""
        return len(self._new) + len(self._waiting)

    def ask(self, order: _Order) -> None:
        """Let a tune be drawn."""

        def done(future: "Future[Tune]") -> None:
            if future.cancelled():
                self._gone.append(order.asked)

        order.future.add_done_callback(done)
        with self._come:
            self._new.append(order)
            self._come.notify()

    def close(self) -> None:
        """Stop; tunes that are not ready are cancelled."""
        with self._come:
            self._closed = True
            self._come.notify()
        self._thread.join()

    def _run(self) -> None:
        """Draw until the end."""
        together: Together | None = None
        while True:
            with self._come:
                while not (self._new or self._waiting or self._closed):
                    self._come.wait()
                new = list(self._new)
                self._waiting.update((order.asked, order) for order in new)
                self._new.clear()
            if self._closed:
                for order in self._waiting.values():
                    order.future.cancel()
                return
            try:
                # It is false while it draws nothing.
                together = self._streams() if together is None else together
                for order in new:
                    together.ask(order.asked)
                self._step(together)
            except Exception as error:  # so that nobody waits for ever
                for order in self._waiting.values():
                    if order.future.set_running_or_notify_cancel():
                        order.future.set_exception(error)
                together = None
                self._waiting.clear()

    def _step(self, together: "Together") -> None:
        """Draw one character of each tune, and hand over those that are done."""
        while self._gone:
            asked = self._gone.popleft()
            if self._waiting.pop(asked, None):
                together.drop(asked)
        for asked, drawn in together.step() if self._waiting else ():
            order = self._waiting.pop(asked)
            if not order.future.set_running_or_notify_cancel():
                continue
            try:
                text = order.book.written(drawn).text.lstrip("\n")
            except Exception as error:  # of this tune alone
                order.future.set_exception(error)
            else:
                order.future.set_result(Tune(text))
