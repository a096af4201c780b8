"""What characters choose, beside the same read off the text."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abcgen.model.factors.plan import COPY, MOVED, NEW, Plan, PlannedBar, PlanTable
from abcgen.model.factors.reader import Reader
from abcgen.model.factors.situations import ECHOING, HOLDING, LANDING, MOVING, ROWS
from abcgen.model.habits.choices import ECHOES, Habit, classes_of, echoed, habits_of
from abcgen.model.vocabulary import Vocabulary

HEADER = "X:1\nT:a\nM:4/4\nL:1/8\nK:G\n"
VOCABULARY = Vocabulary.of(HEADER + "\"ABCDEFGabcdefgz,'|:[]23456789/^_=(~{ 0m")
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


def chosen(habit: Habit, reader: Reader, character: str) -> tuple[int, int] | None:
    """Return the context, and what a character chooses there; None for nothing."""
    for row in reader.situation()[:ECHOING]:
        at = row - habit.first
        if 0 <= at < len(habit.numbers) and VOCABULARY.char2idx[character] in habit.characters:
            column = habit.characters.tolist().index(VOCABULARY.char2idx[character])
            number = int(habit.numbers[at, column])
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


@settings(deadline=None, max_examples=80)
@given(before=st.lists(notes, min_size=3, max_size=5), letter=st.sampled_from(LETTERS))
def test_a_letter_chooses_the_nearest_step_that_it_can_become(
    before: list[str], letter: str
) -> None:
    """After the last two steps, each by up to five letters up or down."""
    *_, first, second, third = map(step_of, before)
    plain = LETTERS.index(letter)
    octaves = (plain, plain - 7) if plain < 7 else (plain, plain + 7)
    change = min((other - third for other in octaves), key=abs)
    found = chosen(KINDS["moves"], reader_of("".join(before)), letter)
    contexts = (12 + clipped(second - first)) * 12 + clipped(third - second)
    assert found == (contexts + (1 - 1) * 144, clipped(change))


def clipped(change: int) -> int:
    return min(max(change, -5), 5) + 5


def test_notes_of_the_chord_are_told_by_letters_above_its_root() -> None:
    tones = KINDS["tones"]
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
    chords = KINDS["chords"]
    assert chosen(chords, reader_of("G4"), '"') == (1 * 3 + 0, 1)
    assert chosen(chords, reader_of("G4"), "A") == (1 * 3 + 0, 0)
    assert chosen(chords, reader_of('"G"G4'), '"') == (1 * 3 + 1, 1)
    assert chosen(chords, reader_of('"G"G2"D"A2"G"B'), '"') == (3 * 3 + 2, 1)
    assert chosen(chords, reader_of('"G"G4G4|'), '"') == (0, 1)
    assert chosen(chords, reader_of("G4"), "3") is None


def test_roots_are_degrees_of_the_key_whatever_the_key_is() -> None:
    roots = KINDS["roots"]
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
            assert chosen(KINDS["lands"], reader, "G") == ((24 + when) * 7 + above, 8 + step)
            near = chosen(KINDS["closes"], reader, note)
            assert near is not None
            assert near[1] == above
    assert chosen(KINDS["lands"], reader_of("A6"), "G") is None
    assert chosen(KINDS["closes"], reader_of("A6"), "G") is None


def test_a_last_note_may_be_held() -> None:
    holds = KINDS["holds"]
    on_tonic, elsewhere = (chosen(holds, reader_of("G8|A4" + note), "3") for note in "GA")
    assert on_tonic == (66 + 3 * 2 + 1, 2)
    assert elsewhere == (66 + 3 * 2, 2)
    assert chosen(holds, reader_of("G8|A4G"), "|") == (66 + 3 * 2 + 1, 0)
    assert chosen(holds, reader_of("G8|A4G2"), "3") is None
    assert chosen(holds, reader_of("A4G"), "3") is None


def test_the_lowest_and_the_highest_note_are_told_until_they_have_come() -> None:
    down, up = KINDS["down"], KINDS["up"]  # from G to d'
    assert chosen(down, reader_of("B"), "A") == (8 + 4, 2)
    assert chosen(down, reader_of("BG"), "A") == (8, 2)
    assert chosen(down, reader_of("GB"), "F") == (8, 0)
    assert chosen(down, reader_of("G8|B6"), "A") == (8 + 1, 2)
    assert chosen(up, reader_of("b"), "c") == (8 + 4, 2)
    assert chosen(up, reader_of("d'"), "c") == (8, 2)


def test_the_last_section_ends_otherwise() -> None:
    bars = [PlannedBar(NEW)]
    found = []
    for sections in (1, 2):
        reader = Reader(VOCABULARY, planned=True)
        plan = Plan([bars] * sections, [1] * sections, 19, 30, 1, 4)
        reader.plan(PlanTable(plan))
        for character in VOCABULARY.encode(HEADER + "G6").tolist():
            reader.read(character)
        found.append(chosen(KINDS["lands"], reader, "G"))
    assert found == [((8 + 2) * 7, 8), (2 * 7, 8)]


@pytest.mark.parametrize("kind", [COPY, MOVED])
def test_a_bar_that_goes_like_another_has_no_habits(kind: int) -> None:
    assert any(reader_of('"G"G4A4|"D"').situation())
    assert not any(reader_of('"G"G4A4|"D"', kind).situation())


def test_there_are_none_in_the_header_within_a_chord_or_without_a_plan() -> None:
    assert not any(reader_of("")._beginning.melody)
    assert not any(reader_of('"Gm').situation())
    reader = Reader(VOCABULARY, planned=True)
    for character in VOCABULARY.encode(HEADER + "G4A4|").tolist():
        reader.read(character)
        assert not any(reader.situation())


def test_without_chords_nothing_is_said_of_them() -> None:
    reader = reader_of("G4A2", style=1)
    assert chosen(KINDS["chords"], reader, '"') is chosen(KINDS["tones"], reader, "G") is None
    assert reader.situation()[MOVING] != reader_of("G4A2").situation()[MOVING]


def test_what_comes_before_a_note_is_told_by_the_beat() -> None:
    starts = KINDS["starts"]
    for style, text in ((1, "G4"), (2, '"G"G4')):
        found = [chosen(starts, reader_of(text, style=style), c) for c in "Ag([^=_z"]
        assert found == [((style - 1) * 4 + 1, kind) for kind in (0, 0, 1, 2, 3, 3, 3, 4)]
    assert chosen(starts, reader_of("G4"), "|") is None


def test_every_row_is_of_one_habit_or_of_three_of_a_place() -> None:
    of_each = np.zeros(ROWS, int)
    for name, habit in KINDS.items():
        if name == ECHOES:
            continue
        of_each[habit.first : habit.first + len(habit.numbers)] += 1
        assert habit.numbers.max() < habit.shape[0] * habit.shape[1]
    assert of_each[0] == 0
    assert set(of_each[1:]) == {1, 3}
    assert LANDING < HOLDING


def test_echoes_are_counted_where_they_are_heard() -> None:
    """A note beside other notes; a length beside anything."""
    a, b, two, bar = (VOCABULARY.char2idx[character] for character in "AB2|")
    told = np.zeros((5, 5), np.int32)
    told[:, 2] = a + 1, a + 1, a + 1, two + 1, two + 1
    trust = np.zeros((5, 5), np.int32)
    trust[:, 2] = 3
    kind, came = np.array([1, 1, 1, 1, 0]), np.array([a, b, bar, bar, two])
    counts = echoed(classes_of(VOCABULARY), kind, (told, trust), came).reshape(16, 5, 4, 2, 2)
    assert counts[0, 2, 3].tolist() == [[1, 1], [1, 0]]
    assert counts.sum() == 3
