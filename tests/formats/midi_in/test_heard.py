"""What goes with a melody, in other parts or in its own."""

import pytest

from abcgen.formats.bar_text import WHOLE
from abcgen.formats.midi_in.bars import Bar
from abcgen.formats.midi_in.chords import chords_of
from abcgen.formats.midi_in.events import Part
from abcgen.formats.midi_in.harmony import Heard
from abcgen.formats.midi_in.heard import bass_of, heard_in
from abcgen.formats.midi_in.line import line_of
from tests.formats.midi_in.made import TICKS, part

BARS = [Bar(place * WHOLE, (place + 1) * WHOLE, "4/4", WHOLE) for place in range(4)]
SCALE = (72, 74, 76, 77, 79, 77, 76, 74)
MELODY = part([(p, n * TICKS, n * TICKS + TICKS) for n, p in enumerate(SCALE)])
CHORDS = ((48, 52, 55), (43, 47, 50))


def blocks(*chords: tuple[int, ...], length: int = 2, count: int = 2) -> list[tuple[int, int, int]]:
    """Return notes of chords, each struck some times for some beats."""
    return [
        (pitch, place * length * TICKS, (place + 1) * length * TICKS)
        for place in range(count * len(chords))
        for pitch in chords[place // count]
    ]


def heard(melody: Part, *others: Part) -> set[int]:
    parts = [melody, *others]
    return {note.pitch for note in heard_in(parts, melody, TICKS, line_of(melody.notes, TICKS))}


def test_the_other_parts_without_drums_are_heard() -> None:
    drums, effects = part([(50, 0, 480)], 2, "Drum kit"), part([(41, 0, 480)], 3, program=127)
    assert heard(MELODY, drums, effects, part(blocks(*CHORDS), 4)) == {48, 52, 55, 43, 47, 50}
    assert heard(MELODY, drums) == set()


@pytest.mark.parametrize("late", [0, TICKS // 4, TICKS])
@pytest.mark.parametrize("octaves", [0, -12])
def test_a_part_that_only_doubles_the_melody_is_no_accompaniment(late: int, octaves: int) -> None:
    timed = [(note.pitch + octaves, note.onset + late, note.end + late) for note in MELODY.notes]
    assert heard(MELODY, part(timed, 2)) == set()


def test_a_second_line_is_an_accompaniment() -> None:
    thirds = [(note.pitch - 3, note.onset, note.end) for note in MELODY.notes]
    assert heard(MELODY, part(thirds, 2)) == {pitch - 3 for pitch in SCALE}


def test_of_a_part_of_chords_all_notes_are_heard() -> None:
    """Its highest notes are the melody, where the file has none, and belong to the chords."""
    chords = part(blocks((60, 64, 67), (59, 62, 65, 67)))
    line = line_of(chords.notes, TICKS)
    bass = part([(36, 0, 4 * TICKS), (43, 4 * TICKS, 8 * TICKS)], 2)
    for others in ([], [bass]):
        notes = heard_in([chords, *others], chords, TICKS, line)
        assert chords_of(notes, BARS, "C") == [(0, "C"), (WHOLE, "G7")]
        assert len(notes) == len(set(notes))


def test_one_part_may_have_the_melody_and_its_chords() -> None:
    """As that of a piano: what is not in the melody is heard as chords, if there is enough."""
    high = [(p, n * TICKS, n * TICKS + TICKS) for n, p in enumerate((76, 77, 79, 77, 76, 74, 72))]
    low = blocks(*CHORDS, length=4, count=1)
    piano = part(sorted([*high, *low], key=lambda note: (note[1], note[2], note[0])))
    line = line_of(piano.notes, TICKS)
    assert [sound.pitches for sound in line] == [(p,) for p, _, _ in high]
    assert chords_of(heard_in([piano], piano, TICKS, line), BARS, "C") == [(0, "C"), (WHOLE, "G")]
    few = part([(48, 0, TICKS), *((76, n * TICKS, (n + 1) * TICKS) for n in range(9))])
    assert heard(few) == set()


def test_when_the_bass_plays() -> None:
    notes = heard_in([MELODY, part(blocks((36, 60)), 2)], MELODY, TICKS, ())
    assert bass_of(notes) == [0, WHOLE // 2]
    assert bass_of(heard_in([MELODY], MELODY, TICKS, line_of(MELODY.notes, TICKS))) == []


def test_a_part_that_is_late_as_a_whole_is_heard_on_the_beats() -> None:
    def moved(whole: Part, late: int) -> Part:
        timed = [(note.pitch, note.onset + late, note.end + late) for note in whole.notes]
        return part(timed, whole.track)

    def played(*parts: Part) -> list[Heard]:
        return heard_in(parts, parts[0], TICKS, line_of(parts[0].notes, TICKS))

    chords, late = part(blocks(*CHORDS), 2), TICKS // 8 + 2
    on_beats = played(MELODY, chords)
    assert played(moved(MELODY, late), moved(chords, late)) == on_beats
    assert played(MELODY, moved(chords, late)) == on_beats
