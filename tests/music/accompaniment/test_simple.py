"""What accompanies a tune with chord symbols: a bass and chords."""

from fractions import Fraction

import pytest
from hypothesis import given, settings

from abcgen.music.accompaniment import accompany
from abcgen.music.accompaniment.parts import Part
from abcgen.music.measures import missing_starts
from abcgen.music.notes import Music, music_of
from abcgen.music.performance import perform
from abcgen.music.sounds import Sound
from abcgen.notation.chords import chord_pitches, looks_like_chord, spell_chord
from abcgen.notation.tune import read_tune
from tests.music.accompaniment.tunes import tunes

F = Fraction
C_BASS, C_CHORD, G_BASS = [36], [48, 52, 55], [43]


def sounds_of(body: str, meter: str) -> list[tuple[Fraction, Fraction, list[int]]]:
    """Return (onset, duration in eighths, pitches) of what sounds together."""
    tune = read_tune(f"X:1\nM:{meter}\nL:1/8\nK:C\n{body}\n")
    together: dict[tuple[Fraction, Fraction], list[int]] = {}
    for sound in (sound for part in accompany(tune, music_of(tune)) for sound in part.sounds):
        together.setdefault((sound.onset * 8, sound.duration * 8), []).append(sound.pitch)
    return [(*times, pitches) for times, pitches in together.items()]


@pytest.mark.parametrize(
    ("body", "meter", "expected"),
    [
        pytest.param(
            '"C"c8|',
            "4/4",
            [(0, 2, C_BASS), (2, 2, C_CHORD), (4, 2, C_BASS), (6, 2, C_CHORD)],
            id="four",
        ),
        pytest.param(
            '"C"c6|', "3/4", [(0, 2, C_BASS), (2, 2, C_CHORD), (4, 2, C_CHORD)], id="three"
        ),
        pytest.param(
            '"C"c6|',
            "6/8",
            [(0, 1, C_BASS), (2, 1, C_CHORD), (3, 1, C_BASS), (5, 1, C_CHORD)],
            id="six",
        ),
        pytest.param(
            '"C"c2"G"c2|', "2/4", [(0, 2, C_BASS), (2, 2, G_BASS)], id="a new chord shows its bass"
        ),
        pytest.param(
            '"C"c>"G"B|', "2/4", [(0, F(3, 2), C_BASS)], id="cut where the next chord begins"
        ),
        pytest.param(
            '"C"c6|z4',
            "4/4",
            [(0, 2, C_BASS), (2, 2, C_BASS), (4, 2, C_CHORD), (6, 2, C_BASS), (8, 2, C_CHORD)],
            id="pickup",
        ),
        pytest.param('"C"c2"N.C."c2|c4|', "2/4", [(0, 2, C_BASS)], id="no chord"),
        pytest.param(
            '"C""G"c2"slowly"c2|', "2/4", [(0, 2, C_BASS), (2, 2, C_CHORD)], id="the first"
        ),
        pytest.param(
            '"C"c2"C#77"c2|c2"C"c2|', "2/4", [(0, 2, C_BASS), (6, 2, C_BASS)], id="unknown"
        ),
        pytest.param('"C"c2"Fine"c2|', "2/4", [(0, 2, C_BASS), (2, 2, C_CHORD)], id="Fine"),
        pytest.param('"C/G"c4|', "2/4", [(0, 2, G_BASS), (2, 2, C_CHORD)], id="another bass"),
        pytest.param("c4|", "2/4", [], id="without chords"),
    ],
)
def test_accompaniment(body: str, meter: str, expected: list[object]) -> None:
    assert sounds_of(body, meter) == expected


def test_chord_symbols_are_silent_while_they_are_off() -> None:
    one = read_tune('X:1\nM:2/4\nL:1/8\nK:C\n"C"c4|[I:MIDI gchordoff]"G"d4|[I:MIDI gchordon]d4|\n')
    heard = [(sound.onset, sound.pitch) for sound in perform(one).chords]
    assert heard == [(0, 36), *((F(1, 4), pitch) for pitch in C_CHORD), (1, 43)] + [
        (F(5, 4), pitch) for pitch in (50, 55, 59)
    ]


def as_ever(music: Music) -> list[Sound]:
    """Return the accompaniment of files from before there was another: beat by beat, by the text.

    It is written out once more, so that those files remain what they are.
    """
    chords = [one for one in music.chords if looks_like_chord(one.text) or one.text == "N.C."]
    chords = [one for n, one in enumerate(chords) if not n or chords[n - 1].onset != one.onset]
    sounds, last = [], None
    for bar, skipped in zip(music.bars, missing_starts(music.bars), strict=True):
        for place, strong, length in beats(bar.setting.meter):
            onset = bar.onset + place - skipped
            if not bar.onset <= onset < bar.onset + bar.duration:
                continue
            before = [n for n, one in enumerate(chords) if one.onset <= onset]
            spelled = spell_chord(chords[before[-1]].text) if before else None
            if spelled is None:
                last = None
                continue
            later = [one.onset for one in chords if one.onset > onset]
            end = min(onset + length, bar.onset + bar.duration, *later, music.duration)
            bass, pitches = chord_pitches(spelled)
            if strong or before[-1] != last:
                sounds.append(Sound(36 + bass, onset, end - onset, 52))
            else:
                tones = sorted({pitch % 12 for pitch in pitches})
                sounds += [Sound(48 + tone, onset, end - onset, 40) for tone in tones]
            last = before[-1]
    return sounds


def beats(meter: str) -> list[tuple[Fraction, bool, Fraction]]:
    """Return place, whether it is strong, and length of the beats of a bar, in whole notes."""
    top, bottom = (int(part) for part in {"C|": "2/2"}.get(meter, meter).split("/"))
    if meter in ("6/8", "9/8", "12/8"):
        return [(F(n, 8), n % 3 == 0, F(1, 8)) for n in range(top) if n % 3 != 1]
    beat = F(1, 4) if F(top, bottom) % F(1, 4) == 0 else F(1, 8)
    count = int(F(top, bottom) / beat)
    return [(n * beat, n % 2 == 0 and n < count - 1, beat) for n in range(count)]


@settings(max_examples=60)
@given(tunes())
def test_files_remain_what_they_were(text: str) -> None:
    tune = read_tune(text)
    music = music_of(tune)
    (part,) = accompany(tune, music) or [Part("Chords", [(F(0), 24)], [])]
    assert (part.name, list(part.programs)) == ("Chords", [(F(0), 24)])
    assert part.sounds == as_ever(music)
