import pytest

from abcgen.tunebooks.chorales import chorale_title
from abcgen.tunebooks.names import find_tunebooks, read_tunebook


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("bwv269", "Aus meines Herzens Grunde"),
        ("bwv269-a", "Aus meines Herzens Grunde"),  # a variant without a title of its own
        ("BWV153.1", "Ach Gott, vom Himmel sieh\u2019 darein"),
        ("bwv9999.1", "BWV 9999.1"),
        ("song", "song"),
    ],
)
def test_titles_are_those_of_the_catalogue(name: str, title: str) -> None:
    assert chorale_title(name) == title


def test_a_chorale_is_read_with_its_title_and_its_soprano() -> None:
    (file,) = (file for file in find_tunebooks("chorales") if file.stem == "bwv1.6")
    text = read_tunebook(file)
    assert "T:BWV 1.6\n" in text
    assert "\nF2|" in text  # the soprano, not the horn above it
