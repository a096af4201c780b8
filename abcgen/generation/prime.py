"""The prime: the text that every tune begins with, and where the grammar is behind it."""

import re
from functools import lru_cache
from typing import NamedTuple

from abcgen.errors import UsageError, VocabularyError
from abcgen.generation.remark import ANY_REMARK
from abcgen.generation.request import MAX_TUNE, REFERENCE, Request
from abcgen.grammar.acceptor import Place, begin_tune
from abcgen.grammar.header import METERS
from abcgen.grammar.wishes import Wishes
from abcgen.model.vocabulary import Vocabulary
from abcgen.support import values

_METER = re.compile("^M:(.*)", re.MULTILINE)
#: Of what was asked for lately, where the grammar is behind it.
_KEPT = 64


class Prime(NamedTuple):
    """What every tune begins with.

    Attributes
    ----------
    text : str
        From ``X:1`` on.
    added : int
        The number of lines put before what was given, so that messages can count as the user does.
    """

    text: str = REFERENCE
    added: int = 1


def read_prime(text: str) -> Prime:
    """Return a prime as the network expects it: from ``X:1`` on.

    Every tune that the network learned from begins with this line, so it is added where it is
    missing. A remark in which abcgen says how a tune was made is left out.

    Raises
    ------
    UsageError
        If it is no text, is too long, or goes beyond the end of a tune.
    """
    text = values.text("prime", text).replace("\r\n", "\n").lstrip("\n")
    if text.endswith("\n\n"):
        text = text.rstrip("\n") + "\n"
    if "\n\n" in text:
        raise UsageError("a prime is the beginning of one tune; this one holds a blank line")
    if len(text) >= MAX_TUNE // 2:
        raise UsageError(
            f"a prime may hold at most {MAX_TUNE // 2} characters, this one has {len(text)}"
        )
    added = 1
    if text.startswith("X:"):
        _, _, text = text.partition("\n")
        added = 0
    without = ANY_REMARK.sub("", text)
    if without != text:
        text = without
        added -= 1
    return Prime(REFERENCE + text, added)


def start_of(vocabulary: Vocabulary, request: Request) -> tuple[str, Place | None]:
    """Return where the tunes of a request start, as `enter` does; a raw one has no place."""
    if request.raw:
        return request.prime, None
    return enter(vocabulary, request.wishes, Prime(request.prime))


def check_prime(vocabulary: Vocabulary, prime: Prime) -> None:
    """Check that the network knows every character of a prime.

    Raises
    ------
    VocabularyError
        With the place of the first unknown character, in the lines that were given.
    """
    text = prime.text.removeprefix(REFERENCE)
    vocabulary.encode(REFERENCE)
    vocabulary.encode("\n" * (1 - prime.added) + text)


@lru_cache(_KEPT)
def enter(vocabulary: Vocabulary, wishes: Wishes, prime: Prime) -> tuple[str, Place]:
    """Let the grammar read a prime.

    Parameters
    ----------
    vocabulary : Vocabulary
        The network's.
    wishes : Wishes
        What is asked of the tune.
    prime : Prime
        From `read_prime`. A line end at its end, which editors add, is dropped where it would stand
        within a bar.

    Returns
    -------
    text : str
        What every tune begins with.
    place : Place
        Where the grammar is behind it.

    Raises
    ------
    VocabularyError
        If the network lacks a character that this needs.
    UsageError
        If no valid tune begins like this; the message says where and why.
    """
    start = begin_tune(vocabulary.alphabet, _as_given(wishes, prime))
    if wishes.title:
        try:
            vocabulary.encode(wishes.title)
        except VocabularyError as error:
            raise VocabularyError(f"title: {error}") from None
    check_prime(vocabulary, prime)
    text = prime.text
    behind = _behind(start, text)
    if behind:
        return text, behind
    from abcgen.grammar.faults import find_fault  # which takes a while to load

    place, fault = find_fault(text, start)
    if (
        fault is not None
        and fault.bar is not None
        and fault.position == len(text) - 1
        and text[-1] == "\n"
    ):
        return text[:-1], place
    if fault is not None:
        fault = fault._replace(line=fault.line - prime.added)
        raise UsageError(f"no valid tune begins with this prime: {fault}")
    return text, place


@lru_cache(_KEPT)
def place_behind(vocabulary: Vocabulary, wishes: Wishes, text: str) -> Place | None:
    """Return where the grammar is behind the beginning of a tune; None if no tune begins so."""
    given = _as_given(wishes, Prime(text))
    return _behind(begin_tune(vocabulary.alphabet, given), text)


def _behind(place: Place, text: str) -> Place | None:
    for character in text:
        if character not in place.allowed():
            return None
        place = place.after(character)
    return place


def _as_given(wishes: Wishes, prime: Prime) -> Wishes:
    """Return wishes with the metre of a prime, which need not be customary for the rhythm."""
    given = _METER.search(prime.text)
    if not (wishes.rhythm and not wishes.meter and given and given[1] in METERS):
        return wishes
    return wishes._replace(meter=given[1])
