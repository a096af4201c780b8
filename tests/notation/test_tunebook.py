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
