"""Titles that are drawn are made of known words; the rest of a tune is as it would be."""

import itertools
from contextlib import nullcontext

import pytest

from abcgen.generation import mask as masking
from abcgen.generation.loop import draw_tunes
from abcgen.generation.request import REFERENCE, Request
from abcgen.generation.together import Asked, Together
from abcgen.grammar.faults import complaint
from abcgen.grammar.title_words import TitleWords
from abcgen.grammar.wishes import Wishes
from abcgen.notation.tunebook import label_of
from tests.generation.engines import VOCABULARY, Dice

KNOWN = ["The Lark", "A Reel", "The Reel of Tullo", "Jenny's Fancy", "Reel"]
WORDS = {word for title in KNOWN for word in title.split()}


def engine_of(num_streams: int = 1) -> Dice:
    engine = Dice(num_streams)
    engine.title_words = TitleWords(KNOWN)
    return engine


def drawn(streams: int = 1, tunes: int = 12, **settings: object) -> list[str]:
    request = Request(5, **settings)  # type: ignore[arg-type]
    return [one.text for one in itertools.islice(draw_tunes(engine_of(streams), request), tunes)]


def titles_of(tunes: list[str]) -> list[str]:
    return [label_of(tune).title for tune in tunes]


def test_titles_are_made_of_known_words_and_are_new() -> None:
    tunes = drawn()
    assert all(complaint(tune.removesuffix("\n")) is None for tune in tunes)
    titles = titles_of(tunes)
    assert len(set(titles)) > 3
    assert {word for title in titles for word in title.split()} <= WORDS
    assert not set(titles) & set(KNOWN)


@pytest.mark.parametrize("streams", [2, 9])
def test_the_streams_drawn_side_by_side_change_no_tune(streams: int) -> None:
    assert drawn(streams) == drawn()


def test_small_tables_change_no_tune(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = drawn(3)
    monkeypatch.setattr(masking, "TABLE_BYTES", 4 * len(VOCABULARY) * 14)
    assert drawn(3) == expected


def test_top_p_keeps_to_the_words() -> None:
    from abcgen.generation.sampler import Sampler

    assert {w for t in titles_of(drawn(sampler=Sampler(top_p=0.9))) for w in t.split()} <= WORDS


def test_tunes_drawn_together_are_the_same() -> None:
    together = Together(lambda: nullcontext(engine_of()), engine_of, 4)
    asked = [Asked(Request(5), number) for number in range(1, 7)]
    for one in asked:
        together.ask(one)
    ended = dict[int, str]()
    while len(together):
        ended |= {one.number: tune.text for one, tune in together.step()}
    assert [ended[number] for number in range(1, 7)] == drawn(tunes=6)


@pytest.mark.parametrize("prime", ["T:Qu", "T:Quick\nM:C\nL:1/8\n"])
def test_a_title_that_the_prime_begins_is_left_alone(prime: str) -> None:
    titles = titles_of(drawn(prime=REFERENCE + prime))
    assert all(title.startswith("Qu") for title in titles)


def test_a_title_that_is_asked_for_stands() -> None:
    assert set(titles_of(drawn(wishes=Wishes(title="Quick Step")))) == {"Quick Step"}


def test_a_tune_that_has_to_end_soon_ends() -> None:
    request = Request(5)
    tunes = list(draw_tunes(engine_of(3), request, range(1, 20), most=60))
    assert all(tune.whole for tune in tunes)
    assert all(complaint(tune.text.removesuffix("\n")) is None for tune in tunes)
