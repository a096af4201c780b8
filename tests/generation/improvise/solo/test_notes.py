from fractions import Fraction

from abcgen.generation.improvise.solo.notes import HIGHEST, LOWEST, Played, mended, played
from abcgen.melodies.solo import Harmony, Value

EIGHTH = Fraction(1, 8)
HARMONY = Harmony([(Fraction(0), "C"), (Fraction(1), "G7")], "C")


def pitches(notes: list[Played]) -> list[int | None]:
    return [note.pitch for note in notes]


def test_values_are_played_over_the_chords_that_sound() -> None:
    values = [
        Value("C", Fraction(1, 2), 0),  # c, where a solo begins
        Value("C", Fraction(1, 4), 1),  # three semitones up: e is nearest
        Value("S", EIGHTH, 0),  # of d and f, f is nearer
        Value("R", EIGHTH, 0),
        Value("C", Fraction(1), 0),  # over G7, which has an f
        Value("C", Fraction(1), 0),  # after the end
    ]
    notes = played(values, HARMONY, Fraction(2))
    assert pitches(notes) == [72, 76, 77, None, 77]
    assert [note.end for note in notes] == [Fraction(n, 8) for n in (4, 6, 7, 8, 16)]


def test_a_solo_stays_where_tunes_are_written() -> None:
    for step in (-4, 4):
        notes = played([Value("C", EIGHTH, step)] * 16, HARMONY, Fraction(2))
        assert all(LOWEST <= (note.pitch or 0) <= HIGHEST for note in notes)


def line(*notes: tuple[int | None, str]) -> list[Played]:
    """Return notes one after the other, with lengths in eighths."""
    made, now = [], Fraction(0)
    for pitch, length in notes:
        end = now + Fraction(length) / 8
        made.append(Played(pitch, now, end))
        now = end
    return made


def test_notes_are_moved_onto_the_grid_and_short_ones_left_out() -> None:
    triplet = line((72, "2/3"), (74, "2/3"), (76, "2/3"), (77, "1/8"), (79, "15/8"))
    found = mended(triplet)
    assert pitches(found) == [72, 74, 76, 79]
    assert all((16 * note.onset).denominator == 1 for note in found)
    assert [note.end for note in found[:-1]] == [note.onset for note in found[1:]]


def test_a_third_stroke_goes_on_and_so_does_a_second_rest() -> None:
    found = mended(line((72, "1"), (72, "1"), (72, "1"), (None, "1"), (None, "2"), (74, "1")))
    assert pitches(found) == [72, 72, None, 74]
    assert found[1].end - found[1].onset == Fraction(1, 4)
    assert found[2].end - found[2].onset == Fraction(3, 8)


def test_leaps_of_more_than_an_octave_are_taken_back() -> None:
    assert pitches(mended(line((60, "1"), (None, "1"), (84, "1"), (63, "1")))) == [
        *(60, None, 72, 63),
    ]
