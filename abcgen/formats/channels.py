"""Which MIDI channel each voice is on, and each microtone: a pitch bend holds for a channel."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from abcgen.music.sounds import Sound

#: Drums have the channel that General MIDI gives them. A bass of its own has the last one.
MELODY_CHANNEL, CHORDS_CHANNEL, DRUMS_CHANNEL, BASS_CHANNEL = 1, 2, 10, 16
_ACCOMPANYING = {"Chords": CHORDS_CHANNEL, "Bass": BASS_CHANNEL, "Drums": DRUMS_CHANNEL}
_OTHERS = (3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15)
_BEFORE = Fraction(0), Fraction(0)


def channels_of(place: int, count: int) -> list[int]:
    """Return the channel of a voice, and then those that it alone may use for microtones.

    Parameters
    ----------
    place, count : int
        The place of the voice, from 0 for the melody, and how many voices there are. Of more
        than thirteen, some share a channel.
    """
    own = MELODY_CHANNEL if place == 0 else _OTHERS[(place - 1) % len(_OTHERS)]
    return [own, *_OTHERS[count - 1 :][place::count]]


def channel_of(name: str) -> int:
    """Return the channel of a part that accompanies, by its name."""
    return _ACCOMPANYING[name]


def on_channels(sounds: Sequence[Sound], channels: Sequence[int]) -> Iterator[tuple[Sound, int]]:
    """Yield each note with the first channel on which nothing sounds that is bent in another way.

    Where there is none, a note is on the first channel, and what sounds there is bent with it.

    Parameters
    ----------
    sounds : sequence of Sound
        In order of onset.
    channels : sequence of int
        The channel to take wherever that is possible, then the others.
    """
    sounding: dict[int, tuple[Fraction, Fraction]] = {}  # until when, and how it is bent
    for sound in sounds:
        for channel in channels:
            end, bend = sounding.get(channel, _BEFORE)
            if bend == sound.bend or end <= sound.onset:
                break
        else:
            channel = channels[0]
            end, _ = sounding[channel]
        sounding[channel] = max(end, sound.onset + sound.duration), sound.bend
        yield sound, channel
