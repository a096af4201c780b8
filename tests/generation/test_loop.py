import itertools
import re
import zlib

import numpy as np
import pytest
from numpy.typing import NDArray

from abcgen.errors import AbcgenError, UsageError
from abcgen.generation.book import remake, tunebook, tunebook_within
from abcgen.generation.loop import (
    EVERY_NUMBER,
    MAX_TUNE,
    MOST_TRIES,
    REFERENCE,
    Drawn,
    Tally,
    draw_tunes,
    raw_text,
)
from abcgen.generation.remark import Provenance, read_provenance
from abcgen.generation.request import Prime, begin
from abcgen.generation.sampler import Choice
from abcgen.grammar.acceptor import ANYTHING, EVERYTHING
from abcgen.grammar.closing import fewest
from abcgen.grammar.faults import complaint
from abcgen.grammar.header import Wishes
from abcgen.melodies.index import Limit, NoveltyIndex
from abcgen.model.checkpoint import read_checkpoint
from abcgen.model.engine import LiteRTEngine
from abcgen.model.vocabulary import Vocabulary
from abcgen.notation.tune import split_tunebook


class Parrot:
    """An engine that foretells, in each stream, one text character by character."""

    def __init__(self, text: str, vocabulary: Vocabulary, num_streams: int = 1) -> None:
        self.num_streams = num_streams
        self.text = vocabulary.encode(text)
        self.size = len(vocabulary)
        self.places = [0] * num_streams

    def step(self, characters: NDArray[np.int32]) -> NDArray[np.float32]:
        logits = np.full((self.num_streams, self.size), -30, np.float32)
        for stream, place in enumerate(self.places):
            logits[stream, self.text[place % len(self.text)]] = 30
            self.places[stream] += 1
        return logits

    def reset(self, stream: int) -> None:
        self.places[stream] = 0

    def state(self, stream: int) -> NDArray[np.float32]:
        return np.array([self.places[stream]], np.float32)

    def restore(self, stream: int, state: NDArray[np.float32]) -> None:
        self.places[stream] = int(state[0])

    def keep(self, streams: list[int]) -> None:
        self.num_streams = len(streams)
        self.places = [self.places[stream] for stream in streams]


class Dice(Parrot):
    """An engine that foretells nothing: what comes is chance alone."""

    def __init__(self, num_streams: int = 1) -> None:
        super().__init__("", VOCABULARY, num_streams)

    def step(self, characters: NDArray[np.int32]) -> NDArray[np.float32]:
        return np.zeros((self.num_streams, self.size), np.float32)


class Fussy(NoveltyIndex):
    """An index that finds 9 notes in every other text, and in all if so told."""

    def __init__(self, everywhere: bool = False) -> None:
        super().__init__([], {}, *np.zeros((3, 0), np.int64))
        self.everywhere = everywhere

    def longest_run(self, text: str) -> int:
        return 9 if self.everywhere or zlib.crc32(text.encode()) % 2 else 0


VOCABULARY = Vocabulary(sorted(EVERYTHING.characters))
TUNE = "X:1\nT:ab\nM:C\nL:1/8\nK:D\n|:A8|B8:|\n\n"


def drawn(  # type: ignore[no-untyped-def]
    text: str,
    prime: str = REFERENCE,
    streams: int = 1,
    masked: bool = False,
    numbers: range = EVERY_NUMBER,
):
    parrot = Parrot(text, VOCABULARY, streams)
    place = begin(VOCABULARY, ANYTHING, Prime(prime))[1] if masked else None
    return draw_tunes(parrot, VOCABULARY, Choice(), 0, prime, place, numbers)


def book_within(length: int, text: str, streams: int = 1) -> str:
    _, place = begin(VOCABULARY, ANYTHING, Prime())
    made = Provenance("parrot 1 00", 0, Choice())
    parts = tunebook_within(length, Parrot(text, VOCABULARY, streams), VOCABULARY, made, place)
    return "".join(part.text for part in parts)


def rolled(streams: int = 1, tunes: int = 30, **settings: object) -> list[Drawn]:
    """Return tunes that chance alone decides."""
    prime, place = begin(VOCABULARY, Wishes(form=(2,)), Prime("X:1\nT:a\nM:C\nL:1/8\nK:C\n"))
    drawn = draw_tunes(Dice(streams), VOCABULARY, Choice(), 4, prime, place, **settings)  # type: ignore[arg-type]
    return list(itertools.islice(drawn, tunes))


@pytest.mark.parametrize("masked", [False, True])
def test_tunes_end_at_a_blank_line_and_begin_from_a_fresh_state(masked: bool) -> None:
    tunes = list(itertools.islice(drawn(TUNE, masked=masked), 3))
    assert tunes == [Drawn(TUNE, True, number) for number in (1, 2, 3)]


def test_the_network_is_shown_the_end_of_a_tune_first_and_then_what_it_wrote() -> None:
    parrot = Parrot(TUNE, VOCABULARY)
    shown = ""
    step = parrot.step

    def listening(characters: NDArray[np.int32]) -> NDArray[np.float32]:
        nonlocal shown
        shown += VOCABULARY.decode(characters)
        return step(characters)

    parrot.step = listening  # type: ignore[method-assign]
    next(draw_tunes(parrot, VOCABULARY, Choice(), 0))
    assert shown == "\n" + TUNE[:-1]


def test_what_is_forbidden_is_not_drawn_however_likely_it_is() -> None:
    wrong = TUNE.replace("A8|", "A7|")
    text, whole, *_ = next(drawn(wrong, masked=True))
    assert whole
    assert complaint(text) is None
    assert text.startswith("X:1\nT:ab\nM:C\nL:1/8\nK:D\n|:A7")


@pytest.mark.parametrize("streams", [1, 9])
def test_a_prime_is_what_every_tune_begins_with(streams: int) -> None:
    prime = "X:1\nT:ba\nM:C\nL:1/8\nK:D\n|:A"
    for text, whole, *_ in itertools.islice(drawn(TUNE, prime, streams, masked=True), 4):
        assert whole
        assert text.startswith(prime)
        assert complaint(text) is None


def test_a_tune_has_no_more_than_it_may() -> None:
    prime, place = begin(VOCABULARY, ANYTHING, Prime())
    endless = "X:1\nT:ab\nM:C\nL:1/8\nK:D\n|:" + "A8|B8|c8|d8|\n" * 500
    least = len(prime) + fewest(place)
    for most in (least, least + 1, 80, 300, MAX_TUNE):
        for text, whole, *_ in itertools.islice(
            draw_tunes(
                Parrot(endless, VOCABULARY, 3), VOCABULARY, Choice(), 0, most=most, begin=place
            ),
            4,
        ):
            assert whole
            assert len(text) <= most
            assert complaint(text) is None


def test_a_tally_counts_what_the_mask_changed() -> None:
    place = begin(VOCABULARY, ANYTHING, Prime())[1]
    for text, stepped_in in ((TUNE, 0), (TUNE.replace("A8", "A5"), 1)):
        tally = Tally()
        next(
            draw_tunes(Parrot(text, VOCABULARY), VOCABULARY, Choice(), 0, begin=place, tally=tally)
        )
        assert tally.characters
        assert (tally.stepped_in > 0) == (stepped_in > 0)
        assert round(tally.removed, 6) == tally.stepped_in


@pytest.mark.parametrize("streams", [1, 4])
def test_some_of_the_tunes_are_what_they_are_among_all(streams: int) -> None:
    every = rolled(tunes=27)
    for numbers in (range(3, 28, 3), [5], [2, 3, 9, 10, 11, 27], []):
        assert rolled(streams, numbers=numbers) == [every[number - 1] for number in numbers]


def test_a_number_is_taken_when_a_stream_is_free_for_it() -> None:
    numbers = iter(range(1, 100))
    tunes = draw_tunes(Parrot(TUNE, VOCABULARY, 3), VOCABULARY, Choice(), 0, numbers=numbers)
    assert [tune.number for tune in itertools.islice(tunes, 6)] == [1, 2, 3, 4, 5, 6]
    assert next(numbers) == 7


@pytest.mark.parametrize("tunes", [1, 2, 8, 9, 30])
@pytest.mark.parametrize("masked", [False, True])
def test_no_more_tunes_are_drawn_than_are_wanted(tunes: int, masked: bool) -> None:
    checkpoint = read_checkpoint("folk")
    _, place = begin(checkpoint.vocabulary, ANYTHING, Prime())
    numbers = range(1, tunes + 1)
    settings = {"begin": place if masked else None, "most": 300, "numbers": numbers}

    class Counting(LiteRTEngine):
        characters = 0

        def step(self, characters: NDArray[np.integer]) -> NDArray[np.float32]:
            self.characters += len(characters)
            return super().step(characters)

    found = []
    for streams in (1, 8):
        engine = Counting.of(checkpoint, streams)
        drawn = draw_tunes(engine, checkpoint.vocabulary, Choice(), 2, **settings)
        found.append([tune.text for tune in drawn])
        needed = sum(len(text) for text in found[-1])
        # Behind the prime; each tune's last character is not read, but the one before its first is.
        assert engine.characters - streams * len(REFERENCE) == needed - tunes * len(REFERENCE)
    assert found[0] == found[1] and len(found[0]) == tunes


# Tunes that are not accepted.


def test_what_is_not_accepted_is_drawn_again_and_the_others_stay_what_they_are() -> None:
    freely = rolled()
    fussy = Limit(Fussy(), 8)
    chosen = rolled(accept=fussy.allows)
    assert all(fussy.allows(tune.text) for tune in chosen)
    assert {tune.attempt for tune in freely} == {1} != {tune.attempt for tune in chosen}
    for before, after in zip(freely, chosen, strict=True):
        if fussy.allows(before.text):
            assert before == after
        else:
            assert after.attempt > 1 and before.text != after.text
    assert chosen == rolled(3, accept=fussy.allows) == rolled(9, accept=fussy.allows)


def test_a_try_is_made_again_by_its_number() -> None:
    chosen = rolled(accept=Limit(Fussy(), 8).allows)
    number, tune = next((n, t) for n, t in enumerate(chosen, start=1) if t.attempt > 2)
    assert rolled(numbers=[number], attempt=tune.attempt) == [tune]


@pytest.mark.parametrize("streams", [1, 4])
def test_a_tune_that_is_never_accepted_ends_in_its_turn(streams: int) -> None:
    fifth = rolled(tunes=5)[4].text
    tunes = rolled(streams, 6, accept=lambda text: text != fifth)
    assert [tune.attempt for tune in tunes] == [1, 1, 1, 1, 2, 1]
    never = rolled(streams, 2, accept=lambda text: False)
    assert [(tune.attempt, tune.accepted) for tune in never] == [(MOST_TRIES, False)] * 2


def test_what_did_not_end_is_not_asked_about() -> None:
    tunes = draw_tunes(
        Parrot("X:1\nT:" + "ab" * MAX_TUNE, VOCABULARY),
        VOCABULARY,
        Choice(),
        0,
        accept=lambda text: False,
    )
    assert next(tunes).attempt == 1


def rolled_book(
    streams: int = 1, length: int | None = None, tunes: int = 12, limit: Limit | None = None
) -> str:
    wishes = Wishes(form=(12,))  # so long that the last tune may be cut short
    prime, place = begin(VOCABULARY, wishes, Prime("X:1\nT:a\nM:C\nL:1/8\nK:C\n"))
    made = Provenance("dice 1 00", 4, Choice(), wishes, prime)
    given = (Dice(streams), VOCABULARY, made, place, range(1, tunes + 1))
    parts = tunebook(*given, limit=limit)
    if length is not None:
        parts = tunebook_within(length, *given, limit=limit)
    return "".join(part.text for part in parts)


@pytest.mark.parametrize("length", [None, 1840, 1920])
def test_a_book_of_what_is_accepted_is_the_same_however_many_are_drawn_at_once(
    length: int | None,
) -> None:
    limit = Limit(Fussy(), 8)
    book = rolled_book(1, length, limit=limit)
    assert ", try " in book
    assert book == rolled_book(3, length, limit=limit) == rolled_book(9, length, limit=limit)
    assert length is None or len(book) <= length
    for tune in read_provenance(book, "book"):
        assert remake(Dice(), VOCABULARY, tune).strip() == tune.text.strip()


def test_a_book_with_a_tune_that_is_never_accepted_says_which() -> None:
    with pytest.raises(AbcgenError, match=r"tune 1 shares more than 8 notes .* 9 in the last"):
        rolled_book(limit=Limit(Fussy(everywhere=True), 8))
    assert rolled_book(limit=Limit(Fussy(everywhere=True), 9)) == rolled_book()


# Books.


def test_a_tunebook_is_numbered_and_parted_by_blank_lines_and_says_how_it_was_made() -> None:
    made, place = Provenance("parrot 1 00", 0, Choice()), begin(VOCABULARY, ANYTHING, Prime())[1]
    parts = tunebook(Parrot(TUNE, VOCABULARY, 2), VOCABULARY, made, place, range(1, 4))
    text = "".join(part.text for part in parts)
    remark = "N:abcgen 0.1.0, checkpoint parrot 1 00, seed 0, tune {}, temperature 0.9\n"
    from abcgen import __version__

    remark = remark.replace("0.1.0", __version__)
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


def test_a_length_that_no_tune_can_have_is_told() -> None:
    for length in (1, 40, 99):
        with pytest.raises(UsageError, match="at least 1") as raised:
            book_within(length, TUNE)
        least = int(re.findall(r"\d+", str(raised.value))[-1])
    # The tenth tune, drawn beside the first, would have a longer remark, and no room for it.
    for streams in (1, 10):
        assert complaint(book_within(least, TUNE, streams)) is None
    with pytest.raises(UsageError, match=f"at least {least} "):
        book_within(least - 1, TUNE)


def test_a_form_that_is_too_long_is_told() -> None:
    wishes = Wishes(form=(2000,))
    place = begin(VOCABULARY, wishes, Prime())[1]
    made = Provenance("parrot 1 00", 0, Choice(), wishes)
    with pytest.raises(UsageError, match="4096"):
        next(tunebook(Parrot(TUNE, VOCABULARY), VOCABULARY, made, place))


# Without the rules of ABC.


def test_raw_is_exactly_the_characters_drawn() -> None:
    for length in (1, 10, len(TUNE), 50, 100):
        text = "".join(raw_text(drawn(TUNE), length))
        assert text == (TUNE * 10)[:length]
    assert "".join(raw_text(drawn(TUNE, numbers=range(1, 3)), None)) == TUNE * 2


def test_raw_needs_no_character_but_the_line_end() -> None:
    vocabulary = Vocabulary.of("X:1\nab")
    tunes = draw_tunes(Parrot("X:1\nab\n\n", vocabulary), vocabulary, Choice(), 0)
    assert next(tunes) == Drawn("X:1\nab\n\n", True)


def test_a_tune_that_does_not_end_is_given_up() -> None:
    text, whole, *_ = next(drawn("X:1\nT:" + "ab" * MAX_TUNE))
    assert (len(text), whole) == (MAX_TUNE, False)


@pytest.mark.parametrize("masked", [False, True])
def test_a_tune_does_not_depend_on_how_many_are_drawn_side_by_side(masked: bool) -> None:
    checkpoint = read_checkpoint("folk")
    _, place = begin(checkpoint.vocabulary, ANYTHING, Prime())

    def first_tunes(streams: int, most: int) -> list[Drawn]:
        engine = LiteRTEngine.of(checkpoint, streams)
        tunes = draw_tunes(
            engine,
            checkpoint.vocabulary,
            Choice(1.2),
            11,
            begin=place if masked else None,
            most=most,
        )
        return list(itertools.islice(tunes, 12))

    for most in (MAX_TUNE, 150):
        alone = first_tunes(1, most)
        assert alone == first_tunes(3, most) == first_tunes(9, most)
        assert len({tune.text for tune in alone}) == 12
