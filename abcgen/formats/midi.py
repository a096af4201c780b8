"""A tune as a standard MIDI file: the melody, and its chord symbols as a soft accompaniment.

The notes come from `abcgen.music.notes` and are written with music21's MIDI events. A music21
stream is not used: streams split, merge and round notes to fit a score, and take about ten times
as long. music21 is imported only when a file is made.
"""

import math
from fractions import Fraction
from typing import TYPE_CHECKING

from abcgen.errors import UsageError
from abcgen.music.accompaniment import Sound, accompaniment
from abcgen.music.instruments import DEFAULT_INSTRUMENT, program_of
from abcgen.music.notes import PlayedBar, music_of
from abcgen.music.tempo import FASTEST, SLOWEST, tempo_of
from abcgen.notation.keys import fifths_of
from abcgen.notation.meters import is_compound
from abcgen.notation.tune import Tune

if TYPE_CHECKING:
    from music21.midi import MidiEvent, MidiTrack

#: Ticks of a quarter note. It is divisible by 2 to the 5th, 9, 5 and 7, so that 1/64 notes,
#: triplets, quintuplets and septuplets all fall on a tick.
TICKS_PER_QUARTER = 10080
_MOST_TICKS = 0x7FFF  # the ticks of a quarter note have 15 bits in the file
MELODY_CHANNEL, CHORDS_CHANNEL = 1, 2
MELODY_VELOCITY = 96  # 1 to 127
_CHORDS_PROGRAM = 24  # nylon guitar, counted from 0: it fades by itself
_MICROSECONDS = 60_000_000  # in a minute
_MINOR_MODES = ("m", "dor", "phr", "loc")


def midi_of(
    tune: Tune, *, qpm: float | None = None, instrument: str | int = DEFAULT_INSTRUMENT
) -> bytes:
    """Return a tune as the bytes of a standard MIDI file (format 1).

    Parameters
    ----------
    tune : Tune
        Any tune that `abcgen.music.notes.music_of` understands.
    qpm : float, optional
        Tempo in quarter notes a minute; else that of `abcgen.music.tempo.tempo_of`.
    instrument : str or int
        The instrument of the melody; see `abcgen.music.instruments.program_of`.

    Returns
    -------
    bytes
        Track 1 has title, tempo, metre and key; track 2 the melody, on channel 1; track 3, if
        the tune has chord symbols, the accompaniment, on channel 2.

    Raises
    ------
    NotationError
        If the tune cannot be read.
    UsageError
        If the tempo or the instrument is out of range or unknown.

    Notes
    -----
    Every onset and duration is exact, unless the tune needs more ticks a quarter note than 15
    bits can count. Times are then rounded to the nearest tick, without drift.
    """
    program = program_of(instrument)
    if qpm is None:
        qpm = tempo_of(tune)
    if not SLOWEST <= qpm <= FASTEST:
        raise UsageError(f"the tempo must be {SLOWEST:g} to {FASTEST:g} a minute, not {qpm:g}")
    music = music_of(tune)
    melody = [Sound(n.pitch, n.onset, n.duration, MELODY_VELOCITY) for n in music.notes]
    chords = list(accompaniment(music))

    from music21.midi import MidiFile

    file = MidiFile()
    file.ticksPerQuarterNote = ticks = _ticks_per_quarter([*melody, *chords])
    title = " ".join(tune.title.split()) or "Untitled"
    file.tracks.append(_conductor_track(title, qpm, music.bars, ticks))
    file.tracks.append(_track(title, MELODY_CHANNEL, program, melody, ticks))
    if chords:
        file.tracks.append(_track("Chords", CHORDS_CHANNEL, _CHORDS_PROGRAM, chords, ticks))
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


def _conductor_track(title: str, qpm: float, bars: list[PlayedBar], ticks: int) -> "MidiTrack":
    """Return the track of title, tempo, metres and keys."""
    from music21.midi import MetaEvents

    tempo = round(_MICROSECONDS / qpm)
    events = [
        (0, _meta(MetaEvents.SEQUENCE_TRACK_NAME, title.encode())),
        (0, _meta(MetaEvents.SET_TEMPO, tempo.to_bytes(3, "big"))),
    ]
    meter = key = ""
    for bar in bars:
        tick = _tick(bar.onset, ticks)
        setting = bar.setting
        if setting.meter != meter:
            events.append((tick, _meta(MetaEvents.TIME_SIGNATURE, _meter_bytes(setting.meter))))
        if setting.key != key:
            events.append((tick, _meta(MetaEvents.KEY_SIGNATURE, _key_bytes(setting.key))))
        meter, key = setting.meter, setting.key
    return _timed(events)


def _meter_bytes(meter: str) -> bytes:
    """Return numerator, binary logarithm of the denominator, MIDI clocks a click, and 8."""
    above, below = {"C": (4, 4), "C|": (2, 2)}.get(meter) or map(int, meter.split("/"))
    clocks = 36 if is_compound(meter) else 96 // below  # 24 clocks are a quarter note
    return bytes([above, below.bit_length() - 1, clocks, 8])


def _key_bytes(key: str) -> bytes:
    """Return sharps (or flats, negative) and 1 for a key with a minor third."""
    return fifths_of(key).to_bytes(1, "big", signed=True) + bytes([key.endswith(_MINOR_MODES)])


def _track(name: str, channel: int, program: int, sounds: list[Sound], ticks: int) -> "MidiTrack":
    """Return a track of notes."""
    from music21.midi import ChannelVoiceMessages, MetaEvents, MidiEvent

    change = MidiEvent(type=ChannelVoiceMessages.PROGRAM_CHANGE, channel=channel)
    change.data = program
    events = []
    for sound in sounds:
        times = sound.onset, sound.onset + sound.duration
        kinds = ChannelVoiceMessages.NOTE_ON, ChannelVoiceMessages.NOTE_OFF
        for time, kind, velocity in zip(times, kinds, (sound.velocity, 0), strict=True):
            event = MidiEvent(type=kind, channel=channel)
            event.pitch, event.velocity = sound.pitch, velocity
            events.append((_tick(time, ticks), event))
    # A note ends before the next begins; else its end would stop a next note of the same pitch.
    events.sort(key=lambda timed: (timed[0], timed[1].sortOrder))
    return _timed([(0, _meta(MetaEvents.SEQUENCE_TRACK_NAME, name.encode())), (0, change), *events])


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
