"""How sections begin that are asked for: once, repeated, or repeated but for their pickup."""

import random

import pytest

from abcgen.grammar.acceptor import Place, begin_tune
from abcgen.grammar.alphabet import EVERYTHING
from abcgen.grammar.faults import complaint
from abcgen.grammar.form import MOST_IN_LINE
from abcgen.grammar.wishes import ONCE, REPEATED, REPEATED_AFTER_PICKUP, Wishes
from abcgen.model.plans.outline import openings_of
from tests.walks import tame_alphabet, walk

HEADER = "X:1\nT:x\nM:4/4\nL:1/8\nK:G\n"


def behind(music: str, *openings: int) -> Place:
    """Return the place behind the beginning of a tune with sections of two bars."""
    place = begin_tune(EVERYTHING, Wishes(form=(2,) * len(openings), openings=openings))
    for character in HEADER + music:
        assert character in place.allowed(), (character, music)
        place = place.after(character)
    return place


@pytest.mark.parametrize("second", [ONCE, REPEATED, REPEATED_AFTER_PICKUP])
@pytest.mark.parametrize(
    ("opening", "first", "not_first"), [(ONCE, "g", "|"), (REPEATED_AFTER_PICKUP, "g", "|")]
)
def test_a_section_without_a_repeat_sign_at_its_head_begins_with_music(
    opening: int, first: str, not_first: str, second: int
) -> None:
    allowed = behind("", opening, second).allowed()
    assert first in allowed
    assert not_first not in allowed


def test_a_repeated_section_begins_with_the_sign() -> None:
    assert behind("", REPEATED, ONCE).allowed() == "|"
    assert behind("g8|g8||\n", ONCE, REPEATED).allowed().replace("K", "") == "|"


def test_only_a_pickup_may_come_before_a_repeat_that_is_asked_for() -> None:
    assert "|" in behind("g2", REPEATED_AFTER_PICKUP).allowed()
    assert "8" not in behind("g", REPEATED_AFTER_PICKUP).allowed()
    assert "8" in behind("g", ONCE).allowed()
    assert behind("g2|", REPEATED_AFTER_PICKUP).allowed() == ":"
    assert behind("g2|:g8|g8:|\n", REPEATED_AFTER_PICKUP).may_end


def test_no_repeat_follows_a_pickup_where_none_is_asked_for() -> None:
    assert ":" not in behind("g2|", ONCE).allowed()
    assert ":" in behind("g2|").allowed()


def test_where_no_pickup_is_due_the_sign_comes_first() -> None:
    assert behind("|:g8|g8:|\n", REPEATED, REPEATED_AFTER_PICKUP).allowed().replace("K", "") == "|"
    due = behind("g2|g8|g6||\n", ONCE, REPEATED_AFTER_PICKUP).allowed()
    assert "g" in due
    assert "|" not in due
    assert behind("g2|g8|g6||\ng2|", ONCE, REPEATED_AFTER_PICKUP).allowed() == ":"


@pytest.mark.parametrize("setting", ["M:3/8\nL:1/4", "M:2/4\nL:1/4"])
def test_where_no_pickup_is_possible_the_sign_comes_first(setting: str) -> None:
    place = begin_tune(EVERYTHING, Wishes(form=(2,), openings=(REPEATED_AFTER_PICKUP,)))
    for character in f"X:1\nT:x\n{setting}\nK:G\n":
        place = place.after(character)
    assert place.allowed() == "|"


def test_every_tune_comes_to_its_end_and_has_the_repeats_that_are_asked_for() -> None:
    """But for a pickup that is tied to the next bar or fills a line: no repeat may begin there."""
    draw = random.Random(7)
    kept = 0
    for _ in range(400):
        form = tuple(draw.randrange(2, 5) for _ in range(draw.randrange(1, 4)))
        openings = tuple(draw.randrange(3) for _ in form)
        meter = draw.choice(["", "4/4", "6/8", "2/4"])
        text = walk(
            draw, 3000, Wishes(form=form, openings=openings, meter=meter), tame_alphabet(draw)
        ).text
        assert complaint(text.removesuffix("\n")) is None
        music = text.partition("\nK:")[2].partition("\n")[2]
        asked = zip(openings_of(music), openings, strict=True)
        if "-|" in music or any(line.find("|") >= MOST_IN_LINE for line in music.split("\n")):
            continue
        kept += 1
        for number, (found, opening) in enumerate(asked):
            no_pickup = opening == REPEATED_AFTER_PICKUP and found == REPEATED
            assert found == opening or no_pickup, (number, text)
    assert kept > 50
