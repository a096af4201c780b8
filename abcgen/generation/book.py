"""Tunebooks: tunes under their numbers, each with the remark that says how it was made."""

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from abcgen.errors import AbcgenError, UsageError
from abcgen.generation.best import draw_best
from abcgen.generation.choosing import reserve_of
from abcgen.generation.loop import (
    ALL_NUMBERS,
    MAX_ATTEMPTS,
    DrawnTune,
    draw_tunes,
)
from abcgen.generation.prime import Prime, enter
from abcgen.generation.remark import RemarkedTune, remark_of, with_remark
from abcgen.generation.request import MAX_TUNE, REFERENCE, Request
from abcgen.generation.stats import Stats
from abcgen.grammar.closing import fewest
from abcgen.model.engine import Engine
from abcgen.notation.tunebook import numbered

if TYPE_CHECKING:  # they take a while to load
    from abcgen.melodies.index import Limit
    from abcgen.model.critic.critic import Critic

#: With fewer characters left than these, no further tune is begun.
_SHORT = 200
_DIGITS = 9  # more than the number of a tune's characters has


class BookTune(NamedTuple):
    """A tune as it stands in a book.

    Attributes
    ----------
    text : str
        With its number and remark, and with the blank line that parts it from the tune before.
    attempt : int
        The attempt that was accepted, from 1.
    """

    text: str
    attempt: int = 1


class Book:
    """The valid tunes of a request, as they stand in a tunebook.

    Parameters
    ----------
    engine : Engine
        The network.
    request : Request
        What is asked for; not raw.
    limit : Limit, optional
        What a tune may share with the corpus; one that shares more is drawn again.
    critic : Critic, optional
        Refuses tunes, or chooses the best of several, if that is asked for.
    stats : Stats, optional
        Counts what the mask does.

    Raises
    ------
    UsageError
        If the shortest tune of this kind has more than `MAX_TUNE` characters.
    """

    def __init__(
        self,
        engine: Engine,
        request: Request,
        *,
        limit: "Limit | None" = None,
        critic: "Critic | None" = None,
        stats: Stats | None = None,
    ) -> None:
        self._engine, self._request, self._stats = engine, request, stats
        self._limit, self._critic = limit, critic
        text, place = enter(engine.vocabulary, request.wishes, Prime(request.prime))
        self._least = len(text) + fewest(place)  # characters of the shortest tune
        self._reserve = reserve_of(place)
        if self._least > MAX_TUNE:
            raise UsageError(
                f"a tune may have {MAX_TUNE} characters, and one of this form has at least "
                f"{self._least}"
            )

    def tunes(self, numbers: Iterable[int] = ALL_NUMBERS) -> Iterator[BookTune]:
        """Yield the tunes of these numbers; each is the same in every book of the request.

        Raises
        ------
        AbcgenError
            If no attempt at a tune shares little enough with the corpus.
        """
        for tune in self._draw(numbers):
            yield self.written(tune)

    def tunes_within(self, length: int, numbers: range = ALL_NUMBERS) -> Iterator[BookTune]:
        """Yield as many of these tunes as a number of characters has room for.

        Parameters
        ----------
        length : int
            Characters, remarks and blank lines included. A tune that would be longer than what is
            left is drawn again so that it ends in time. So a tune depends on those before it.
        numbers : range
            The numbers of the tunes.

        Raises
        ------
        UsageError
            If not even the shortest tune has room.
        AbcgenError
            If no attempt at a tune shares little enough with the corpus.
        """
        written = 0  # characters

        def room(number: int, attempt: int = 1) -> int:
            """Return how many characters the drawn tune may have, without its remark."""
            return self._room(length - written, number, attempt, first=not written)

        def redraw(number: int) -> DrawnTune:
            """Draw a tune again, in the room that there is."""
            # Without an end to the numbers, so that the engine keeps its streams.
            beside = ALL_NUMBERS[number - 1 :]
            return next(self._draw(beside, lambda _, attempt: room(number, attempt)))

        # With one stream a tune begins only when the one before is written, so its room is known.
        # Where several are drawn side by side, one that is too long is drawn again.
        alone = self._engine.num_streams == 1
        drawn = self._draw(numbers, room if alone else MAX_TUNE)
        for done, number in enumerate(numbers, start=1):
            if written and room(number) < max(_SHORT, 2 * self._least):
                return
            tune = next(drawn)
            most = room(number, tune.attempt)
            # An earlier attempt, ended in time, might have been accepted, and another of several
            # might have been better.
            others = most < MAX_TUNE and (tune.attempt > 1 or self._request.best_of > 1)
            if not alone and (others or self._is_near(tune, most)):
                tune = redraw(number)
                most = room(number, tune.attempt)
                drawn = self._draw(numbers[done:])
            in_book = self.written(tune, most)
            yield in_book
            written += len(in_book.text)

    def _room(self, left: int, number: int, attempt: int, *, first: bool) -> int:
        """Return how many characters a drawn tune may have where the book has so many left."""
        bare = f"{REFERENCE}M:\n\n"
        # Without the digits of the limit in the remark, which depend on what they leave.
        remark = remark_of(self._request, number, 1, attempt)
        around = len(_in_book(bare, number, remark)) - len(bare) - 1
        room = min(left - around, MAX_TUNE + _DIGITS)
        room -= min(digits for digits in range(1, _DIGITS) if room - digits < 10**digits)
        if first and room < self._least:
            raise UsageError(
                f"a length of {left} is too short: a tune of this kind has at least "
                f"{self._least + around + len(str(self._least))} characters"
            )
        return min(room, MAX_TUNE)

    def _draw(
        self, numbers: Iterable[int], most: int | Callable[[int, int], int] = MAX_TUNE
    ) -> Iterator[DrawnTune]:
        """Draw tunes of at most so many characters."""
        return draw_best(
            *(self._engine, self._request, numbers, self._critic),
            most=most,
            limit=self._limit,
            stats=self._stats,
        )

    @property
    def _attempts(self) -> int:
        """The attempts at a tune until it is given up."""
        best_of = self._request.best_of
        return best_of if self._critic and best_of > 1 else MAX_ATTEMPTS

    def written(self, tune: DrawnTune, most: int = MAX_TUNE) -> BookTune:
        """Return a tune as it stands in the book, where it was allowed so many characters."""
        if self._limit and not tune.accepted:
            raise AbcgenError(
                f"tune {tune.number} shares more than {self._limit.notes} notes in one run with a "
                f"tune of the corpus in each of {self._attempts} attempts, "
                f"{self._limit.index.longest_run(tune.text)} in the last; try a higher "
                "temperature, another prime or a higher limit"
                + (", or the best of more tunes" if self._attempts < MAX_ATTEMPTS else "")
            )
        limited = most if self._is_near(tune, most) else None
        remark = remark_of(self._request, tune.number, limited, tune.attempt)
        return BookTune(_in_book(tune.text, tune.number, remark), tune.attempt)

    def _is_near(self, tune: DrawnTune, most: int) -> bool:
        """Return whether a limit of so many characters may change a tune, or has changed it."""
        return most < MAX_TUNE and len(tune.text) >= most - self._reserve


def remake(engine: Engine, tune: RemarkedTune) -> str:
    """Return a tune made again from its remark, as it stands in a book, without blank lines around.

    Raises
    ------
    UsageError
        If its remark asks for what is impossible.
    """
    request = tune.request
    text, place = enter(engine.vocabulary, request.wishes, Prime(request.prime))
    most = tune.most or MAX_TUNE
    if most < len(text) + fewest(place):
        raise UsageError(
            f"X:{tune.number} says that it had at most {most} characters, and a tune of its kind "
            f"has at least {len(text) + fewest(place)}: its N: line was changed"
        )
    drawn = next(draw_tunes(engine, request, [tune.tune], attempt=tune.attempt, most=most))
    remark = remark_of(request, tune.tune, tune.most, tune.attempt)
    return _in_book(drawn.text, tune.number, remark).lstrip("\n")


def _in_book(text: str, number: int, remark: str) -> str:
    """Return a drawn tune under its number, with its remark and the blank line before it."""
    return ("\n" if number > 1 else "") + numbered(
        with_remark(text.rstrip("\n") + "\n", remark), number
    )
