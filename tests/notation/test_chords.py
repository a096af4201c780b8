import pytest

from abcgen.notation.chords import QUALITIES, chord_pitches, looks_like_chord, spell_chord


@pytest.mark.parametrize(
    ("written", "spelled"),
    [
        ("G", "G"),
        (" B7", "B7"),
        ("D m", "Dm"),
        ("A7/f+", "A7/F#"),
        ("Gm/bb", "Gm/Bb"),
        ("Bd", "Bdim"),
        ("Fa7", "Faug7"),
        ("(E7)", "E7"),
        ("Cmaj7", "Cmaj7"),
        ("N.C.", None),
        ("From A to B", None),
        ("", None),
        ("H", None),
    ],
)
def test_ways_to_write_a_chord(written: str, spelled: str | None) -> None:
    assert spell_chord(written) == spelled


@pytest.mark.parametrize("quality", QUALITIES)
def test_the_spelling_is_stable(quality: str) -> None:
    for chord in (f"C{quality}", f"F#{quality}/A#", f"Bb{quality}"):
        assert spell_chord(chord) == chord


def test_pitches() -> None:
    assert chord_pitches("C") == (0, (0, 4, 7))
    assert chord_pitches("Am") == (9, (9, 12, 16))
    assert chord_pitches("D7/F#") == (6, (2, 6, 9, 12))
    assert chord_pitches("Bb") == (10, (10, 14, 17))
    assert chord_pitches("Cb")[0] == 11


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *(
            (chord, True)
            for chord in ("G#\u00b07", "Am7b5", "Cmaj9", "Dadd9", "E\u266d", "Gsus2/D", "H7", "Hm")
        ),
        *((word, False) for word in ("Fine", "D.C.", "Coda", "End", "4", "slowly", "Hold", "")),
    ],
)
def test_what_is_meant_as_a_chord(text: str, expected: bool) -> None:
    assert looks_like_chord(text) is expected
