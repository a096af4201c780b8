"""Tunebooks of whole tunes, within a number of characters, each with how it was made."""

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from abcgen.errors import AbcgenError, UsageError
from abcgen.generation.loop import (
    EVERY_NUMBER,
    MAX_TUNE,
    MOST_TRIES,
    REFERENCE,
    Drawn,
    Tally,
    draw_tunes,
    reserve_of,
)
from abcgen.generation.remark import Provenance, Remade, with_remark
from abcgen.generation.request import Prime, begin
from abcgen.grammar.acceptor import Place
from abcgen.grammar.closing import fewest
from abcgen.model.engine import Engine
from abcgen.model.vocabulary import Vocabulary
from abcgen.notation.tunebook import numbered

if TYPE_CHECKING:  # it takes a while to load
    from abcgen.melodies.index import Limit

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
    numbers: Iterable[int] = EVERY_NUMBER,
    *,
    limit: "Limit | None" = None,
    tally: Tally | None = None,
) -> Iterator[Part]:
    """Yield parts of a tunebook: whole tunes under their numbers, a blank line between them.

    Parameters
    ----------
    engine, vocabulary : Engine, Vocabulary
        The network.
    made : Provenance
        How the tunes are made; each tells it in a remark.
    place : Place
        Where the acceptor is behind ``made.prime``.
    numbers : iterable of int
        Those of the tunes; each tune is what it is in the whole book.
    limit : Limit, optional
        What a tune may share with the corpus; one that shares more is drawn again.
    tally : Tally, optional
        Counts what the mask does.

    Raises
    ------
    UsageError
        If `abcgen.generation.loop.MAX_TUNE` is less than the shortest tune of this kind has.
    AbcgenError
        If a tune shares more than `limit` at every try.
    """
    book = _Book(engine, vocabulary, made, place, limit, tally)
    for tune in book.draw(numbers):
        yield book.part(tune)


def tunebook_within(
    length: int,
    engine: Engine,
    vocabulary: Vocabulary,
    made: Provenance,
    place: Place,
    numbers: range = EVERY_NUMBER,
    *,
    limit: "Limit | None" = None,
    tally: Tally | None = None,
) -> Iterator[Part]:
    """Yield the parts of a tunebook that has a number of characters at most.

    Parameters
    ----------
    length : int
        Characters, remarks and blank lines included. The tune that would be longer is drawn again
        so that it ends in time.
    engine, vocabulary, made, place, numbers, limit, tally
        As in `tunebook`; but how long a tune may be depends on those before it.

    Raises
    ------
    UsageError
        If `length` or `abcgen.generation.loop.MAX_TUNE` is less than the shortest tune of this kind
        has.
    AbcgenError
        If a tune shares more than `limit` at every try.
    """
    book = _Book(engine, vocabulary, made, place, limit, tally)
    written = 0  # characters

    def room(number: int, attempt: int = 1) -> int:
        """Return how many characters a tune may have as it is drawn."""
        bare = f"{REFERENCE}M:\n\n"
        # Without the digits of the limit in the remark, which depend on what they leave.
        around = len(_part(bare, number, made.remark(number, 1, attempt))) - len(bare) - 1
        left = min(length - written - around, MAX_TUNE + _DIGITS)
        left -= min(digits for digits in range(1, _DIGITS) if left - digits < 10**digits)
        if not written and left < book.least:
            raise UsageError(
                f"--length {length} is too short: a tune of this kind has at least "
                f"{book.least + around + len(str(book.least))} characters"
            )
        return min(left, MAX_TUNE)

    def draw_within(number: int) -> Drawn:
        """Draw a tune in the room that there is, whatever its neighbours would have."""
        onward = EVERY_NUMBER[number - 1 :]  # without end, so that the engine keeps its streams
        return next(book.draw(onward, lambda _, attempt: room(number, attempt)))

    # With one stream a tune begins when the one before is written, and so knows what is left.
    # Where several are drawn at once, the one that overruns is drawn again.
    alone = engine.num_streams == 1
    drawn = book.draw(numbers, room if alone else MAX_TUNE)
    for done, number in enumerate(numbers, start=1):
        if written and room(number) < max(_SHORT, 2 * book.least):
            return
        tune = next(drawn)
        most = room(number, tune.attempt)
        # An earlier try, ended in time, might have been accepted.
        early = tune.attempt > 1 and most < MAX_TUNE
        if not alone and (len(tune.text) > most or early):
            tune = draw_within(number)
            most = room(number, tune.attempt)
            drawn = book.draw(numbers[done:])
        part = book.part(tune, most)
        yield part
        written += len(part.text)


class _Book:
    """What the tunes of a book have in common; see `tunebook`."""

    def __init__(
        self,
        engine: Engine,
        vocabulary: Vocabulary,
        made: Provenance,
        place: Place,
        limit: "Limit | None",
        tally: Tally | None,
    ) -> None:
        self._engine, self._vocabulary, self._made, self._place = engine, vocabulary, made, place
        self._limit, self._tally = limit, tally
        self.least = len(made.prime) + fewest(place)  # characters of any tune
        if self.least > MAX_TUNE:
            raise UsageError(
                f"a tune may have {MAX_TUNE} characters, and one of this form at least {self.least}"
            )

    def draw(
        self, numbers: Iterable[int], most: int | Callable[[int, int], int] = MAX_TUNE
    ) -> Iterator[Drawn]:
        """Draw tunes of so many characters at most."""
        return draw_tunes(
            self._engine,
            self._vocabulary,
            self._made.choice,
            self._made.seed,
            self._made.prime,
            self._place,
            numbers,
            most=most,
            accept=self._limit.allows if self._limit else None,
            tally=self._tally,
        )

    def part(self, tune: Drawn, most: int = MAX_TUNE) -> Part:
        """Return a tune as it stands in the book, where it may have had so many characters."""
        if self._limit and not tune.accepted:
            raise AbcgenError(
                f"tune {tune.number} shares more than {self._limit.notes} notes in one run with a "
                f"tune of the corpus in each of {MOST_TRIES} tries, "
                f"{self._limit.index.longest_run(tune.text)} in the last; try a higher "
                "--temperature, another --prime or a higher --novel"
            )
        # Within the reserve the limit may have changed it.
        limited = most < MAX_TUNE and len(tune.text) > most - reserve_of(self._place)
        remark = self._made.remark(tune.number, most if limited else None, tune.attempt)
        return Part(_part(tune.text, tune.number, remark), tune.attempt)


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
        [tune.tune],
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
