"""The accompaniment of a session: bass and chords by the rhythm of the dance, and runs in the bass.

The bass has root and fifth in turn, and walks to the next chord where a phrase of two bars ends.
Chords are voiced near those before. The last one is held.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction

from abcgen.music.accompaniment.chords import Chord, Span, span_at
from abcgen.music.accompaniment.grid import (
    BETWEEN,
    BOTH,
    HELD,
    RUN,
    Measure,
    Struck,
    measures_of,
    off_beat_of,
    places_of_run,
    strokes_in,
    with_end,
    with_run,
)
from abcgen.music.accompaniment.parts import Backing
from abcgen.music.accompaniment.patterns import pattern_of, rhythm_in
from abcgen.music.accompaniment.runs import run_to
from abcgen.music.accompaniment.voicing import Hand
from abcgen.music.sounds import Music, Sound

#: Velocities, 1 to 127: of the bass on the first beat, elsewhere and in runs; of a chord by sign.
_DOWNBEAT, _BASS, _STEP = 60, 54, 56
_CHORD = {"d": 40, "D": 46, "u": 28, "p": 44, BOTH: 44, BETWEEN: 42, HELD: 46}
_LOWER = Fraction(3, 4)  # the velocity of the lower note of an octave, compared with the upper
_OCTAVE = 12  # semitones
_STRUM = Fraction(1, 160)  # of a whole note, from one string to the next
_SOONEST = Fraction(1, 16)  # of a stroke: a strum takes no more of it from string to string
_UPPER_STRINGS = 3
_DETACHED = Fraction(3, 4)  # of the time until the next stroke, for a chord that is not strummed
_BASS_SIGNS = ("B", BOTH, BETWEEN, RUN, HELD)


def play_fully(
    music: Music, spans: Sequence[Span], rhythm: str, hand: Hand, swing: float | None = None
) -> Backing:
    """Return the accompaniment of a session.

    Parameters
    ----------
    music : Music
        With its swing, if it has one.
    spans : sequence of Span
        Its chords.
    rhythm : str
        The value of R:, or nothing.
    hand : Hand
        Who plays.
    swing : float, optional
        That of the music.
    """
    rhythm, spans = rhythm_in(rhythm), _joined(spans)
    measures = measures_of(music.bars)
    off_beat = off_beat_of(music.notes, measures, rhythm, swing)
    player = _Player(hand, spans)
    for measure in measures:
        strokes: Sequence[Struck] = [
            one
            for one in strokes_in(measure, spans, pattern_of(rhythm, measure.meter), off_beat)
            if hand.strums or one.sign != "u"
        ]
        if not strokes or not spans:
            continue
        # The bass begins with the root in bars in which it has several notes, in every second bar,
        # and before a run.
        afresh = measure.number % 2 == 0 or sum(one.sign == "B" for one in strokes) > 1
        if measure is measures[-1]:
            last_note = music.notes[-1].onset if music.notes else measure.onset
            strokes = with_end(strokes, last_note, spans[-1].onset)
        elif measure.number % 2:
            strokes = _walking(measure, strokes, spans, hand)
            afresh = afresh or any(one.sign == RUN for one in strokes)
        player.play(measure, strokes, afresh=afresh)
    return Backing(player.bass, _until_struck_again(player.chords))


def _joined(spans: Iterable[Span]) -> list[Span]:
    """Return spans with equal ones that follow each other joined: the same chord written again."""
    joined: list[Span] = []
    for span in spans:
        if joined and joined[-1].chord == span.chord and joined[-1].end == span.onset:
            joined[-1] = replace(joined[-1], end=span.end)
        else:
            joined.append(span)
    return joined


def _walking(
    measure: Measure, strokes: Sequence[Struck], spans: Sequence[Span], hand: Hand
) -> Sequence[Struck]:
    """Return strokes with a run of the bass, if a chord that it can lead to begins next."""
    place = span_at(spans, measure.end)
    if place < 1 or spans[place].onset != measure.end:
        return strokes
    here, there = spans[place - 1], spans[place]
    places = places_of_run(strokes, measure)
    if here.chord is None or there.chord is None or not places or here.onset >= places[0].onset:
        return strokes
    start, target = hand.bass(here.chord.bass), hand.bass(there.chord.bass)
    run = run_to(target, start, measure.key, here.chord.tones)
    return with_run(strokes, places, run) if run else strokes


class _Player:
    """Plays strokes, and knows what it played before.

    Parameters
    ----------
    hand : Hand
    spans : sequence of Span
        The chords.
    """

    def __init__(self, hand: Hand, spans: Sequence[Span]) -> None:
        self.bass: list[Sound] = []
        self.chords: list[Sound] = []
        self._hand = hand
        self._spans = spans
        self._place = -1  # of the chord
        self._turn = 0  # how often the bass had its turn since the chord began
        self._voicing: tuple[int, ...] = ()
        self._broken = 0  # notes of the broken chord since the last bass

    def play(self, measure: Measure, strokes: Sequence[Struck], *, afresh: bool) -> None:
        """Play a measure; `afresh` says whether the bass begins with the root."""
        if afresh:
            self._turn = 0
        for index, one in enumerate(strokes):
            span = self._span_at(one.onset)
            if span is None or span.chord is None:
                continue
            end, later = min(span.end, measure.end), strokes[index + 1 :]
            following = min(later[0].onset, end) if later else end
            ring = min(next((two.onset for two in later if two.sign in _BASS_SIGNS), end), end)
            if one.sign in _BASS_SIGNS:
                rings = self._hand.strums or (bool(later) and later[0].sign == "p")
                strong = one.onset == measure.onset
                self._play_bass(one, span.chord, ring if rings else following, strong=strong)
            if one.sign == "p":
                self._play_one(one.onset, ring)
            elif one.sign in _CHORD:
                self._play_chord(one, following)

    def _span_at(self, onset: Fraction) -> Span | None:
        """Return what sounds at an onset, not before the last one that was asked for."""
        before, spans = self._place, self._spans
        while self._place + 1 < len(spans) and spans[self._place + 1].onset <= onset:
            self._place += 1
        if self._place < 0:
            return None
        span = spans[self._place]
        if self._place != before and span.chord is not None:
            self._turn = 0
            self._voicing = self._hand.voicing(span.chord, self._voicing)
        return span

    def _play_bass(self, one: Struck, chord: Chord, end: Fraction, *, strong: bool) -> None:
        """Play root or fifth, or the step of a run; in octaves at a piano."""
        pitch, velocity = self._hand.bass(chord.bass), _DOWNBEAT if strong else _BASS
        if one.sign == RUN:
            pitch, velocity = one.pitch, _STEP
        elif one.sign == "B" and self._turn % 2:
            pitch = self._hand.bass(_other(chord))
        self._turn += one.sign in ("B", BOTH)
        self._broken = 0
        duration = end - one.onset
        if self._hand.strums:
            self.bass.append(Sound(pitch, one.onset, duration, velocity))
            return
        lower = round(velocity * _LOWER)
        self.bass.append(Sound(pitch, one.onset, duration, lower))
        self.bass.append(Sound(pitch + _OCTAVE, one.onset, duration, velocity))

    def _play_one(self, onset: Fraction, end: Fraction) -> None:
        """Play the next note of a broken chord, upwards and down again."""
        way = [*self._voicing, *self._voicing[-2:0:-1]]
        pitch = way[self._broken % len(way)]
        self._broken += 1
        self.chords.append(Sound(pitch, onset, end - onset, _CHORD["p"]))

    def _play_chord(self, one: Struck, end: Fraction) -> None:
        """Strike the chord: its strings one after the other, or all at once and short."""
        duration, pitches = end - one.onset, self._voicing
        delay = Fraction(0)
        if self._hand.strums:
            delay = min(_STRUM, duration * _SOONEST)
            pitches = pitches[-1 : -_UPPER_STRINGS - 1 : -1] if one.sign == "u" else pitches
        elif one.sign != HELD:
            duration *= _DETACHED
        for string, pitch in enumerate(pitches):
            later = string * delay
            sound = Sound(pitch, one.onset + later, duration - later, _CHORD[one.sign])
            self.chords.append(sound)


def _until_struck_again(sounds: Sequence[Sound]) -> list[Sound]:
    """Return sounds that end where one of the same pitch begins; they are in order of onset."""
    cut: list[Sound] = []
    onsets: dict[int, Fraction] = {}  # of the sounds that follow, by their pitch
    for sound in reversed(sounds):
        again = onsets.get(sound.pitch, sound.onset + sound.duration)
        onsets[sound.pitch] = sound.onset
        if again - sound.onset < sound.duration:
            sound = replace(sound, duration=again - sound.onset)
        cut.append(sound)
    return cut[::-1]


def _other(chord: Chord) -> int:
    """Return the pitch class that the bass has in turn with its own: the fifth, or the root."""
    root, fifth = chord.tones[0], chord.tones[2]
    return fifth if chord.bass == root else root
