"""Tunebooks of whole tunes, within a number of characters, each with how it was made."""

import itertools
from collections.abc import Callable, Iterator

from abcgen.draw import MAX_TUNE, REFERENCE, Tally, draw_tunes, reserve_of
from abcgen.engine import Engine
from abcgen.errors import UsageError
from abcgen.notation.acceptor import Place
from abcgen.notation.closing import fewest
from abcgen.notation.numbering import numbered
from abcgen.provenance import Provenance, Remade, with_remark
from abcgen.steering import Prime, begin
from abcgen.vocabulary import Vocabulary

#: With fewer characters left than these, no further tune is begun.
_SHORT = 200


def tunebook(
    engine: Engine,
    vocabulary: Vocabulary,
    made: Provenance,
    place: Place,
    tunes: int | None = None,
    length: int | None = None,
    *,
    tally: Tally | None = None,
) -> Iterator[str]:
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
    tally : Tally, optional
        Counts what the mask does.

    Raises
    ------
    UsageError
        If `length` or `abcgen.draw.MAX_TUNE` is less than the shortest tune of this kind has.
    """
    least = len(made.prime) + fewest(place)
    if least > MAX_TUNE:
        raise UsageError(
            f"a tune may have {MAX_TUNE} characters, and one of this form at least {least}"
        )

    written = 0  # characters

    def room(number: int) -> int:
        """Return how many characters a tune may have as it is drawn."""
        if length is None:
            return MAX_TUNE
        bare = f"{REFERENCE}M:\n\n"
        # Without the digits of the limit in the remark, which depend on what they leave.
        around = len(_part(bare, number, made.remark(number, 1))) - len(bare) - 1
        left = length - written - around
        left -= min(digits for digits in range(1, 9) if left - digits < 10**digits)
        if not written and left < least:
            raise UsageError(
                f"--length {length} is too short: a tune of this kind has at least "
                f"{least + around + len(str(least))} characters"
            )
        return min(left, MAX_TUNE)

    def draw(first: int, most: int | Callable[[int], int] = MAX_TUNE) -> Iterator[tuple[str, bool]]:
        return draw_tunes(
            engine,
            vocabulary,
            made.choice,
            made.seed,
            made.prime,
            place,
            first=first,
            most=most,
            tally=tally,
        )

    # With one stream a tune begins when the one before is written, and so knows what is left.
    # Where several are drawn at once, the one that overruns is drawn again.
    alone = engine.num_streams == 1
    drawn = draw(1, room if alone else MAX_TUNE)
    for number in itertools.count(1) if tunes is None else range(1, tunes + 1):
        most = room(number)
        if written and most < max(_SHORT, 2 * least):
            return
        text = next(drawn)[0]
        if len(text) > most:
            text = next(draw(number, most))[0]
            drawn = draw(number + 1)
        # Within the reserve the limit may have changed it.
        limited = most < MAX_TUNE and len(text) > most - reserve_of(place)
        part = _part(text, number, made.remark(number, most if limited else None))
        yield part
        written += len(part)


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
        engine, vocabulary, made.choice, made.seed, prime, place, first=tune.tune, most=most
    )
    remark = made.remark(tune.tune, tune.most)
    return _part(next(drawn)[0], tune.number, remark).lstrip("\n")


def _part(text: str, number: int, remark: str) -> str:
    """Return a tune as it stands in the book."""
    return ("\n" if number > 1 else "") + numbered(
        with_remark(text.rstrip("\n") + "\n", remark), number
    )
