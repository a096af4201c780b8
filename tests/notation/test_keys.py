import pytest

from abcgen.errors import NotationError
from abcgen.notation.keys import KeyField, fifths_of, read_key, signature, spell_key


@pytest.mark.parametrize(
    ("written", "spelled"),
    [
        ("D", "D"),
        ("D Major", "D"),
        ("Dmaj", "D"),
        ("A Dorian", "Ador"),
        ("ADOR", "Ador"),
        ("E minor", "Em"),
        ("Em", "Em"),
        ("E Aeolian", "Em"),
        ("G Mixolydian", "Gmix"),
        (" G Major", "G"),
        ("F# Minor", "F#m"),
        ("Bb", "Bb"),
        ("B Locrian", "Bloc"),
        ("F lydian", "Flyd"),
        ("Hp", "D"),
    ],
)
def test_ways_to_write_a_key(written: str, spelled: str) -> None:
    assert spell_key(written) == spelled
    assert spell_key(spelled) == spelled


@pytest.mark.parametrize("written", ["", "H", "Es", "none", "G#", "D ^c", "D clef=bass", "X minor"])
def test_what_is_no_key(written: str) -> None:
    with pytest.raises(NotationError):
        spell_key(written)


@pytest.mark.parametrize(
    ("key", "fifths"),
    [("C", 0), ("D", 2), ("Ador", 1), ("Edor", 2), ("Dmix", 1), ("Em", 1), ("Bb", -2), ("F#m", 3)],
)
def test_accidentals_of_a_key(key: str, fifths: int) -> None:
    assert fifths_of(key) == fifths


def test_signature() -> None:
    assert signature("D") == {"F": 1, "C": 1}
    assert signature("Gm") == {"B": -1, "E": -1}
    assert signature("C") == {}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("G clef=treble", KeyField("G")),
        ("G treble", KeyField("G")),
        ("G, clef=bass middle=d", KeyField("G")),
        ("Am bass stafflines=5", KeyField("Am")),
        ("none", KeyField("C")),
        ("none clef=none", KeyField("C")),
        ("", KeyField(None)),
        ("clef=alto", KeyField(None)),
        ("bass", KeyField(None)),
        ("HP clef=treble", KeyField("D")),
        ("C octave=-1", KeyField("C", octave=-1)),
        ("C octave=1 clef=treble-8", KeyField("C", octave=0)),
        ("C treble+8 transpose=-2", KeyField("C", octave=1, transpose=-2)),
        ("octave=2", KeyField(None, octave=2)),
        ("Ador?", KeyField("Ador", rest="?")),
        ("A Mixolydian (fiddle)", KeyField("Amix", rest="(fiddle)")),
        ("D/G", KeyField("D", rest="/G")),
        ("D moll", KeyField("Dm")),
        ("F\u266f minor", KeyField("F#m")),
        ("C octave=99", KeyField("C", rest="octave=99")),
        ("C shift=CD", KeyField("C", rest="shift=CD")),
    ],
)
def test_what_stands_behind_a_key(written: str, read: KeyField) -> None:
    assert read_key(written) == read


@pytest.mark.parametrize(
    ("written", "spelled", "altered"),
    [
        ("D =c", "Dmix", {"F": 1}),
        ("Amix =g", "Amix", {"F": 1, "C": 1}),
        ("Dphr ^f", "Dphr ^f", {"B": -1, "E": -1, "F": 1}),
        ("D exp _b _e ^f", "D exp _b _e ^f", {"B": -1, "E": -1, "F": 1}),
        ("Gm^f", "Gm ^f", {"B": -1, "E": -1, "F": 1}),
        ("^f^c", "C ^f ^c", {"F": 1, "C": 1}),
        ("C ^F", "Clyd", {"F": 1}),
        ("none exp", "C", {}),
    ],
)
def test_accidentals_of_a_keys_own(written: str, spelled: str, altered: dict[str, int]) -> None:
    key = read_key(written).key
    assert key == spelled and signature(spelled) == altered
    assert read_key(spelled).key == spelled
    if " " in spelled:
        with pytest.raises(NotationError, match="cannot be drawn"):
            fifths_of(spelled)


@pytest.mark.parametrize("written", ["g", "foo", "H", "G#", "?"])
def test_a_key_that_nobody_knows_is_refused(written: str) -> None:
    with pytest.raises(NotationError):
        read_key(written)
