"""What characters choose, beside the same read off the text."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abcgen.model.factors.plan import BEGINS, COPY, ENDS, MOVED, NEW, Plan, PlannedBar, PlanTable
from abcgen.model.factors.reader import Reader
from abcgen.model.factors.rows import (
    BY_CHARACTER,
    BY_STEP,
    CLOSING_BAR,
    ECHOING,
    FOLLOWING,
    MOVING,
    RECALLED,
    ROWS,
    STEP,
    STEP_ROWS,
)
from abcgen.model.habits.choices import (
    SHAPE_OF_ECHOES,
    STEP_HABITS,
    away_of,
    classes_of,
    echoed,
    habits_of,
)
from abcgen.model.vocabulary import Vocabulary

HEADER = "X:1\nT:a\nM:4/4\nL:1/8\nK:G\n"
VOCABULARY = Vocabulary.of(HEADER + "\"ABCDEFGabcdefgz,'|:[]123456789/^_=(~{ 0m#j")
LETTERS = "CDEFGABcdefgab"
KINDS = habits_of(VOCABULARY)


def reader_of(text: str, kind: int = NEW, style: int = 2) -> Reader:
    """Return a reader behind a text: two bars in G, of which the second is of a kind."""
    bars = [PlannedBar(NEW), PlannedBar(kind, 0, 0, 1)]
    reader = Reader(VOCABULARY, planned=True)
    reader.plan(PlanTable(Plan([bars], [1], 19, 30, style, 4, [(5, 1)])))
    for character in VOCABULARY.encode(HEADER + text).tolist():
        reader.read(character)
    return reader


def reader_of_plan(bars: list[PlannedBar], text: str, header: str = HEADER) -> Reader:
    """Return a reader behind a text, of bars in one section."""
    reader = Reader(VOCABULARY, planned=True)
    reader.plan(PlanTable(Plan([bars], [1], 19, 30, 2, 4)))
    for character in VOCABULARY.encode(header + text).tolist():
        reader.read(character)
    return reader


def chosen(name: str, reader: Reader, character: str) -> tuple[int, int] | None:
    """Return the context, and what a character chooses there; None for nothing."""
    situation, index = reader.situation(), VOCABULARY.char2idx[character]
    if name in STEP_HABITS:
        first, end = STEP_HABITS[name]
        away = int(away_of(VOCABULARY)[situation[STEP], index])
        contexts = [row - first for row in situation[BY_STEP] if first <= row < end]
        return (contexts[0], away) if contexts and away >= 0 else None
    habit = KINDS[name]
    for row in situation[BY_CHARACTER]:
        at = row - habit.first
        if 0 <= at < len(habit.numbers) and index in habit.characters:
            number = int(habit.numbers[at, habit.characters.tolist().index(index)])
            return None if number < 0 else (number // habit.shape[1], number % habit.shape[1])
    return None


def step_of(note: str) -> int:
    """Return the letters of a note above C."""
    return LETTERS.index(note[0]) + 7 * (note.count("'") - note.count(","))


notes = st.one_of(
    st.sampled_from(LETTERS),
    st.sampled_from([letter + "," for letter in LETTERS[:7]]),
    st.sampled_from([letter + "'" for letter in LETTERS[7:]]),
)


@settings(max_examples=80)
@given(before=st.lists(notes, min_size=3, max_size=5), letter=st.sampled_from(LETTERS))
def test_a_letter_chooses_the_nearest_step_that_it_can_become(
    before: list[str], letter: str
) -> None:
    """After the last two steps, each by up to five letters up or down."""
    *_, first, second, third = map(step_of, before)
    plain = LETTERS.index(letter)
    octaves = (plain, plain - 7) if plain < 7 else (plain, plain + 7)
    change = min((other - third for other in octaves), key=abs)
    found = chosen("moves", reader_of("".join(before)), letter)
    contexts = (12 + clipped(second - first)) * 12 + clipped(third - second)
    assert found == (contexts, min(max(change, -8), 8) + 8)


def clipped(change: int) -> int:
    return min(max(change, -5), 5) + 5


def test_notes_of_the_chord_are_told_by_letters_above_its_root() -> None:
    tones = "tones"
    assert [chosen(tones, reader_of('"G"'), letter) for letter in "GBDg"] == [
        (0, 0),
        (0, 2),
        (0, 4),
        (0, 0),
    ]
    assert chosen(tones, reader_of('"D"F2'), "A") == (2, 4)  # on a beat
    assert chosen(tones, reader_of('"D"F'), "A") == (3, 4)  # between beats
    assert chosen(tones, reader_of('"D"F4'), "A") == (1, 4)  # in the middle
    assert chosen(tones, reader_of("F4"), "A") is None


def test_a_chord_may_come_where_a_note_begins() -> None:
    """By the cadence, here from D to G, the beat, and the chords of the bar so far."""
    d_is_due, g_has_come, d_has_come = 2, 4, 3

    def context(cadence: int, beat: int, chords: int) -> int:
        return (cadence * 4 + beat) * 3 + chords

    assert chosen("chords", reader_of("G4"), '"') == (context(d_is_due, 1, 0), 1)
    assert chosen("chords", reader_of("G4"), "A") == (context(d_is_due, 1, 0), 0)
    assert chosen("chords", reader_of('"G"G4'), '"') == (context(d_is_due, 1, 1), 1)
    several = reader_of('"G"G2"D"A2"G"B')
    assert chosen("chords", several, '"') == (context(d_is_due, 3, 2), 1)
    assert chosen("chords", reader_of('"G"G4G4|'), '"') == (context(g_has_come, 0, 0), 1)
    assert chosen("chords", reader_of('"D"G4G4|'), '"') == (context(d_has_come, 0, 0), 1)
    assert chosen("chords", reader_of("G4"), "3") is None


def test_the_chord_that_is_due_is_told_where_a_section_ends() -> None:
    """In the last bar but one, and in the last: D, then G."""
    last_of_tune = 2
    for text, left, begun, due in (
        ('"', 1, 0, "D"),
        ('"D"A4"', 1, 1, "G"),
        ('"G"G8|"', 0, 0, "G"),
        ('"C"G8|"', 0, 0, "D"),
        ('"D"A8|"', 0, 1, "G"),
    ):
        for letter in "CDEFGAB":
            away = (LETTERS.index(letter) - LETTERS.index(due)) % 7
            context = (last_of_tune * 2 + left) * 2 + begun
            assert chosen("dues", reader_of(text), letter) == (context, away)


def test_a_first_ending_is_no_end_of_a_section() -> None:
    """It need not end on the planned note; what stands before a repeat or a section does."""
    sections = [[PlannedBar(NEW), PlannedBar(NEW)]] * 2
    before_another, before_repeat = 0, 1
    for begins, end in (("", before_another), ("|:", before_repeat)):
        reader = Reader(VOCABULARY, planned=True)
        reader.plan(PlanTable(Plan(sections, [1, 1], 19, 30, 1, 4)))
        for character in VOCABULARY.encode(HEADER + begins + "G8|G6").tolist():
            reader.read(character)
        assert chosen("lands", reader, "G") == ((end * 8 + 2) * 7, 8)
    reader = Reader(VOCABULARY, planned=True)
    reader.plan(PlanTable(Plan(sections, [1, 1], 19, 30, 1, 4)))
    for character in VOCABULARY.encode(HEADER + "|:G8|[1G6").tolist():
        reader.read(character)
    assert chosen("lands", reader, "G") is chosen("closes", reader, "G") is None


def test_roots_are_degrees_of_the_key_whatever_the_key_is() -> None:
    roots = "roots"
    assert chosen(roots, reader_of('"'), "G") == (1, 0)
    assert chosen(roots, reader_of('"D"D4"'), "G") == (5 * 2, 0)
    for key, tonic, fifth in (("Am", "A", "E"), ("F", "F", "C"), ("D", "D", "A")):
        text = f'{HEADER.replace("K:G", "K:" + key)}"{fifth}"A4"'
        reader = Reader(VOCABULARY, planned=True)
        reader.plan(PlanTable(Plan([[PlannedBar(NEW)]], [1], 15, 28, 2)))
        for character in VOCABULARY.encode(text).tolist():
            reader.read(character)
        assert chosen(roots, reader, tonic) == (5 * 2, 0)


def test_the_end_of_a_section_is_told_by_the_time_left() -> None:
    """And by where the last note, G, is from the note so far."""
    for left, when in ((2, 2), (1, 1), (0, 0), (5, 5)):
        for note, above in (("A", 1), ("F", 6), ("d", 4)):
            reader = reader_of("G8|" + note * (8 - left))
            step = LETTERS.index("G") - LETTERS.index(note)
            assert chosen("lands", reader, "G") == ((40 + when) * 7 + above, 8 + step)
            near = chosen("closes", reader, note)
            assert near is not None
            assert near[1] == above
            assert near[0] // 10 % 2 == 0  # the bar has begun
    # An accidental, or a tuplet, is no way round.
    for name, reader in (
        ("closes", reader_of("G8|A6")),
        ("pauses", reader_of_plan([PlannedBar(NEW)] * 8, "G8|" * 3 + "A6")),
    ):
        context, _ = chosen(name, reader, "G") or (0, 0)
        others = [chosen(name, reader, character) for character in "^_=([z"]
        assert others == [(context, 7)] * 3 + [(context, 8)] * 3, name
    near = chosen("closes", reader_of("G8|"), "A")
    assert near is not None
    assert near[0] // 10 % 2 == 1
    assert chosen("lands", reader_of("A6"), "G") is None
    assert chosen("closes", reader_of("A6"), "G") is None


def test_a_last_note_may_be_held() -> None:
    holds = "holds"
    on_tonic, elsewhere = (chosen(holds, reader_of("G8|A4" + note), "3") for note in "GA")
    with_chords, last, size = 1, 2, 2

    def context(first: int, left: int, on_tonic: int) -> int:
        return ((((with_chords * 3 + last) * 5 + size) * 2 + first) * 11 + left) * 2 + on_tonic

    assert on_tonic == (context(0, 3, 1), 2)
    assert elsewhere == (context(0, 3, 0), 2)
    assert chosen(holds, reader_of("G8|A4G"), "|") == (context(0, 3, 1), 0)
    assert chosen(holds, reader_of("G8|G"), "8") == (context(1, 7, 1), 4)
    assert chosen(holds, reader_of("G8|A4G2"), "3") is None
    assert chosen(holds, reader_of("A4G"), "3") is None


def test_the_lowest_and_the_highest_note_are_told_until_they_have_come() -> None:
    down, up = "down", "up"  # from G to d'
    assert chosen(down, reader_of("B"), "A") == (8 + 4, 2)
    assert chosen(down, reader_of("BG"), "A") == (8, 2)
    assert chosen(down, reader_of("GB"), "F") == (8, 0)
    assert chosen(down, reader_of("G8|B6"), "A") == (8 + 1, 2)
    assert chosen(up, reader_of("b"), "c") == (8 + 4, 2)
    assert chosen(up, reader_of("d'"), "c") == (8, 2)
    # At the end of the tune it need no longer come.
    assert chosen(down, reader_of("B8|B6"), "A") is chosen(up, reader_of("B8|B6"), "A") is None
    assert chosen(down, reader_of("B8|B4"), "A") is not None


def test_the_last_section_ends_otherwise() -> None:
    bars = [PlannedBar(NEW)]
    found = []
    for sections in (1, 2):
        reader = Reader(VOCABULARY, planned=True)
        plan = Plan([bars] * sections, [1] * sections, 19, 30, 1, 4)
        reader.plan(PlanTable(plan))
        for character in VOCABULARY.encode(HEADER + "G6").tolist():
            reader.read(character)
        found.append(chosen("lands", reader, "G"))
    assert found == [((16 + 2) * 7, 8), (2 * 7, 8)]


@pytest.mark.parametrize("kind", [COPY, MOVED])
def test_a_bar_that_goes_like_another_only_follows_it(kind: int) -> None:
    assert any(reader_of('"G"G4A4|"D"').situation()[:ECHOING])
    *habits, hears = reader_of('"G"G4A4|"D"', kind).situation()
    assert hears == 1 + kind * 4
    habits[FOLLOWING] = 0
    assert not any(habits)


def test_a_bar_follows_the_one_that_it_is_made_of() -> None:
    """By its kind and its half: how many steps from the note that comes there a note is."""
    plain, signed, behind_a_sign = 0, 1, 2
    bar = '"G"G2B,A,^c2z2|'  # as `reader_of` plans it, a step up
    for kind in (COPY, MOVED, ENDS):
        for text, half, state, coming in (
            ("", 0, plain, "G"),
            ('"Am7"', 0, plain, "G"),  # chords may be others
            ("^", 0, behind_a_sign, "G"),
            ("A2", 0, plain, "B,"),
            ("A3", 0, plain, "A,"),
            ("A4", 1, signed, "c"),
        ):
            step = step_of(coming) + 1
            context = (kind * 2 + half) * 4 + state
            reader = reader_of(bar + text, kind)
            for place, letter in enumerate(LETTERS):
                other = place - 7 if place < 7 else place + 7
                near = min(place, other, key=lambda at: abs(at - step))
                away = min(max(near - step, -3), 3)
                assert chosen("follows", reader, letter) == (context, away + 3), (text, letter)
            found = [chosen("follows", reader, character) for character in "^_=(["]
            assert found == [(context, 7)] * 3 + [(context, 8)] * 2
        for text in ("A", "A5", "A6"):  # within a note, and at a rest
            assert chosen("follows", reader_of(bar + text, kind), "G") is None, text
    assert chosen("follows", reader_of(bar), "G") is None


def test_a_note_that_the_chord_alters_is_followed_in_its_own_way() -> None:
    """Until an accidental has come for it; here c, which comes twice."""
    plain, altered = 0, 3
    for text, state in (
        ('"A7"', altered),
        ('"A7"^c2', plain),
        ('"A7"^d2', altered),
        ('"A7"A2"Am"', plain),
        ('"D"', plain),
    ):
        for kind in (COPY, MOVED, ENDS):
            found = chosen("follows", reader_of("B2B2A4|" + text, kind), "c")
            assert found == (kind * 2 * 4 + state, 3), (text, kind)


def test_a_note_has_the_octave_mark_that_it_has_in_another_bar() -> None:
    plain, lower, upper = 0, 1, 2
    bar = "G2A,b4c|"  # a step up: A2 B, c'4 d
    for text, octave in (("A", plain), ("A2B", lower), ("A3c", upper), ("z3c", upper)):
        for choice, mark in enumerate("2,'"):
            assert chosen("marks", reader_of(bar + text, MOVED), mark) == (octave, choice), text
    for text in ("B", "A2", "A2B,", "A2c"):
        assert chosen("marks", reader_of(bar + text, MOVED), ",") is None, text
    assert chosen("marks", reader_of(bar + "A"), ",") is None


def test_phrases_end_on_degrees_within_a_section() -> None:
    """By the size of the bar and the time left in every fourth one, in major and minor keys."""
    new, size, with_chords = PlannedBar(NEW), 2, 1
    phrase = "G8|G8|G8|\n"
    for time, close in (("A", 8), ("A6", 4), ("A7", 2)):
        for note, degree in (("G", 0), ("B", 2), ("f", 6)):
            found = chosen("pauses", reader_of_plan([new] * 8, phrase + time), note)
            assert found == (((with_chords * 5 + size) * 10 + close) * 2, degree), (time, note)
    minor = HEADER.replace("K:G", "K:Am")
    found = chosen("pauses", reader_of_plan([new] * 8, phrase + "A6", minor), "c")
    assert found == (((with_chords * 5 + size) * 10 + 4) * 2 + 1, 2)
    for bars, text in ((8, "G8|G8|A6"), (8, phrase + "G8|A6"), (4, phrase + "A6")):
        assert chosen("pauses", reader_of_plan([new] * bars, text), "B") is None, (bars, text)


def test_what_leads_to_the_end_of_another_bar_is_told() -> None:
    """By the time left in the half before that, and how far its first note is from here."""
    bar, with_chords = "G2GGd2B2|", 1  # a step up: e in the middle
    for text, near, toward in (("A", 3, 4), ("A2", 2, 4), ("A2c", 1, 2), ("c3", 1, 2)):
        found = chosen("leads", reader_of(bar + text, ENDS), "B")
        assert found is not None
        assert found[0] == (with_chords * 27 + near) * 17 + 8 + toward, text
    assert chosen("leads", reader_of(bar + "A4", ENDS), "B") is None
    assert chosen("leads", reader_of("G2G4B2|A", ENDS), "B") is None  # none begins in the middle
    assert chosen("leads", reader_of(bar + "A", NEW), "B") is None


def test_what_leads_into_a_bar_where_it_comes_again_is_told() -> None:
    """By how far the end of the bar that will come before it is from here."""
    new, again = PlannedBar(NEW), [PlannedBar(COPY, 0, bar) for bar in range(3)]
    bars = [new, new, new, again[0], again[2]]
    found = chosen("joins", reader_of_plan(bars, "G4c4|A8|"), "B")
    assert found == (17 + 8 + 2, 8 + 1)  # from A, c is 2 and B is 1 up
    ends = PlannedBar(ENDS, 0, 0)
    found = chosen("joins", reader_of_plan([*bars[:3], ends, again[2]], "G4c4|A8|"), "B")
    assert found == (17 + 8 + 2, 8 + 1)
    for plan, text in (
        (bars, "G4c4|"),  # nothing else will lead into the second bar
        (bars, "G4c4|A8|B"),  # it has begun
        ([new, new, new, again[0], again[1]], "G4c4|"),  # they are neighbours now
        ([new, new, new, PlannedBar(BEGINS, 0, 0), again[2]], "G4c4|A8|"),
    ):
        assert chosen("joins", reader_of_plan(plan, text), "B") is None, text


def test_where_a_bar_leads_where_it_comes_again_is_told() -> None:
    """As in a bar that leads to the next one, unless what that begins with is known."""
    new, again = PlannedBar(NEW), [PlannedBar(COPY, 0, bar) for bar in range(3)]
    bars = [new, new, new, again[1], again[0]]
    found = chosen("leads", reader_of_plan(bars, "e4c4|A6"), "B")
    near, later, with_chords = 2, 2, 1
    assert found == (((with_chords * 3 + later) * 9 + near) * 17 + 8 + 4, 8 + 1)
    bars[2] = again[1]
    found = chosen("leads", reader_of_plan(bars, "e4c4|A6"), "B")
    assert found == ((with_chords * 3 * 9 + near) * 17 + 8, 8 + 1)
    assert chosen("leads", reader_of_plan([new, new, new], "e4c4|A6"), "B") is None


def test_a_chord_fits_the_note_that_is_coming() -> None:
    """In a bar that is made of another, a step up: how far that is above the root, by letters."""
    for kind in (COPY, MOVED, ENDS):
        for text, half, coming in (('"', 0, "A"), ('"D"G4"', 1, "c")):
            found = chosen("fits", reader_of('"G"G4"C"B4|' + text, kind), "E")
            above = (LETTERS.index(coming) - LETTERS.index("E")) % 7
            assert found == (kind * 2 + half, above)
    assert chosen("fits", reader_of('"G"G4"C"B4|"'), "E") is None
    assert chosen("fits", reader_of('"G"G4"C"z4|"D"G4"', COPY), "E") is None


def test_a_chord_has_letters_of_the_notes_that_are_coming() -> None:
    """Of the next half bar, in a bar that is made of another, a step up: how many, and others."""
    for kind in (COPY, ENDS):
        reader = reader_of('G2AcB,4|"', kind)  # a b d, then c
        for root, has, others in (("F", 1, 2), ("B", 2, 1), ("G", 2, 1), ("E", 1, 2), ("A", 1, 2)):
            found = chosen("covers", reader, root)
            assert found == (kind * 2, has * 4 + others), root
        found = chosen("covers", reader_of('G2AcB,4|"D"A4"', kind), "C")
        assert found == (kind * 2 + 1, 1 * 4)
        # What comes behind that bar does not matter.
        found = chosen("covers", reader_of('G2AcB,3e|"D"A4B3"', kind), "F")
        assert found == (kind * 2 + 1, 1 * 4)
    assert chosen("covers", reader_of('G4B4|"'), "G") is None


def test_a_chord_comes_where_the_last_one_has_not_the_notes_that_are_coming() -> None:
    """In a bar that is made of another, a step up, at its beginning and in its middle."""
    bar, nothing, none, some, most, every = "G2BAF2Ac|", *range(5)
    for kind in (COPY, ENDS):
        for text, half, fits in (  # A c B, then G B d
            ("", 0, nothing),
            ('"G"A2cB', 1, every),
            ('"Em"A2cB', 1, most),
            ('"C"A2cB', 1, some),
            ('"F"A2cB', 1, none),
        ):
            reader = reader_of(bar + text, kind)
            for character, comes in (('"', 1), ("G", 0), ("^", 0)):
                found = chosen("renews", reader, character)
                assert found == ((kind * 2 + half) * 5 + fits, comes), (kind, text, character)
        for text in ('"G"', '"G"A', '"G"A2cB^', '"G"A2cB"Em"'):
            assert chosen("renews", reader_of(bar + text, kind), '"') is None, text
        assert chosen("renews", reader_of(bar, kind, style=1), '"') is None
    assert chosen("renews", reader_of(bar), '"') is None


def test_what_a_chord_is_written_with_is_told_by_its_degree() -> None:
    qualities, major, fifth = "qualities", 0, 5
    found = [chosen(qualities, reader_of('"D'), character) for character in '"m7#']
    assert found == [((major * 8 + fifth) * 2, which) for which in range(4)]
    assert chosen(qualities, reader_of('"D#'), "m") == ((major * 8 + fifth) * 2 + 1, 1)
    for like, kind in ((0, ENDS), (1, COPY), (2, MOVED)):
        context = ((like * 7 + major) * 8 + fifth) * 2
        assert chosen(qualities, reader_of('"D"G8|"D', kind), "7") == (context, 2)
    for more in ("D7", "Dm", "D/", "D/F", "D/F#"):  # then the root has been left behind
        assert chosen(qualities, reader_of(f'"{more}'), "7") is None


def test_a_tune_begins_on_a_degree_of_its_key() -> None:
    """In either octave that letters tell."""
    with_chords, major = 1, 0
    for note, degree, upper in (("D", 4, 0), ("d", 4, 1), ("g", 0, 1)):
        assert chosen("opens", reader_of('"G"'), note) == (
            with_chords * 7 + major,
            degree * 2 + upper,
        )
    assert chosen("opens", reader_of("z2"), "G") is not None
    assert chosen("opens", reader_of("A"), "G") is None


def test_last_bars_of_later_sections_hear_echoes_in_their_own_way() -> None:
    sections = [[PlannedBar(NEW)] * 3, [PlannedBar(NEW)] * 3]
    for text, kind in (("G8|G8|G8", 0), ("G8|G8|G8||G8", 0), ("G8|G8|G8||G8|G", CLOSING_BAR)):
        reader = Reader(VOCABULARY, planned=True)
        reader.plan(PlanTable(Plan(sections, [1, 1], 19, 30, 1, 4)))
        for character in VOCABULARY.encode(HEADER + text).tolist():
            reader.read(character)
        assert (reader.situation()[ECHOING] - 1) // 4 == kind


def test_there_are_none_in_the_header_or_without_a_plan() -> None:
    reader = Reader(VOCABULARY, planned=True)
    reader.plan(PlanTable(Plan([[PlannedBar(NEW)]], [1], 19, 30, 2)))
    *header, _ = VOCABULARY.encode(HEADER).tolist()  # its last newline begins the tune
    for character in header:
        reader.read(character)
        assert not any(reader.situation())
    reader.begin()
    reader.plan(PlanTable())
    for character in VOCABULARY.encode(HEADER + "G4A4|").tolist():
        reader.read(character)
        assert not any(reader.situation())


def test_without_chords_nothing_is_said_of_them() -> None:
    reader = reader_of("G4A2", style=1)
    assert chosen("chords", reader, '"') is chosen("tones", reader, "G") is None
    assert reader.situation()[MOVING] != reader_of("G4A2").situation()[MOVING]


def test_what_comes_before_a_note_is_told_by_the_beat() -> None:
    """And by the accidental that the chord needs: none, one, or one that has come."""
    starts, key_has_sharps = "starts", 2
    for style, text in ((1, "G4"), (2, '"G"G4')):
        found = [chosen(starts, reader_of(text, style=style), c) for c in "Ag([^_=z"]
        context = ((style - 1) * 7 + key_has_sharps) * 4 + 1
        assert found == [(context, kind) for kind in (0, 0, 1, 2, 3, 4, 5, 6)]
    for chord, need in (("A", 3), ("Bb", 4), ("F", 5), ("Em", 2), ("D/F#", 2)):
        found = [chosen(starts, reader_of(f'"{chord}"G4', style=2), "^")]
        assert found == [((7 + need) * 4 + 1, 3)], chord
    assert chosen(starts, reader_of('"A"^c4'), "^") == ((7 + 6) * 4 + 1, 3)
    assert chosen(starts, reader_of("G4"), "|") is chosen(starts, reader_of("G4^"), "A") is None


def test_a_chord_is_of_the_key_if_its_root_and_its_third_are() -> None:
    """Of another one, other notes are chosen, and others still when what it alters has come."""
    of_g, root_alters, third_alters = ("G", "Am7", "D7", "F#m", "D/F#"), ("F", "G#m"), ("A7", "Cm")
    for chord in of_g + root_alters + third_alters:
        relation = 1 * (chord in root_alters) + 3 * (chord in third_alters)
        altered = {"F": "F", "G#m": "G", "A7": "c", "Cm": "E"}.get(chord, "B")
        sign = {"F": "=", "Cm": "_"}.get(chord, "^")
        has = int(relation > 0)
        for text, more in (("G", 0), (sign + altered, has), (sign + "d", 0)):
            found = chosen("tones", reader_of(f'"{chord}"{text}'), "c")
            assert found is not None
            seventh = "7" in chord
            assert found[0] == ((relation + more) * 2 + seventh) * 16 + 3, (chord, text)
    in_another_bar = (3 * 2 + 1) * 16 + 3
    assert chosen("tones", reader_of('"A7"^c8|A'), "c") == (in_another_bar, 2)
    assert chosen("tones", reader_of('"A7"^c'), "B") is not None
    assert chosen("tones", reader_of('"A7"^'), "c") is None
    # A chord is not minor because it is written with an m.
    assert chosen("tones", reader_of('"Cmaj7"G'), "c") == (16 + 3, 0)


def test_behind_an_accidental_the_letter_is_told_that_the_chord_alters() -> None:
    """By the accidental, and whether it is the one that the chord needs."""
    raises, lowers = 0, 1
    found = [chosen("alters", reader_of('"A7"^'), letter) for letter in "cdGB"]
    assert found == [(raises * 2 + 1, above) for above in (0, 1, 4, 6)]
    assert chosen("alters", reader_of('"A7"_'), "c") == (lowers * 2, 0)
    assert chosen("alters", reader_of('"G"^'), "c") is chosen("alters", reader_of("^"), "c") is None


def test_behind_an_accidental_the_letter_is_told_by_the_key() -> None:
    """From the one that would be the next to have it: in G, c sharp; needless is an f sharp."""
    with_chords, raises, restores, needless, again, another = 1, 0, 2, 7, 8, 9

    def context(which: int, not_first: int) -> int:
        return (with_chords * 3 + which) * 2 + not_first

    found = [chosen("inflects", reader_of("^"), character) for character in "cgdABf^="]
    assert found == [
        (context(raises, 0), choice) for choice in (0, 1, 2, 3, 5, needless, another, another)
    ]
    found = [chosen("inflects", reader_of("^cd="), character) for character in "fcCB"]
    assert found == [(context(restores, 1), choice) for choice in (6, again, again, needless)]
    assert chosen("inflects", reader_of("^cd4e2|="), "c") == (context(restores, 0), needless)
    # Wherever they stand: in a bar that goes like another, too.
    assert chosen("inflects", reader_of("G8|^", COPY), "c") == (context(raises, 0), 0)


def test_an_ending_begins_by_the_bars_left_in_a_section() -> None:
    """In a section that is repeated, and has not forked."""
    sections = [[PlannedBar(NEW)] * 8]

    def found(text: str) -> tuple[int, int] | None:
        reader = Reader(VOCABULARY, planned=True)
        reader.plan(PlanTable(Plan(sections, [1], 19, 30, 2, 4)))
        for character in VOCABULARY.encode(HEADER + text).tolist():
            reader.read(character)
        return chosen("forks", reader, "[")

    with_chords, not_here = 1, 0
    for bars, left in ((1, 4), (3, 4), (4, 3), (5, 2), (6, 1), (7, 0)):
        assert found("|:" + "G8|" * bars) == (with_chords * 6 + 1 + left, 1)
        assert found("|:" + "G8|" * bars + "\n") == (with_chords * 6 + 1 + left, 1)
        assert found("G8|" * bars) == (with_chords * 6 + not_here, 1)
    assert found("|:G8|[1 A8|") == (with_chords * 6 + not_here, 1)
    assert found("|:G8|A") is found('|:G8|"G"') is None


def test_every_row_is_of_one_habit() -> None:
    of_each, of_steps = np.zeros(ROWS, int), np.zeros(STEP_ROWS, int)
    for habit in KINDS.values():
        if habit.numbers.size:
            of_each[habit.first : habit.first + len(habit.numbers)] += 1
            assert habit.numbers.max() < habit.shape[0] * habit.shape[1]
    for first, end in STEP_HABITS.values():
        of_steps[first:end] += 1
    assert of_each[0] == of_steps[0] == 0
    assert set(of_each[1:]) == {1}
    assert set(of_steps[1:]) == {1}


def test_the_next_step_is_told_by_what_came_before() -> None:
    """By three changes, by the degree and the beat, and by the length of the last note."""
    with_chords, up, down = 1, 5 + 1, 5 - 1
    reader = reader_of("GABA")
    figure = ((with_chords * 12 + up) * 12 + up) * 12 + down
    assert chosen("turns", reader, "B") == (figure, 8 + 1)
    major, second, middle, fell = 0, 1, 1, 0
    rise = (((with_chords * 7 + major) * 7 + second) * 4 + middle) * 3 + fell
    assert chosen("rises", reader, "G") == (rise, 8 - 1)
    for length, number in (("/", 1), ("", 2), ("2", 3), ("3", 4)):
        beat = {"/": 3, "": 2, "2": 3, "3": 1}[length]
        pace = ((with_chords * 4 + beat) * 5 + number) * 12 + up
        assert chosen("paces", reader_of("GA" + length), "c") == (pace, 8 + 2), length


def test_the_height_of_a_note_is_told_above_the_tonic_above_middle_c() -> None:
    """With the bars that are left, in the last section."""
    for text, above, left in (("G", 0, 1), ("d", 4, 1), ("G8|G,", -7, 0), ("G8|D,,", -8, 0)):
        context = ((1 * 2 + 1) * 4 + left) * 24 + above + 8
        found = chosen("heights", reader_of(text), "G")
        assert found is not None
        assert found[0] == context, text


def test_what_leads_to_a_bar_that_is_known_is_told() -> None:
    """By the time left in this bar, and how far the first note of the next one is from here."""
    new, again, with_chords = PlannedBar(NEW), PlannedBar(COPY, 0, 0), 1
    for bars, last in (([new, new, again, new], 0), ([new, new, again], 1)):
        for text, near in (("G6A", 1), ("G4A", 3), ("A", 7)):
            found = chosen("leads", reader_of_plan(bars, "d8|" + text), "B")
            context = (with_chords * 3 + last) * 9 + near
            assert found == (context * 17 + 8 + 3, 8 + 1), (last, text)
    assert chosen("leads", reader_of("d6A"), "B") is None


def test_changes_that_have_come_are_recalled() -> None:
    """After G A: those that followed such a step before, and such a two of them."""
    up = 5 + 1
    recalled = reader_of("GABGA").situation()[RECALLED]
    assert recalled == 1 << up | 1 << 5 - 2  # A B after G A, and B G after A B
    recalled = reader_of("cGABcGA").situation()[RECALLED]
    assert recalled >> 12 == 1 << up
    assert reader_of("GA").situation()[RECALLED] == 0


def test_how_long_a_note_is_is_told_by_its_place_and_the_chord() -> None:
    """In eighths of a bar, with the length of the note before."""

    def context(place: int, before: int, concord: int, size: int = 2) -> int:
        return (((1 * 5 + size) * 13 + place) * 5 + before) * 3 + concord

    assert chosen("lasts", reader_of("G"), "2") == (context(0, 0, 0), 1)
    assert chosen("lasts", reader_of('"G"G2A'), "|") == (context(2, 3, 2), 0)
    assert chosen("lasts", reader_of('"G"G3B'), "3") == (context(3, 4, 1), 2)
    assert chosen("lasts", reader_of('"G"G/2B'), "/") == (context(12, 1, 1), 5)
    assert chosen("lasts", reader_of("G2"), "3") is None
    for meter, size in (("2/4", 0), ("3/4", 1), ("6/8", 3), ("9/8", 4)):
        reader = reader_of_plan([PlannedBar(NEW)], "G", HEADER.replace("4/4", meter))
        assert chosen("lasts", reader, "2") == (context(0, 0, 0, size), 1), meter


@pytest.mark.parametrize(
    ("meter", "beats"), [("4/4", "03231323"), ("3/4", "032323"), ("6/8", "022122")]
)
def test_beats_are_those_of_the_metre(meter: str, beats: str) -> None:
    """The beginning of a bar, its middle, another beat, or between: in eighths."""
    for eighths, beat in enumerate(beats):
        text = f'"G"A{eighths}' if eighths else '"G"'
        reader = reader_of_plan([PlannedBar(NEW)], text, HEADER.replace("4/4", meter))
        found = chosen("tones", reader, "G")
        assert found is not None
        assert found[0] % 4 == int(beat), (meter, eighths)


def test_echoes_are_counted_where_they_are_heard() -> None:
    """A note beside other notes; a length beside anything."""
    a, b, two, bar = (VOCABULARY.char2idx[character] for character in "AB2|")
    told = np.zeros((7, 6), np.int32)
    told[:5, 2] = a + 1, a + 1, a + 1, two + 1, two + 1
    told[5:, 2] = told[5:, 5] = a + 1  # in a bar that goes like another, only that one counts
    trust = np.zeros((7, 6), np.int32)
    trust[:, 2] = 3
    copied = 1 + COPY * 4
    kind, came = np.array([1, 1, 1, 1, 0, copied, copied]), np.array([a, b, bar, bar, two, a, bar])
    counts = echoed(classes_of(VOCABULARY), kind, (told, trust), came)
    counts = counts.reshape(*SHAPE_OF_ECHOES, 2)
    assert counts[0, 2, 3].tolist() == [[1, 1], [1, 0], [0, 0]]
    assert counts[copied - 1, 5, 0].tolist() == [[0, 1], [0, 0], [0, 0]]
    assert counts.sum() == 4
