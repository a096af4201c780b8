"""Chords as hands strike them: within their range, whole, and near the chord before."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abcgen.music.accompaniment.chords import Chord
from abcgen.music.accompaniment.voicing import GUITAR, PIANO, Hand, hand_of
from abcgen.music.instruments import program_of
from abcgen.notation.chords import chord_pitches, spell_chord
from tests.music.accompaniment.tunes import CHORDS

HANDS = st.sampled_from([GUITAR, PIANO])


def chord(text: str) -> Chord:
    spelled = spell_chord(text)
    assert spelled is not None
    return Chord(*chord_pitches(spelled))


@given(CHORDS, CHORDS, HANDS)
def test_a_chord_is_whole_and_in_its_range(text: str, before: str, hand: Hand) -> None:
    one = chord(text)
    pitches = hand.voicing(one, hand.voicing(chord(before)))
    assert list(pitches) == sorted(set(pitches))
    assert len(pitches) == hand.voices
    assert hand.lowest <= pitches[0]
    assert pitches[-1] <= hand.highest
    heard = {one.bass, *(pitch % 12 for pitch in pitches)}
    tones = {one.bass, *one.tones}
    # Of a chord with more notes than there are voices some may be missing, but not its kind.
    assert tones - heard <= {one.tones[2], one.tones[0]}
    assert heard == tones or len(set(one.tones)) > hand.voices


@given(st.lists(CHORDS, min_size=2, max_size=8), HANDS)
def test_voices_move_little(texts: list[str], hand: Hand) -> None:
    voicings = [hand.voicing(chord(texts[0]))]
    for text in texts[1:]:
        voicings.append(hand.voicing(chord(text), voicings[-1]))
    for before, after in pairwise(voicings):
        assert all(abs(a - b) <= 7 for a, b in zip(before, after, strict=True))


def test_the_same_chord_stays_where_it_is() -> None:
    first = GUITAR.voicing(chord("G"))
    assert GUITAR.voicing(chord("G"), first) == first
    assert PIANO.voicing(chord("D7"), (59, 62, 67)) == (57, 60, 66)


@pytest.mark.parametrize(
    ("instrument", "hand"),
    [("piano", PIANO), ("accordion", PIANO), ("nylon guitar", GUITAR), ("banjo", GUITAR)],
)
def test_keyboards_play_with_two_hands(instrument: str, hand: Hand) -> None:
    assert hand_of(program_of(instrument)) is hand
