"""A corpus is fetched complete and verified, or not at all."""

import json
from pathlib import Path
from typing import Any

import pytest

from abcgen.errors import DownloadError
from tests.tunebooks.stand import (
    JIG,
    REEL,
    Stand,
    below,
    fetch,
    good,
    reason,
    status,
    table,
    tunes,
    zipped,
)


def test_files_and_their_record(stand: Stand, tmp_path: Path, two_files: dict[str, Any]) -> None:
    folder = fetch("cobb", tmp_path / "corpora", sources=table(two_files))
    assert folder == tmp_path / "corpora" / "cobb"
    assert tunes(folder) == {"reels.abc": REEL, "jigs.abc": JIG}
    assert below(tmp_path / "corpora") == [
        "cobb", "cobb/SOURCE.json", "cobb/jigs.abc", "cobb/reels.abc",
    ]  # fmt: skip
    record = json.loads((folder / "SOURCE.json").read_text())
    assert (record["title"], record["licence"]) == ("Cobb", "MIT")
    assert len(record["date"]) == len("2000-01-31")
    assert record["files"] == two_files["files"]


def test_second_call_leaves_the_network_alone(
    stand: Stand, tmp_path: Path, two_files: dict[str, Any]
) -> None:
    fetch("cobb", tmp_path, sources=table(two_files))
    stand.asked.clear()
    fetch("cobb", tmp_path, sources=table(two_files))
    assert stand.asked == []


def test_files_put_there_by_hand_are_recognised(
    stand: Stand, tmp_path: Path, two_files: dict[str, Any]
) -> None:
    (tmp_path / "cobb").mkdir()
    (tmp_path / "cobb" / "reels.abc").write_bytes(REEL)
    (tmp_path / "cobb" / "jigs.abc").write_bytes(JIG)
    elsewhere = {"files": [stand.file("/all.abc", REEL + JIG)]}
    fetch("cobb", tmp_path, sources=table(elsewhere, two_files))
    assert stand.asked == []
    assert below(tmp_path / "cobb") == ["SOURCE.json", "jigs.abc", "reels.abc"]


def test_only_the_missing_file_is_fetched(
    stand: Stand, tmp_path: Path, two_files: dict[str, Any]
) -> None:
    folder = fetch("cobb", tmp_path, sources=table(two_files))
    (folder / "jigs.abc").unlink()
    stand.asked.clear()
    fetch("cobb", tmp_path, sources=table(two_files))
    assert stand.asked == ["/jigs.abc"]
    assert tunes(folder) == {"reels.abc": REEL, "jigs.abc": JIG}


def test_edited_file_is_left_alone_without_force(
    stand: Stand, tmp_path: Path, two_files: dict[str, Any]
) -> None:
    folder = fetch("cobb", tmp_path, sources=table(two_files))
    (folder / "jigs.abc").write_bytes(JIG + b"% mine\n")
    stand.asked.clear()
    with pytest.raises(DownloadError, match=r"jigs\.abc.*--force"):
        fetch("cobb", tmp_path, sources=table(two_files))
    assert stand.asked == []
    assert tunes(folder)["jigs.abc"] == JIG + b"% mine\n"

    fetch("cobb", tmp_path, sources=table(two_files), force=True)
    assert tunes(folder)["jigs.abc"] == JIG
    assert sorted(stand.asked) == ["/jigs.abc", "/reels.abc"]


def test_own_file_of_the_same_name_as_in_an_archive_is_left_alone(
    stand: Stand, tmp_path: Path
) -> None:
    stand.routes["/all.zip"] = good(zipped({"reels.abc": REEL, "jigs.abc": JIG}))
    (tmp_path / "cobb").mkdir()
    (tmp_path / "cobb" / "jigs.abc").write_bytes(b"X:1\nT:mine\nK:C\nC|\n")
    sources = table({"zip": stand.root + "/all.zip"})
    with pytest.raises(DownloadError, match=r"jigs\.abc.*--force"):
        fetch("cobb", tmp_path, sources=sources)
    assert below(tmp_path) == ["cobb", "cobb/jigs.abc"]


def test_every_mirror_has_its_reason(
    stand: Stand, tmp_path: Path, two_files: dict[str, Any]
) -> None:
    stand.routes["/jigs.abc"] = status(404)
    stand.routes["/all.zip"] = good(b"no zip")
    stand.routes["/page"] = good(b"<html><a href='x.mid'>x</a></html>")
    said = reason(
        stand, tmp_path, two_files, {"zip": stand.root + "/all.zip"}, {"page": stand.root + "/page"}
    )
    for words in ("jigs.abc: answered 404", "all.zip: not a zip", "page: the page has no link"):
        assert words in said
    assert "try again" in said


def test_servers_own_words_cannot_steer_or_flood_the_terminal(stand: Stand, tmp_path: Path) -> None:
    stand.routes["/page"] = good(b"<a href='\x1b[2J\x07" + b"x" * 10_000 + b".abc'>r</a>")
    said = reason(stand, tmp_path, {"page": stand.root + "/page"})
    assert said.isprintable()
    assert len(said) < 1000
