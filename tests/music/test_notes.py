"""The notes that a tune sounds: pitches, onsets and durations."""

import os
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abcgen.errors import NotationError
from abcgen.music.notes import Music, music_of
from abcgen.notation.tune import read_tune
from tests.referee import abc2midi_notes, needs_abc2midi

F = Fraction


def music(body: str, key: str = "C", meter: str = "4/4", unit: str = "1/8") -> Music:
    return music_of(read_tune(f"X:1\nT:t\nM:{meter}\nL:{unit}\nK:{key}\n{body}\n"))


def pitches(body: str, key: str = "C") -> list[int]:
    return [note.pitch for note in music(body, key).notes]


def eighths(body: str, meter: str = "4/4") -> list[Fraction]:
    """Return the notes' durations in eighth notes."""
    return [note.duration * 8 for note in music(body, meter=meter).notes]


@pytest.mark.parametrize(
    ("body", "key", "expected"),
    [
        pytest.param("CDEFGABc", "C", [60, 62, 64, 65, 67, 69, 71, 72], id="scale"),
        pytest.param("C,,C,Ccc'c''", "C", [36, 48, 60, 72, 84, 96], id="octaves"),
        pytest.param("c,C'", "C", [60, 72], id="marks against the case"),
        pytest.param("FfCc", "D", [66, 78, 61, 73], id="two sharps, in all octaves"),
        pytest.param("BbEe", "Bb", [70, 82, 63, 75], id="two flats"),
        pytest.param("BbFf", "Ddor", [71, 83, 65, 77], id="dorian"),
        pytest.param("Ff", "Amix", [66, 78], id="mixolydian"),
        pytest.param("^C_D=F^^C__D", "D", [61, 61, 65, 62, 60], id="accidentals"),
        pytest.param("^CC|C", "C", [61, 61, 60], id="to the bar line and no further"),
        pytest.param("=FF|F", "G", [65, 65, 66], id="naturals too"),
        pytest.param("^Cc", "C", [61, 72], id="in their own octave"),
        pytest.param("^C_CC", "C", [61, 59, 59], id="the last one counts"),
        pytest.param("^C|]C", "C", [61, 60], id="a final bar ends them"),
    ],
)
def test_pitches(body: str, key: str, expected: list[int]) -> None:
    assert pitches(body, key) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param("A2-A2", [4], id="tie"),
        pytest.param("A2-|A2", [4], id="tie over the bar line"),
        pytest.param("A2-|A2-|A2", [6], id="two ties"),
        pytest.param("A2-B2A2", [2, 2, 2], id="a tie to another pitch joins nothing"),
        pytest.param("A2A2", [2, 2], id="the same pitch again"),
        pytest.param("(A2A2)", [2, 2], id="a slur is not a tie"),
    ],
)
def test_ties_join_durations(body: str, expected: list[Fraction]) -> None:
    assert eighths(body) == expected


def test_onsets_count_rests_and_tuplets() -> None:
    notes = music("z2A(3BcdZ|e").notes
    expected = [F(2), F(3), F(11, 3), F(13, 3), F(13)]
    assert [note.onset * 8 for note in notes] == expected


def test_a_group_sounds_together_and_lasts_as_long_as_its_first_note() -> None:
    heard = [(n.pitch, n.onset * 8, n.duration * 8) for n in music("[CE2G]2A").notes]
    assert heard == [(60, 0, 2), (64, 0, 4), (67, 0, 2), (69, 2, 1)]


def test_a_tie_within_a_group_holds_that_note_only() -> None:
    heard = [(n.pitch, n.duration * 8) for n in music("[C-E]2[CE]2").notes]
    assert heard == [(60, 4), (64, 2), (64, 2)]


def test_a_tie_carries_its_accidental_over_the_bar_line() -> None:
    notes = music("^c8-|c4 c4|").notes
    assert [(note.pitch, note.duration * 8) for note in notes] == [(73, 12), (72, 4)]
    assert pitches("^c4 d4-|d4 c4") == [73, 74, 72]


def test_a_repeat_goes_back_to_its_own_key_unit_and_metre() -> None:
    notes = music("|:C2|\nK:D\nL:1/4\nM:2/4\nC2:|").notes
    assert [(note.pitch, note.duration * 8) for note in notes] == [(60, 2), (61, 4)] * 2
    bars = music("|:C2|\nM:2/4\nC2:|").bars
    assert [bar.setting.meter for bar in bars] == ["4/4", "2/4"] * 2
    assert [bar.onset * 8 for bar in bars] == [0, 2, 4, 6]


@pytest.mark.parametrize("body", ["C" + "9" * 5000, "(3:" + "9" * 5000, "Z" + "9" * 5000])
def test_a_number_without_end_is_a_reason(body: str) -> None:
    with pytest.raises(NotationError):
        music(body)


def test_a_tie_holds_into_the_ending_that_follows() -> None:
    heard = [(n.pitch, n.duration * 8) for n in music("|:C4-|[1C4:|[2C8|]").notes]
    assert heard == [(60, 8), (60, 12)]


def test_fields_in_the_body_count_from_where_they_stand() -> None:
    tune = music("F2|\nK:G\nF2|\nL:1/4\nF2|\nM:6/8\n(5ABcde|")
    assert [note.pitch for note in tune.notes[:3]] == [65, 66, 66]
    assert [note.duration * 8 for note in tune.notes] == [2, 2, 4] + [F(6, 5)] * 5


@pytest.mark.parametrize(
    ("meter", "unit"), [("2/4", F(1, 16)), ("6/8", F(1, 8)), ("3/4", F(1, 8)), ("C", F(1, 8))]
)
def test_the_unit_follows_the_metre_where_it_is_missing(meter: str, unit: Fraction) -> None:
    tune = music_of(read_tune(f"X:1\nM:{meter}\nK:C\nC\n"))
    assert tune.notes[0].duration == unit


def test_chord_symbols_stand_where_they_are_and_again_in_the_repeat() -> None:
    tune = music('|:"Am"A2"C"c2:|')
    assert [(chord.text, chord.onset * 8) for chord in tune.chords] == [
        ("Am", 0), ("C", 2), ("Am", 4), ("C", 6),
    ]  # fmt: skip
    assert tune.duration == 1


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("A0", "not a note length"),
        ("A/0", "not a note length"),
        ("C,,,,,,", "outside of what MIDI can play"),
        ("(3:0A", "not a tuplet"),
    ],
)
def test_what_cannot_be_played_has_a_reason(body: str, reason: str) -> None:
    with pytest.raises(NotationError, match=reason):
        music(body)


_NOTES = st.builds(
    "{}{}{}".format,
    st.sampled_from(["", "", "", "^", "_", "="]),
    st.sampled_from("CDEFGABcdefgab"),
    st.sampled_from(["", "2", "3", "/", "3/2", "4"]),
)
_PIECES = st.one_of(
    _NOTES,
    st.lists(_NOTES, min_size=3, max_size=3).map(lambda notes: "(3" + "".join(notes)),
    st.tuples(st.sampled_from("ABcd"), st.sampled_from("efga")).map(">".join),
    st.sampled_from(["z", "z2", "[CEG]2", "[Ac]", '"Am"C']),
)
_BARS = st.lists(_PIECES, min_size=1, max_size=6).map(" ".join)
_KEYS = st.sampled_from(["C", "G", "D", "A", "F", "Bb", "Am", "Edor", "Amix", "Gm"])


@given(st.lists(_BARS, min_size=1, max_size=4), _KEYS)
def test_a_repeat_sounds_the_same_twice(bars: list[str], key: str) -> None:
    once = music("|".join(bars) + "|]", key)
    twice = music("|:" + "|".join(bars) + ":|", key)
    later = [(n.pitch, n.onset + once.duration, n.duration) for n in once.notes]
    first = [(n.pitch, n.onset, n.duration) for n in once.notes]
    assert [(n.pitch, n.onset, n.duration) for n in twice.notes] == first + later
    assert twice.duration == 2 * once.duration


@given(st.lists(_BARS, min_size=1, max_size=4), _KEYS)
def test_half_the_unit_halves_every_time(bars: list[str], key: str) -> None:
    body = "|".join(bars) + "|]"
    slow, fast = music(body, key, unit="1/8"), music(body, key, unit="1/16")
    assert fast.duration * 2 == slow.duration
    assert [(n.pitch, n.onset * 2, n.duration * 2) for n in fast.notes] == [
        (n.pitch, n.onset, n.duration) for n in slow.notes
    ]


def agree(text: str) -> bool:
    """Return whether abc2midi hears the same notes, give or take a tick or so."""
    ours = sorted((n.pitch, n.onset, n.duration) for n in music_of(read_tune(text)).notes)
    # Otherwise abc2midi rolls notes that sound together.
    asked = text.replace("\nK:", "\n%%MIDI chordattack 0\nK:", 1)
    theirs = sorted((n.pitch, n.onset, n.duration) for n in abc2midi_notes(asked))
    slack = F(1, 128)
    return len(ours) == len(theirs) and all(
        a[0] == b[0] and abs(a[1] - b[1]) < slack and abs(a[2] - b[2]) < slack
        for a, b in zip(ours, theirs, strict=True)
    )


@pytest.mark.parametrize(
    "body",
    [
        "|:CDEF GABc|[1 c8:|[2 C8|]",
        "|:C8|D8::E8|F8:|",
        "C8|D8:|E8|F8:|",
        "|:^CC=CC ^FFGG|F2F2 G4-|G8:|",
        "A>B c<d e>>f g<<a|(3ABc (3def (3g2a2b2|",
        "[CEG]4 [C2E2] z2|C,4 c'4|",
    ],
)
class TestAgainstAbc2midi:
    pytestmark = needs_abc2midi

    @pytest.mark.parametrize("key", ["C", "D", "Bb", "Edor"])
    def test_the_same_notes(self, body: str, key: str) -> None:
        assert agree(f"X:1\nT:t\nM:4/4\nL:1/8\nQ:1/4=120\nK:{key}\n{body}\n")


class TestRandomTunesAgainstAbc2midi:
    pytestmark = needs_abc2midi

    @settings(max_examples=25)
    @given(st.lists(_BARS, min_size=1, max_size=4), _KEYS)
    def test_the_same_notes(self, bars: list[str], key: str) -> None:
        # abc2midi lets an accidental count in all octaves unless this says otherwise.
        head = f"X:1\nT:t\n%%propagate-accidentals octave\nM:4/4\nL:1/8\nQ:1/4=120\nK:{key}\n"
        assert agree(head + "|".join(bars) + "|]\n")


TUNEBOOKS = os.environ.get("ABCGEN_TUNEBOOKS", "")


@pytest.mark.skipif(not TUNEBOOKS, reason="ABCGEN_TUNEBOOKS names no folder of .abc files")
def test_every_tune_of_the_tunebooks_has_order_and_length() -> None:
    from abcgen.notation.tunebook import split_tunebook
    from abcgen.tunebooks.names import read_tunebook

    heard = 0
    for file in sorted(Path(TUNEBOOKS).rglob("*.abc")):
        for text in split_tunebook(read_tunebook(file)):
            try:
                tune = music_of(read_tune(text))
            except NotationError:
                continue
            heard += 1
            onsets = [note.onset for note in tune.notes]
            assert onsets == sorted(onsets)
            assert max(onsets) < tune.duration
            assert all(note.duration > 0 for note in tune.notes)
    assert heard
