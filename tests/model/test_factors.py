"""What a factored network is told of a text: where in the bar it is, and what was played there."""

import itertools

import numpy as np
import pytest

from abcgen.model.factors.layout import (
    AHEAD,
    CHORD,
    ECHO_TRUST,
    LANDING,
    MIDDLE,
    MOST_TOLD_SECTIONS,
    RASTER,
    ROOT_AHEAD,
    TOWARD,
    Layout,
)
from abcgen.model.factors.plain_readers import PlainReaders
from abcgen.model.factors.plan import LETTERS, STEPS, PlanTable
from abcgen.model.factors.position import BETWEEN, FIRST, LAGS, NONE, PLAIN, REPEATED, SECOND
from abcgen.model.factors.reader import read_text
from abcgen.model.plans.outline import plan_of
from abcgen.model.vocabulary import Vocabulary

JIG = """X:1
T:The Burdett, 2nd
R:jig
M:6/8
L:1/8
K:D
|:A|"D"d2d f2a|"Em"gfg "A7"e2a|"Bm"f2d "E7"B2e|"A7"cBc A2A|
"D"d2d f2a|"Em"gfg "A7"e2a|"Em"afd "A7"gec|"D"d2f d2:|
|:A|"D"d2d "F#m"cBc|"G"B2B B2B|"E7"e2e dcd|"A7"c2c c2A|
"D"dcd "A7"ede|"Bm"fef "Em"gfg|"D"afd "A7"gec|"D"d2f d2:|
"""
REEL = """X:1
M:C|
L:1/8
K:G
GABc|:d2(3efg a>bc'<d|[CEG]2 A3/2B/2 c/2B//A/4A/4G z2-|[1 d4 e4:|
[2 d4 f4||
K:Am
a8|b8|]
"""
VOCABULARY = Vocabulary.of(JIG + REEL + "0123456789<>(/[]W^_=,mixjoQ#")
LAYOUT = Layout(len(VOCABULARY), factored=True)
LENGTHS = "M:6/8\nL:1/8\nK:G\n"


def symbols_of(text: str) -> np.ndarray:
    """Return the symbols (len(text), F) of a text that begins a tune."""
    return read_text(VOCABULARY, VOCABULARY.encode(text).tolist())


def echoes_of(text: str, lag: int) -> str:
    """Return for each character of a text what was told of it before; a dot where nothing was."""
    column = LAYOUT.columns - len(LAGS) + LAGS.index(lag)
    first = LAYOUT.echo + LAGS.index(lag) * LAYOUT.echo_size
    told = (symbols_of(text)[:-1, column] - first) // ECHO_TRUST + NONE
    shown = ["." if index == NONE else VOCABULARY.idx2char[index] for index in told]
    return "." + "".join(shown)


@pytest.mark.parametrize(
    ("music", "eighths"),
    [
        ("d2d f2a", 6),
        ('"Gm7"(3abc A/', 2.5),
        ("[CEG]3/2z/2", 2),
        ("a>b", 2),
        ("a<b", 2),
        ("A//B/4", 0.5),
        ("(6abcdefg12", 14),
        ("^c'_B,,-|=A", 1),
        ("a|\nK:Dm\nb", 1),
        ("[1 a4", 4),
    ],
)
def test_time_since_the_bar_line(music: str, eighths: float) -> None:
    position, rest = symbols_of(LENGTHS + music)[-1, 1:3]
    assert (position - LAYOUT.position - 1) * RASTER == int(eighths * 96) // RASTER * RASTER
    assert rest - LAYOUT.rest - 1 == max(576 - int(eighths * 96), 0) // RASTER


def test_nothing_is_told_in_the_header() -> None:
    header = symbols_of(JIG)[: JIG.index("K:D") + 3]
    nothing = [LAYOUT.position, LAYOUT.rest, LAYOUT.due, LAYOUT.bar, LAYOUT.form, LAYOUT.key]
    assert (header[:, 1:7] == nothing).all()
    assert set(echoes_of(JIG, 1)[: JIG.index("|:") + 1]) == {"."}


def test_an_echo_tells_the_bars_that_are_repeated() -> None:
    told = echoes_of(JIG, 4)
    fifth = JIG.index('\n"D"d2d f2a') + 1
    sixth_end = JIG.index('"Em"afd')
    assert told[fifth + 1 : sixth_end] == JIG[fifth + 1 : sixth_end]


def test_sections_are_compared_without_their_pickups() -> None:
    told = echoes_of(JIG, 8)
    end = JIG.rindex('"D"afd "A7"gec')
    assert told[end + 4 : -1] == JIG[end + 4 : -1]
    assert told[end + 1 : end + 4] == 'Em"'  # of "Em"afd, eight bars before


def test_a_second_ending_is_compared_with_what_the_first_was() -> None:
    text = REEL.replace("[CEG]2 A3/2B/2 c/2B//A/4A/4G z2-", "d4 c4")
    second = text.index("[2 ") + 3
    assert echoes_of(text, 1)[second:].startswith("d4 c4")


def test_the_bar_of_the_section() -> None:
    bars = symbols_of(JIG)[:, 4] - LAYOUT.bar
    assert bars[JIG.index("gec|")] == 7
    assert bars[JIG.rindex("|:A|") + 2] == 1
    assert bars[JIG.rindex("gec|")] == 7


def test_the_time_to_a_bar_that_can_end_the_section() -> None:
    """It is a full one without the pickup; behind a section, without what its last bar lacks."""
    music = "X:1\nM:6/8\nL:1/8\nK:D\n|:A|d2d f2a|d2d f2:|\n|:A|d6|d5:|\nd6|d6||\nA|"
    symbols = symbols_of(music)[:, 3] - LAYOUT.due - 2
    left = dict(zip(range(len(music)), (symbols * RASTER / 96).tolist(), strict=True))
    first = music.index("d2d")
    assert [left[first + step] for step in (-1, 0, 1, 2, 4, 5)] == [5, 4, 3, 2, 1, 0]
    late = first + len("d2d f2")
    assert music[late] == "a"
    assert symbols[late] == -1
    assert left[music.index(":|\n|:")] == 0
    assert left[music.index("A|d6|") - 1] == 5
    assert left[music.index("d6||") + 1] == 0


def forms_of(music: str) -> list[tuple[int, int]]:
    """Return for each character of the music (sections that are over, place in the form)."""
    header = "X:1\nM:2/4\nL:1/8\nK:D\n"
    forms = symbols_of(header + music)[len(header) :, 5] - LAYOUT.form - 1
    return [divmod(form, SECOND + 1) for form in forms.tolist()]


def test_which_section_and_where_in_its_form() -> None:
    music = "|:A4|B4:|c4|d4||e4|[1 f4:|[2 g4|]"
    forms = dict(zip(music, forms_of(music), strict=True))  # of each letter
    assert forms["A"] == forms["B"] == (0, REPEATED)
    assert forms["c"] == forms["d"] == (1, PLAIN)
    assert forms["e"] == (2, PLAIN)
    assert forms["f"] == (2, FIRST)
    assert forms_of(music)[music.index(":|[2") + 1] == (3, BETWEEN)
    assert forms["g"] == (2, SECOND)


def test_a_pickup_of_its_own_is_no_section() -> None:
    assert forms_of("A2|:B4|c4:|d4")[-1] == (1, PLAIN)
    assert forms_of("A2||B4|c4||" * 9)[-1] == (MOST_TOLD_SECTIONS, PLAIN)


def test_the_key_is_told_until_it_changes() -> None:
    keys = symbols_of(REEL)[:, 6] - LAYOUT.key
    change = REEL.index("K:Am\n")
    assert len(set(keys[REEL.index("GABc") : change + 4])) == 1
    assert len(set(keys[change + 4 :])) == 1
    assert keys[change] != keys[-1]
    # D major and A mixolydian have the same sharps.
    told = [symbols_of(f"L:1/8\nK:{key}\na")[-1, 6] for key in ("D", "D major", "Amix", "Q")]
    assert told[0] == told[1] != told[2]
    assert told[3] == LAYOUT.key


def test_a_blank_line_begins_anew() -> None:
    assert np.array_equal(symbols_of(JIG + "\n" + REEL)[len(JIG) + 1 :], symbols_of(REEL))


def test_plain_readers_tell_each_stream_what_it_is_told_alone() -> None:
    plain = PlainReaders(VOCABULARY, 2)
    symbols = np.empty((2, LAYOUT.columns), np.int32)
    for characters in np.array([VOCABULARY.encode(text[:120]) for text in (JIG, REEL + JIG)]).T:
        plain.read(characters, symbols)
    assert np.array_equal(symbols[0], symbols_of(JIG[:120])[-1])
    assert np.array_equal(symbols[1], symbols_of((REEL + JIG)[:120])[-1])
    plain.restore(1, plain.reading(0))
    plain.keep([1])
    plain.read(VOCABULARY.encode(JIG[120]), symbols[:1])
    assert np.array_equal(symbols[0], symbols_of(JIG[:121])[-1])
    plain.begin(0)
    plain.read(VOCABULARY.encode("X"), symbols[:1])
    assert np.array_equal(symbols[0], symbols_of("X")[-1])


PLANNED = Layout(len(VOCABULARY), factored=True, planned=True)


def planned(text: str, factor: int, first: int) -> list[int]:
    """Return one factor of a tune's own plan for each character, from 0."""
    table = PlanTable(plan_of(text))
    indices = VOCABULARY.encode(text).tolist()
    symbols = read_text(VOCABULARY, indices, planned=True, table=table)
    return (symbols[:, PLANNED.plain_columns + factor] - first).tolist()


def test_in_the_last_bar_the_time_left_is_told_and_whether_it_is_on_its_last_note() -> None:
    text = LENGTHS + "|:A|d2d f2a|g2d d2:|\n"
    told = planned(text, LANDING, PLANNED.landing)
    last = text.index("g2d d2")
    assert set(told[: last - 1]) == {0}
    # In eighths, without the pickup: before the bar, and then after each character of it.
    left = [(value - 1) // 2 // 4 for value in told[last - 1 : last + 6]]
    assert left == [5, 4, 3, 2, 2, 1, 0]
    assert [(value - 1) % 2 for value in told[last - 1 : last + 6]] == [0, 0, 0, 1, 1, 1, 1]


def test_in_the_last_two_bars_the_chord_is_told_that_is_due() -> None:
    text = LENGTHS + 'G6|"G"d6|"C"c3 "D"d3|"G"G6|]\n'
    due = [value % LETTERS for value in planned(text, CHORD, PLANNED.chord)]
    assert set(due[: text.index('"C"') - 1]) == {0}
    assert {due[text.index("c3")], due[text.index('"D"')]} == {2}  # D, until it came
    assert {due[text.index("d3")], due[text.index('"G"G')]} == {5}


def test_what_the_next_bar_begins_with_is_told_where_it_is_known() -> None:
    text = LENGTHS + '|:B|"D"d2 e2 f2|"G"G3 B3|"D"d2 e2 f2|"Em"e2 f2 g2|"D"d6|]\n'
    told = planned(text, AHEAD, PLANNED.ahead)
    # Bar 3 is bar 1 again, and bar 4 is bar 3 a step higher: both are told in the bar before.
    known = [place for place, value in enumerate(told) if value]
    bars = [place for place, character in enumerate(text) if character == "|"]
    assert known == [*range(bars[2], bars[3]), *range(bars[3] + len('"D"d2'), bars[4])]
    d, e = (MIDDLE + "CDEFGABcdefgab".index(note) for note in "de")
    assert {(told[place] - 1) % STEPS for place in known if place < bars[3]} == {d}
    assert {(told[place] - 1) % STEPS for place in known if place > bars[3]} == {e}
    roots = planned(text, ROOT_AHEAD, PLANNED.root_ahead)
    assert [roots[bars[2]], roots[bars[3] - 1], roots[bars[4] - 1]] == [2, 2, 3]
    assert roots[bars[2] + 1] == LETTERS + 2  # where a chord has just begun


def test_the_steps_to_the_next_bar_and_the_time_until_then_are_told() -> None:
    text = LENGTHS + "G|d3 f3|G3 B,3|d3 f3|e6|]\n"
    told = planned(text, TOWARD, PLANNED.toward)
    second = text.index("G3 B")
    towards = [divmod(told[place] - 1, 19) for place in range(second, second + 6)]
    assert towards == [(7, 4 + 9), (5, 4 + 9), (5, 4 + 9), (4, 2 + 9), (4, 9 + 9), (0, 9 + 9)]


def test_symbols_stay_within_their_factor() -> None:
    symbols = symbols_of(JIG + "\n" + REEL + "a64" * 20)
    bounds = [0, LAYOUT.position, LAYOUT.rest, LAYOUT.due, LAYOUT.bar]
    bounds += [LAYOUT.form, LAYOUT.key, LAYOUT.echo]
    bounds += [LAYOUT.echo + (lag + 1) * LAYOUT.echo_size for lag in range(len(LAGS))]
    for column, (low, high) in enumerate(itertools.pairwise(bounds)):
        assert (symbols[:, column] >= low).all()
        assert (symbols[:, column] < high).all()
    assert bounds[-1] == LAYOUT.size
