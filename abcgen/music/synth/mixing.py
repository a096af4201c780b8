"""A performance as blocks of stereo samples, in bounded memory however long it is."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import cycle

import numpy as np

from abcgen.errors import UsageError
from abcgen.music.accompaniment.parts import Part
from abcgen.music.clock import Clock
from abcgen.music.directives import Steps, step_at
from abcgen.music.performance import Performance
from abcgen.music.sounds import Sound
from abcgen.music.synth.room import LENGTH, Room
from abcgen.music.synth.spectrum import Samples
from abcgen.music.synth.tones import Tones
from abcgen.music.synth.voices import DRUM, NEAREST

RATE = 44100  # samples a second
#: What the rate may be.
LOWEST_RATE, HIGHEST_RATE = 8000, 96000
_BLOCK = 1 << 15
#: Angles of the players from the left, in radians: a quarter of pi is the middle. A player has
#: the same power everywhere.
_MELODY_PLACE, _CHORDS_PLACE = 0.21 * np.pi, 0.31 * np.pi
_VOICE_PLACES = 0.28 * np.pi, 0.15 * np.pi, 0.35 * np.pi  # of the other voices, in turn
_ROOM_GAIN = 0.2  # compared with the players themselves
#: Below the knee samples stay as they are; above it they are bent so as never to reach the top.
#: The levels of the voices are such that single notes and chords stay below the knee.
KNEE, TOP = 0.6, 0.89


def sound_of(
    performance: Performance, *, rate: int = RATE, tones: Tones | None = None
) -> Iterator[Samples]:
    """Yield the sound of a performance.

    Parameters
    ----------
    performance : Performance
    rate : int
        Samples a second, 8000 to 96000.
    tones : Tones, optional
        Tones of the same rate that were made before, for one who plays a tune again. They
        change nothing but the time that it takes.

    Yields
    ------
    numpy.ndarray of float32, shape (samples, 2)
        Left and right, above -0.89 and below 0.89, `length_of` samples in all.

    Raises
    ------
    UsageError
        If the rate is out of range.
    """
    total = length_of(performance, rate=rate)
    tones = Tones(rate) if tones is None else tones
    if tones.rate != rate:
        raise UsageError(f"expected tones of {rate} samples a second, found {tones.rate}")
    return _blocks(performance, total, tones)


def length_of(performance: Performance, *, rate: int = RATE) -> int:
    """Return how many samples a performance has, with the last notes' release and the room.

    A tune without a note is as silent as it is long.

    Raises
    ------
    UsageError
        If the rate is out of range.
    """
    if not LOWEST_RATE <= rate <= HIGHEST_RATE:
        raise UsageError(
            f"the rate must be {LOWEST_RATE} to {HIGHEST_RATE} samples a second, not {rate}"
        )
    players = _players(performance, Tones(rate))
    silence = round(performance.clock.at(performance.duration) * rate)
    ends = [end for player, _ in players if (end := player.end())]
    return max(silence, max(ends) + round(LENGTH * rate)) if ends else silence


def _blocks(performance: Performance, total: int, tones: Tones) -> Iterator[Samples]:
    players, places = zip(*_players(performance, tones), strict=True)
    room = Room(tones.rate, _BLOCK)
    left, right = np.cos(places).astype(np.float32), np.sin(places).astype(np.float32)
    for start in range(0, total, _BLOCK):
        together, to_left, to_right = np.zeros((3, _BLOCK), np.float32)
        for place, player in enumerate(players):
            played = player.block(start)
            together += played
            to_left += left[place] * played
            to_right += right[place] * played
        heard = room.answer(together * np.float32(_ROOM_GAIN))
        heard[0] += to_left
        heard[1] += to_right
        yield limited(heard.T[: total - start])


def limited(sound: Samples) -> Samples:
    """Return sound that never reaches `TOP`; what is below `KNEE` stays as it is."""
    over = np.abs(sound) - np.float32(KNEE)
    if not np.any(over > 0):
        return np.ascontiguousarray(sound)
    bent = KNEE + (TOP - KNEE) * np.tanh(np.maximum(over, 0) / (TOP - KNEE))
    # float32 rounds tanh to 1 for the loudest.
    most = np.nextafter(np.float32(TOP), np.float32(0))
    bent = np.minimum(bent.astype(np.float32), most)
    return np.ascontiguousarray(np.where(over > 0, np.copysign(bent, sound), sound))


def _players(performance: Performance, tones: Tones) -> list[tuple["_Player", float]]:
    """Return who plays, each with its place: the melody, what accompanies it, other voices."""
    melody = Part(performance.title, performance.programs, performance.melody)
    parts = [
        (melody, _MELODY_PLACE),
        *((part, _CHORDS_PLACE) for part in performance.accompaniment),
        *zip(performance.voices[1:], cycle(_VOICE_PLACES), strict=False),
    ]
    return [
        (
            _Player(
                part.sounds,
                # A drum has no programs.
                [(onset, NEAREST[program]) for onset, program in part.programs]
                or [(Fraction(0), DRUM)],
                performance.clock,
                tones,
            ),
            place,
        )
        for part, place in parts
    ]


class _Player:
    """Plays notes one after the other, block by block, and carries those that still sound along.

    Parameters
    ----------
    sounds : sequence of Sound
        In order of onset.
    voices : sequence of (Fraction, str)
        Onset, and which of `abcgen.music.synth.voices.ALL_VOICES` plays from there on.
    clock : Clock
        When they are played.
    tones : Tones
        What makes them.
    """

    def __init__(
        self, sounds: Sequence[Sound], voices: Steps[str], clock: Clock, tones: Tones
    ) -> None:
        self._sounds = sounds
        self._voices = voices
        self._clock = clock
        self._tones = tones
        self._next = 0
        self._sounding: list[tuple[int, int, Sound]] = []  # first sample, end, sound

    def end(self) -> int:
        """Return how many samples there are until the last note has faded; 0 without notes."""
        return max((self._span(sound)[1] for sound in self._sounds), default=0)

    def block(self, start: int) -> Samples:
        """Return the block that begins at a sample; each call the next one."""
        stop = start + _BLOCK
        while self._next < len(self._sounds):
            sound = self._sounds[self._next]
            first, end = self._span(sound)
            if first >= stop:
                break
            self._sounding.append((first, end, sound))
            self._next += 1
        mixed = np.zeros(_BLOCK, np.float32)
        for first, end, sound in self._sounding:
            begin, close = max(first, start), min(end, stop)
            length = self._length(sound)
            voice = step_at(self._voices, sound.onset)
            part = self._tones.part(voice, _pitch_of(sound), length, begin - first, close - first)
            mixed[begin - start : close - start] += part * loudness(sound.velocity)
        self._sounding = [note for note in self._sounding if note[1] > stop]
        return mixed

    def _length(self, sound: Sound) -> int:
        # Not from where the ends fall: so that equal notes are one tone.
        return round(self._clock.lasting(sound.onset, sound.duration) * self._tones.rate)

    def _span(self, sound: Sound) -> tuple[int, int]:
        """Return the first sample of a note, and the one after its last."""
        first = round(self._clock.at(sound.onset) * self._tones.rate)
        voice = step_at(self._voices, sound.onset)
        return first, first + self._tones.total(voice, _pitch_of(sound), self._length(sound))


def _pitch_of(sound: Sound) -> float:
    """Return the MIDI note number of a note, with a fraction for a microtone."""
    return sound.pitch + float(sound.bend) if sound.bend else sound.pitch


def loudness(velocity: int) -> np.float32:
    """Return the amplitude of a velocity, 1 for 127: its square, as in DLS level 1."""
    return np.float32((velocity / 127) ** 2)
