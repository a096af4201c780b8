"""Files, archives and pages of a mirror."""

import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from abcgen.tunebooks.fetching import mirrors
from abcgen.tunebooks.fetching.client import MirrorError
from tests.tunebooks.stand import (
    JIG,
    PAGE,
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


@pytest.mark.parametrize(
    ("content", "words"),
    [(PAGE, "web page"), (b"No such file\n", "no X: line"), (b"", "no X: line")],
)
def test_without_a_sum_it_must_look_like_abc(
    stand: Stand, tmp_path: Path, content: bytes, words: str
) -> None:
    mirror = {"files": [stand.file("/reels.abc", content, known=False)]}
    assert words in reason(stand, tmp_path, mirror)


@pytest.mark.parametrize("content", [REEL, b"\xef\xbb\xbf" + REEL, b"% a book\r\r" + REEL])
def test_without_a_sum_abc_is_taken_as_it_is(stand: Stand, tmp_path: Path, content: bytes) -> None:
    mirror = {"files": [stand.file("/reels.abc", content, known=False)]}
    folder = fetch("cobb", tmp_path, sources=table(mirror))
    assert tunes(folder) == {"reels.abc": content}


def test_archive_gives_its_tunebooks(stand: Stand, tmp_path: Path) -> None:
    content = zipped(
        {
            "NMD/reels.abc": REEL,
            "NMD/JIGS.ABC": JIG,
            "credits.abc": b"%\n",
            "me.txt": b"",
            "d.abc/": b"",
        }
    )
    stand.routes["/all.zip"] = good(content)
    mirror = {
        "zip": stand.root + "/all.zip",
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    folder = fetch("cobb", tmp_path, sources=table(mirror))
    # Its sum is known, so a member that is no tune is meant to be there.
    assert tunes(folder) == {"reels.abc": REEL, "JIGS.abc": JIG, "credits.abc": b"%\n"}
    record = json.loads((folder / "SOURCE.json").read_text())
    assert record["files"][0]["sha256"] == hashlib.sha256(REEL).hexdigest()
    assert record["files"][0]["url"] == mirror["zip"]

    stand.asked.clear()
    fetch("cobb", tmp_path, sources=table(mirror))
    assert stand.asked == []


def test_archive_can_write_nowhere_else(stand: Stand, tmp_path: Path) -> None:
    names = ["../up.abc", "/root.abc", "a/../../x.abc", "C:\\win.abc", "..\\back.abc", "..abc"]
    hidden = {"__MACOSX/._up.abc": b"\0", ".hidden.abc": REEL}
    stand.routes["/all.zip"] = good(zipped(dict.fromkeys(names, REEL) | hidden))
    folder = fetch("cobb", tmp_path / "in", sources=table({"zip": stand.root + "/all.zip"}))
    assert sorted(tunes(folder)) == ["back.abc", "root.abc", "up.abc", "win.abc", "x.abc"]
    assert below(tmp_path) == ["in", *(f"in/{name}" for name in below(tmp_path / "in"))]


def test_members_of_one_name_are_all_kept(stand: Stand, tmp_path: Path) -> None:
    stand.routes["/all.zip"] = good(zipped({"a/tunes.abc": REEL, "b/Tunes.abc": JIG}))
    sources = table({"zip": stand.root + "/all.zip"})
    folder = fetch("cobb", tmp_path, sources=sources)
    assert tunes(folder) == {"tunes.abc": REEL, "Tunes-2.abc": JIG}


def test_compression_bomb_is_refused(stand: Stand, tmp_path: Path) -> None:
    bomb = zipped({"reels.abc": b"X:1\n" * (3 << 20)})
    assert len(bomb) < 100_000
    stand.routes["/all.zip"] = good(bomb)
    said = reason(stand, tmp_path, {"zip": stand.root + "/all.zip"})
    assert "unpacks to too many bytes" in said


def test_many_members_together_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mirrors, "CORPUS_MAX", 3 * len(REEL))
    whole = zipped({f"{n}.abc": REEL for n in range(3)})
    assert len(mirrors._unpacked("http://a", whole, trusted=False)) == 3
    with pytest.raises(MirrorError, match="too many bytes"):
        more = zipped({f"{n}.abc": REEL for n in range(4)})
        mirrors._unpacked("http://a", more, trusted=False)
    with pytest.raises(MirrorError, match="more than 500"):
        empty = zipped({f"{n}.abc": b"" for n in range(501)})
        mirrors._unpacked("http://a", empty, trusted=True)


@pytest.mark.parametrize(
    "content",
    [b"PK\x03\x04 no zip", zipped({"read.me": b"?"}), zipped({"a.abc": PAGE})],
    ids=["garbage", "no tunebook", "page"],
)
def test_useless_archive_is_refused(stand: Stand, tmp_path: Path, content: bytes) -> None:
    stand.routes["/all.zip"] = good(content)
    assert "/all.zip: " in reason(stand, tmp_path, {"zip": stand.root + "/all.zip"})


@given(
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), max_size=6),
    st.integers(0, 400),
)
def test_damaged_archive_is_a_named_error(changes: list[tuple[int, int]], length: int) -> None:
    damaged = bytearray(zipped({"reels.abc": REEL, "jigs.abc": JIG}))
    for place, value in changes:
        damaged[place % len(damaged)] = value
    try:
        mirrors._unpacked("http://a", bytes(damaged[-max(1, length) :]), trusted=True)
    except MirrorError:
        pass


@given(st.lists(st.text(max_size=300), max_size=5))
@example(["\N{MUSICAL SYMBOL G CLEF}\u0905" * 300, ".hidden", "..", "", "a/b", "a\\b"])
def test_no_name_leaves_the_folder_or_comes_twice(paths: list[str]) -> None:
    taken: set[str] = set()
    names = [mirrors._free_name(path + ".abc", taken) for path in paths]
    assert len({name.casefold() for name in names}) == len(paths)
    for name in names:
        assert Path(name).name == name
        assert name.endswith(".abc") and not name.startswith(".")
        assert not set(name) & set('/\\:*?"<>|\0\n')
        assert len(name.encode()) <= 255


def test_page_gives_the_tunebooks_it_links_to(stand: Stand, tmp_path: Path) -> None:
    stand.routes["/irish/"] = good(
        b"<html><a href='reels.abc'>r</a> <A HREF=\"../more/jigs%20a.abc#top\">j</A> <a name=x>"
        b"<a href='reels.abc'>again</a> <a href='reels.mid'>m</a> <a href='ftp://x/y.abc'>f</a>"
        b"<a href='file:///etc/x.abc'>e</a></html>"
    )
    stand.routes["/page"] = status(302, Location="/irish/")
    stand.routes["/irish/reels.abc"] = good(REEL)
    stand.routes["/more/jigs%20a.abc"] = good(JIG)
    sources = table({"page": stand.root + "/page"})
    folder = fetch("cobb", tmp_path, sources=sources)
    assert tunes(folder) == {"reels.abc": REEL, "jigs_a.abc": JIG}
    assert stand.asked == ["/page", "/irish/", "/irish/reels.abc", "/more/jigs%20a.abc"]
    record = json.loads((folder / "SOURCE.json").read_text())
    assert record["files"][1]["url"] == stand.root + "/more/jigs%20a.abc"


def test_page_is_of_use_only_if_all_its_tunebooks_come(stand: Stand, tmp_path: Path) -> None:
    stand.routes["/page"] = good(b"<a href='reels.abc'>r</a> <a href='jigs.abc'>j</a>")
    stand.routes["/reels.abc"] = good(REEL)
    stand.routes["/jigs.abc"] = good(PAGE)
    assert "jigs.abc: expected ABC, found a web page" in reason(
        stand, tmp_path, {"page": stand.root + "/page"}
    )


def test_page_with_a_broken_link_is_a_named_error(stand: Stand, tmp_path: Path) -> None:
    stand.routes["/page"] = good(b"<a href='http://[x/y.abc'>r</a>")
    assert "broken link" in reason(stand, tmp_path, {"page": stand.root + "/page"})
