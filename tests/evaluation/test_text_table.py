import pytest
from hypothesis import given
from hypothesis import strategies as st

from abcgen.evaluation.text_table import text_table

cells = st.text("ab c", max_size=5)


def test_columns_are_aligned() -> None:
    rows = [["who", "where", "how many"], ["a", "bcdefg", "1"]]
    assert text_table(rows) == "who   where  how many\na    bcdefg         1"
    assert text_table(rows, left=2) == "who  where   how many\na    bcdefg         1"


@given(st.lists(st.tuples(cells, cells, cells), min_size=1, max_size=4))
def test_all_lines_are_equally_long(rows: list[tuple[str, ...]]) -> None:
    assert len({len(line) for line in text_table(rows).split("\n")}) == 1


def test_rows_of_unequal_length_are_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        text_table([["a"], ["b", "c"]])
