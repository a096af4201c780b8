import itertools

import numpy as np
import pytest
from numpy.typing import NDArray

from abcgen.generation.accepting import acceptance
from abcgen.generation.jobs import raw_text
from abcgen.generation.loop import ALL_NUMBERS, MAX_ATTEMPTS, DrawnTune, draw_tunes
from abcgen.generation.prime import Prime, enter
from abcgen.generation.request import MAX_TUNE, REFERENCE, Request
from abcgen.generation.sampler import Sampler
from abcgen.generation.stats import Stats
from abcgen.grammar.closing import fewest
from abcgen.grammar.faults import complaint
from abcgen.grammar.wishes import ANYTHING, Wishes
from abcgen.melodies.index import Limit
from abcgen.model.checkpoint import read_checkpoint
from abcgen.model.engine import LiteRTEngine
from abcgen.model.vocabulary import Vocabulary
from tests.generation.engines import TUNE, VOCABULARY, Dice, Fussy, Parrot

RAW = Request(0, raw=True)


def drawn(  # type: ignore[no-untyped-def]
    text: str,
    prime: str = REFERENCE,
    streams: int = 1,
    masked: bool = False,
    numbers: range = ALL_NUMBERS,
):
    request = Request(0, prime=prime, raw=not masked)
    return draw_tunes(Parrot(text, num_streams=streams), request, numbers)


def rolled(streams: int = 1, tunes: int = 30, **settings: object) -> list[DrawnTune]:
    """Return random tunes."""
    request = Request(4, wishes=Wishes(form=(2,)), prime="X:1\nT:a\nM:C\nL:1/8\nK:C\n")
    drawn = draw_tunes(Dice(streams), request, **settings)  # type: ignore[arg-type]
    return list(itertools.islice(drawn, tunes))


@pytest.mark.parametrize("masked", [False, True])
def test_tunes_end_at_a_blank_line_and_begin_from_a_fresh_state(masked: bool) -> None:
    tunes = list(itertools.islice(drawn(TUNE, masked=masked), 3))
    assert tunes == [DrawnTune(TUNE, True, number) for number in (1, 2, 3)]


def test_the_network_is_shown_the_end_of_a_tune_first_and_then_what_it_wrote() -> None:
    parrot = Parrot(TUNE)
    shown = ""
    step = parrot.step

    def listening(characters: NDArray[np.int32]) -> NDArray[np.float32]:
        nonlocal shown
        shown += VOCABULARY.decode(characters)
        return step(characters)

    parrot.step = listening  # type: ignore[method-assign]
    next(draw_tunes(parrot, RAW))
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
    prime, place = enter(VOCABULARY, ANYTHING, Prime())
    endless = "X:1\nT:ab\nM:C\nL:1/8\nK:D\n|:" + "A8|B8|c8|d8|\n" * 500
    least = len(prime) + fewest(place)
    for most in (least, least + 1, 80, 300, MAX_TUNE):
        for text, whole, *_ in itertools.islice(
            draw_tunes(Parrot(endless, num_streams=3), Request(0), most=most), 4
        ):
            assert whole
            assert len(text) <= most
            assert complaint(text) is None


def test_stats_count_what_the_mask_changed() -> None:
    for text, replaced in ((TUNE, 0), (TUNE.replace("A8", "A5"), 1)):
        stats = Stats()
        next(draw_tunes(Parrot(text), Request(0), stats=stats))
        assert stats.characters
        assert (stats.replaced > 0) == (replaced > 0)
        assert round(stats.removed, 6) == stats.replaced


@pytest.mark.parametrize("streams", [1, 4])
def test_some_of_the_tunes_are_what_they_are_among_all(streams: int) -> None:
    every = rolled(tunes=27)
    for numbers in (range(3, 28, 3), [5], [2, 3, 9, 10, 11, 27], []):
        assert rolled(streams, numbers=numbers) == [every[number - 1] for number in numbers]


def test_a_number_is_taken_when_a_stream_is_free_for_it() -> None:
    numbers = iter(range(1, 100))
    tunes = draw_tunes(Parrot(TUNE, num_streams=3), RAW, numbers)
    assert [tune.number for tune in itertools.islice(tunes, 6)] == [1, 2, 3, 4, 5, 6]
    assert next(numbers) == 7


@pytest.mark.parametrize("tunes", [1, 2, 8, 9, 30])
@pytest.mark.parametrize("masked", [False, True])
def test_no_more_tunes_are_drawn_than_are_wanted(tunes: int, masked: bool) -> None:
    checkpoint = read_checkpoint("folk")
    request = Request(2, raw=not masked)

    class Counting(LiteRTEngine):
        characters = 0

        def step(self, characters: NDArray[np.integer]) -> NDArray[np.float32]:
            self.characters += len(characters)
            return super().step(characters)

    found = []
    for streams in (1, 8):
        engine = Counting.of(checkpoint, streams)
        drawn = draw_tunes(engine, request, range(1, tunes + 1), most=300)
        found.append([tune.text for tune in drawn])
        needed = sum(len(text) for text in found[-1])
        # Behind the prime; each tune's last character is not read, but the one before its first is.
        assert engine.characters - streams * len(REFERENCE) == needed - tunes * len(REFERENCE)
    assert found[0] == found[1] and len(found[0]) == tunes


# Tunes that are not accepted.


def test_what_is_not_accepted_is_drawn_again_and_the_others_stay_what_they_are() -> None:
    freely = rolled()
    fussy = Limit(Fussy(), 8)
    accept = acceptance(fussy, None)
    chosen = rolled(accept=accept)
    assert all(fussy.allows(tune.text) for tune in chosen)
    assert {tune.attempt for tune in freely} == {1} != {tune.attempt for tune in chosen}
    for before, after in zip(freely, chosen, strict=True):
        if fussy.allows(before.text):
            assert before == after
        else:
            assert after.attempt > 1 and before.text != after.text
    assert chosen == rolled(3, accept=accept) == rolled(9, accept=accept)


def test_a_try_is_made_again_by_its_number() -> None:
    chosen = rolled(accept=acceptance(Limit(Fussy(), 8), None))
    number, tune = next((n, t) for n, t in enumerate(chosen, start=1) if t.attempt > 2)
    assert rolled(numbers=[number], attempt=tune.attempt) == [tune]


@pytest.mark.parametrize("streams", [1, 4])
def test_a_tune_that_is_never_accepted_ends_in_its_turn(streams: int) -> None:
    fifth = rolled(tunes=5)[4].text
    tunes = rolled(streams, 6, accept=lambda text, _: text != fifth)
    assert [tune.attempt for tune in tunes] == [1, 1, 1, 1, 2, 1]
    never = rolled(streams, 2, accept=lambda *_: False)
    assert [(tune.attempt, tune.accepted) for tune in never] == [(MAX_ATTEMPTS, False)] * 2


def test_what_did_not_end_is_not_asked_about() -> None:
    endless = Parrot("X:1\nT:" + "ab" * MAX_TUNE)
    tunes = draw_tunes(endless, RAW, accept=lambda *_: False)
    assert next(tunes).attempt == 1


# Without the rules of ABC.


def test_raw_is_exactly_the_characters_drawn() -> None:
    for length in (1, 10, len(TUNE), 50, 100):
        text = "".join(raw_text(drawn(TUNE), length))
        assert text == (TUNE * 10)[:length]
    assert "".join(raw_text(drawn(TUNE, numbers=range(1, 3)), None)) == TUNE * 2


def test_raw_needs_no_character_but_the_line_end() -> None:
    vocabulary = Vocabulary.of("X:1\nab")
    tunes = draw_tunes(Parrot("X:1\nab\n\n", vocabulary), RAW)
    assert next(tunes) == DrawnTune("X:1\nab\n\n", True)


def test_a_tune_that_does_not_end_is_given_up() -> None:
    text, whole, *_ = next(drawn("X:1\nT:" + "ab" * MAX_TUNE))
    assert (len(text), whole) == (MAX_TUNE, False)


@pytest.mark.parametrize("masked", [False, True])
def test_a_tune_does_not_depend_on_how_many_are_drawn_side_by_side(masked: bool) -> None:
    checkpoint = read_checkpoint("folk")
    request = Request(11, Sampler(1.2), raw=not masked)

    def first_tunes(streams: int, most: int) -> list[DrawnTune]:
        tunes = draw_tunes(LiteRTEngine.of(checkpoint, streams), request, most=most)
        return list(itertools.islice(tunes, 12))

    for most in (MAX_TUNE, 150):
        alone = first_tunes(1, most)
        assert alone == first_tunes(3, most) == first_tunes(9, most)
        assert len({tune.text for tune in alone}) == 12
