"""A tune as a standard MIDI file: its voices, and its chord symbols as a soft accompaniment.

The sounds come from `abcgen.music.performance` and are written with music21's MIDI events. A
music21 stream is not used: streams split, merge and round notes to fit a score, and take about
ten times as long. music21 is imported only when a file is made.
"""

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Unpack

from abcgen.formats.channels import (
    CHORDS_CHANNEL,
    MELODY_CHANNEL,
    channel_of,
    channels_of,
    on_channels,
)
from abcgen.music.accompaniment import AccompanimentOptions
from abcgen.music.accompaniment.parts import Part
from abcgen.music.directives import step_at
from abcgen.music.measures import TimeSignature, time_signatures
from abcgen.music.performance import Performance, perform
from abcgen.music.sounds import Sound
from abcgen.notation.keys import MINOR_MODES, fifths_of, mode_of, plain_key
from abcgen.notation.meters import is_compound
from abcgen.notation.tune import Tune

if TYPE_CHECKING:
    from music21.midi import MidiEvent, MidiTrack

__all__ = ["CHORDS_CHANNEL", "KEY_MARKER", "MELODY_CHANNEL", "TICKS_PER_QUARTER", "midi_of"]

#: Ticks of a quarter note. It is divisible by 2 to the 5th, 9, 5 and 7, so that 1/64 notes,
#: triplets, quintuplets and septuplets all fall on a tick.
TICKS_PER_QUARTER = 10080
_NO_BEND, _MOST_BEND = Fraction(0), Fraction(2)  # semitones, as players have it unless told
_MOST_TICKS = 0x7FFF  # the ticks of a quarter note have 15 bits in the file
_MICROSECONDS = 60_000_000  # in a minute
#: A marker beside each key signature names the key, which the signature cannot: ``K:Ador``.
KEY_MARKER = "K:"


def midi_of(
    tune: Tune,
    *,
    qpm: float | None = None,
    instrument: str | int | None = None,
    swing: float | None = None,
    **accompaniment: Unpack[AccompanimentOptions],
) -> bytes:
    """Return a tune as the bytes of a standard MIDI file (format 1); see `midi_of_performance`.

    Parameters
    ----------
    tune : Tune
        Any tune that `abcgen.music.notes.music_of` understands.
    qpm, instrument, swing, **accompaniment
        See `abcgen.music.performance.perform`.

    Raises
    ------
    NotationError, UsageError
        As `abcgen.music.performance.perform`.
    """
    return midi_of_performance(
        perform(tune, qpm=qpm, instrument=instrument, swing=swing, **accompaniment)
    )


def midi_of_performance(played: Performance) -> bytes:
    """Return what is played as the bytes of a standard MIDI file (format 1).

    Returns
    -------
    bytes
        Track 1 has title, tempos, time and key signatures; track 2 the melody, on channel 1. Each
        other voice has a track and, as long as there are some left, a channel of its own. The last
        tracks are what accompanies them, chords on channel 2.

    Notes
    -----
    Time signatures are those of `abcgen.music.measures.time_signatures`: a pickup has its own.
    Every onset and duration is exact, unless the tune needs more ticks a quarter note than 15
    bits can count. Times are then rounded to the nearest tick, without drift.
    """
    voices = played.voices or [Part(played.title, played.programs, played.melody)]
    parts = [*voices, *played.accompaniment]

    from music21.midi import MidiFile

    file = MidiFile()
    sounds = [sound for part in parts for sound in part.sounds]
    file.ticksPerQuarterNote = ticks = _ticks_per_quarter(sounds)
    file.tracks.append(_conductor_track(played, ticks))
    for place, voice in enumerate(voices):
        file.tracks.append(_track(voice, channels_of(place, len(voices)), ticks))
    for part in played.accompaniment:
        file.tracks.append(_track(part, [channel_of(part.name)], ticks))
    return bytes(file.writestr())


def _ticks_per_quarter(sounds: list[Sound]) -> int:
    """Return a resolution in which every time is a whole number of ticks, if there is one."""
    whole = {time.denominator for sound in sounds for time in (sound.onset, sound.duration)}
    needed = math.lcm(*(denominator // math.gcd(denominator, 4) for denominator in whole))
    return TICKS_PER_QUARTER if TICKS_PER_QUARTER % needed == 0 or needed > _MOST_TICKS else needed


def _tick(time: Fraction, ticks: int) -> int:
    """Return the nearest tick to a time in whole notes, by integers, which are faster."""
    above, below = 4 * ticks * time.numerator, time.denominator
    return (2 * above + below) // (2 * below)


def _conductor_track(played: Performance, ticks: int) -> "MidiTrack":
    """Return the track of title, tempos, time and key signatures."""
    from music21.midi import MetaEvents

    events = [(0, _meta(MetaEvents.SEQUENCE_TRACK_NAME, played.title.encode()))]
    for onset, qpm in played.tempos:
        tempo = round(_MICROSECONDS / qpm).to_bytes(3, "big")
        events.append((_tick(onset, ticks), _meta(MetaEvents.SET_TEMPO, tempo)))
    for signature in time_signatures(played.bars):
        tick = _tick(signature.onset, ticks)
        events.append((tick, _meta(MetaEvents.TIME_SIGNATURE, _meter_bytes(signature))))
    said: tuple[bytes, str] | None = None
    for bar in played.bars:
        moved = step_at(played.transpositions, bar.onset)
        data = _key_bytes(bar.setting.key, moved)
        if (data, bar.setting.key) != said:
            said = data, bar.setting.key
            tick = _tick(bar.onset, ticks)
            events.append((tick, _meta(MetaEvents.KEY_SIGNATURE, data)))
            if not moved:
                name = (KEY_MARKER + bar.setting.key).encode()
                events.append((tick, _meta(MetaEvents.MARKER, name)))
    events.sort(key=lambda timed: timed[0])
    return _timed(events)


def _meter_bytes(signature: TimeSignature) -> bytes:
    """Return numerator, binary logarithm of the denominator, MIDI clocks a click, and 8."""
    above, below = signature.numerator, signature.denominator
    clocks = 36 if is_compound(f"{above}/{below}") else 96 // below  # 24 are a quarter note
    return bytes([above, below.bit_length() - 1, clocks, 8])


def _key_bytes(key: str, semitones: int) -> bytes:
    """Return sharps (or flats, negative) and 1 for a key with a minor third.

    A key that is transposed is written with five flats to six sharps.
    """
    fifths = fifths_of(plain_key(key))
    if semitones % 12:
        fifths = (fifths + 7 * semitones + 5) % 12 - 5  # a semitone is seven fifths
    return fifths.to_bytes(1, "big", signed=True) + bytes([mode_of(key) in MINOR_MODES])


def _track(part: Part, channels: Sequence[int], ticks: int) -> "MidiTrack":
    """Return a track of notes, on the first of some channels and, for microtones, on others."""
    from music21.midi import ChannelVoiceMessages, MetaEvents, MidiEvent

    events = []
    placed = list(on_channels(part.sounds, channels))
    bends = dict.fromkeys([channels[0], *(channel for _, channel in placed)], _NO_BEND)
    for onset, program in part.programs:
        for channel in bends:
            change = MidiEvent(type=ChannelVoiceMessages.PROGRAM_CHANGE, channel=channel)
            change.data = program
            events.append((_tick(onset, ticks), change))
    for sound, channel in placed:
        if bends[channel] != sound.bend:
            bends[channel] = sound.bend
            bend = MidiEvent(type=ChannelVoiceMessages.PITCH_BEND, channel=channel)
            bend.setPitchBend(100 * float(min(max(sound.bend, -_MOST_BEND), _MOST_BEND)))
            events.append((_tick(sound.onset, ticks), bend))
        times = sound.onset, sound.onset + sound.duration
        kinds = ChannelVoiceMessages.NOTE_ON, ChannelVoiceMessages.NOTE_OFF
        for time, kind, velocity in zip(times, kinds, (sound.velocity, 0), strict=True):
            event = MidiEvent(type=kind, channel=channel)
            event.pitch, event.velocity = sound.pitch, velocity
            events.append((_tick(time, ticks), event))
    # A note ends before the next begins; else its end would stop a next note of the same pitch.
    events.sort(key=lambda timed: (timed[0], timed[1].sortOrder))
    return _timed([(0, _meta(MetaEvents.SEQUENCE_TRACK_NAME, part.name.encode())), *events])


def _meta(kind: object, data: bytes) -> "MidiEvent":
    """Return an event that makes no sound."""
    from music21.midi import MidiEvent

    event = MidiEvent(type=kind)
    event.data = data
    return event


def _timed(events: "list[tuple[int, MidiEvent]]") -> "MidiTrack":
    """Return a track of events in order, each (tick, event), with the ticks between them."""
    from music21.midi import DeltaTime, MetaEvents, MidiTrack

    track, now = MidiTrack(), 0
    end = (events[-1][0], _meta(MetaEvents.END_OF_TRACK, b""))
    for tick, event in [*events, end]:
        track.events += [DeltaTime(time=tick - now), event]
        now = tick
    return track
