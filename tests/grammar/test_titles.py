"""Titles as they are written."""

from abcgen.grammar.titles import plain_text, spell_title
from tests.tunes import respell


def test_titles_are_plain_text() -> None:
    assert plain_text("  L\u00e0 \u2019n   D\u00e9 ") == "La 'n De"
    assert plain_text("Gro\u00dfer K\u00f6nig, l\u00f8b") == "Grosser Konig, lob"
    assert "T:Untitled\n" in respell("X:1\nK:C\nA8|\n")


def test_what_a_tool_misunderstands_is_written_in_another_way() -> None:
    assert spell_title('The "Top" of Cork: 50% | more &amp; less') == (
        "The 'Top' of Cork - 50 more & less"
    )
    assert spell_title("word " * 40) == " ".join(["word"] * 16)
