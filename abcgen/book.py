"""Tunebooks of whole tunes, within a number of characters, each with how it was made."""

import itertools
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from abcgen.draw import MAX_TUNE, MOST_TRIES, REFERENCE, Drawn, Tally, draw_tunes, reserve_of
from abcgen.engine import Engine
from abcgen.errors import AbcgenError, UsageError
from abcgen.notation.acceptor import Place
from abcgen.notation.closing import fewest
from abcgen.notation.numbering import numbered
from abcgen.provenance import Provenance, Remade, with_remark
from abcgen.steering import Prime, begin
from abcgen.vocabulary import Vocabulary

if TYPE_CHECKING:  # it takes a while to load
    from abcgen.novelty_index import Limit

#: With fewer characters left than these, no further tune is begun.
_SHORT = 200
_DIGITS = 9  # more than any number of characters has that a tune may have


class Part(NamedTuple):
    """A tune as it stands in a book.

    Attributes
    ----------
    text : str
        With its number and remark, and with the blank line that parts it from the tune before.
    attempt : int
        The try that it is.
    """

    text: str
    attempt: int = 1


def tunebook(
    engine: Engine,
    vocabulary: Vocabulary,
    made: Provenance,
    place: Place,
    tunes: int | None = None,
    length: int | None = None,
    *,
    first: int = 1,
    stride: int = 1,
    limit: "Limit | None" = None,
    tally: Tally | None = None,
) -> Iterator[Part]:
    """Yield the parts of a tunebook: whole tunes, numbered from X:1, a blank line between them.

    Parameters
    ----------
    engine, vocabulary : Engine, Vocabulary
        The network.
    made : Provenance
        How the tunes are made; each tells it in a remark.
    place : Place
        Where the acceptor is behind ``made.prime``.
    tunes : int, optional
        Stop after so many tunes.
    length : int, optional
        Write at most so many characters, remarks and blank lines included. The tune that would be
        longer is drawn again so that it ends in time.
    first, stride : int
        The first tune's number, and from there to the next: a part of the book. Without
        `length`, each tune is what it is in the whole book.
    limit : Limit, optional
        What a tune may share with the corpus; one that shares more is drawn again.
    tally : Tally, optional
        Counts what the mask does.

    Raises
    ------
    UsageError
        If `length` or `abcgen.draw.MAX_TUNE` is less than the shortest tune of this kind has.
    AbcgenError
        If a tune shares more than `limit` at every try.
    """
    least = len(made.prime) + fewest(place)
    if least > MAX_TUNE:
        raise UsageError(
            f"a tune may have {MAX_TUNE} characters, and one of this form at least {least}"
        )

    written = 0  # characters

    def room(number: int, attempt: int = 1) -> int:
        """Return how many characters a tune may have as it is drawn."""
        if length is None:
            return MAX_TUNE
        bare = f"{REFERENCE}M:\n\n"
        # Without the digits of the limit in the remark, which depend on what they leave.
        around = len(_part(bare, number, made.remark(number, 1, attempt))) - len(bare) - 1
        left = min(length - written - around, MAX_TUNE + _DIGITS)
        left -= min(digits for digits in range(1, _DIGITS) if left - digits < 10**digits)
        if not written and left < least:
            raise UsageError(
                f"--length {length} is too short: a tune of this kind has at least "
                f"{least + around + len(str(least))} characters"
            )
        return min(left, MAX_TUNE)

    def draw(
        first: int, most: int | Callable[[int, int], int], tunes: int | None
    ) -> Iterator[Drawn]:
        return draw_tunes(
            engine,
            vocabulary,
            made.choice,
            made.seed,
            made.prime,
            place,
            tunes=tunes,
            first=first,
            stride=stride,
            most=most,
            accept=limit.allows if limit else None,
            tally=tally,
        )

    def draw_within(number: int) -> Drawn:
        """Draw a tune in the room that there is, whatever its neighbours would have."""
        return next(draw(number, lambda _, attempt: room(number, attempt), None))

    # With one stream a tune begins when the one before is written, and so knows what is left.
    # Where several are drawn at once, the one that overruns is drawn again.
    alone = engine.num_streams == 1
    drawn = draw(first, room if alone else MAX_TUNE, tunes)
    for done in itertools.islice(itertools.count(1), tunes):
        number = first + (done - 1) * stride
        if written and room(number) < max(_SHORT, 2 * least):
            return
        tune = next(drawn)
        most = room(number, tune.attempt)
        # An earlier try, ended in time, might have been accepted.
        early = tune.attempt > 1 and most < MAX_TUNE
        if not alone and (len(tune.text) > most or early):
            tune = draw_within(number)
            most = room(number, tune.attempt)
            left = tunes - done if tunes is not None else None
            drawn = draw(number + stride, MAX_TUNE, left)
        if limit and not tune.accepted:
            raise AbcgenError(
                f"tune {number} shares more than {limit.notes} notes in one run with a tune of "
                f"the corpus in each of {MOST_TRIES} tries, {limit.index.longest_run(tune.text)} "
                "in the last; try a higher --temperature, another --prime or a higher --novel"
            )
        # Within the reserve the limit may have changed it.
        limited = most < MAX_TUNE and len(tune.text) > most - reserve_of(place)
        remark = made.remark(number, most if limited else None, tune.attempt)
        part = Part(_part(tune.text, number, remark), tune.attempt)
        yield part
        written += len(part.text)


def remake(engine: Engine, vocabulary: Vocabulary, tune: Remade) -> str:
    """Return a tune made again, as it stands in a book, without blank lines around it.

    Raises
    ------
    UsageError
        If its remark asks for what cannot be.
    """
    made = tune.provenance
    prime, place = begin(vocabulary, made.wishes, Prime(made.prime))
    most = tune.most or MAX_TUNE
    if most < len(prime) + fewest(place):
        raise UsageError(f"X:{tune.number} cannot have ended within {most} characters")
    drawn = draw_tunes(
        engine,
        vocabulary,
        made.choice,
        made.seed,
        prime,
        place,
        first=tune.tune,
        attempt=tune.attempt,
        most=most,
    )
    remark = made.remark(tune.tune, tune.most, tune.attempt)
    return _part(next(drawn).text, tune.number, remark).lstrip("\n")


def _part(text: str, number: int, remark: str) -> str:
    """Return a tune as it stands in the book."""
    return ("\n" if number > 1 else "") + numbered(
        with_remark(text.rstrip("\n") + "\n", remark), number
    )
