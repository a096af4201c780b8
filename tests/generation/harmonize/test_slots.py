"""Bars and half bars, what sounds in them, and where their symbols would stand."""

from abcgen.generation.harmonize.slots import Slot, features_of, slotted
from abcgen.notation.tune import read_tune

HEADER = "X:1\nT:A tune\nM:{}\nL:1/8\nK:{}\n"


def slots_of(text: str) -> list[Slot]:
    return [slot for section in slotted(read_tune(text)) for slot in section.slots]


def behind(text: str, slots: list[Slot]) -> list[str | None]:
    """Return the text from where each symbol would stand, up to the next space or bar line."""
    return [
        None if slot.at is None else text[slot.at :].replace("|", " ").split()[0] for slot in slots
    ]


def test_where_symbols_would_stand() -> None:
    """Before what belongs to a note; after a pickup; not where a note goes on."""
    text = HEADER.format("4/4", "D") + 'A2|{g}d2ef "^x"(ga)b2|(3abc d2 e3f |g8|\\\n!f!a4-a4|]\n'
    assert behind(text, slots_of(text)) == [
        "{g}d2ef", '"^x"(ga)b2', "(3abc", "e3f", "g8", None, "!f!a4-a4", "a4"
    ]  # fmt: skip


def test_metres_with_and_without_halves() -> None:
    for meter, music, count in (("6/8", "d3 e3|", 2), ("3/4", "d2e2f2|", 1), ("2/4", "d2e2|", 2)):
        assert len(slots_of(HEADER.format(meter, "D") + music + "\n")) == count


def test_places_in_the_form() -> None:
    music = "A|:d8|e8|[1 f8:|[2 g7||A|d8|e7|]\n"
    slots = slots_of(HEADER.format("4/4", "D") + music)[::2]
    assert [(slot.place, slot.from_end) for slot in slots] == [
        (0, 2), (1, 1), (2, 0), (3, 0), (0, 1), (1, 0)
    ]  # fmt: skip
    assert [slot.begins for slot in slots] == [True, False, True, True, True, False]
    assert [slot.section[2] for slot in slots] == [False, False, True, True, False, False]


def test_what_sounds() -> None:
    """Pitches count from the tonic, A: c is three semitones above it. What is held counts, too."""
    first, second = slots_of(HEADER.format("4/4", "Am") + "c2A2-A2^ge|\n")
    assert [first.weights[pitch] for pitch in (0, 3)] == [0.5, 0.5]
    assert [second.weights[pitch] for pitch in (0, 7, 11)] == [0.5, 0.25, 0.25]
    assert (first.first, second.first) == (3, 0)
    assert first.strong.nonzero()[0].tolist() == [0, 3]
    assert second.strong.nonzero()[0].tolist() == [0, 11]
    assert features_of([first, second]).shape[0] == 2


def test_moving_a_tune_changes_nothing_that_is_known_of_it() -> None:
    one = slots_of(HEADER.format("4/4", "D") + "d2f2 a2^ga|\n")
    other = slots_of(HEADER.format("4/4", "F") + "f2a2 c'2=bc'|\n")
    assert (features_of(one) == features_of(other)).all()
