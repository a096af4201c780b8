import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abcgen.errors import NotationError
from abcgen.grammar.form import BARS_IN_LINE, MOST_IN_LINE
from abcgen.grammar.lines import Lines, break_anew, width_of
from tests.walks import any_walk


def test_lines_end_behind_four_bars_or_at_their_width() -> None:
    lines = Lines()
    lines.add("e|", full=False)
    for _ in range(5):
        lines.add('"Am"abcd|', full=True)
    lines.add_field("K:D")
    lines.add("a" * 44 + "|", full=True)
    lines.add("a|", full=True)
    lines.end()
    four = '"Am"abcd|' * 4
    assert lines.text() == f'e|{four}\n"Am"abcd|\nK:D\n{"a" * 44}|\na|\n'


def test_chord_symbols_have_no_width() -> None:
    assert width_of('"Am"a "G/B"b|') == width_of("a b|") == 4


@given(st.lists(st.sampled_from(["a|", "abcd|", '"Am7"abcd efga|', "a" * 30 + "|"])))
def test_a_line_takes_another_bar_until_it_is_full(music: list[str]) -> None:
    lines = Lines()
    for bar in music:
        lines.add(bar, full=True)
    lines.end()
    written = lines.text()
    assert written.replace("\n", "") == "".join(music)
    *full, last = written.split("\n")[:-1] or [""]
    for line in full:
        assert line.count("|") == BARS_IN_LINE or width_of(line) >= MOST_IN_LINE
    for line in (*full, last):
        before = line[: line.rstrip("|").rfind("|") + 1]
        assert before.count("|") < BARS_IN_LINE and width_of(before) < MOST_IN_LINE


@settings(max_examples=60)
@given(st.integers(0, 10**6), st.integers(0, 500), st.integers(0, 10**6))
def test_a_canonical_tune_is_broken_as_it_was(seed: int, length: int, where: int) -> None:
    text = any_walk(seed, length).text
    meter, unit = (text.partition(f"\n{field}:")[2].partition("\n")[0] for field in "ML")
    music = text.partition("\nK:")[2].partition("\n")[2]
    assert break_anew(music, meter, unit) == music
    # Whatever its lines were, if they ended at bar lines within sections.
    places = [at for at in range(2, len(music)) if music[at - 1] == "|" and music[at].isalpha()]
    places = [at for at in places if music[at - 2] not in "|:\n"]
    if places:
        at = random.Random(where).choice(places)
        assert break_anew(music[:at] + "\n" + music[at:], meter, unit) == music


def test_a_pickup_that_fills_a_line_is_an_error() -> None:
    pickup = "c/4" * 15 + "|"
    assert width_of(pickup) > MOST_IN_LINE
    with pytest.raises(NotationError, match="fills a line"):
        break_anew(f"{pickup}:c8:|\n", "4/4", "1/8")
    assert break_anew("c|:c8:|\n", "4/4", "1/8") == "c|:c8:|\n"
