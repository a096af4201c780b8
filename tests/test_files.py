from pathlib import Path

import pytest

from abcgen.files import sha256_of, temporary_beside, writing


def test_a_file_appears_whole(tmp_path: Path) -> None:
    path = tmp_path / "new" / "tune.abc"
    with writing(path) as file:
        file.write("X:1\n")
        assert not path.exists()
    assert path.read_bytes() == b"X:1\n"
    assert path.stat().st_mode & 0o044


def test_what_fails_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "tune.abc"
    path.write_text("old")
    with pytest.raises(RuntimeError), writing(path) as file:
        file.write("half")
        raise RuntimeError
    assert path.read_text() == "old"
    assert [child.name for child in tmp_path.iterdir()] == ["tune.abc"]


def test_a_name_as_long_as_the_file_system_takes(tmp_path: Path) -> None:
    path = tmp_path / ("n" * 250 + ".mid")
    with temporary_beside(path) as temporary:
        temporary.write_bytes(b"x")
    assert path.exists()


def test_sha256(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"abc")
    assert sha256_of(path).startswith("ba7816bf8f01cfea")
