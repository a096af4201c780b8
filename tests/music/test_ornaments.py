"""Grace notes, rolls, trills and staccato: what is played, and that melodies stay as they are."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abcgen.formats.midi import MELODY_CHANNEL, midi_of
from abcgen.melodies.melody import played_steps
from abcgen.music.notes import music_of
from abcgen.music.ornaments import play_ornaments
from abcgen.notation.form import read_sections
from abcgen.notation.tune import Tune, read_tune
from tests.referee import abc2midi_notes, heard_notes, needs_abc2midi

F = Fraction
HEADER = "X:1\nT:t\nM:6/8\nL:1/8\nQ:1/4=120\n%%MIDI chordattack 0\nK:G\n"


def tune(body: str) -> Tune:
    return read_tune(f"{HEADER}{body}\n")


def played(body: str) -> list[tuple[int, Fraction, Fraction]]:
    """Return (pitch, onset, duration) of what is played, in eighths."""
    notes = play_ornaments(music_of(tune(body), ornaments=True).notes)
    return [(note.pitch, note.onset * 8, note.duration * 8) for note in notes]


Q = F(1, 4)  # of an eighth


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param("{g}B2", [(79, 0, Q), (71, Q, 2 - Q)], id="one grace note"),
        pytest.param("{ga}B2", [(79, 0, Q), (81, Q, Q), (71, 2 * Q, 1.5)], id="two"),
        pytest.param("{g2}B2", [(79, 0, 2 * Q), (71, 2 * Q, 1.5)], id="a long one"),
        pytest.param("{g}[GB]2", [(79, 0, Q), (67, Q, 2 - Q), (71, Q, 2 - Q)], id="before a group"),
        pytest.param("{gaga}B", [(71, 0, 1)], id="longer than the note"),
        pytest.param("{}B", [(71, 0, 1)], id="none"),
        pytest.param("{g0}B", [(71, 0, 1)], id="one that cannot be read"),
        pytest.param("{^g}g2", [(80, 0, Q), (79, Q, 2 - Q)], id="an accidental of its own"),
        pytest.param(
            "^g{g}a", [(80, 0, 1), (80, 1, Q), (81, 1 + Q, 1 - Q)], id="an accidental of the bar"
        ),
        pytest.param(
            "B2-{g}B2", [(71, 0, 2), (79, 2, Q), (71, 2 + Q, 2 - Q)], id="it strikes a tied note"
        ),
        pytest.param(".B2", [(71, 0, 1)], id="staccato"),
        pytest.param("!staccato!B2", [(71, 0, 1)], id="staccato by name"),
        pytest.param(".[GB]2", [(67, 0, 1), (71, 0, 1)], id="staccato group"),
        pytest.param(
            "~B3",
            [(71, 0, 1), (72, 1, Q), (71, 1 + Q, 1 - Q), (69, 2, Q), (71, 2 + Q, 1 - Q)],
            id="roll",
        ),
        pytest.param(
            "~B4",
            [(71, 0, 2), (72, 2, Q), (71, 2 + Q, 1 - Q), (69, 3, Q), (71, 3 + Q, 1 - Q)],
            id="long roll",
        ),
        pytest.param("~B2", [(72, 0, Q), (71, Q, 2 - Q)], id="too short for a roll: a cut"),
        pytest.param("~B/4", [(71, 0, Q)], id="too short for a cut"),
        pytest.param("~c", [(74, 0, Q), (72, Q, 1 - Q)], id="a cut over the octave"),
        pytest.param("~[GB]3", [(67, 0, 3), (71, 0, 3)], id="a group is not rolled"),
        pytest.param("TB", [(72, 0, Q), (71, Q, Q), (72, 2 * Q, Q), (71, 3 * Q, Q)], id="trill"),
        pytest.param("TB/4", [(71, 0, Q)], id="too short for a trill"),
        pytest.param("!fermata!uB", [(71, 0, 1)], id="what is not played"),
        pytest.param("~|B", [(71, 0, 1)], id="nothing in its bar to play it on"),
    ],
)
def test_ornaments(body: str, expected: list[tuple[int, Fraction, Fraction]]) -> None:
    assert played(body) == expected


@pytest.mark.parametrize(
    "body",
    [
        "{g}B3|",
        "~B3|",
        "TB3|",
        ".B3|",
        "{ga}[GB]2 c|",
        "A2-{g}A|",
        "~A2-A|",
        "A-~A3|",
        "{^c}B3 c3|",
    ],
)
def test_the_melody_is_the_same_without_ornaments(body: str) -> None:
    plain = music_of(tune(body))
    assert all(note.ornament is None for note in plain.notes)
    stripped = body.translate(str.maketrans("", "", "~T."))
    stripped = stripped.replace("{g}", "").replace("{ga}", "").replace("{^c}", "")
    assert plain == music_of(tune(stripped))
    assert played_steps(read_sections(tune(body))) == played_steps(read_sections(tune(stripped)))


PIECES = ["{g}", "{gag}", "~", "T", ".", "A3", "B2", "c", "d/", "-", "[GB]2", "z", "|", "^f", " "]


@given(st.lists(st.sampled_from(PIECES), max_size=12))
def test_what_is_played_keeps_to_the_time_of_the_notes(pieces: list[str]) -> None:
    body = f"{''.join(piece if piece != '-' else 'A-A' for piece in pieces)}G|"
    music = music_of(tune(body), ornaments=True)
    notes = play_ornaments(music.notes)
    assert all(note.duration > 0 and note.ornament is None for note in notes)
    assert max(note.onset + note.duration for note in notes) <= music.duration
    assert {note.onset for note in music.notes} <= {note.onset for note in notes}


@pytest.mark.parametrize(
    "body",
    [
        "{g}B3 c3|", "{gf}B2 c4|", "{gag}B c2|", "{gaga}B c2|", "{g}(3Bcd e|", "{g}[BD]2 c|",
        "{g2}B4|", "{/g}B4|", "{g/e}B4|", "{g}B/ c/ d|", "A{g}-A B|", "B>{g}c d2|", "{g} B2 c|",
        "{g}|B2 c|", "B2-{g}B2 c|", "~B3 c3|", "~B2 c|", "~B/ c|", "~^B3|", "{g}~B3|", "^F ~G3|",
        "~G3-G|", "(3~G2A2B2 c|", "~B,3|", "TB3 c|", "!trill!B2 c|", ".B3 .c|", ".~B3|", "~TB3|",
    ],
)  # fmt: skip
class TestAgainstAbc2midi:
    pytestmark = needs_abc2midi

    def test_the_files_sound_the_same(self, body: str) -> None:
        text = f"{HEADER}{body}\n"
        ours = heard_notes(midi_of(read_tune(text)))[MELODY_CHANNEL]
        theirs = sorted(abc2midi_notes(text, grace=True))
        assert [note.pitch for note in ours] == [note.pitch for note in theirs]
        for one, other in zip(ours, theirs, strict=True):
            # abc2midi ends each note a tick or so early.
            assert abs(one.onset - other.onset) < F(1, 200)
            assert abs(one.duration - other.duration) < F(1, 200)


@pytest.mark.parametrize("marks", ["~.", ".~", "!roll!.", ".!roll!", "~!fermata!", "!fermata!~"])
def test_of_several_marks_on_a_note_the_stronger_ornament_is_played(marks: str) -> None:
    assert played(f"{marks}B3") == played("~B3") != played(".B3")
