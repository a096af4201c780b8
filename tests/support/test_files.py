import os
from pathlib import Path

import pytest

from abcgen.support.files import sha256_of, temporary_beside, writing


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


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_written_into_and_stays_one(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        with writing(pipe) as file:
            file.write("X:1\n")
        assert os.read(reader, 100) == b"X:1\n"
    finally:
        os.close(reader)
    assert pipe.is_fifo()


@pytest.mark.skipif(not Path("/dev/fd").exists(), reason="needs Linux or macOS")
def test_a_pipe_without_a_name_is_written_into(tmp_path: Path) -> None:
    reading, writing_end = os.pipe()
    with writing(Path(f"/dev/fd/{writing_end}")) as file:
        file.write("a")
    os.close(writing_end)
    with os.fdopen(reading) as pipe:
        assert pipe.read() == "a"


def test_a_link_is_followed_and_a_mode_kept(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("old")
    target.chmod(0o600)
    link.symlink_to(target)
    with writing(link) as file:
        file.write("new")
    assert link.is_symlink()
    assert target.read_text() == "new"
    assert target.stat().st_mode & 0o777 == 0o600


def test_a_file_where_a_folder_should_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(NotADirectoryError) as caught, writing(tmp_path / "file" / "a" / "b"):
        pass
    assert caught.value.filename == str(tmp_path / "file")


def test_a_folder_is_named_as_it_was_given(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError) as caught, writing(tmp_path):
        pass
    assert caught.value.filename == str(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_sha256(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"abc")
    assert sha256_of(path).startswith("ba7816bf8f01cfea")
