"""Plans of the tunes that are being drawn: each is drawn when the header of its tune is over."""

import hashlib
import random

import numpy as np
from numpy.typing import NDArray

from abcgen.generation.mask import Mask
from abcgen.generation.request import Request
from abcgen.model.engine import Engine
from abcgen.model.plans.planner import Planner, header_of

#: A section of fewer bars than these is not asked for.
_FEWEST_BARS = 2
_KEY = "\nK:"
#: Digits of a hash that seed the plan of a tune.
_BYTES = 8


class Planning:
    """Gives each of N tunes a plan, once it is known what kind of tune it is.

    The seed, the number of the tune, the attempt at it and its header decide its plan.

    Parameters
    ----------
    engine : Engine
        Reads the plans.
    planner : Planner
        Draws them.
    request : Request
        What is asked for.
    mask : Mask, optional
        Keeps the sections to their bars.
    prime : str
        What every tune begins with. If it goes beyond the header, the plan holds from the next bar.
    """

    def __init__(
        self,
        engine: Engine,
        planner: Planner,
        request: Request,
        mask: Mask | None,
        prime: str,
    ) -> None:
        self._engine, self._planner, self._mask = engine, planner, mask
        self._wishes, self._seed = request.wishes, request.seed
        self._prime = prime
        self._newline = engine.vocabulary.char2idx["\n"]
        self._key = engine.vocabulary.char2idx.get("K")
        #: Whether the field that ends the header has begun in the prime.
        self._in_key = _KEY.removesuffix(":") in prime
        #: Of each stream whose tune has no plan yet, the characters drawn of its header.
        self._headers: dict[int, list[int]] = {}
        self._chances: dict[int, random.Random] = {}
        #: The streams whose sections have been given their bars.
        self._asked: set[int] = set()

    def begin(self, stream: int, number: int, attempt: int) -> None:
        """Begin a tune; the engine has read the prime but for its last character."""
        words = hashlib.sha256(f"plan {self._seed} {number} {attempt}".encode()).digest()
        self._chances[stream] = random.Random(int.from_bytes(words[:_BYTES], "little"))
        self._headers[stream] = []
        self._asked.discard(stream)
        self._plan(stream, self._prime)

    def add(self, chosen: NDArray[np.integer]) -> None:
        """Take note of a character of each tune, (N,), before the engine reads it."""
        if not self._headers:
            return
        for stream, header in list(self._headers.items()):
            character = chosen.item(stream)
            header.append(character)
            if character == self._newline and (self._key in header or self._in_key):
                self._plan(stream, self._prime + self._engine.vocabulary.decode(header))

    def keep(self, streams: list[int]) -> None:
        """Keep only these streams, renumbered from 0."""
        old = dict(enumerate(streams))
        self._headers = {new: self._headers[of] for new, of in old.items() if of in self._headers}
        self._chances = {new: self._chances[of] for new, of in old.items() if of in self._chances}
        self._asked = {new for new, of in old.items() if of in self._asked}

    def release(self, streams: list[int]) -> None:
        """Let tunes end that are to end soon, wherever they are in their form."""
        for stream in self._asked.intersection(streams):
            self._asked.discard(stream)
            if self._mask:
                self._mask.ask(stream, ())

    def _plan(self, stream: int, text: str) -> None:
        """Draw the plan of a tune if its header is over."""
        _, key, rest = text.partition(_KEY)
        if not key or "\n" not in rest:
            return
        chords = self._wishes.chords
        style = 0 if chords is None else 1 + chords
        plan = self._planner.draw(header_of(text), self._chances[stream], self._wishes.form, style)
        self._engine.plan(stream, plan)
        del self._headers[stream]
        form = tuple(map(len, plan.sections))
        at_start = rest.endswith("\n") and "\n" not in rest[:-1]
        if self._mask and at_start and not self._wishes.form and min(form) >= _FEWEST_BARS:
            self._mask.ask(stream, form)
            self._asked.add(stream)
