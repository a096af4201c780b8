import pytest

from abcgen.errors import NotationError
from abcgen.notation.keys import fifths_of, signature, spell_key


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
