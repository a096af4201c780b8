"""Who plays an accompaniment: one instrument, or one for the bass and one for the chords."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from operator import attrgetter

from abcgen.music.directives import Steps, step_at
from abcgen.music.sounds import Sound

#: Velocities, 1 to 127, of an ordinary note of the bass and of the chords: well below the melody's.
BASS_VELOCITY, CHORD_VELOCITY = 52, 40
_HIGHEST = 127  # MIDI note number, and velocity
_OCTAVE = 12  # semitones


@dataclass(slots=True)
class Backing:
    """The notes of an accompaniment, in order of onset: those of the bass and those above it."""

    bass: list[Sound] = field(default_factory=list)
    chords: list[Sound] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Part:
    """What one instrument plays.

    Attributes
    ----------
    name : str
        Of its track.
    programs : sequence of (Fraction, int)
        Onset, and MIDI program from there on, counted from 0. Drums have none.
    sounds : list of Sound
        In order of onset. The pitches of drums are the keys of General MIDI percussion.
    """

    name: str
    programs: Steps[int]
    sounds: list[Sound]

    @property
    def drums(self) -> bool:
        """Whether it is the part of the drums."""
        return not self.programs


@dataclass(frozen=True, slots=True)
class Player:
    """How a tune wants the bass or the chords to be played, from which onsets on.

    Attributes
    ----------
    programs : sequence of (Fraction, (int, int))
        MIDI program, counted from 0, and octaves that the notes are moved up.
    volumes : sequence of (Fraction, int or None)
        Velocity of an ordinary note, 0 for silence; None for the usual one.
    """

    programs: Steps[tuple[int, int]]
    volumes: Steps[int | None]

    def play(self, sounds: Iterable[Sound], usual: int) -> list[Sound]:
        """Return sounds as loud and as high as wanted; `usual` is their ordinary velocity."""
        octaves = any(program[1] for _, program in self.programs)
        if not octaves and all(volume is None for _, volume in self.volumes):
            return list(sounds)
        played = []
        for sound in sounds:
            volume = step_at(self.volumes, sound.onset)
            pitch = sound.pitch + _OCTAVE * step_at(self.programs, sound.onset)[1]
            velocity = sound.velocity
            if volume is not None:
                velocity = min(round(Fraction(velocity * volume, usual)), _HIGHEST)
            if velocity > 0 and 0 <= pitch <= _HIGHEST:
                played.append(replace(sound, pitch=pitch, velocity=velocity))
        return played


def parts_of(backing: Backing, bass: Player, chords: Player) -> list[Part]:
    """Return the parts of an accompaniment: one, unless bass and chords differ in instrument."""
    low = bass.play(backing.bass, BASS_VELOCITY)
    high = chords.play(backing.chords, CHORD_VELOCITY)
    low_programs, high_programs = (
        [(onset, program) for onset, (program, _) in player.programs] for player in (bass, chords)
    )
    parts = [Part("Bass", low_programs, low), Part("Chords", high_programs, high)]
    if low_programs == high_programs:
        parts = [Part("Chords", high_programs, sorted([*low, *high], key=attrgetter("onset")))]
    return [part for part in parts if part.sounds]
