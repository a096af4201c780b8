from pathlib import Path

import pytest

from abcgen.errors import UsageError
from abcgen.training.styles import books_of
from tests.tunes import made_up_book


def test_a_style_may_have_several_books() -> None:
    given = ["bach=chorales/", "slow air=a=b.abc", "bach=more"]
    assert books_of([], given) == (["chorales/", "a=b.abc", "more"], ["bach", "slow-air", "bach"])


@pytest.mark.parametrize(
    ("plain", "styled", "words"),
    [
        (["a.abc"], ["bach=b.abc"], r"--style NAME=a\.abc"),
        ([], ["bach"], "bach=chorales/, not 'bach'"),
        ([], ["bach="], "needs a name and a tunebook"),
        ([], ["=b.abc"], "letters and digits"),
    ],
)
def test_wrong_usage(plain: list[str], styled: list[str], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        books_of(plain, styled)


def test_each_subfolder_is_a_style(tmp_path: Path) -> None:
    for name in ("Bach, J. S.", "reels", ".hidden", "empty"):
        (tmp_path / name / "deeper").mkdir(parents=True)
    whole = str(tmp_path)
    (tmp_path / "reels" / "r.abc").write_text(made_up_book(2))
    assert books_of([whole], []) == ([whole], [])  # a single one is no style
    (tmp_path / "Bach, J. S." / "deeper" / "b.abc").write_text(made_up_book(2))
    (tmp_path / ".hidden" / "h.abc").write_text(made_up_book(2))
    names = ["Bach, J. S.", "reels"]
    assert books_of([whole], []) == ([str(tmp_path / n) for n in names], ["Bach-J-S", "reels"])
    # Several folders are several books, and a folder with files of its own is one.
    assert books_of([whole, whole], []) == ([whole, whole], [])
    (tmp_path / "own.abc").write_text(made_up_book(2))
    assert books_of([whole], []) == ([whole], [])
