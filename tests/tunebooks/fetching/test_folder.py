"""What is in the folder of a corpus, and what becomes of it."""

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.tunebooks.stand import JIG, REEL, Stand, fetch, table, tunes


def test_folder_and_files_are_readable_as_others_are(
    stand: Stand, tmp_path: Path, two_files: dict[str, Any]
) -> None:
    folder = fetch("cobb", tmp_path, sources=table(two_files))
    umask = os.umask(0)
    os.umask(umask)
    assert folder.stat().st_mode & 0o777 == 0o777 & ~umask
    assert (folder / "jigs.abc").stat().st_mode & 0o777 == 0o666 & ~umask


@pytest.mark.parametrize("there", [False, True])
def test_linked_folder_stays_a_link(
    stand: Stand, tmp_path: Path, two_files: dict[str, Any], there: bool
) -> None:
    if there:
        (tmp_path / "big-disk" / "irish").mkdir(parents=True)
    (tmp_path / "cobb").symlink_to(tmp_path / "big-disk" / "irish")
    fetch("cobb", tmp_path, sources=table(two_files))
    assert (tmp_path / "cobb").is_symlink()
    assert tunes(tmp_path / "big-disk" / "irish") == {"reels.abc": REEL, "jigs.abc": JIG}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["big-disk", "cobb"]


def test_own_other_files_stay_even_with_force(
    stand: Stand, tmp_path: Path, two_files: dict[str, Any]
) -> None:
    (tmp_path / "cobb").mkdir()
    (tmp_path / "cobb" / "mine.abc").write_bytes(b"X:1\nT:mine\nK:C\nC|\n")
    fetch("cobb", tmp_path, sources=table(two_files), force=True)
    assert sorted(tunes(tmp_path / "cobb")) == ["jigs.abc", "mine.abc", "reels.abc"]


def test_another_edition_does_not_leave_the_old_one_beside_it(
    stand: Stand, tmp_path: Path, two_files: dict[str, Any]
) -> None:
    edition = {"title": "Original", "files": [stand.file("/all.abc", REEL + JIG)]}
    folder = fetch("cobb", tmp_path, sources=table(edition))
    assert json.loads((folder / "SOURCE.json").read_text())["title"] == "Original"
    fetch("cobb", tmp_path, sources=table(two_files), force=True)
    assert tunes(folder) == {"reels.abc": REEL, "jigs.abc": JIG}


def test_edited_file_that_the_new_edition_lacks_is_kept(
    stand: Stand, tmp_path: Path, two_files: dict[str, Any]
) -> None:
    edition = {"files": [stand.file("/all.abc", REEL + JIG)]}
    folder = fetch("cobb", tmp_path, sources=table(edition))
    (folder / "all.abc").write_bytes(REEL + b"% mine\n")
    fetch("cobb", tmp_path, sources=table(two_files), force=True)
    assert tunes(folder)["all.abc"] == REEL + b"% mine\n"


def test_record_that_points_outside_removes_nothing(
    stand: Stand, tmp_path: Path, two_files: dict[str, Any]
) -> None:
    (tmp_path / "cobb").mkdir()
    (tmp_path / "mine.abc").write_bytes(REEL)
    entry = {"name": "../mine.abc", "sha256": hashlib.sha256(REEL).hexdigest()}
    (tmp_path / "cobb" / "SOURCE.json").write_text(json.dumps({"files": [entry]}))
    fetch("cobb", tmp_path, sources=table(two_files), force=True)
    assert (tmp_path / "mine.abc").read_bytes() == REEL


@pytest.mark.parametrize("text", ["", "[]", "{", '{"files": 3}', '{"files": [{}]}', "\udcff"])
def test_damaged_record_counts_as_none(
    stand: Stand, tmp_path: Path, two_files: dict[str, Any], text: str
) -> None:
    folder = fetch("cobb", tmp_path, sources=table(two_files))
    (folder / "SOURCE.json").write_text(text, encoding="utf-8", errors="surrogateescape")
    fetch("cobb", tmp_path, sources=table(two_files))
    assert len(json.loads((folder / "SOURCE.json").read_text())["files"]) == 2
