"""Draw from counts, smoothed: a context that was seen seldom leans on a shorter one.

Source: T. C. Bell, J. G. Cleary and I. H. Witten, "Text compression", 1990 (method C, known as
Witten-Bell smoothing).
"""

import math
import random
import zlib
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

#: What is seen: some small numbers.
Value = tuple[int, ...]
#: What it may depend on, the most telling first; the last is the same for all.
Contexts = Sequence[object]


class _Level(NamedTuple):
    """What was seen in the contexts of one length, sorted by context and value."""

    #: The hash of the context, and the number of the value.
    contexts: "array[int]"
    values: "array[int]"
    #: Pairs of context and value that differ, up to each.
    different: "array[int]"
    #: What was found of contexts that were asked for: they come again and again.
    known: dict[object, tuple[int, int, int]]


class Counts:
    """How often each value was seen in each context.

    Parameters
    ----------
    lean : float
        How much a context leans on the next one for each different value that was seen in it.
    values : list of tuple of int
        The values.
    hashes : uint32 array, shape (levels, seen)
        For each value seen, the hashes of its contexts.
    seen : uint16 array, shape (seen,)
        The numbers of the values seen.
    """

    def __init__(
        self,
        lean: float,
        values: list[Value],
        hashes: NDArray[np.uint32],
        seen: NDArray[np.uint16],
    ) -> None:
        self._lean, self._values, self._hashes, self._seen = lean, values, hashes, seen

    @cached_property
    def _levels(self) -> list[_Level]:
        return [_level(of, self._seen) for of in self._hashes]

    @classmethod
    def of(cls, lean: float, observed: Iterable[tuple[Contexts, Value]]) -> Self:
        """Count what was observed: values in their contexts."""
        observed = list(observed)
        numbers: dict[Value, int] = {}
        seen = [numbers.setdefault(value, len(numbers)) for _, value in observed]
        hashes = [[_hash(context) for context in contexts] for contexts, _ in observed]
        return cls(lean, list(numbers), np.array(hashes, np.uint32).T, np.array(seen, np.uint16))

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return everything as arrays."""
        return {
            "lean": np.array(self._lean),
            "lengths": np.array([len(value) for value in self._values], np.uint8),
            "values": np.array([part for value in self._values for part in value], np.int8),
            "hashes": self._hashes,
            "seen": self._seen,
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """Make it of what `arrays` returned."""
        ends = np.cumsum(arrays["lengths"]).tolist()
        parts = arrays["values"].tolist()
        values = [tuple(parts[start:end]) for start, end in zip([0, *ends], ends, strict=False)]
        return cls(float(arrays["lean"]), values, arrays["hashes"], arrays["seen"])

    def in_order(self) -> list[Value]:
        """Return all values that were seen, in that order."""
        return [self._values[number] for number in self._seen.tolist()]

    def draw(self, contexts: Contexts, chance: random.Random) -> Value:
        """Draw a value."""
        for level, context in zip(self._levels, contexts, strict=True):
            first, end, different = _found(level, context)
            place = chance.random() * (end - first + self._lean * different)
            if place < end - first:
                return self._values[level.values[first + int(place)]]
        return self._values[self._levels[-1].values[int(chance.random() * len(self._seen))]]

    def bits(self, contexts: Contexts, value: Value, unknown: float = 12.0) -> float:
        """Return the cost of a value in bits; what was never seen costs about `unknown` bits."""
        number = self._values.index(value) if value in self._values else -1
        odds = 0.0
        for level, context in zip(self._levels[::-1], contexts[::-1], strict=True):
            first, end, different = _found(level, context)
            if end > first:
                count = bisect_right(level.values, number, first, end)
                count -= bisect_left(level.values, number, first, end)
                # The last has nothing to lean on.
                lean = self._lean * different if level is not self._levels[-1] else 0.0
                odds = (count + lean * odds) / (end - first + lean)
        return -math.log2(odds) if odds else unknown


def _hash(context: object) -> int:
    return zlib.crc32(repr(context).encode())


def _level(hashes: NDArray[np.uint32], seen: NDArray[np.uint16]) -> _Level:
    order = np.lexsort((seen, hashes))
    contexts, values = hashes[order], seen[order]
    changes = np.ones(len(order), np.int64)
    changes[1:] = (contexts[1:] != contexts[:-1]) | (values[1:] != values[:-1])
    return _Level(
        array("I", contexts.astype("=u4").tobytes()),
        array("H", values.astype("=u2").tobytes()),
        array("q", changes.cumsum().tobytes()),
        {},
    )


def _found(level: _Level, context: object) -> tuple[int, int, int]:
    """Return where a context begins and ends, and how many different values it has."""
    found = level.known.get(context)
    if found is None:
        found = level.known[context] = _search(level, _hash(context))
    return found


def _search(level: _Level, wanted: int) -> tuple[int, int, int]:
    first = bisect_left(level.contexts, wanted)
    end = bisect_right(level.contexts, wanted, first)
    different = level.different[end - 1] - level.different[first] + 1 if end > first else 0
    return first, end, different
