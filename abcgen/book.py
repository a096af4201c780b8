"""Tunebooks of whole tunes, within a number of characters, each with how it was made."""

import itertools
from collections.abc import Iterator

from abcgen.draw import MAX_TUNE, REFERENCE, Tally, draw_tunes
from abcgen.engine import Engine
from abcgen.errors import UsageError
from abcgen.notation.acceptor import Place
from abcgen.notation.closing import fewest
from abcgen.notation.numbering import numbered
from abcgen.provenance import Provenance, Remade, with_remark
from abcgen.steering import begin
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

    def draw(first: int, most: int = MAX_TUNE) -> Iterator[tuple[str, bool]]:
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

    written = 0  # characters
    drawn = draw(1)
    for number in itertools.count(1) if tunes is None else range(1, tunes + 1):
        part = _part(next(drawn)[0], number, made.remark(number))
        if length is not None and written + len(part) > length:
            left = length - written
            bare = f"{REFERENCE}M:\n\n"
            around = len(_part(bare, number, made.remark(number, left))) - len(bare)
            if left - around < (max(_SHORT, 2 * least) if written else least):
                if written:
                    return
                raise UsageError(
                    f"--length {length} is too short: a tune of this kind has at least "
                    f"{least + around} characters"
                )
            most = left - around
            part = _part(next(draw(number, most))[0], number, made.remark(number, most))
            drawn = draw(number + 1)
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
    prime, place = begin(vocabulary, made.wishes, made.prime)
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
