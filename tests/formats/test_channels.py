"""MIDI channels of voices and microtones."""

from fractions import Fraction

from abcgen.formats.channels import CHORDS_CHANNEL, channels_of, on_channels
from abcgen.music.sounds import Sound


def sound(onset: int, duration: int = 1, bend: Fraction = Fraction(0)) -> Sound:
    return Sound(60, Fraction(onset), Fraction(duration), 96, bend)


def test_no_two_voices_share_a_channel_while_there_are_some_left() -> None:
    for count in range(1, 14):
        channels = [channel for place in range(count) for channel in channels_of(place, count)]
        assert len(set(channels)) == len(channels)
        assert not {CHORDS_CHANNEL, 10, 16} & set(channels)
        assert set(channels) <= set(range(1, 17))
    assert channels_of(0, 1)[0] == 1
    assert channels_of(13, 20) == channels_of(1, 20) == [3]


def test_notes_that_are_bent_apart_at_one_time_are_on_channels_of_their_own() -> None:
    half, quarter = Fraction(1, 2), Fraction(1, 4)
    sounds = [sound(0, 2), sound(0, 1, half), sound(1, 1, half), sound(1, 1, quarter), sound(2)]
    assert [channel for _, channel in on_channels(sounds, [1, 5, 6])] == [1, 5, 5, 6, 1]
    assert [channel for _, channel in on_channels(sounds, [1])] == [1] * 5
    one_by_one = [sound(0, 1, half), sound(1, 1, quarter), sound(2)]
    assert [channel for _, channel in on_channels(one_by_one, [1, 5])] == [1] * 3
