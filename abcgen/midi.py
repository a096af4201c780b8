"""A tune as a standard MIDI file: the melody, and its chord symbols as a soft accompaniment.

The notes come from `abcgen.notation.music` and are written with music21's MIDI events, not
through a music21 stream: streams split, merge and round notes to fit a score, and take some
ten times as long. music21 is imported only when a file is made.
"""

import functools
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from abcgen.errors import UsageError, near_names
from abcgen.notation.chords import chord_pitches, spell_chord
from abcgen.notation.form import Bar, read_sections
from abcgen.notation.keys import fifths_of, spell_key
from abcgen.notation.music import ChordSymbol, Music, bar_events, music_of
from abcgen.notation.tune import Tune, default_unit, is_compound, read_meter, read_unit

if TYPE_CHECKING:
    from music21.midi import MidiEvent, MidiTrack

#: Ticks of a quarter note. It divides by 2 to the 5th, 9, 5 and 7, so that 1/64 notes,
#: triplets, quintuplets and septuplets all fall on a tick.
TICKS_PER_QUARTER = 10080
_MOST_TICKS = 0x7FFF  # 15 bits hold the ticks of a quarter note
MELODY_CHANNEL, CHORDS_CHANNEL = 1, 2
#: Velocities, 1 to 127: the melody leads.
MELODY_VELOCITY, BASS_VELOCITY, CHORD_VELOCITY = 96, 52, 40
#: MIDI note numbers of the lowest bass (C2) and chord (C3) notes; both span one octave.
LOWEST_BASS, LOWEST_CHORD = 36, 48
DEFAULT_INSTRUMENT = "violin"
_CHORDS_PROGRAM = 24  # nylon guitar, counted from 0: it fades by itself
#: What --qpm may be, in quarter notes a minute; MIDI cannot count below 3.6.
SLOWEST, FASTEST = 4.0, 1000.0
_MICROSECONDS = 60_000_000  # in a minute
_QUARTER, _EIGHTH = Fraction(1, 4), Fraction(1, 8)
_NO_CHORD = frozenset({"N.C.", "NC", "N.C"})
_MINOR_MODES = ("m", "dor", "phr", "loc")

#: Rhythm (R:) -> how dancers want it, in quarter notes a minute. The first that fits wins.
RHYTHM_QPM = {
    "slow air": 60,
    "air": 72,
    "slip": 165,  # dotted crotchet 110
    "slide": 188,
    "single jig": 180,
    "jig": 165,
    "reel": 190,
    "hornpipe": 150,
    "strathspey": 120,
    "polka": 125,
    "waltz": 138,
    "mazurka": 130,
    "barndance": 160,
    "schottische": 150,
    "march": 110,
}
#: Metre (M:) -> the same, where R: says nothing.
METER_QPM = {
    "6/8": 165,
    "9/8": 165,
    "12/8": 180,
    "3/4": 138,
    "2/4": 120,
    "C|": 180,
    "2/2": 180,
    "4/4": 160,
    "C": 160,
}
_OTHER_QPM = 120

# The General MIDI instruments, in the order of their programs.
_NAMES = """\
acoustic grand piano, bright acoustic piano, electric grand piano, honky-tonk piano, electric
piano 1, electric piano 2, harpsichord, clavinet, celesta, glockenspiel, music box, vibraphone,
marimba, xylophone, tubular bells, dulcimer, drawbar organ, percussive organ, rock organ,
church organ, reed organ, accordion, harmonica, tango accordion, nylon guitar, steel guitar,
jazz guitar, clean guitar, muted guitar, overdriven guitar, distortion guitar, guitar
harmonics, acoustic bass, finger bass, pick bass, fretless bass, slap bass 1, slap bass 2,
synth bass 1, synth bass 2, violin, viola, cello, contrabass, tremolo strings, pizzicato
strings, harp, timpani, string ensemble 1, string ensemble 2, synth strings 1, synth strings 2,
choir aahs, voice oohs, synth voice, orchestra hit, trumpet, trombone, tuba, muted trumpet,
french horn, brass section, synth brass 1, synth brass 2, soprano sax, alto sax, tenor sax,
baritone sax, oboe, english horn, bassoon, clarinet, piccolo, flute, recorder, pan flute,
bottle, shakuhachi, whistle, ocarina, square lead, sawtooth lead, calliope lead, chiff lead,
charang lead, voice lead, fifths lead, bass and lead, new age pad, warm pad, polysynth pad,
choir pad, bowed pad, metallic pad, halo pad, sweep pad, rain, soundtrack, crystal, atmosphere,
brightness, goblins, echoes, sci-fi, sitar, banjo, shamisen, koto, kalimba, bagpipe, fiddle,
shanai, tinkle bell, agogo, steel drums, woodblock, taiko drum, melodic tom, synth drum,
reverse cymbal, guitar fret noise, breath noise, seashore, bird tweet, telephone, helicopter,
applause, gunshot"""
#: Their names; the first is program 0 in a file, and 1 to people.
INSTRUMENTS = tuple(" ".join(_NAMES.split()).split(", "))
_NICKNAMES = {"piano": "acoustic grand piano", "guitar": "steel guitar", "tin whistle": "whistle"}


@dataclass(frozen=True, slots=True)
class _PlayedBar:
    """A bar as it is played: when, how long (in whole notes), and its metre and key."""

    onset: Fraction
    duration: Fraction
    meter: str
    key: str


@dataclass(frozen=True, slots=True)
class _Sound:
    """A note for a channel; onset and duration in whole notes."""

    pitch: int
    onset: Fraction
    duration: Fraction
    velocity: int


def midi_of(
    tune: Tune, *, qpm: float | None = None, instrument: str | int = DEFAULT_INSTRUMENT
) -> bytes:
    """Return a tune as the bytes of a standard MIDI file (format 1).

    Parameters
    ----------
    tune : Tune
        Any tune that `abcgen.notation.music.music_of` understands.
    qpm : float, optional
        Tempo in quarter notes a minute; else the tune's own (see `tempo_of`).
    instrument : str or int
        What plays the melody; see `program_of`.

    Returns
    -------
    bytes
        Track 1 holds title, tempo, metre and key; track 2 the melody, on channel 1; track 3,
        where the tune has chord symbols, the accompaniment on channel 2.

    Raises
    ------
    NotationError
        If the tune cannot be read.
    UsageError
        If the tempo or the instrument makes no sense.

    Notes
    -----
    Every onset and duration is exact, unless the tune has lengths that 15 bits of ticks a
    quarter note cannot count; those are rounded to the nearest tick, without drift.
    """
    program = program_of(instrument)
    if qpm is None:
        qpm = tempo_of(tune)
    if not SLOWEST <= qpm <= FASTEST:
        raise UsageError(f"the tempo must be {SLOWEST:g} to {FASTEST:g} a minute, not {qpm:g}")
    music = music_of(tune)
    bars = list(_played_bars(tune))
    melody = [_Sound(n.pitch, n.onset, n.duration, MELODY_VELOCITY) for n in music.notes]
    chords = list(_accompaniment(music, bars))

    from music21.midi import MidiFile

    file = MidiFile()
    file.ticksPerQuarterNote = ticks = _ticks_per_quarter([*melody, *chords])
    title = " ".join(tune.title.split()) or "Untitled"
    file.tracks.append(_conductor_track(title, qpm, bars, ticks))
    file.tracks.append(_track(title, MELODY_CHANNEL, program, melody, ticks))
    if chords:
        file.tracks.append(_track("Chords", CHORDS_CHANNEL, _CHORDS_PROGRAM, chords, ticks))
    return bytes(file.writestr())


def program_of(instrument: str | int) -> int:
    """Return the MIDI program, counted from 0, of an instrument.

    Parameters
    ----------
    instrument : str or int
        A General MIDI name (`INSTRUMENTS`, in any case), or its number from 1 to 128.

    Raises
    ------
    UsageError
        If there is none; near names are offered.
    """
    name = " ".join(str(instrument).lower().replace("_", " ").split())
    name = _NICKNAMES.get(name, name)
    if name.isascii() and name.isdecimal() and len(name) <= 3 and 1 <= int(name) <= 128:
        return int(name) - 1
    if name in INSTRUMENTS:
        return INSTRUMENTS.index(name)
    hint = near_names(name, INSTRUMENTS)
    if len(hint) > 200:  # nothing near: all 128 names would not help
        hint = f"give a General MIDI name such as {DEFAULT_INSTRUMENT}, or a number from 1 to 128"
    raise UsageError(f"no instrument {str(instrument)!r}; {hint}")


def tempo_of(tune: Tune) -> float:
    """Return a tune's tempo in quarter notes a minute: its Q:, or what its rhythm asks for.

    ``Q:120``, an old form, is taken for quarter notes, as abc2midi does.
    """
    text = re.sub(r'"[^"]*"', " ", tune.field("Q") or "").strip()
    match = re.fullmatch(r"(?P<beats>[^=]*=)?\s*(?P<count>\d{1,4}(?:\.\d{1,6})?)", text)
    if match:
        beat = _beat(match["beats"] or "1/4=", tune)
        qpm = float(match["count"]) * float(beat / _QUARTER)
        if SLOWEST <= qpm <= FASTEST:
            return qpm
    rhythm = (tune.field("R") or "").lower()
    for name, qpm in RHYTHM_QPM.items():
        if re.search(rf"\b{name}", rhythm):
            return qpm
    return METER_QPM.get((tune.field("M") or "4/4").strip(), _OTHER_QPM)


def _beat(text: str, tune: Tune) -> Fraction:
    """Return the beat of Q: in whole notes: ``3/8=``, ``1/4 3/8=``, the old ``C=`` and ``C3=``."""
    old = re.fullmatch(r"C(\d{0,2})\s*=", text.strip())
    if old:
        unit = tune.field("L")
        meter = read_meter(tune.field("M") or "4/4")
        return (read_unit(unit) if unit else default_unit(meter)) * int(old[1] or 1)
    parts = re.findall(r"(\d{1,2})/(\d{1,2})", text)
    return sum((Fraction(int(a), int(b)) for a, b in parts if int(b)), Fraction(0))


def _played_bars(tune: Tune) -> Iterator[_PlayedBar]:
    """Yield the bars in the order they are played.

    A field counts where it stands on the page, so that a repeat goes back to its own key.
    """
    meter = (tune.field("M") or "4/4").strip()
    unit_text = tune.field("L")
    unit = read_unit(unit_text) if unit_text else default_unit(read_meter(meter))
    key = spell_key(tune.field("K") or "C")
    now = Fraction(0)
    for section in read_sections(tune.body):
        # Bars are told apart by identity, since two may be alike.
        settings: dict[int, tuple[Fraction, str, str]] = {}  # id of a bar -> duration and so on
        for bar in [*section.bars, *(bar for ending in section.endings for bar in ending)]:
            for letter, value in bar.fields:
                if letter == "L":
                    unit = read_unit(value)
                elif letter == "M":
                    meter = value.strip()
                else:
                    key = spell_key(value)
            settings[id(bar)] = (_duration(bar, meter, unit), meter, key)
        for bar in section.played():
            duration, *setting = settings[id(bar)]
            yield _PlayedBar(now, duration, *setting)
            now += duration


def _duration(bar: Bar, meter: str, unit: Fraction) -> Fraction:
    """Return how long a bar lasts, in whole notes."""
    events = list(bar_events(bar, is_compound(meter)))
    rest_bars = sum(event.rest_bars for event in events)
    return sum((e.length for e in events), Fraction(0)) * unit + rest_bars * read_meter(meter)


def _accompaniment(music: Music, bars: list[_PlayedBar]) -> Iterator[_Sound]:
    """Yield a bass on the strong beats and where the chord changes, the chord on the others."""
    chords = _sounding_chords(music)
    index, last = -1, None
    for onset, strong, length in _beats(bars):
        while index + 1 < len(chords) and chords[index + 1].onset <= onset:
            index += 1
        spelled = spell_chord(chords[index].text) if index >= 0 else None
        if spelled is None:
            continue
        end = chords[index + 1].onset if index + 1 < len(chords) else music.duration
        length = min(length, end - onset)
        bass, pitches = chord_pitches(spelled)
        if strong or index != last:
            yield _Sound(LOWEST_BASS + bass, onset, length, BASS_VELOCITY)
        else:
            for pitch in sorted({pitch % 12 for pitch in pitches}):
                yield _Sound(LOWEST_CHORD + pitch, onset, length, CHORD_VELOCITY)
        last = index


def _sounding_chords(music: Music) -> list[ChordSymbol]:
    """Return the symbols that are chords or end one; of two in one place the first."""
    chords: list[ChordSymbol] = []
    for chord in music.chords:
        known = spell_chord(chord.text) is not None or chord.text.upper() in _NO_CHORD
        if known and not (chords and chords[-1].onset == chord.onset):
            chords.append(chord)
    return chords


def _beats(bars: list[_PlayedBar]) -> Iterator[tuple[Fraction, bool, Fraction]]:
    """Yield (onset, whether strong, length) of the beats that the accompaniment plays on.

    A rest of several bars is accompanied in its first bar only.
    """
    before_was_cut = True  # a short bar at the start, or behind another, is a pickup
    for bar in bars:
        missing = read_meter(bar.meter) - bar.duration
        cut = missing > 0
        # A pickup has the last beats of a bar, any other short bar the first.
        skipped = missing if cut and before_was_cut else Fraction(0)
        before_was_cut = cut and not skipped
        for place, strong, length in _pattern(bar.meter):
            if 0 <= place - skipped < bar.duration:
                end = min(place - skipped + length, bar.duration)
                yield bar.onset + place - skipped, strong, end - (place - skipped)


@functools.lru_cache
def _pattern(meter: str) -> tuple[tuple[Fraction, bool, Fraction], ...]:
    """Return (place in the bar, whether strong, length) of the beats of a bar."""
    length = read_meter(meter)
    if is_compound(meter):
        # Boom on the first eighth of three, chuck on the last.
        places = [eighth for eighth in range(int(length / _EIGHTH)) if eighth % 3 != 1]
        return tuple((place * _EIGHTH, place % 3 == 0, _EIGHTH) for place in places)
    beat = _QUARTER if length % _QUARTER == 0 else _EIGHTH
    count = math.ceil(length / beat)
    # In threes the bass has but one beat, and an odd bar ends in a three.
    strong = [index % 2 == 0 and (index < count - 1 or count == 1) for index in range(count)]
    return tuple((index * beat, strong[index], beat) for index in range(count))


def _ticks_per_quarter(sounds: list[_Sound]) -> int:
    """Return a resolution in which every time is a whole number of ticks, if there is one."""
    whole = {time.denominator for sound in sounds for time in (sound.onset, sound.duration)}
    needed = math.lcm(*(denominator // math.gcd(denominator, 4) for denominator in whole))
    return TICKS_PER_QUARTER if TICKS_PER_QUARTER % needed == 0 or needed > _MOST_TICKS else needed


def _tick(time: Fraction, ticks: int) -> int:
    """Return the nearest tick to a time in whole notes, in whole numbers, which are faster."""
    above, below = 4 * ticks * time.numerator, time.denominator
    return (2 * above + below) // (2 * below)


def _conductor_track(title: str, qpm: float, bars: list[_PlayedBar], ticks: int) -> "MidiTrack":
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
        if bar.meter != meter:
            events.append((tick, _meta(MetaEvents.TIME_SIGNATURE, _meter_bytes(bar.meter))))
        if bar.key != key:
            events.append((tick, _meta(MetaEvents.KEY_SIGNATURE, _key_bytes(bar.key))))
        meter, key = bar.meter, bar.key
    return _timed(events)


def _meter_bytes(meter: str) -> bytes:
    """Return numerator, binary logarithm of the denominator, MIDI clocks a click, and 8."""
    above, below = {"C": (4, 4), "C|": (2, 2)}.get(meter) or map(int, meter.split("/"))
    clocks = 36 if is_compound(meter) else 96 // below  # 24 clocks are a quarter note
    return bytes([above, below.bit_length() - 1, clocks, 8])


def _key_bytes(key: str) -> bytes:
    """Return sharps (or flats, negative) and 1 for a key with a minor third."""
    return fifths_of(key).to_bytes(1, "big", signed=True) + bytes([key.endswith(_MINOR_MODES)])


def _track(name: str, channel: int, program: int, sounds: list[_Sound], ticks: int) -> "MidiTrack":
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
    # A note ends before the next begins, or the end would cut the next of the same pitch.
    events.sort(key=lambda timed: (timed[0], timed[1].sortOrder))
    return _timed([(0, _meta(MetaEvents.SEQUENCE_TRACK_NAME, name.encode())), (0, change), *events])


def _meta(kind: object, data: bytes) -> "MidiEvent":
    """Return an event that makes no sound."""
    from music21.midi import MidiEvent

    event = MidiEvent(type=kind)
    event.data = data
    return event


def _timed(events: "list[tuple[int, MidiEvent]]") -> "MidiTrack":
    """Return a track of events in order, each (tick, event), the ticks made distances."""
    from music21.midi import DeltaTime, MetaEvents, MidiTrack

    track, now = MidiTrack(), 0
    end = (events[-1][0], _meta(MetaEvents.END_OF_TRACK, b""))
    for tick, event in [*events, end]:
        track.events += [DeltaTime(time=tick - now), event]
        now = tick
    return track
