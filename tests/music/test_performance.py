"""A performance: what MIDI files hold is what is played."""

from fractions import Fraction

import pytest

from abcgen.errors import NotationError, UsageError
from abcgen.formats.midi import CHORDS_CHANNEL, MELODY_CHANNEL, midi_of
from abcgen.music.performance import MELODY_VELOCITY, Performance, perform
from abcgen.notation.tune import read_tune
from tests.referee import heard_notes

TUNE = read_tune(
    'X:1\nT:One  and\tOther\nR:jig\nM:6/8\nL:1/8\nK:D\n|:A|"D"dfa "G"g2f|"A7"gec A2z:|\n'
)


def test_it_is_what_a_midi_file_holds() -> None:
    played, heard = perform(TUNE, instrument="flute"), heard_notes(midi_of(TUNE))
    for sounds, channel in [(played.melody, MELODY_CHANNEL), (played.chords, CHORDS_CHANNEL)]:
        found = sorted((s.onset, s.pitch, s.duration, s.velocity) for s in sounds)
        assert found == sorted(heard[channel])
        assert [s.onset for s in sounds] == sorted(s.onset for s in sounds)


def test_title_tempo_and_instrument() -> None:
    played = perform(TUNE, instrument="flute")
    assert (played.title, played.qpm, played.program) == ("One and Other", 165, 73)
    assert played.melody[0].velocity == MELODY_VELOCITY
    assert perform(TUNE, qpm=60).clock.at(Fraction(1)) == 4
    assert played.duration == Fraction(13, 4)
    assert Performance("", [(Fraction(0), 60)], [], [], [], []).duration == 0


def test_what_cannot_be_played_is_refused() -> None:
    with pytest.raises(UsageError, match=r"tempo must be 4 to 1000 .*, not 2000"):
        perform(TUNE, qpm=2000)
    with pytest.raises(UsageError, match="no instrument 'kazoo'"):
        perform(TUNE, instrument="kazoo")
    with pytest.raises(NotationError):
        perform(read_tune("X:1\nK:C\nC/0B\n"))
