"""Values that a program gives, as plain numbers, truth values, text and paths.

NumPy's numbers are taken like Python's, and become Python's, so that what is written down of them
reads back as the same.
"""

import operator
import os
import sys
from collections.abc import Callable, Iterable
from numbers import Real
from pathlib import Path

from abcgen.errors import UsageError

_SHOWN = 40  # characters of a wrong value that are repeated in the message
_FLAGS = {True: True, False: False}


def whole(name: str, value: object, least: int, most: int | None = None) -> int:
    """Return a whole number.

    Parameters
    ----------
    name : str
        What messages call it.
    value : object
        What was given.
    least, most : int
        Its range; without `most` there is no end.

    Raises
    ------
    UsageError
        If it is none, or out of range.
    """
    number = index(value)
    if number is None or number < least or (most is not None and number > most):
        wanted = f"{least} or more" if most is None else f"{least} to {most}"
        raise UsageError(f"{name} must be a whole number, {wanted}, not {shown(value)}")
    return number


def count(name: str, value: object, least: int) -> int:
    """Return how many of something; no more than a program can count.

    Raises
    ------
    UsageError
        As `whole`.
    """
    number = whole(name, value, least)
    if number > sys.maxsize:
        raise UsageError(f"{name} must be at most {sys.maxsize:,}, not {shown(value)}")
    return number


def number(name: str, value: object) -> float:
    """Return a number, whole or not.

    Raises
    ------
    UsageError
        If it is none.
    """
    if isinstance(value, Real) and not isinstance(value, bool):
        try:
            return float(value)
        except OverflowError:
            pass
    raise UsageError(f"{name} must be a number, not {shown(value)}")


def flag(name: str, value: object) -> bool:
    """Return a truth value; text is none, whatever it says.

    Raises
    ------
    UsageError
        If it is none.
    """
    found = _flag(value)
    if found is None:
        raise UsageError(f"{name} must be True or False, not {shown(value)}")
    return found


def flag_or_whole(name: str, value: object) -> bool | int:
    """Return a truth value or a whole number, which 0 and 1 are.

    Raises
    ------
    UsageError
        If it is none of these.
    """
    number = index(value)
    found = _flag(value) if number is None and not isinstance(value, float) else number
    if found is None:
        raise UsageError(f"{name} must be True, False or a whole number, not {shown(value)}")
    return found


def text(name: str, value: object, example: str = "") -> str:
    """Return a text.

    Parameters
    ----------
    name : str
        What messages call it.
    value : object
        What was given.
    example : str
        What it may be, for the message.

    Raises
    ------
    UsageError
        If it is none.
    """
    if isinstance(value, str):
        return value
    such = f", such as {example!r}" if example else ""
    raise UsageError(f"{name} must be text{such}, not {shown(value)}")


def path(name: str, value: object, wanted: str) -> Path:
    """Return a path, which may be given as text.

    Parameters
    ----------
    name : str
        What messages call it.
    value : object
        What was given.
    wanted : str
        What it should be, for the message.

    Raises
    ------
    UsageError
        If it is none, or empty.
    """
    try:
        found = os.fspath(value)  # type: ignore[call-overload]
    except TypeError:
        found = None
    if isinstance(found, str) and found:
        return Path(found)
    raise UsageError(f"{name} must be {wanted}, not {shown(value)}")


def name_or_number(name: str, value: object) -> str | None:
    """Return as text what has a name, or a number from 1; None where it is not given.

    Raises
    ------
    UsageError
        If it is neither.
    """
    return value if isinstance(value, str | None) else str(whole(name, value, 1))


def function(name: str, value: Callable[..., object] | None) -> None:
    """Raise unless something can be called, or is not given.

    Raises
    ------
    UsageError
        If it cannot.
    """
    if not (value is None or callable(value)):
        raise UsageError(f"{name} must be a function, not {shown(value)}")


def index(value: object) -> int | None:
    """Return a whole number, or None of what is none; a truth value is none."""
    if isinstance(value, bool):
        return None
    try:
        return operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        return None


def known_only(function: str, keywords: Iterable[str], known: Iterable[str]) -> None:
    """Complain as Python does of a keyword that a function does not take.

    Parameters
    ----------
    function : str
        Its name, as it was called.
    keywords, known : iterable of str
        What was given, and what it takes.

    Raises
    ------
    TypeError
        If it does not take one of them.
    """
    for name in sorted(set(keywords).difference(known)):
        raise TypeError(f"{function}() got an unexpected keyword argument {name!r}")


def shown(value: object, most: int = _SHOWN) -> str:
    """Return a value as messages show it: of a long one, no more than so many characters."""
    written = repr(value)
    return written if len(written) <= most else written[: most - 3] + "..."


def _flag(value: object) -> bool | None:
    try:
        return _FLAGS.get(value)  # type: ignore[call-overload,no-any-return]
    except TypeError:  # a list, which has no hash
        return None
