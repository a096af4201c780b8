"""Which bars are drawn again: named, left over, one in eight, or those behind a phrase."""

import re
from collections.abc import Iterable

from abcgen.errors import UsageError
from abcgen.generation.redraw.bars import BarredTune
from abcgen.support import values

#: What a user may give for bars: text such as ``5,6`` or ``1-4``, or numbers.
Numbers = str | int | Iterable[int]

_SPAN = re.compile(r"(\d{1,9})(?:-(\d{1,9}))?")
_MOST_NAMED = 10_000
#: A variation draws one bar again in as many as these.
_ONE_IN = 8


def read_numbers(given: Numbers) -> frozenset[int]:
    """Return the numbers of bars that a user gives: ``"5,6"``, ``"1-4,7"``, ``5`` or ``[5, 6]``.

    Raises
    ------
    UsageError
        If they are worded otherwise, or there is none.
    """
    if isinstance(given, str):
        numbers = frozenset(_read(given))
    else:
        each = given if isinstance(given, Iterable) and not isinstance(given, bytes) else [given]
        numbers = frozenset(map(_number, each))
    if not numbers:
        raise UsageError("expected numbers of bars such as 5,6 or 1-4, found none")
    return numbers


def read_number(given: Numbers) -> int:
    """Return the number of the one bar that a user gives: ``"5"`` or ``5``.

    Raises
    ------
    UsageError
        If it is worded otherwise, or there are several.
    """
    numbers = read_numbers(given)
    if len(numbers) > 1:
        raise UsageError(f"expected the number of one bar, such as 5, found {spans_of(numbers)}")
    (number,) = numbers
    return number


def _number(given: object) -> int:
    number = values.index(given)
    if number is None or number < 0:
        raise UsageError(f"expected numbers of bars, 0 or more, found {values.shown(given)}")
    return number


def _read(text: str) -> Iterable[int]:
    for part in text.replace(",", " ").split():
        span = _SPAN.fullmatch(part)
        first, last = (int(span[1]), int(span[2] or span[1])) if span else (1, 0)
        if first > last or last - first > _MOST_NAMED:
            raise UsageError(f"expected numbers of bars such as 5,6 or 1-4, found {part!r}")
        yield from range(first, last + 1)


def spans_of(numbers: Iterable[int]) -> str:
    """Return numbers as `read_numbers` takes them, with spaces: ``1-4 7``."""
    spans: list[list[int]] = []
    for number in sorted(numbers):
        if spans and spans[-1][1] == number - 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return " ".join(f"{one}" if one == other else f"{one}-{other}" for one, other in spans)


def all_numbers(tune: BarredTune) -> frozenset[int]:
    """Return the numbers of all bars."""
    return frozenset(bar.number for bar in tune.bars)


def checked(tune: BarredTune, numbers: frozenset[int]) -> frozenset[int]:
    """Return the same numbers, of which the tune must have all.

    Raises
    ------
    UsageError
        If it has not; the message says which it has.
    """
    unknown = sorted(numbers - all_numbers(tune))
    if unknown:
        raise UsageError(f"there is no bar {unknown[0]}: {tune.extent}")
    return numbers


def named(tune: BarredTune, bars: Numbers | None, keep: Numbers | None) -> frozenset[int]:
    """Return the bars to draw: those that are named, or all, without those that are to stay.

    Raises
    ------
    UsageError
        If none would be drawn, or none would stay.
    """
    everything = all_numbers(tune)
    chosen = everything if bars is None else checked(tune, read_numbers(bars))
    chosen -= frozenset() if keep is None else checked(tune, read_numbers(keep))
    if not chosen:
        raise UsageError("no bar would be rewritten: name bars that do not stay as they are")
    if chosen == everything:
        raise UsageError(
            f"all bars would be rewritten: {tune.extent}; name fewer of them, or let "
            "abcgen.sample write a new tune"
        )
    return chosen


def one_in_eight(tune: BarredTune, seed: int) -> frozenset[int]:
    """Return one bar of each eight, by chance, but not the last bar of a tune.

    Raises
    ------
    UsageError
        If the tune has a single bar.
    """
    from random import Random  # it takes a while to load

    choose = Random(seed)
    last = tune.last - 1
    if last < 1:
        raise UsageError("a tune of one bar has none that could vary; use abcgen.sample")
    # `random` gives the same for the same seed in every version of Python.
    return frozenset(
        first + int(choose.random() * min(_ONE_IN, last - first + 1))
        for first in range(1, last + 1, _ONE_IN)
    )


def behind_phrase(tune: BarredTune, phrase: frozenset[int]) -> frozenset[int]:
    """Return the bars that answer a phrase: as many behind it as it has.

    Raises
    ------
    UsageError
        If the phrase has gaps, or too few bars are behind it.
    """
    first, last = min(checked(tune, phrase)), max(phrase)
    if len(phrase) != last - first + 1:
        raise UsageError(f"a phrase has no gaps, found the bars {spans_of(phrase)}")
    bars = frozenset(range(last + 1, last + 1 + len(phrase - {0})))
    if not bars or max(bars) > tune.last:
        raise UsageError(
            f"an answer to the bars {spans_of(phrase)} needs as many behind them: {tune.extent}"
        )
    return bars
