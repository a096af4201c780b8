from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abcgen.errors import NotationError
from abcgen.notation.tokens import (
    describe,
    length_of,
    read_group,
    read_note,
    read_tuplet,
    tokenize,
)


def kinds(body: str) -> list[tuple[str, str]]:
    return [(token.kind, token.text) for token in tokenize(body)]


def test_each_thing_is_told_apart() -> None:
    body = '{g}"G"~^c\'3/2 [CE]2z2|:(3abc d>e|1 f-:|2 g|]'
    assert kinds(body) == [
        ("grace", "{g}"),
        ("chord", '"G"'),
        ("decoration", "~"),
        ("note", "^c'3/2"),
        ("space", " "),
        ("group", "[CE]2"),
        ("rest", "z2"),
        ("bar", "|:"),
        ("tuplet", "(3"),
        ("note", "a"),
        ("note", "b"),
        ("note", "c"),
        ("space", " "),
        ("note", "d"),
        ("broken", ">"),
        ("note", "e"),
        ("bar", "|"),
        ("ending", "1"),
        ("space", " "),
        ("note", "f"),
        ("tie", "-"),
        ("bar", ":|"),
        ("ending", "2"),
        ("space", " "),
        ("note", "g"),
        ("bar", "|]"),
    ]


def test_bar_lines_and_what_looks_like_them() -> None:
    assert kinds("||:[|::[1 |[CE] |[1") == [
        ("bar", "||:[|::"),
        ("ending", "[1"),
        ("space", " "),
        ("bar", "|"),
        ("group", "[CE]"),
        ("space", " "),
        ("bar", "|"),
        ("ending", "[1"),
    ]


@pytest.mark.parametrize("letter", list("~.HLMOPSTuvJRk"))
def test_a_letter_before_a_note_or_a_bar_line_is_a_decoration(letter: str) -> None:
    for body in (
        f"{letter}c",
        f"{letter}{letter} ^c",
        f"{letter}z",
        f"c{letter}|",
        f"{letter}[ce]",
    ):
        assert ("decoration", letter) in kinds(body)


def test_old_line_breaks_and_decorations() -> None:
    assert [kind for kind, _ in kinds('ab|!\n!trill!c "^slow"d+fermata+e')] == [
        "note",
        "note",
        "bar",
        "layout",
        "newline",
        "decoration",
        "note",
        "space",
        "annotation",
        "note",
        "decoration",
        "note",
    ]


@given(st.text("ABab12/|:[] \"^_=(3>-zx'\n,", max_size=40))
def test_tokens_cover_the_text(body: str) -> None:
    tokens = tokenize(body)
    assert "".join(token.text for token in tokens) == body
    position = 0
    for token in tokens:
        assert token.position == position
        position += len(token.text)


def test_a_group_that_never_ends_is_passed_over_at_once() -> None:
    tokens = tokenize("[A11 " * 500 + "x")
    assert sum(token.kind == "stray" for token in tokens) == 500


def test_what_is_no_music_is_stray() -> None:
    assert [(t.text, t.position) for t in tokenize("abc|\nab?|") if t.kind == "stray"] == [("?", 7)]
    assert [t.kind for t in tokenize("ab\u00a0c")] == ["note", "note", "space", "note"]


@pytest.mark.parametrize(
    ("written", "pitch"),
    [
        ("_/D", "=D"),
        ("^/F", "=F"),
        ("^1/4c", "=c"),
        ("^3/4G", "^G"),
        ("^3/2c'", "^c'"),
        ("_7/4B", "__B"),
        ("_2B", "__B"),
    ],
)
def test_a_microtone_is_the_nearest_half_step(written: str, pitch: str) -> None:
    (token,) = tokenize(written + "3/2")
    found, length = read_note(token.text)
    assert (str(found), length) == (pitch, Fraction(3, 2))


@pytest.mark.parametrize(
    "text",
    ["[!1!C!3!E]2", '["^x"C"<2"E]2', "[(C)E]2", "[.C~E ]2", "[ +trill+C uE]2", "[C)E]2"],
)
def test_signs_within_a_chord_change_no_note(text: str) -> None:
    (token,) = tokenize(text)
    notes, length = read_group(token.text)
    assert (token.kind, [str(pitch) for pitch, _, _ in notes], length) == ("group", ["C", "E"], 2)


@pytest.mark.parametrize(
    "html", ["</html>", "<br>", "<BR />".lower(), '<a href="x.html">', "<!-- A B -->", "&nbsp;"]
)
def test_html_is_one_token(html: str) -> None:
    assert [t.text for t in tokenize(f"A{html}B") if t.kind == "html"] == [html]


@pytest.mark.parametrize("body", ["A<B c>d", "a<b", "A<uB", "a2<c2", "A>b<c"])
def test_broken_rhythm_is_no_html(body: str) -> None:
    assert all(token.kind != "html" for token in tokenize(body))


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", "1"),
        ("2", "2"),
        ("/", "1/2"),
        ("//", "1/4"),
        ("/4", "1/4"),
        ("3/2", "3/2"),
        ("3/", "3/2"),
    ],
)
def test_lengths(text: str, length: str) -> None:
    assert length_of(text) == Fraction(length)


@pytest.mark.parametrize("text", ["0", "1/0", "//2", "99999", "1/999"])
def test_lengths_that_cannot_be(text: str) -> None:
    with pytest.raises(NotationError):
        length_of(text)


def test_notes_and_groups() -> None:
    pitch, length = read_note("__B,,3/4")
    assert (pitch.accidental, pitch.letter, pitch.octave, length) == (
        "__",
        "B",
        ",,",
        Fraction(3, 4),
    )
    notes, factor = read_group("[ C2 ^E2- ]/2")
    assert [(str(pitch), length, tie) for pitch, length, tie in notes] == [
        ("C", 2, False),
        ("^E", 2, True),
    ]
    assert factor == Fraction(1, 2)


@pytest.mark.parametrize(
    ("text", "compound", "expected"),
    [
        ("(3", False, (3, Fraction(2, 3), 3)),
        ("(2", True, (2, Fraction(3, 2), 2)),
        ("(5", True, (5, Fraction(3, 5), 5)),
        ("(5", False, (5, Fraction(2, 5), 5)),
        ("(3:4:2", False, (3, Fraction(4, 3), 2)),
        ("(3::2", False, (3, Fraction(2, 3), 2)),
    ],
)
def test_tuplets(text: str, compound: bool, expected: tuple[int, Fraction, int]) -> None:
    assert read_tuplet(text, compound) == expected


def test_what_is_found_has_a_name() -> None:
    assert [describe(found) for found in ("?", "\x07", "[1", "a\n")] == [
        "'?'",
        "the character U+0007",
        "'[1'",
        r"'a\n'",
    ]


def test_an_ending_begins_on_one_line() -> None:
    found = [token.kind for token in tokenize("[ 1C|[\n2D|")]
    assert found == ["ending", "note", "bar", "stray", "newline", "stray", "note", "bar"]
