"""What one edition of the spelling takes, all later ones take; and in the same spelling."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abcgen.errors import NotationError, VocabularyError
from abcgen.grammar.acceptor import NEEDED, begin_tune
from abcgen.grammar.alphabet import (
    BY_EDITION,
    EVERYTHING,
    FIRST_EDITION,
    NEWEST_EDITION,
    Alphabet,
)
from abcgen.grammar.faults import complaint, find_fault
from abcgen.grammar.header import NEW_METERS
from abcgen.grammar.reasons.kinds import VALUE
from abcgen.grammar.spelling import canonical
from abcgen.grammar.wishes import Wishes
from abcgen.notation.tune import read_tune
from tests.tunes import made_up_tune
from tests.walks import some_wishes, tame_alphabet, walk

HEADER = "X:1\nT:x\nM:4/4\nL:1/8\nK:C\n"

#: What the second edition takes and the first does not.
NEW = [
    pytest.param("e|c8|d8|]", id="a full last bar in spite of a pickup"),
    pytest.param("|:e|c8|[1 d7:|[2 d8|]", id="in a second ending"),
    pytest.param("e2|c8|c6||\ne2|c8|c8|]", id="in a later section"),
    pytest.param("e/2|c8|d7e/2|]", id="a pickup of 1/16"),
    pytest.param("c8|d7d/2||\ne/2|c8|]", id="a section that is cut at 1/16"),
]


@pytest.mark.parametrize("body", NEW)
def test_the_second_edition_takes_more(body: str) -> None:
    text = f"{HEADER}{body}\n"
    assert complaint(text) is None
    assert complaint(text, edition=FIRST_EDITION) is not None
    tune = read_tune(text)
    assert canonical(tune) == text
    with pytest.raises(NotationError):
        canonical(tune, edition=FIRST_EDITION)


@settings(max_examples=60)
@given(st.integers(0, 10**6), st.integers(0, 400))
def test_what_the_first_edition_takes_the_second_takes(seed: int, length: int) -> None:
    draw = random.Random(seed)
    alphabet = draw.choice([BY_EDITION[FIRST_EDITION], tame_alphabet(draw)])
    alphabet = alphabet._replace(edition=FIRST_EDITION)
    wishes = some_wishes(draw)
    walked = walk(draw, length, wishes, alphabet)
    assert complaint(walked.text, wishes, FIRST_EDITION) is None
    assert complaint(walked.text, wishes) is None
    # The newer edition goes the same way: what was allowed stays so at each place.
    newer = begin_tune(alphabet._replace(edition=NEWEST_EDITION), wishes)
    for place, character in zip(walked.places, walked.text, strict=False):
        assert set(place.allowed()) <= set(newer.allowed())
        newer = newer.after(character)


@given(st.integers(0, 10_000), st.booleans(), st.booleans())
def test_the_spelling_of_a_tune_stays(number: int, without_end: bool, short: bool) -> None:
    text = made_up_tune(number)
    if without_end:
        text = text.rpartition(":|")[0] + "|"  # the last section is not repeated
    if short:
        *before, _ = text.rpartition(" ")
        text = "".join(before).rstrip() + "|"
    try:
        spelled = canonical(read_tune(text), edition=FIRST_EDITION)
    except NotationError:
        return
    assert canonical(read_tune(text)) == spelled


@pytest.mark.parametrize("meter", sorted(NEW_METERS))
def test_metres_of_the_second_edition(meter: str) -> None:
    bar = "c3|" if meter == "3/8" else "c12|"
    text = f"X:1\nT:x\nM:{meter}\nL:1/8\nK:C\n{bar}{bar}]\n"
    assert complaint(text) is None
    assert complaint(text, Wishes(meter=meter)) is None
    found = complaint(text, edition=FIRST_EDITION)
    assert found is not None and found.kind == VALUE
    with pytest.raises(VocabularyError, match=f"has learned no tunes in {meter}"):
        begin_tune(BY_EDITION[FIRST_EDITION], Wishes(meter=meter))


def test_pickups_are_eighths_where_no_shorter_note_can_be_written() -> None:
    header = "X:1\nT:C\nM:C\nL:1/8\nK:C\n"
    for characters, edition, taken in (
        (EVERYTHING.characters, NEWEST_EDITION, True),
        (EVERYTHING.characters, FIRST_EDITION, False),
        (NEEDED.union("C/8"), NEWEST_EDITION, False),
    ):
        start = begin_tune(Alphabet.of(frozenset(characters), edition=edition))
        place, fault = find_fault(header, start)
        assert fault is None and place.form is not None
        sixteenth = place.form.eighth() // 2
        assert (sixteenth in place.form.cuts()) == taken
        assert 3 * sixteenth not in place.form.cuts()
