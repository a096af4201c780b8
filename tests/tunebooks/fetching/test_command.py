"""What `abcgen.download` does."""

import errno
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from abcgen.download import main
from abcgen.support import console
from abcgen.tunebooks.fetching import command as command_module
from tests.tunebooks.stand import (
    JIG,
    REEL,
    Stand,
    below,
    fetch,
    table,
    tunes,
)


@pytest.mark.parametrize("there", [False, True], ids=["new", "there already"])
def test_full_disk(
    stand: Stand,
    tmp_path: Path,
    two_files: dict[str, Any],
    there: bool,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    parent = tmp_path / "corpora"
    if there:
        old = {"files": [stand.file("/old/jigs.abc", JIG + b"% old\n")]}
        fetch("cobb", parent, sources=table(old))
    before = {path: path.read_bytes() for path in parent.rglob("*") if path.is_file()}
    write = Path.write_bytes

    def full_after_one(path: Path, content: bytes) -> int:
        if content == REEL:
            return write(path, content)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    monkeypatch.setattr(Path, "write_bytes", full_after_one)
    monkeypatch.setattr(command_module, "load_sources", lambda: table(two_files))
    assert main(["cobb", "--to", str(parent), "--force"]) == 1
    err = capsys.readouterr().err
    assert err.startswith("abcgen.download: error: ") and err.count("\n") == 1
    assert os.strerror(errno.ENOSPC) in err
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
    assert parent.exists() == there
    if there:
        assert sorted(path.name for path in parent.iterdir()) == ["cobb"]


def test_folder_that_is_a_file(
    stand: Stand,
    tmp_path: Path,
    two_files: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(command_module, "load_sources", lambda: table(two_files))
    (tmp_path / "cobb").write_text("mine")
    (tmp_path / "file").write_text("mine")
    for to in (tmp_path, tmp_path / "file", tmp_path / "file" / "deeper"):
        assert main(["cobb", "--to", str(to)]) == 1
        err = capsys.readouterr().err
        assert err.startswith("abcgen.download: error: ") and err.count("\n") == 1
        assert "--to" in err or str(tmp_path / "file") in err
    assert stand.asked == []
    assert below(tmp_path) == ["cobb", "file"]


@pytest.fixture
def command(
    stand: Stand, tmp_path: Path, two_files: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> dict[str, Any]:
    """Give the command sources of its own, to be changed, and an empty current folder."""
    sources = table(two_files)
    monkeypatch.setattr(command_module, "load_sources", lambda: sources)
    monkeypatch.chdir(tmp_path)
    return sources


def test_command_fetches_into_corpora(
    command: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["cobb", "cobb"]) == 0
    out, err = capsys.readouterr()
    assert out == ""
    size = len(REEL + JIG)
    assert err == f"abcgen.download: cobb: corpora/cobb ({size} bytes fetched)\n"
    assert main(["cobb"]) == 0
    assert capsys.readouterr().err == "abcgen.download: cobb: corpora/cobb (already there)\n"
    assert main(["cobb", "--to", "other"]) == 0
    assert tunes(tmp_path / "other" / "cobb") == {"reels.abc": REEL, "jigs.abc": JIG}


def test_command_reports_which_mirrors_failed(
    command: dict[str, Any], stand: Stand, capsys: pytest.CaptureFixture[str]
) -> None:
    command["cobb"]["mirrors"].insert(0, {"files": [{"name": "a.abc", "url": stand.root + "/a"}]})
    assert main(["cobb"]) == 0
    first, second = capsys.readouterr().err.splitlines()
    assert first == f"abcgen.download: cobb: this mirror failed: {stand.root}/a: answered 404"
    assert second.startswith("abcgen.download: cobb: corpora/cobb ")


def test_one_corpus_that_fails_does_not_keep_the_other_from_coming(
    command: dict[str, Any], stand: Stand, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = {"files": [{"name": "a.abc", "url": stand.root + "/a"}]}
    command["gone"] = {**command["cobb"], "mirrors": [gone]}
    assert main(["gone", "cobb"]) == 1
    error = capsys.readouterr().err.splitlines()[-1]
    assert error.startswith("abcgen.download: error: could not download gone: ")
    assert (tmp_path / "corpora" / "cobb" / "SOURCE.json").exists()


def test_command_leaves_an_edited_file_alone(
    command: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["cobb"])
    (tmp_path / "corpora" / "cobb" / "jigs.abc").write_bytes(b"X:1\n")
    capsys.readouterr()
    assert main(["cobb"]) == 1
    err = capsys.readouterr().err
    assert err.startswith("abcgen.download: error: corpora/cobb/jigs.abc")
    assert err.count("\n") == 1
    assert main(["cobb", "--force"]) == 0


def test_list_shows_what_is_there(
    command: dict[str, Any], stand: Stand, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def listed(*arguments: str) -> str:
        assert main(["--list", *arguments]) == 0
        out, err = capsys.readouterr()
        assert err == ""
        return out

    assert listed() == "cobb  2 tunes  not there  Cobb; licence: MIT\n"
    assert (stand.asked, below(tmp_path)) == ([], [])
    main(["cobb"])
    capsys.readouterr()
    assert "  there  " in listed()
    assert "  not there  " in listed("--to", "other")
    (tmp_path / "corpora" / "cobb" / "jigs.abc").write_bytes(b"X:1\n")
    assert "  edited  " in listed()


def test_progress_is_a_bar_on_a_terminal_only(
    command: dict[str, Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(console, "_LINE_EVERY", 0.0)
    monkeypatch.setattr(console, "_BAR_AFTER", 0.0)
    main(["cobb"])
    plain = capsys.readouterr().err
    assert f"abcgen.download: cobb: {len(REEL)} bytes so far\n" in plain
    assert "\r" not in plain
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    main(["cobb", "--force"])
    shown = capsys.readouterr().err
    assert "\rcobb: " in shown
    assert "so far" not in shown


def test_interrupt_leaves_nothing(
    command: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(console.Progress, "add", interrupt)
    assert main(["cobb"]) == 130
    assert below(tmp_path) == []
