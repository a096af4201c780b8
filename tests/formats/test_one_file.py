from pathlib import Path

import pytest

from abcgen.errors import AbcgenError, UsageError
from abcgen.formats.endings import FORMATS
from abcgen.formats.one_file import check_one_file, render_one_file
from tests.books import BAD, GOOD, written

ABC, PDF, SVG = (FORMATS[name] for name in ("abc", "pdf", "svg"))
TUNES = [GOOD.format(3, "A"), BAD, GOOD.format(9, "B")]


def test_a_book_of_the_tunes_that_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "new" / "mine.abc"
    results = list(render_one_file(TUNES, path, ABC, transpose=2))
    assert [(r.place, r.number, bool(r.reason)) for r in results] == [
        (1, "3", False), (2, "7", True), (3, "9", False),
    ]  # fmt: skip
    assert [r.paths for r in results] == [(path,), (), (path,)]
    first, second = path.read_text().split("\n\n")
    assert first.startswith("X:3\nT:A\n") and second.startswith("X:9\nT:B\n")
    assert first.endswith("K:D\nDEFG ABcd|]") and second.endswith("K:D\nDEFG ABcd|]\n")


def test_a_pdf_of_the_book(tmp_path: Path) -> None:
    path = tmp_path / "mine.pdf"
    results = list(render_one_file(TUNES, path, PDF))
    assert [bool(r.reason) for r in results] == [False, True, False]
    assert path.read_bytes().startswith(b"%PDF-")


def test_no_file_where_nothing_can_be_read(tmp_path: Path) -> None:
    (result,) = render_one_file([BAD], tmp_path / "mine.abc", ABC)
    assert result.reason
    assert written(tmp_path) == []


def test_what_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "mine.abc").mkdir()
    with pytest.raises(AbcgenError, match=r"cannot write .*mine.abc"):
        list(render_one_file(TUNES, tmp_path / "mine.abc", ABC))


def test_some_formats_hold_one_tune() -> None:
    check_one_file([ABC])
    check_one_file([PDF])
    with pytest.raises(UsageError, match="a SVG file holds one tune"):
        check_one_file([SVG])
    with pytest.raises(UsageError, match="found ABC and PDF"):
        check_one_file([ABC, PDF])
