from pathlib import Path

import pytest

from abcgen.errors import CorpusError
from abcgen.tunebooks.names import decode_tunebook, find_tunebooks, read_tunebook

TITLE = "X:1\nT:Caf\u00e9\nK:C\nc|\n"


@pytest.mark.parametrize(
    "data",
    [
        TITLE.encode("utf-8"),
        TITLE.encode("utf-8-sig"),
        TITLE.encode("cp1252"),
        TITLE.encode("latin-1"),
        TITLE.replace("\n", "\r\n").encode("utf-8"),
        TITLE.replace("\n", "\r").encode("cp1252"),
    ],
)
def test_the_ways_in_which_files_are_written(data: bytes) -> None:
    assert decode_tunebook(data) == TITLE


def test_a_byte_that_no_encoding_but_latin_1_has() -> None:
    assert decode_tunebook(b"X:1\nT:\x81\xe9\n") == "X:1\nT:\x81\u00e9\n"


@pytest.mark.parametrize("data", [b"", b" \r\n \n", b"X:1\0\0"])
def test_what_is_no_text(data: bytes, tmp_path: Path) -> None:
    file = tmp_path / "f.abc"
    file.write_bytes(data)
    with pytest.raises(CorpusError, match=r"f\.abc"):
        read_tunebook(file)


def test_a_folder_gives_its_files_in_order(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / ".hidden").mkdir()
    for name in (
        "b.abc",
        "a.ABC",
        "deep/c.abc",
        "d.mid",
        "e.MIDI",
        "notes.txt",
        "._b.abc",
        ".hidden/d.abc",
    ):
        (tmp_path / name).write_text(TITLE)
    assert [file.name for file in find_tunebooks(str(tmp_path))] == [
        "a.ABC", "b.abc", "d.mid", "c.abc", "e.MIDI",
    ]  # fmt: skip


def test_music21s_books_need_no_network() -> None:
    assert len(find_tunebooks("airds")) == 6
    assert len(find_tunebooks("oneills")) == 39
    assert len(find_tunebooks("ryans")) == 1059


def test_what_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CorpusError, match=r"abcgen\.download cobb"):
        find_tunebooks("cobb")
    with pytest.raises(CorpusError, match="did you mean nottingham"):
        find_tunebooks("notingham")
    (tmp_path / "empty").mkdir()
    with pytest.raises(CorpusError, match=r"has no \.abc file, and none in MIDI"):
        find_tunebooks("empty")
    (tmp_path / "corpora" / "cobb").mkdir(parents=True)
    (tmp_path / "corpora" / "cobb" / "irish.abc").write_text(TITLE)
    assert [file.name for file in find_tunebooks("cobb")] == ["irish.abc"]
