"""The melody is found among the parts, or is the one that was asked for."""

import pytest

from abcgen.errors import UsageError
from abcgen.formats.midi_in.events import Part
from abcgen.formats.midi_in.parts import melody_of
from tests.formats.midi_in.made import part

TUNE = [(72, place * 240, place * 240 + 240) for place in range(32)]
CHORDS = [(pitch, bar * 960, bar * 960 + 960) for bar in range(8) for pitch in (55, 59, 62)]
BASS = [(36, place * 480, place * 480 + 480) for place in range(16)]
COUNTED = [(76, place * 480, place * 480 + 120) for place in range(4)]


def named(*names: str) -> list[Part]:
    return [part(TUNE, track, name) for track, name in enumerate(names, start=1)]


def test_one_note_at_a_time_and_high_is_the_melody() -> None:
    parts = [part(CHORDS, 1), part(BASS, 2), part(TUNE, 3), part(COUNTED, 4)]
    assert melody_of(parts).track == 3


def test_a_name_tells_between_lines_that_are_alike() -> None:
    assert melody_of(named("Bass", "Fiddle melody", "Alto")).track == 2
    assert melody_of(named("Accordion", "Harmony", "Strings")).track == 1
    assert melody_of(named("Accordion", "Flute")).track == 2
    assert melody_of(named("Arpeggio", "Aria-Counter", "Aria", "Walk")).track == 3
    assert melody_of(named("Acc 1", "Cordas", "Oud")).track == 3


def test_a_name_that_is_both_is_better_than_that_of_an_accompaniment() -> None:
    assert melody_of(named("Rhythm guitar", "Lead guitar")).track == 2
    assert melody_of(named("Lead guitar", "Fiddle")).track == 2


def test_a_number_tells_only_behind_a_name() -> None:
    """Programs number tracks, and musicians number those who play the same instrument."""
    assert melody_of(named("Clarinet 2", "Clarinet 1")).track == 2
    assert melody_of(named("Melody 2", "Melody 1", "Melody 3")).track == 2
    low = [(pitch - 20, onset, end) for pitch, onset, end in TUNE]
    for name in ("Track {}", "MIDI Ch. {}", "Staff-{}", "Sp\xe5r {}"):
        parts = [part(low, 1, name.format(1)), part(TUNE, 2, name.format(2))]
        assert melody_of(parts).track == 2


def test_octaves_are_one_line() -> None:
    octaves = [(p, a, b) for pitch, a, b in TUNE for p in (pitch - 12, pitch)]
    thirds = [(p, a, b) for pitch, a, b in TUNE for p in (pitch - 4, pitch)]
    assert melody_of([part(thirds, 1), part(octaves, 2)]).track == 2


def test_a_part_that_rests_for_most_of_the_time_is_no_melody() -> None:
    solo = part([(76, place * 480, place * 480 + 480) for place in range(9)], 1)
    tune = part([(p, a, a + 480) for a in range(0, 480 * 80, 480) for p in (64, 67)], 2)
    assert melody_of([solo, tune]).track == 2


def test_an_ostinato_is_no_melody() -> None:
    """The same bar again and again, all the time, under a line that rests now and then."""
    bar, walk = (66, 69, 66, 62), (74, 76, 78, 73, 71, 79, 69, 74, 81, 76, 71, 78, 66)
    ostinato = [(bar[place % 4], place * 480, place * 480 + 480) for place in range(128)]
    tune = [
        (walk[place * place % 13], place * 480, place * 480 + 480)
        for place in range(32, 128)
        if place % 8 < 6
    ]
    assert melody_of([part(ostinato, 1), part(tune, 2)]).track == 2


def test_of_lines_that_are_alike_the_highest_is_the_melody() -> None:
    """As in a chorale, whose lower voices move as much, or more."""
    soprano = [(72 + place * place % 7, a, b) for place, (_, a, b) in enumerate(TUNE)]
    alto = [(66 + place * place % 7 + place // 29, a, b) for place, (_, a, b) in enumerate(TUNE)]
    assert melody_of([part(alto, 1), part(soprano, 2)]).track == 2


def test_of_parts_that_are_all_alike_the_first_is_taken() -> None:
    assert melody_of(named("", "", "")).track == 1


@pytest.mark.parametrize("asked", [2, "2", "alto", "Alt"])
def test_a_track_can_be_asked_for(asked: int | str) -> None:
    assert melody_of(named("Melody", "Alto 1"), asked).track == 2


def test_a_track_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(UsageError, match=r"no track '7' .* 1 \(Melody\), 2 \(no name\)"):
        melody_of(named("Melody", ""), "7")
