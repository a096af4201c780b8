"""A full accompaniment: what is played lies in its bar and belongs to its chord."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abcgen.music.accompaniment.chords import spans_of
from abcgen.music.accompaniment.full import play_fully
from abcgen.music.accompaniment.grid import measures_of
from abcgen.music.accompaniment.parts import Backing
from abcgen.music.accompaniment.voicing import GUITAR, PIANO, Hand
from abcgen.music.notes import music_of
from abcgen.music.sounds import Music
from abcgen.music.swing import swung
from abcgen.notation.chords import chord_pitches, spell_chord
from abcgen.notation.tune import read_tune
from tests.music.accompaniment.tunes import SILENT, tunes

F = Fraction
HANDS = st.sampled_from([GUITAR, PIANO])
NAMES = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "G#", "A", "Bb", "B")


def played(text: str, hand: Hand = GUITAR, swing: float | None = None) -> tuple[Music, Backing]:
    tune = read_tune(text)
    music = music_of(tune)
    if swing is not None:
        music = swung(music, swing)
    return music, play_fully(music, spans_of(music), tune.field("R") or "", hand, swing)


def symbol_at(music: Music, time: Fraction) -> str:
    """Return the chord symbol that holds at a time; empty where there is none."""
    held = [
        chord
        for chord in music.chords
        if chord.onset <= time and (spell_chord(chord.text) or chord.text in SILENT)
    ]
    first = [chord for chord in held if chord.onset == held[-1].onset]
    return first[0].text if first else ""


def tones_at(music: Music, time: Fraction) -> set[int]:
    """Return the pitch classes of the chord that is written at a time; none where none is."""
    spelled = spell_chord(symbol_at(music, time))
    if spelled is None:
        return set()
    bass, pitches = chord_pitches(spelled)
    return {bass, *(pitch % 12 for pitch in pitches)}


def bar_at(music: Music, time: Fraction) -> tuple[Fraction, Fraction]:
    """Return onset and end of the bar, as it is counted, in which a time lies."""
    return next((m.onset, m.end) for m in measures_of(music.bars) if m.onset <= time < m.end)


@settings(max_examples=60)
@given(tunes(), HANDS, st.sampled_from([None, 0.62]))
def test_all_lies_within_its_bar_and_its_chord(text: str, hand: Hand, swing: float | None) -> None:
    music, backing = played(text, hand, swing)
    chords = sorted({chord.onset for chord in music.chords})
    for sounds in (backing.bass, backing.chords):
        assert [sound.onset for sound in sounds] == sorted(sound.onset for sound in sounds)
        for sound in sounds:
            onset, end = bar_at(music, sound.onset)
            assert onset <= sound.onset
            assert sound.duration > 0
            assert sound.onset + sound.duration <= min(end, music.duration)
            assert 0 < sound.velocity < 128
            assert symbol_at(music, sound.onset) not in ("", *SILENT)
            # It does not sound into another chord.
            inside = [time for time in chords if sound.onset < time < sound.onset + sound.duration]
            tones = tones_at(music, sound.onset)
            assert all(tones_at(music, time) == tones for time in inside)
    assert all(sound.pitch % 12 in tones_at(music, sound.onset) for sound in backing.chords)


@settings(max_examples=60)
@given(tunes(), HANDS)
def test_a_bass_that_is_not_of_the_chord_walks_to_the_next(text: str, hand: Hand) -> None:
    music, backing = played(text, hand)
    # At a piano, the lower notes of octaves; they come first.
    onsets = {sound.onset: sound for sound in reversed(backing.bass)}
    line = [onsets[onset] for onset in sorted(onsets)]
    for place, sound in enumerate(line):
        if sound.pitch % 12 in tones_at(music, sound.onset):
            continue
        _, end = bar_at(music, sound.onset)
        target = next(one for one in line[place:] if one.onset >= end)
        assert target.onset == end
        assert target.pitch % 12 in tones_at(music, end)
        way = [one.pitch for one in line[place : line.index(target) + 1]]
        steps = [b - a for a, b in pairwise(way)]
        assert len(steps) <= 2
        assert all(0 < step <= 4 for step in steps) or all(-4 <= step < 0 for step in steps)


@settings(max_examples=40)
@given(tunes(), HANDS)
def test_no_two_notes_of_one_pitch_overlap(text: str, hand: Hand) -> None:
    _, backing = played(text, hand)
    ends: dict[int, Fraction] = {}
    for sound in sorted([*backing.bass, *backing.chords], key=lambda one: one.onset):
        assert ends.get(sound.pitch, F(0)) <= sound.onset
        ends[sound.pitch] = sound.onset + sound.duration


def bass_line(text: str, hand: Hand = GUITAR) -> str:
    """Return the bass: onsets in eighths, and names."""
    _, backing = played(text, hand)
    return " ".join(f"{float(one.onset * 8):g}{NAMES[one.pitch % 12]}" for one in backing.bass)


def strums(text: str, hand: Hand = GUITAR) -> str:
    """Return where chords begin, in eighths; ``u`` marks the soft ones, ``!`` those with accent."""
    _, backing = played(text, hand)
    velocities = {round(one.onset * 80): one.velocity for one in reversed(backing.chords)}
    found, last = [], -10
    for onset, velocity in sorted(velocities.items()):
        if onset - last > 4:  # not the next string
            mark = "u" if velocity < 35 else "!" if velocity > 45 else ""
            found.append(f"{onset / 10:g}{mark}")
            last = onset
    return " ".join(found)


def tune(body: str, rhythm: str, meter: str, key: str = "G") -> str:
    return f"X:1\nT:Test\nR:{rhythm}\nM:{meter}\nL:1/8\nK:{key}\n{body}\n"


@pytest.mark.parametrize(
    ("rhythm", "meter", "bass", "chords"),
    [
        ("reel", "4/4", "0G 4D", "2! 3u 6! 7u"),
        ("Reels", "C|", "0G 4D", "2! 3u 6! 7u"),
        ("march", "4/4", "0G 4D", "2 6"),
        ("polka", "2/4", "0G 2D", "1! 3!"),
        ("", "2/4", "0G 2D", "1 3"),
        ("jig", "6/8", "0G 3D", "2! 4u 5!"),
        ("slide", "6/8", "0G 3D", "2! 5!"),
        ("slip jig", "9/8", "0G 3D 6G", "2 5 7u 8!"),
        ("slide", "12/8", "0G 3D 6G 9D", "2! 4u 5! 8! 10u 11!"),
        ("waltz", "3/4", "0G", "2 4 5u"),
        ("mazurka", "3/4", "0G", "2! 4"),
        ("slow air", "3/4", "0G", "1 2 3 4 5"),
        ("", "3/2", "0G 4D 8G", "2 6 10 11u"),
        ("", "5/4", "0G 4D", "2 6 8"),
        ("", "7/8", "0G 2D 4G", "1 3 5 6"),
    ],
)
def test_patterns(rhythm: str, meter: str, bass: str, chords: str) -> None:
    eighths = int(F(meter.replace("C|", "4/4")) * 8)
    # The last bar ends the tune otherwise.
    text = tune(f'"G"{"d" * eighths}|"N.C."d{eighths}|', rhythm, meter)
    assert bass_line(text) == bass
    assert strums(text) == chords
    assert strums(text, PIANO) == " ".join(one for one in chords.split() if "u" not in one)


def test_hornpipes_swing_as_their_melody_does() -> None:
    even, dotted = "ABcd efga", "A>Bc>d e>fg>a"
    offs = []
    for body in (even, dotted, "A2B2 c2d2"):
        _, backing = played(tune(f'"D"{body}|{body}|', "hornpipe", "4/4", "D"))
        soft = [one.onset * 8 for one in backing.chords if one.velocity < 35]
        offs.append(soft[0])
    assert offs == [3, F(7, 2), F(10, 3)]
    music, backing = played(tune(f'"D"{even}|{even}|', "reel", "4/4", "D"), swing=0.6)
    soft = [one.onset for one in backing.chords if one.velocity < 35]
    assert soft[0] in {note.onset for note in music.notes}


@pytest.mark.parametrize(
    ("chords", "bass"),
    [
        ('"G"d6|d6|"C"c6|', "0G 6G 8A 10B 12C"),
        ('"D"d6|d6|"G"B6|', "0D 6D 8B 10A 12G"),
        ('"C"c6|c6|"G"B6|', "0C 6C 8B 10A 12G"),
        ('"G"d6|d6|"Em"e6|', "0G 6G 10F# 12E"),
        ('"A7"d6|d6|"D"d6|', "0A 6A 8B 10C# 12D"),
        ('"E7"B6|B6|"Am"c6|', "0E 6E 8F# 10G# 12A"),
        ('"Em"d6|d6|"D"d6|', "0E 6B 12D"),
        ('"G"d6|"C"c6|"G"d6|', "0G 6C 8B 10A 12G"),
        ('"G"d6|d6|d6|', "0G 6D 12G"),
        ('"G"d6|d4"D"d2|"C"c6|', "0G 6D 10D 12C"),
        ('"G"d6|d6|"N.C."d6|', "0G 6D"),
    ],
)
def test_the_bass_walks_where_a_phrase_ends(chords: str, bass: str) -> None:
    assert bass_line(tune(chords, "waltz", "3/4")) == bass


def test_a_run_over_a_third_leaves_the_chord() -> None:
    assert bass_line(tune('"G"d8|d8|"Em"e8|', "reel", "4/4")) == "0G 4D 8G 12F# 16E"
    assert strums(tune('"G"d8|d8|"Em"e8|', "reel", "4/4")) == "2! 3u 6! 7u 10! 11u 14! 16!"


def test_a_slash_gives_the_bass_and_then_the_root() -> None:
    assert bass_line(tune('"G/B"d8|"N.C."d8|', "reel", "4/4")) == "0B 4G"


def test_chords_within_a_bar_are_struck_where_they_begin() -> None:
    text = tune('"G"d3"C"e "D"d2"G"d2|"N.C."d8|', "reel", "4/4")
    assert bass_line(text) == "0G 3C 4D 6G"
    assert strums(text) == "2! 3 6 7u"


@pytest.mark.parametrize(
    ("body", "onset", "length"),
    [
        ('"G"d8|"D"d2d2 "G"d4|', 12, 4),
        ('"G"d8|"D"d2d2 d4|', 12, 4),
        ('"G"d8|d8|', 8, 8),
        ('"G"d8|"D"d4"G"z4|', 12, 4),
        ('"G"d8|d8-|d8|', 16, 8),
        ('d2|"G"d8|d6:|', 26, 6),
    ],
    ids=["new chord", "last note", "long note", "behind the note", "tied", "after a repeat"],
)
def test_the_last_chord_is_held(body: str, onset: int, length: int) -> None:
    _, backing = played(tune(body, "reel", "4/4"))
    last = backing.bass[-1]
    assert (last.onset * 8, last.duration * 8) == (onset, length)
    assert max(sound.onset for sound in backing.chords) < F(onset + 1, 8)


def test_a_short_bar_and_the_next_pickup_are_played_as_one() -> None:
    text = tune('|:d|"G"d6|"C"e3 "D"d2:|"G"d6|d6|', "jig", "6/8")
    assert strums(text).startswith("3! 5u 6! 9! 11u 12! 15! 17u 18!")


def test_a_piano_plays_octaves_and_short_chords() -> None:
    _, backing = played(tune('"G"d8|"N.C."d8|', "reel", "4/4"), PIANO)
    assert [sound.pitch for sound in backing.bass] == [31, 43, 38, 50]
    assert {sound.duration * 8 for sound in backing.chords} == {F(3, 2)}
    assert len(backing.chords) == 6
