"""What accompanies a tune: which parts there are, who plays them, and how loud."""

from fractions import Fraction

import pytest

from abcgen.errors import UsageError
from abcgen.music.accompaniment import accompany
from abcgen.music.accompaniment.parts import Part
from abcgen.music.notes import music_of
from abcgen.music.performance import perform
from abcgen.notation.tune import read_tune

F = Fraction
BODY = '"G"d8|"C"e8|"G"d8|'


def parts(directives: str = "", body: str = BODY, **options: object) -> dict[str, Part]:
    lines = "".join(f"%%MIDI {line}\n" for line in directives.splitlines())
    tune = read_tune(f"X:1\nR:reel\nM:4/4\nL:1/8\n{lines}K:G\n{body}\n")
    return {part.name: part for part in accompany(tune, music_of(tune), **options)}  # type: ignore[arg-type]


def test_one_guitar_plays_it_all() -> None:
    assert {name: list(part.programs) for name, part in parts().items()} == {"Chords": [(0, 24)]}
    full = parts(accompaniment="full", drums=True)
    assert {name: list(part.programs) for name, part in full.items()} == {
        "Chords": [(0, 25)],
        "Drums": [],
    }
    assert parts(accompaniment="none") == {}
    assert list(parts(accompaniment="none", drums=True)) == ["Drums"]
    assert parts(body="d8|") == {}


def test_an_instrument_that_is_asked_for_plays_it_all() -> None:
    found = parts("bassprog 32\nchordprog 3 octave=1", accompaniment_instrument="piano")
    assert [(name, list(part.programs)) for name, part in found.items()] == [("Chords", [(0, 0)])]
    assert found["Chords"].sounds == parts()["Chords"].sounds
    piano = parts(accompaniment="full", accompaniment_instrument="piano")["Chords"]
    assert min(sound.pitch for sound in piano.sounds) < 36


def test_the_tune_says_who_plays_and_how_loud() -> None:
    plain = parts()["Chords"].sounds
    found = parts("bassprog 32 octave=-1\nchordvol 80\nbassvol 99")
    assert [(name, list(part.programs)) for name, part in found.items()] == [
        ("Bass", [(0, 32)]),
        ("Chords", [(0, 24)]),
    ]
    bass, chords = found["Bass"].sounds, found["Chords"].sounds
    assert [sound.pitch for sound in bass] == [s.pitch - 12 for s in plain if s.pitch < 48]
    assert [sound.pitch for sound in chords] == [s.pitch for s in plain if s.pitch >= 48]
    assert {sound.velocity for sound in bass} == {99}
    assert {sound.velocity for sound in chords} == {80}


def test_accents_remain_at_another_volume() -> None:
    usual, loud = (
        [sound.velocity for sound in parts(said, accompaniment="full")["Chords"].sounds]
        for said in ("", "chordvol 80\nbassvol 104")
    )
    assert loud == [2 * velocity for velocity in usual]
    assert {s.pitch < 52 for s in parts("chordvol 0", accompaniment="full")["Chords"].sounds} == {
        True
    }


def test_it_changes_in_the_tune() -> None:
    body = '"G"d8|[I:MIDI chordvol 70]"C"e8|[I:MIDI chordprog 0]"G"d8|'
    chords = parts(body=body)["Chords"]
    assert list(chords.programs) == [(0, 24), (2, 0)]
    assert [s.velocity for s in chords.sounds if s.onset >= 1] == [70] * (
        len(chords.sounds) // 3 * 2
    )


@pytest.mark.parametrize("said", ["chordvol 128", "chordvol loud", "chordprog 128", "gchord xyz"])
def test_what_makes_no_sense_is_passed_over(said: str) -> None:
    assert parts(said) == parts()


def test_a_drum_is_not_transposed() -> None:
    tune = read_tune(f"X:1\nM:4/4\nL:1/8\n%%MIDI transpose 2\nK:G\n{BODY}\n")
    played = perform(tune, drums=True).accompaniment
    plain = accompany(tune, music_of(tune), drums=True)
    (chords, drums), (plain_chords, plain_drums) = played, plain
    assert [s.pitch for s in chords.sounds] == [s.pitch + 2 for s in plain_chords.sounds]
    assert drums == plain_drums


def test_wrong_options_are_told_with_what_was_expected() -> None:
    with pytest.raises(UsageError, match=r"no accompaniment 'fll'; did you mean full\?"):
        parts(accompaniment="fll")
    with pytest.raises(UsageError, match="no accompaniment 'xyz'; known: full, none, simple"):
        parts(accompaniment="xyz")
    with pytest.raises(UsageError, match="no instrument 'kazoo'"):
        parts(accompaniment_instrument="kazoo")
