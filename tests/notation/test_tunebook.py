import pytest
from hypothesis import given
from hypothesis import strategies as st

from abcgen.notation.tunebook import Label, label_of, numbered, split_tunebook
from tests.tunes import made_up_book


def test_tunes_split_at_their_reference_numbers_not_at_blank_lines() -> None:
    text = "% a file header\n\nX:1\nT:a\nK:C\nCDE|\n\nFGA|\n\nX: 2\nT:b\nK:C\nc|\n"
    tunes = list(split_tunebook(text))
    assert len(tunes) == 2
    assert "FGA" in tunes[0]
    assert "file header" not in tunes[0]


def test_tunes_without_a_number_get_one() -> None:
    first, second = "T:a\nM:2/4\nK:C\nCD|EF|\n\n", "T:b\nK:G\n% slow\nGA|\n\nBc|\n\n"
    about = "Tunes: of my uncle | and aunt\n\n"
    assert list(split_tunebook(about + first + second)) == [f"X:1\n{first}", f"X:2\n{second}"]
    book = list(split_tunebook(f"M:3/4\n\n{first}X:7\nT:c\nK:D\nd|\n"))
    assert book == [f"X:1\n{first}", "X:7\nM:3/4\nT:c\nK:D\nd|\n"]


def test_a_file_header_is_no_tune() -> None:
    assert list(split_tunebook("T:My book\nO:Here\nK:D\n\nT:no music\nK:C\nw:a|b\n")) == []


def test_tags_may_stand_before_a_number() -> None:
    book = "<body><pre>X:1\nK:C\nc|</pre>\n <P ALIGN=left> X:2\nK:C\nd|\n"
    assert [label_of(text).number for text in split_tunebook(book)] == ["1", "2"]


def test_numbering_mends_what_has_no_number() -> None:
    assert numbered("T:a\nK:C\nc|\n", 5) == "X:5\nT:a\nK:C\nc|\n"
    assert numbered("X:1\nT:a\n", 5) == "X:5\nT:a\n"


@given(st.integers(0, 5), st.text("\n%a ", max_size=9))
def test_the_parts_make_up_the_book(count: int, before: str) -> None:
    book = made_up_book(count)
    parts = list(split_tunebook(before + "\n" + book))
    assert len(parts) == count
    assert "".join(parts) == book


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("X:1\nT:The Plain One\nK:C\nc|\n", Label("1", "The Plain One")),
        ("X: 12 \nT: First \nT:Second\n", Label("12", "First")),
        ("  X:3 % the third\n\tT:A  Tune % remark\n", Label("3", "A  Tune")),
        ("X:\nT:\nK:C\n", Label("", "")),
        ("X:4a\nK:C\nT:after the key\n", Label("4a", "after the key")),
        ("T:no number\nnot X:1\n", Label("", "no number")),
        ("", Label("", "")),
    ],
)
def test_labels_of_tunes_that_need_not_be_readable(text: str, label: Label) -> None:
    assert label_of(text) == label


@given(st.integers(0, 99), st.integers(1, 10**6))
def test_a_numbered_tune_has_its_number_and_its_title(seed: int, number: int) -> None:
    text = made_up_book(1, first=seed)
    assert label_of(numbered(text, number)) == Label(str(number), label_of(text).title)
    assert numbered(numbered(text, 1), number) == numbered(text, number)
