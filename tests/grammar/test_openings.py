"""How sections begin that are asked for: once, repeated, or repeated but for their pickup."""

import pytest

from abcgen.grammar.acceptor import Place, begin_tune
from abcgen.grammar.alphabet import EVERYTHING
from abcgen.grammar.wishes import ONCE, REPEATED, REPEATED_AFTER_PICKUP, Wishes

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
