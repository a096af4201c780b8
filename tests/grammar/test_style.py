from typing import Any

import pytest

from abcgen.errors import UsageError
from abcgen.grammar.acceptor import begin_tune
from abcgen.grammar.alphabet import EVERYTHING, Alphabet
from abcgen.grammar.closing import fewest
from abcgen.grammar.faults import complaint, find_fault
from abcgen.grammar.header import KEYS, METERS, Header
from abcgen.grammar.style import spell_style, style_of, with_style
from abcgen.grammar.wishes import Wishes
from tests.tunes import SPELLED

STYLED = SPELLED.replace("X:1\n", "X:1\nG:bach\n")
#: What a network writes with that tells two styles apart.
TWO = Alphabet.of(EVERYTHING.characters, ("bach", "baroque"))


def fault_of(text: str, alphabet: Alphabet = TWO, style: str = "") -> str:
    fault = find_fault(text, begin_tune(alphabet, Wishes(style=style)))[1]
    return "" if fault is None else str(fault)


def test_a_tune_may_name_its_style_before_its_title() -> None:
    assert complaint(STYLED) is None
    late = SPELLED.replace("R:jig", "G:bach\nR:jig")
    assert str(complaint(late)) == "line 3: a style (G:) cannot stand here"
    assert "a style cannot be empty" in str(complaint(STYLED.replace("bach", "")))


def test_a_network_writes_the_styles_that_it_has_learned_and_no_others() -> None:
    assert fault_of(STYLED) == ""
    assert fault_of(SPELLED) == "line 2: T: stands where G: is due: the order is X G T R M L K"
    assert fault_of(STYLED.replace("bach", "reel")) == "line 2: G: reel is none of bach baroque"
    assert fault_of(STYLED, EVERYTHING) == "line 2: a style (G:) cannot stand here"


def test_a_style_that_is_asked_for_is_written() -> None:
    place = begin_tune(TWO, Wishes(style="baroque"))
    written = "X:1\n"
    for character in written:
        place = place.after(character)
    while len(written) < len("X:1\nG:baroque\nT"):
        (only,) = place.allowed()
        written, place = written + only, place.after(only)
    assert written == "X:1\nG:baroque\nT"
    assert "G: bach stands where baroque is asked for" in fault_of(STYLED, style="baroque")


def test_the_shortest_way_to_the_end_names_the_shortest_style() -> None:
    assert fewest(begin_tune(TWO)) == fewest(begin_tune(EVERYTHING)) + len("G:bach\n")
    assert fewest(begin_tune(EVERYTHING, Wishes(remark=True))) == fewest(begin_tune(EVERYTHING))


#: The same with the values that headers have in one of them: no rhythms, and few metres.
KNOWN = TWO._replace(headers=(("bach", "R", ()), ("bach", "M", ("3/2", "C")), ("bach", "L", ())))


def values_of(field: str, style: str = "bach", **wishes: Any) -> tuple[str, ...]:
    """Return the values that a field may have after a style."""
    place = begin_tune(KNOWN, Wishes(style=style, **wishes))
    for character in f"X:1\nG:{style}\nT:a\n":
        place = place.after(character)
    assert isinstance(place.local, Header)
    return place.local.values(field)


def test_a_header_has_what_headers_of_its_style_have() -> None:
    assert set(values_of("M")) == {"C", "3/2"}
    assert values_of("R") == ()
    assert values_of("K") == values_of("K", "baroque") == KEYS
    assert set(values_of("M", "baroque")) == set(METERS)
    assert "it may be C 3/2" in fault_of(STYLED.replace("R:jig\n", ""), KNOWN)
    assert fault_of(STYLED.replace("bach", "baroque"), KNOWN) == ""


def test_what_is_asked_for_counts_more_than_the_style() -> None:
    assert values_of("R", rhythm="jig") == ("jig",)
    assert values_of("M", meter="6/8") == ("6/8",)
    assert values_of("M", chords=True) == ("C",)
    assert values_of("M", rhythm="jig", chords=True) == ("6/8",)
    # Where a style has none of what may stand here, all of it may.
    assert values_of("L") == values_of("L", "baroque")


def test_a_style_is_put_in_changed_and_taken_out() -> None:
    assert with_style(SPELLED, "bach") == STYLED
    assert with_style(STYLED, "reel") == STYLED.replace("bach", "reel")
    assert with_style(STYLED, "") == SPELLED
    assert (style_of(STYLED), style_of(SPELLED), style_of("T:none\nG:x\n")) == ("bach", "", "")


def test_names_are_spelled_with_letters_digits_and_hyphens() -> None:
    assert spell_style(" Slow \u00c4irs, 2nd/") == "Slow-Airs-2nd"
    for name in ("", "%", "x" * 31):
        with pytest.raises(UsageError, match="letters and digits"):
            spell_style(name)
