import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abcgen.errors import NotationError
from abcgen.grammar.faults import complaint
from abcgen.grammar.header import KEYS
from abcgen.grammar.spelling import canonical
from abcgen.grammar.transposing import (
    Interval,
    interval_between,
    key_of,
    transpose,
    transpose_by,
    transpose_semitones,
)
from abcgen.grammar.wishes import Wishes
from abcgen.music.notes import Music, music_of
from abcgen.notation.keys import fifths_of, mode_of, signature
from abcgen.notation.tune import read_tune
from tests.tunes import SPELLED, made_up_tune
from tests.walks import tame_alphabet, walk


def walked_tune(seed: int, length: int) -> str:
    """Return a canonical tune drawn blindly, mostly without what leads out of the octaves."""
    draw = random.Random(seed)
    return walk(draw, length, Wishes(title="Walked"), tame_alphabet(draw)).text


walked = st.builds(walked_tune, st.integers(0, 10**6), st.integers(0, 700))
made_up = st.integers(0, 10**6).map(lambda number: canonical(read_tune(made_up_tune(number))))
tunes = walked | made_up
pairs_of_keys = st.sampled_from(
    [(key, other) for key in KEYS for other in KEYS if mode_of(key) == mode_of(other)]
)


def keys_for(text: str) -> list[str]:
    """Return the keys into which `transpose` can bring a canonical tune, its own among them."""
    reached = []
    for key in KEYS:
        try:
            transpose(text, key)
        except NotationError:
            continue
        reached.append(key)
    return reached


def music(text: str) -> Music:
    return music_of(read_tune(text))


def check_moved(text: str, moved: str, semitones: int) -> None:
    """Check that a whole tune has moved by these semitones, and nothing else has changed."""
    assert complaint(moved) is None
    before, after = music(text), music(moved)
    assert [(n.pitch - semitones, n.onset, n.duration) for n in after.notes] == [
        (n.pitch, n.onset, n.duration) for n in before.notes
    ]
    assert [chord.onset for chord in after.chords] == [chord.onset for chord in before.chords]
    assert after.duration == before.duration


@given(tunes, pairs_of_keys, st.integers(-1, 1))
def test_all_moves_by_the_interval_and_back_to_the_same_text(
    text: str, pair: tuple[str, str], octaves: int
) -> None:
    steps, semitones = interval_between(*pair)
    interval = Interval(steps + 7 * octaves, semitones + 12 * octaves)
    assert complaint(text) is None
    try:
        moved = transpose_by(text, interval)
    except NotationError:
        return
    check_moved(text, moved, interval.semitones)
    assert transpose_by(moved, interval.back()) == text
    assert fifths_of(key_of(moved)) - fifths_of(key_of(text)) == interval.fifths


@settings(max_examples=25)
@given(tunes)
def test_every_key_named_can_be_reached_and_no_other(text: str) -> None:
    mode = mode_of(key_of(text))
    named = keys_for(text)
    assert key_of(text) in named
    for key in KEYS:
        if key in named:
            moved = transpose(text, key)
            assert key_of(moved) == key
            difference = music(moved).notes[0].pitch - music(text).notes[0].pitch
            check_moved(text, moved, difference)
        elif mode_of(key) == mode:
            with pytest.raises(NotationError):
                transpose(text, key)


@settings(max_examples=25)
@given(made_up)
def test_a_plain_tune_goes_into_every_key(text: str) -> None:
    assert len(keys_for(text)) == sum(mode_of(key) == mode_of(key_of(text)) for key in KEYS)


@given(pairs_of_keys)
def test_the_nearest_interval_leads_from_signature_to_signature(pair: tuple[str, str]) -> None:
    key, other = pair
    interval = interval_between(key, other)
    assert -6 <= interval.semitones <= 5
    assert interval.fifths == fifths_of(other) - fifths_of(key)
    assert interval.other_way().fifths == interval.fifths
    # Each letter is where the new signature has it, so that what has no accidental needs none.
    scale = "CDEFGAB"
    table = dict(zip(scale, (0, 2, 4, 5, 7, 9, 11), strict=True))
    for index, letter in enumerate(scale):
        reached = scale[(index + interval.steps) % 7]
        before = table[letter] + signature(key).get(letter, 0)
        after = table[reached] + signature(other).get(reached, 0)
        assert (after - before - interval.semitones) % 12 == 0


def body_of(music: str, key: str, interval: Interval, header: str = "M:4/4\nL:1/8\nK:C\n") -> str:
    """Return a body transposed; the text around it is checked."""
    moved = transpose_by(f"X:1\nT:x\n{header}{music}\n", interval)
    head, _, body = moved.partition(f"\nK:{key}\n")
    assert head + "\n" == f"X:1\nT:x\n{header}".partition("K:")[0]
    return body.removesuffix("\n")


SECOND, THIRD_DOWN, FIFTH, TRITONE = (
    Interval(1, 2),
    Interval(-2, -3),
    Interval(4, 7),
    Interval(3, 6),
)


@pytest.mark.parametrize(
    ("written", "key", "interval", "moved"),
    [
        ("cdef gabc'|]", "D", SECOND, "defg abc'd'|]"),
        ("^cd=c_d ^^c__d =b_b|]", "D", SECOND, "^de=d_e ^^d__e ^c'=c'|]"),
        ("^fg=f_e _b4|]", "A", THIRD_DOWN, "^de=d=c =g4|]"),
        ('"C"c4 "F#m7/C#"g4|]', "G", FIFTH, '"G"g4 "C#m7/G#"d\'4|]'),
        ('"Bb"c4 "Bdim"g4|]', "F#", TRITONE, '"E"f4 "E#dim"c\'4|]'),
        ("[C,EG]4- [C,EG]4|]", "D", SECOND, "[D,FA]4- [D,FA]4|]"),
        ("(3cde z2 c3/2d/2e-e|]", "D", SECOND, "(3def z2 d3/2e/2f-f|]"),
        ("c8||\nK:Am\nA8|]", "F#", TRITONE, "f8||\nK:D#m\nd8|]"),
    ],
)
def test_what_moves(written: str, key: str, interval: Interval, moved: str) -> None:
    assert body_of(written, key, interval) == moved


def test_lines_are_broken_anew() -> None:
    wide = "|".join(["[^CE]/2[^DF]/2[CE]/2[DF]/2 c2 d2 e2"] * 3)
    assert body_of("|:" + wide + ":|", "D", SECOND).count("\n") == 1
    # Octave marks make the line wider, so that it takes fewer bars.
    ending = "|:" + "gab g a b a g2|" * 3 + "[1 c8:|[2 c8|]"
    up = "|:" + "g'a'b' g' a' b' a' g'2|" * 2 + "\n"
    moved = body_of(ending, "C", Interval(7, 12))
    assert moved.startswith(up)
    assert "[1 c'8:|[2 c'8|]" in moved


@pytest.mark.parametrize(
    ("pickup", "last"),
    [
        ("e|:", "cdef gabc:|"),
        ("|:e|", "cdef gab:|"),
        ("|:e/2f/2|", "cdef gab:|"),
        ('|:"C"(3efg|', "cdef ga:|"),
        ("|:[eg]|", "cdef gab:|"),
        ("e z|", "cdef ga||\ne2|cdef ga|]"),
    ],
)
def test_a_pickup_does_not_count_as_a_bar(pickup: str, last: str) -> None:
    bars = "cdef gabc|" * 4
    text = f"X:1\nT:x\nM:4/4\nL:1/8\nK:C\n{pickup}{bars}\n{last}\n"
    assert complaint(text) is None
    assert transpose_by(text, Interval(0, 0)) == text


def test_a_pickup_that_is_not_repeated_must_leave_room_in_its_line() -> None:
    group = "[=C=E=G=c]"
    text = f"X:1\nT:x\nM:4/4\nL:1/8\nK:C\n{group * 4}|:c8:|\n"
    assert complaint(text) is None
    assert complaint(transpose_by(text, Interval(0, 0))) is None
    with pytest.raises(NotationError, match="the pickup"):
        transpose_by(text, Interval(7, 12))


@pytest.mark.parametrize(
    ("written", "interval", "words"),
    [
        ("C,8|]", Interval(-1, -2), "C, would leave the octaves"),
        ("b'8|]", Interval(1, 1), "b' would leave the octaves"),
        ("^^c8|]", Interval(0, 1), r"\^\^c would have three"),
        ('"F#"c8|]', Interval(0, 1), "the chord of F# would have two"),
        ("c8|]", Interval(0, 2), "14 accidentals"),
        ("c8||\nK:A\nc8|]", Interval(-1, -1), "K:A would have 8"),
    ],
)
def test_what_has_no_spelling_is_named(written: str, interval: Interval, words: str) -> None:
    text = f"X:1\nT:x\nM:4/4\nL:1/8\nK:C\n{written}\n"
    with pytest.raises(NotationError, match=words):
        transpose_by(text, interval)


def test_a_tune_goes_the_other_way_where_the_nearest_is_too_far() -> None:
    low = "X:1\nT:x\nM:4/4\nL:1/8\nK:C\nC,8|]\n"
    assert transpose(low, "A").endswith("K:A\nA,8|]\n")
    assert transpose(low.replace("C,", "C"), "A").endswith("K:A\nA,8|]\n")


def test_a_key_may_be_named_as_people_do_but_in_the_same_mode() -> None:
    assert transpose(SPELLED, "E major") == transpose(SPELLED, "E")
    for key in ("Em", "nothing"):
        with pytest.raises(NotationError):
            transpose(SPELLED, key)
    with pytest.raises(NotationError, match="there is no header"):
        transpose("abc|]\n", "D")


def test_the_rest_of_the_tune_stays_as_it_is() -> None:
    text = SPELLED.replace("R:jig", "R:jig\nN:A remark, in D")
    moved = transpose(text, "G")
    assert moved.partition("K:")[0] == text.partition("K:")[0]
    assert transpose(text + "\n", "G") == moved + "\n"


@given(made_up, st.integers(-14, 14))
def test_semitones_lead_into_the_key_with_the_fewest_accidentals(text: str, semitones: int) -> None:
    try:
        moved = transpose_semitones(text, semitones)
    except NotationError as error:
        assert "octaves" in str(error)  # that alone can stop these tunes
        return
    check_moved(text, moved, semitones)
    assert mode_of(key_of(moved)) == mode_of(key_of(text))
    fifths = fifths_of(key_of(moved))
    if abs(fifths) > 6:  # seven: then the other name of the key does not do
        steps = (7 * semitones + fifths_of(key_of(text)) - fifths) // 12
        with pytest.raises(NotationError):
            transpose_by(text, Interval(steps + (1 if fifths > 0 else -1), semitones))


def test_semitones_take_the_other_name_of_a_key_where_the_first_does_not_do() -> None:
    plain, sharp = (f"X:1\nT:A\nM:4/4\nL:1/8\nK:C\n{bar}|]\n" for bar in ("C8", "^^G8"))
    assert key_of(transpose_semitones(plain, 6)) == "F#"
    # In F sharp it would be a note with three sharps.
    with pytest.raises(NotationError):
        transpose(sharp, "F#")
    assert key_of(transpose_semitones(sharp, 6)) == "Gb"
    with pytest.raises(NotationError, match="octaves"):
        transpose_semitones(plain, 60)
