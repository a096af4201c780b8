"""The title is the name of the first track, if it is one, or that of the file."""

import pytest

from abcgen.formats.midi_in.titles import title_of
from tests.formats.midi_in.made import recording


@pytest.mark.parametrize(
    ("names", "title"),
    [
        (["The Rakes", "Fiddle"], "The Rakes"),
        (["", "Melody"], "the silver spear"),
        (["Track 1"], "the silver spear"),
        (["Piano", "The Rakes"], "the silver spear"),
        (["untitled"], "the silver spear"),
        (["12"], "the silver spear"),
        (["100% Reel"], "100 Reel"),
        (["\u041a\u0430\u0442\u044e\u0448\u0430"], "the silver spear"),
        ([], "the silver spear"),
    ],
)
def test_titles(names: list[str], title: str) -> None:
    named = recording()
    named.names = names
    assert title_of(named, "the_silver-spear") == title


def test_no_name_at_all() -> None:
    assert title_of(recording(), "") == "Untitled"
