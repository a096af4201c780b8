import re

import pytest

from abcgen import __version__
from abcgen.errors import AbcgenError, UsageError
from abcgen.generation.book import Book, remake
from abcgen.generation.remark import read_remark
from abcgen.generation.request import Request
from abcgen.grammar.faults import complaint
from abcgen.grammar.wishes import Wishes
from abcgen.melodies.index import Limit
from abcgen.notation.tunebook import split_tunebook
from tests.generation.engines import TUNE, Dice, Fussy, Parrot


def book_within(length: int, text: str, streams: int = 1) -> str:
    book = Book(Parrot(text, num_streams=streams), Request(0, checkpoint="parrot 1 00"))
    return "".join(tune.text for tune in book.tunes_within(length))


def rolled_book(
    streams: int = 1, length: int | None = None, tunes: int = 12, limit: Limit | None = None
) -> str:
    wishes = Wishes(form=(12,))  # so long that the last tune may be cut short
    prime = "X:1\nT:a\nM:C\nL:1/8\nK:C\n"
    request = Request(4, wishes=wishes, prime=prime, checkpoint="dice 1 00")
    book, numbers = Book(Dice(streams), request, limit=limit), range(1, tunes + 1)
    drawn = book.tunes(numbers) if length is None else book.tunes_within(length, numbers)
    return "".join(tune.text for tune in drawn)


@pytest.mark.parametrize("length", [None, 1840, 1920])
def test_a_book_of_what_is_accepted_is_the_same_however_many_are_drawn_at_once(
    length: int | None,
) -> None:
    limit = Limit(Fussy(), 8)
    book = rolled_book(1, length, limit=limit)
    assert ", try " in book
    assert book == rolled_book(3, length, limit=limit) == rolled_book(9, length, limit=limit)
    assert length is None or len(book) <= length
    for text in split_tunebook(book):
        tune = read_remark(text, "book")
        assert tune is not None
        assert remake(Dice(), tune).strip() == tune.text.strip()


def test_a_book_with_a_tune_that_is_never_accepted_says_which() -> None:
    with pytest.raises(AbcgenError, match=r"tune 1 shares more than 8 notes .* 9 in the last"):
        rolled_book(limit=Limit(Fussy(everywhere=True), 8))
    assert rolled_book(limit=Limit(Fussy(everywhere=True), 9)) == rolled_book()


def test_a_tunebook_is_numbered_and_parted_by_blank_lines_and_says_how_it_was_made() -> None:
    book = Book(Parrot(TUNE, num_streams=2), Request(0, checkpoint="parrot 1 00"))
    text = "".join(tune.text for tune in book.tunes(range(1, 4)))
    made = f"N:abcgen {__version__}, checkpoint parrot 1 00, seed 0, "
    remark = made + "tune {}, temperature 0.8\n"
    assert text == "\n".join(
        f"X:{n}\nT:ab\n{remark.format(n)}M:C\nL:1/8\nK:D\n|:A8|B8:|\n" for n in (1, 2, 3)
    )


@pytest.mark.parametrize("length", [150, 200, 317, 500, 1000, 3000])
def test_length_is_a_budget_and_every_tune_is_whole(length: int) -> None:
    long = TUNE.replace("A8|B8", "A8|B8|c8|d8|\ne8|f8|g8|a8|\n" * 8 + "A8|B8|c8|d8")
    for text in (TUNE, long):
        written = book_within(length, text)
        assert length - 400 < len(written) <= length
        for number, tune in enumerate(split_tunebook(written), start=1):
            assert complaint(tune) is None
            assert tune.startswith(f"X:{number}\n")


def test_a_length_that_no_tune_can_have_is_refused() -> None:
    for length in (1, 40, 99):
        with pytest.raises(UsageError, match="at least 1") as raised:
            book_within(length, TUNE)
        least = int(re.findall(r"\d+", str(raised.value))[-1])
    # The tenth tune, drawn beside the first, would have a longer remark, and no room for it.
    for streams in (1, 10):
        assert complaint(book_within(least, TUNE, streams)) is None
    with pytest.raises(UsageError, match=f"at least {least} "):
        book_within(least - 1, TUNE)


def test_a_form_that_is_too_long_is_refused() -> None:
    wishes = Wishes(form=(2000,))
    with pytest.raises(UsageError, match="4096"):
        Book(Parrot(TUNE), Request(0, wishes=wishes))
