"""A tune as it stands on paper."""

from fractions import Fraction

import pytest

from abcgen.errors import NotationError
from abcgen.music.notes import music_of
from abcgen.notation.engraving import score_of
from abcgen.notation.keys import SEMITONES
from abcgen.notation.score import Head, Mark, Measure, Sign
from abcgen.notation.tune import Tune, read_tune
from abcgen.notation.values import Ratio

F = Fraction
ENDINGS = "|:CDEF GABc|defg a2^g2-|[1 g4 c4:|[2 g8||"


def tune(body: str, key: str = "C", meter: str = "4/4") -> Tune:
    return read_tune(f"X:1\nM:{meter}\nL:1/8\nK:{key}\n{body}\n")


def score(body: str, key: str = "C", meter: str = "4/4") -> list[Measure]:
    return score_of(tune(body, key, meter))


def signs(body: str, key: str = "C", meter: str = "4/4") -> list[Sign]:
    return [sign for measure in score(body, key, meter) for sign in measure.signs]


def played(measures: list[Measure]) -> list[Measure]:
    """Return bars in the order in which their signs tell people to play them."""
    order: list[Measure] = []
    place = start = 0
    time = 1
    while place < len(measures):
        measure = measures[place]
        if measure.begins_repeat and place != start:
            start, time = place, 1
        if measure.begins_ending and time not in measure.ending:
            while not measures[place].ends_ending:
                place += 1
            place += 1
            continue
        order.append(measure)
        place += 1
        if measure.ends_repeat and time < last_time(measures[start:], measure):
            place, time = start, time + 1
        elif measure.ends_repeat:
            start, time = place, 1
    return order


def last_time(measures: list[Measure], measure: Measure) -> int:
    """Return how often the section that these bars begin with is played; a bar of it is given."""
    if not measure.ending:
        return measure.times
    ends = (n for n, one in enumerate(measures) if n and one.begins_repeat)
    section = measures[: next(ends, None)]
    endings = {one.ending for one in section if one.ending}
    return max(time for times in endings for time in times) + (len(endings) == 1)


def sounding(measures: list[Measure]) -> list[tuple[Fraction, int, Fraction]]:
    """Return (onset, MIDI note number, duration) of what is on paper, ties joined."""
    now, notes = F(0), []
    tied: dict[int, list] = {}
    for measure in measures:
        for sign in measure.signs:
            for head in sign.heads:
                pitch = 12 * (head.octave + 1) + SEMITONES[head.letter] + head.alteration
                note = tied.pop(pitch, None)
                if head.tied_from and note is not None:
                    note[2] += sign.duration
                else:
                    note = [now + sign.onset, pitch, sign.duration]
                    notes.append(note)
                if head.tied_to or head.half_tie == "out":
                    tied[pitch] = note
        now += measure.duration
    return sorted((onset, pitch, duration) for onset, pitch, duration in notes)


@pytest.mark.parametrize(
    "body",
    [
        "CDEF GABc|d8|]",
        "C|:DEFG A4:|B4 c4|d8:|e8||f8:|",
        ENDINGS + "abc2 d4:|",
        "|:C4-C4-|C8|[1D8:|[2E8:|[3F8|]",
        "|:C8|[1,2D8:|[3E8|F8|[1G8:|[2,3A8:|B8|]",
        "|:C8-|[1,2C8:|\n|::D8|E8::|F8|]",
        "|:C8|[1D8:|\n|:F8:|",
        "(3ABc (3:2:2d2e (5ABcde|A/3B/3c/3 d2/3e2/3f2/3 (3A>Bc|A5 B3|c7 d|",
        "A>B c<d e>>f|^F2 F2 =F2 F2-|F8|[CEG]4 [C-E]2C2|z2 x2 z4|Z3|{g}a8|Z2c2|",
        "A//// B/8 c/16 d/64",
    ],
)
def test_what_is_on_paper_sounds_as_it_is_played(body: str) -> None:
    one = tune(body)
    notes = [(note.onset, note.pitch, note.duration) for note in music_of(one).notes]
    assert sounding(played(score_of(one))) == sorted(notes)


@pytest.mark.parametrize("body", ["C|D/0|", "A|?????????|", "c" + "'" * 9])
def test_a_fault_has_the_reason_that_it_has_when_it_is_played(body: str) -> None:
    one = tune(body)
    with pytest.raises(NotationError) as heard:
        music_of(one)
    with pytest.raises(NotationError) as seen:
        score_of(one)
    assert str(seen.value) == str(heard.value)


@pytest.mark.parametrize(
    ("body", "groups"),
    [
        pytest.param("AB cd", "AB cd", id="a space"),
        pytest.param("ABcd", "ABcd", id="no space"),
        pytest.param("A2Bc", "A Bc", id="a quarter"),
        pytest.param("ABzcd", "AB cd", id="a rest"),
        pytest.param('A.B"G"c(d)e{g}f-`f', "ABcdeff", id="signs"),
        pytest.param("AB\ncd", "AB cd", id="the end of a line"),
        pytest.param("ABc>d(3efg", "ABcdefg", id="broken rhythm and a tuplet"),
        pytest.param("A5/B3/", "A AB", id="the end of a split note"),
    ],
)
def test_notes_that_stand_together_are_beamed(body: str, groups: str) -> None:
    found = ""
    for sign in signs(body):
        if not sign.heads:
            continue
        if not sign.beams or sign.beams[0] == "begin":
            found += " "
        letter = sign.heads[0].letter
        found += letter.lower() if sign.heads[0].octave > 4 else letter
    assert found.strip() == groups


@pytest.mark.parametrize(
    ("body", "numbers"),
    [
        pytest.param("C8|D8|", [1, 2], id="full bars"),
        pytest.param("C|D8|E7|", [0, 1, 2], id="a pickup"),
        pytest.param("C|:D8|E7::F|G8|A7:|", [0, 1, 2, 2, 3, 4], id="pickups of sections"),
        pytest.param("|:C8|D4|[1E4:|[2F4|]", [1, 2, 2, 2], id="a bar that the endings complete"),
        pytest.param("|:C|D8|[1E7:|[2F7||G|A8|]", [0, 1, 2, 3, 3, 4], id="endings"),
        pytest.param("C8|D4|E4|", [1, 2, 3], id="short bars elsewhere"),
        pytest.param("Z2|C8|", [1, 2, 3], id="a rest of two bars"),
    ],
)
def test_numbers_of_bars(body: str, numbers: list[int]) -> None:
    assert [measure.number for measure in score(body)] == numbers


def test_repeats_and_endings_are_marked() -> None:
    marks = [
        (m.begins_repeat, sum(m.ending) * (m.begins_ending - m.ends_ending), m.ends_repeat)
        for m in score("C8||D8|E8|[1F8|F8:|[2G8|A8||c8:|")
    ]
    assert marks == [
        (False, 0, False),
        (True, 0, False),
        (False, 0, False),
        (False, 1, False),
        (False, -1, True),
        (False, 2, False),
        (False, -2, False),
        (True, 0, True),
    ]


def test_the_bar_lines_as_written() -> None:
    lines = [measure.line for measure in score("C8|D8||E8.|F8[|G8[|]A8|")]
    assert lines == ["|", "||", ".|", "[|", "[|]", "|]"]


@pytest.mark.parametrize(
    ("body", "signs"),
    [
        pytest.param("C8|D8:|E8:|", [False, False, False], id="none is needed"),
        pytest.param("|:C8|D8::E8:|", [True, False, True], id="where it is written"),
        pytest.param("C8||D8:|", [False, True], id="where a player would go back too far"),
    ],
)
def test_signs_where_a_repeat_begins(body: str, signs: list[bool]) -> None:
    assert [measure.repeat_sign for measure in score(body)] == signs


@pytest.mark.parametrize(
    ("body", "begins"),
    [
        pytest.param("C8|\nD8|\nE8|", [False, True, True], id="lines"),
        pytest.param("C8|\\\nD8|\nE8|", [False, False, True], id="a line that goes on"),
        pytest.param("C8|!D8|$\nE8|F8|", [False, True, True, False], id="breaks of other programs"),
        pytest.param("C8\n|D8|", [False, True], id="a line that begins with a bar line"),
        pytest.param("C8|\nM:3/4\nD6|E6|", [False, True, False], id="a field line"),
        pytest.param("C4\nC4|D8|", [False, False], id="in the middle of a bar"),
    ],
)
def test_lines_of_music(body: str, begins: list[bool]) -> None:
    assert [measure.begins_line for measure in score(body)] == begins


def heads(body: str, key: str = "C") -> list[Head]:
    return [head for sign in signs(body, key) for head in sign.heads]


def test_accidentals_as_written_and_as_sounding() -> None:
    found = [(h.accidental, h.alteration) for h in heads("F^FFf_B|F=F2", key="G")]
    assert found == [("", 1), ("^", 1), ("", 1), ("", 1), ("_", -1), ("", 1), ("=", 0)]


def test_a_tie_keeps_the_accidental_across_the_bar_line() -> None:
    first, tied, after = heads("^F8-|F4F4|")
    assert (first.tied_to, tied.tied_from, tied.alteration, tied.accidental) == (True, True, 1, "")
    assert (after.tied_from, after.alteration) == (False, 0)


def test_a_tie_to_another_note_is_none() -> None:
    assert not any(head.tied_to or head.tied_from for head in heads("C4-D2C2|E4-^E4|"))


def test_a_tie_into_a_second_ending_has_one_end() -> None:
    ties = [(h.tied_from, h.half_tie) for h in heads("|:C8-|[1C8:|[2C8|]")]
    assert ties == [(False, ""), (True, ""), (True, "in")]


def test_a_tie_that_goes_back_has_one_end() -> None:
    ties = [(h.tied_to, h.half_tie) for h in heads("|:C8|[1C8-:|[2C8|]")]
    assert ties == [(False, ""), (False, "out"), (False, "")]


def test_one_note_of_a_group_is_tied() -> None:
    ties = [(head.letter, head.tied_to, head.tied_from) for head in heads("[C-E]4C4")]
    assert ties == [("C", True, False), ("E", False, False), ("C", False, True)]


def test_tuplets() -> None:
    found = [(s.ratio, s.tuplet_begins, s.tuplet_ends) for s in signs("(3ABcd2 e/3f/3g/3")]
    three = Ratio(3, 2)
    one = [(three, True, False), (three, False, False), (three, False, True)]
    assert found == [*one, (None, False, False), *one]


def test_slurs() -> None:
    found = [(s.slurs_begin, s.slurs_end) for s in signs("(A(Bc)|d)(e)f|(g2|a2")]
    assert found[:4] == [([1], []), ([2], []), ([], [2]), ([], [1])]
    assert found[4:6] == [([], []), ([], [])]  # over a single note there is none


def test_a_slur_that_never_ends_is_none() -> None:
    assert [(s.slurs_begin, s.slurs_end) for s in signs("(AB")] == [([], []), ([], [])]


def test_grace_notes() -> None:
    first, second, third = signs("{/g}A2{ef}B2T^c3{=cd}|")[:3]
    assert [g.slashed for g in first.grace] == [True]
    assert [g.beams for g in second.grace] == [("begin", "begin"), ("end", "end")]
    assert [g.heads[0].accidental for g in third.grace_after] == ["=", ""]
    assert third.grace_after[1].heads[0].alteration == 0


def test_rests() -> None:
    full, two, part, hidden, _ = signs("z8|Z2|z4 x4|")[:1] + signs("Z2|z4 x4|")
    assert (full.whole_bar, two.whole_bar, part.whole_bar) == (True, True, True)
    assert [measure.rest_bars for measure in score("Z2|C8|Z|")] == [2, 0, 0, 0]
    assert [sign.hidden for sign in signs("z4 x4|")] == [False, True]
    assert hidden.heads == []


def test_marks_stand_where_they_are_written() -> None:
    content = score('"G"A4"^slowly" B4"D7"!fine!|')[0].content
    marks = [(m.kind, m.text, m.onset) for m in content if isinstance(m, Mark)]
    assert marks == [
        ("chord", "G", 0),
        ("remark", "^slowly", F(1, 2)),
        ("chord", "D7", 1),
        ("decoration", "fine", 1),
    ]


def test_decorations_belong_to_the_next_note() -> None:
    assert [sign.decorations for sign in signs("TA .~B !fermata!c")] == [
        ["trill"], ["staccato", "roll"], ["fermata"],
    ]  # fmt: skip


def test_positions_are_places_in_the_body() -> None:
    one = tune("ABcd|\nM:3/4\ne2 {gb}[fa]2{c}")
    found = [sign for measure in score_of(one) for sign in measure.signs]
    assert [one.body[sign.position] for sign in found] == list("ABcde[")
    for sign in found:
        for note in (*sign.grace, sign, *sign.grace_after):
            letters = [head.letter for head in note.heads]
            assert [one.body[head.position].upper() for head in note.heads] == letters
    assert len(found[-1].grace) == 2 and len(found[-1].grace_after) == 1


def test_signs_that_stand_for_one_note_are_counted() -> None:
    assert [sign.nth for sign in signs("A5B3|Z2C8|")] == [0, 1, 0, 0, 1, 0]


def test_names_of_parts() -> None:
    content = [measure.content[0] for measure in score("P:A\nC8|D8\nP:B2\n|:E8:|")]
    assert [one.text if isinstance(one, Mark) else "" for one in content] == ["A", "", "B2"]


def test_parts_in_an_order_begin_sections() -> None:
    one = read_tune("X:1\nP:AB\nM:4/4\nL:1/8\nK:C\nP:A\nC8|\nP:B\nD8:|\n")
    assert [measure.begins_repeat for measure in score_of(one)] == [False, True]
