"""Fetching corpora: whole and verified or not at all, whatever the server does."""

import errno
import hashlib
import io
import json
import os
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from abcgen import download
from abcgen.download import load_sources, main
from abcgen.errors import DownloadError
from abcgen.tunebooks.fetching import fetch as fetching
from abcgen.tunebooks.fetching import mirrors
from abcgen.tunebooks.fetching.client import MirrorError, Patience
from abcgen.tunebooks.fetching.fetch import fetch

REEL = b"X:1\nT:A reel\nM:4/4\nK:D\nd2fd Adfd|\n"
JIG = b"X:2\nT:A jig\nM:6/8\nK:G\nGAB dBG|\n"
PAGE = b"<!DOCTYPE html><html><body><pre>\nX:1\nT:not a tune\n</pre></body></html>"
QUICK = Patience(
    connect_seconds=5, read_seconds=0.2, mirror_seconds=10, attempts=3, backoff_seconds=0
)

Answer = Callable[[BaseHTTPRequestHandler], None]


class Stand:
    """A server on this machine that stands in for a mirror and counts what it is asked."""

    def __init__(self) -> None:
        self.routes: dict[str, Answer] = {}
        self.asked: list[str] = []
        self.over = threading.Event()
        stand = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                stand.asked.append(self.path)
                try:
                    stand.routes.get(self.path, status(404))(self)
                except OSError:
                    pass  # the client has gone

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.block_on_close = False
        self.root = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def file(self, path: str, content: bytes, *, known: bool = True) -> dict[str, Any]:
        """Return a sources entry of a file; serve it unless the path has an answer already."""
        self.routes.setdefault(path, good(content))
        entry: dict[str, Any] = {"name": path.rsplit("/", 1)[-1], "url": self.root + path}
        if known:
            entry |= {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        return entry

    def hang(self, handler: BaseHTTPRequestHandler) -> None:
        """Never answer."""
        self.over.wait()

    def drip(self, handler: BaseHTTPRequestHandler) -> None:
        """Send a header that goes on for ever, each byte well within the read timeout."""
        handler.wfile.write(b"HTTP/1.0 200 OK\r\nX-Long: ")
        while not self.over.wait(0.01):
            handler.wfile.write(b"x")


def good(content: bytes, **headers: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        for name, value in {"Content_Length": str(len(content)), **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(content)

    return answer


def status(code: int, **headers: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(code)
        for name, value in {"Content_Length": "0", **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()

    return answer


def in_turn(*answers: Answer) -> Answer:
    left = list(answers)
    return lambda handler: (left.pop(0) if left[1:] else left[0])(handler)


def table(*mirrors: dict[str, Any]) -> dict[str, Any]:
    return {"cobb": {"title": "Cobb", "licence": "MIT", "tunes": 2, "mirrors": list(mirrors)}}


def zipped(members: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def below(folder: Path) -> list[str]:
    """Return all that is in a folder, hidden and nested things too."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def tunes(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*.abc")}


@pytest.fixture
def stand(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stand]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    stand = Stand()
    yield stand
    stand.over.set()
    stand.server.shutdown()
    stand.server.server_close()


@pytest.fixture
def two_files(stand: Stand) -> dict[str, Any]:
    return {"files": [stand.file("/reels.abc", REEL), stand.file("/jigs.abc", JIG)]}


def reason(
    stand: Stand, tmp_path: Path, *mirrors: dict[str, Any], patience: Patience = QUICK
) -> str:
    """Fetch what can't be had; check that nothing is left of it; return the message."""
    with pytest.raises(DownloadError) as caught:
        fetch("cobb", tmp_path / "deep" / "corpora", sources=table(*mirrors), patience=patience)
    assert below(tmp_path) == []
    return str(caught.value)


# What a good mirror gives


def test_files_and_their_record(stand: Stand, tmp_path: Path, two_files: dict[str, Any]) -> None:
    folder = fetch("cobb", tmp_path / "corpora", sources=table(two_files), patience=QUICK)
    assert folder == tmp_path / "corpora" / "cobb"
    assert tunes(folder) == {"reels.abc": REEL, "jigs.abc": JIG}
    assert below(tmp_path / "corpora") == [
        "cobb", "cobb/SOURCE.json", "cobb/jigs.abc", "cobb/reels.abc",
    ]  # fmt: skip
    record = json.loads((folder / "SOURCE.json").read_text())
    assert (record["title"], record["licence"]) == ("Cobb", "MIT")
    assert len(record["date"]) == len("2000-01-31")
    assert record["files"] == two_files["files"]


def test_folder_and_files_are_readable_as_others_are(
    stand: Stand, tmp_path: Path, two_files: dict[str, Any]
) -> None:
    folder = fetch("cobb", tmp_path, sources=table(two_files), patience=QUICK)
    umask = os.umask(0)
    os.umask(umask)
    assert folder.stat().st_mode & 0o777 == 0o777 & ~umask
    assert (folder / "jigs.abc").stat().st_mode & 0o777 == 0o666 & ~umask


def test_second_call_leaves_the_network_alone(
    stand: Stand, tmp_path: Path, two_files: dict[str, Any]
) -> None:
    fetch("cobb", tmp_path, sources=table(two_files), patience=QUICK)
    stand.asked.clear()
    fetch("cobb", tmp_path, sources=table(two_files), patience=QUICK)
    assert stand.asked == []


def test_files_put_there_by_hand_are_recognised(
    stand: Stand, tmp_path: Path, two_files: dict[str, Any]
) -> None:
    (tmp_path / "cobb").mkdir()
    (tmp_path / "cobb" / "reels.abc").write_bytes(REEL)
    (tmp_path / "cobb" / "jigs.abc").write_bytes(JIG)
    elsewhere = {"files": [stand.file("/all.abc", REEL + JIG)]}
    fetch("cobb", tmp_path, sources=table(elsewhere, two_files), patience=QUICK)
    assert stand.asked == []
    assert below(tmp_path / "cobb") == ["SOURCE.json", "jigs.abc", "reels.abc"]


def test_only_the_missing_file_is_fetched(
    stand: Stand, tmp_path: Path, two_files: dict[str, Any]
) -> None:
    folder = fetch("cobb", tmp_path, sources=table(two_files), patience=QUICK)
    (folder / "jigs.abc").unlink()
    stand.asked.clear()
    fetch("cobb", tmp_path, sources=table(two_files), patience=QUICK)
    assert stand.asked == ["/jigs.abc"]
    assert tunes(folder) == {"reels.abc": REEL, "jigs.abc": JIG}


@pytest.mark.parametrize("there", [False, True])
def test_linked_folder_stays_a_link(
    stand: Stand, tmp_path: Path, two_files: dict[str, Any], there: bool
) -> None:
    if there:
        (tmp_path / "big-disk" / "irish").mkdir(parents=True)
    (tmp_path / "cobb").symlink_to(tmp_path / "big-disk" / "irish")
    fetch("cobb", tmp_path, sources=table(two_files), patience=QUICK)
    assert (tmp_path / "cobb").is_symlink()
    assert tunes(tmp_path / "big-disk" / "irish") == {"reels.abc": REEL, "jigs.abc": JIG}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["big-disk", "cobb"]


# What the user has done to the files


def test_edited_file_is_left_alone_without_force(
    stand: Stand, tmp_path: Path, two_files: dict[str, Any]
) -> None:
    folder = fetch("cobb", tmp_path, sources=table(two_files), patience=QUICK)
    (folder / "jigs.abc").write_bytes(JIG + b"% mine\n")
    stand.asked.clear()
    with pytest.raises(DownloadError, match=r"jigs\.abc.*--force"):
        fetch("cobb", tmp_path, sources=table(two_files), patience=QUICK)
    assert stand.asked == []
    assert tunes(folder)["jigs.abc"] == JIG + b"% mine\n"

    fetch("cobb", tmp_path, sources=table(two_files), patience=QUICK, force=True)
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
        fetch("cobb", tmp_path, sources=sources, patience=QUICK)
    assert below(tmp_path) == ["cobb", "cobb/jigs.abc"]


def test_own_other_files_stay_even_with_force(
    stand: Stand, tmp_path: Path, two_files: dict[str, Any]
) -> None:
    (tmp_path / "cobb").mkdir()
    (tmp_path / "cobb" / "mine.abc").write_bytes(b"X:1\nT:mine\nK:C\nC|\n")
    fetch("cobb", tmp_path, sources=table(two_files), patience=QUICK, force=True)
    assert sorted(tunes(tmp_path / "cobb")) == ["jigs.abc", "mine.abc", "reels.abc"]


def test_another_edition_does_not_leave_the_old_one_beside_it(
    stand: Stand, tmp_path: Path, two_files: dict[str, Any]
) -> None:
    edition = {"title": "Original", "files": [stand.file("/all.abc", REEL + JIG)]}
    folder = fetch("cobb", tmp_path, sources=table(edition), patience=QUICK)
    assert json.loads((folder / "SOURCE.json").read_text())["title"] == "Original"
    fetch("cobb", tmp_path, sources=table(two_files), patience=QUICK, force=True)
    assert tunes(folder) == {"reels.abc": REEL, "jigs.abc": JIG}


def test_edited_file_that_the_new_edition_lacks_is_kept(
    stand: Stand, tmp_path: Path, two_files: dict[str, Any]
) -> None:
    edition = {"files": [stand.file("/all.abc", REEL + JIG)]}
    folder = fetch("cobb", tmp_path, sources=table(edition), patience=QUICK)
    (folder / "all.abc").write_bytes(REEL + b"% mine\n")
    fetch("cobb", tmp_path, sources=table(two_files), patience=QUICK, force=True)
    assert tunes(folder)["all.abc"] == REEL + b"% mine\n"


def test_record_that_points_outside_removes_nothing(
    stand: Stand, tmp_path: Path, two_files: dict[str, Any]
) -> None:
    (tmp_path / "cobb").mkdir()
    (tmp_path / "mine.abc").write_bytes(REEL)
    entry = {"name": "../mine.abc", "sha256": hashlib.sha256(REEL).hexdigest()}
    (tmp_path / "cobb" / "SOURCE.json").write_text(json.dumps({"files": [entry]}))
    fetch("cobb", tmp_path, sources=table(two_files), patience=QUICK, force=True)
    assert (tmp_path / "mine.abc").read_bytes() == REEL


@pytest.mark.parametrize("text", ["", "[]", "{", '{"files": 3}', '{"files": [{}]}', "\udcff"])
def test_damaged_record_counts_as_none(
    stand: Stand, tmp_path: Path, two_files: dict[str, Any], text: str
) -> None:
    folder = fetch("cobb", tmp_path, sources=table(two_files), patience=QUICK)
    (folder / "SOURCE.json").write_text(text, encoding="utf-8", errors="surrogateescape")
    fetch("cobb", tmp_path, sources=table(two_files), patience=QUICK)
    assert len(json.loads((folder / "SOURCE.json").read_text())["files"]) == 2


# What a bad server does


@pytest.mark.parametrize("bad", [status(500), status(503), status(429)])
def test_passing_fault_is_asked_again(stand: Stand, tmp_path: Path, bad: Answer) -> None:
    stand.routes["/reels.abc"] = in_turn(bad, bad, good(REEL))
    mirror = {"files": [stand.file("/reels.abc", REEL)]}
    fetch("cobb", tmp_path, sources=table(mirror), patience=QUICK)
    assert stand.asked == ["/reels.abc"] * 3


def test_dropped_connection_is_asked_again(stand: Stand, tmp_path: Path) -> None:
    def cut(handler: BaseHTTPRequestHandler) -> None:
        good(REEL[:5], Content_Length=str(len(REEL)))(handler)

    stand.routes["/reels.abc"] = in_turn(lambda _: None, cut, good(REEL))
    mirror = {"files": [stand.file("/reels.abc", REEL, known=False)]}
    folder = fetch("cobb", tmp_path, sources=table(mirror), patience=QUICK)
    assert tunes(folder) == {"reels.abc": REEL}


def test_waits_between_attempts_grow_and_heed_the_server(
    stand: Stand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    monkeypatch.setattr("time.sleep", waits.append)
    mirror = {"files": [stand.file("/reels.abc", REEL)]}
    stand.routes["/reels.abc"] = in_turn(status(500), status(500), status(429, Retry_After="7"))
    reason(stand, tmp_path, mirror, patience=Patience(attempts=4))
    assert waits == [1, 2, 7]


def test_server_that_wants_a_long_pause_is_not_waited_for(
    stand: Stand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    monkeypatch.setattr("time.sleep", waits.append)
    stand.routes["/reels.abc"] = status(429, Retry_After="3600")
    mirror = {"files": [stand.file("/reels.abc", REEL)]}
    assert "answered 429" in reason(stand, tmp_path, mirror, patience=Patience(mirror_seconds=1e6))
    assert waits == []


@pytest.mark.parametrize("address", ["ftp://127.0.0.1/x.abc", "http://[/x.abc", "http://a..b/"])
def test_impossible_address_is_asked_once(stand: Stand, tmp_path: Path, address: str) -> None:
    stand.routes["/reels.abc"] = status(302, Location=address)
    reason(stand, tmp_path, {"files": [stand.file("/reels.abc", REEL)]})
    assert stand.asked == ["/reels.abc"]


BAD_ANSWERS: list[tuple[Answer, str]] = [
    (status(404), "answered 404"),
    (status(500), "answered 500"),
    (good(REEL[:-1]), f"{len(REEL) - 1} bytes came, {len(REEL)} were expected"),
    (good(REEL + b"\n"), f"more than {len(REEL)} bytes"),
    (good(REEL.replace(b"A reel", b"a reel")), "SHA-256"),
    (good(REEL, Content_Encoding="gzip"), "packed"),
    (status(302, Location="/reels.abc"), "redirects"),
    (status(302, Location="ftp://127.0.0.1/reels.abc"), "No connection adapters"),
]


@pytest.mark.parametrize(("bad", "words"), BAD_ANSWERS, ids=[words for _, words in BAD_ANSWERS])
def test_bad_answer_is_named_and_the_next_mirror_tried(
    stand: Stand, tmp_path: Path, bad: Answer, words: str
) -> None:
    stand.routes["/reels.abc"] = bad
    mirror = {"files": [stand.file("/jigs.abc", JIG), stand.file("/reels.abc", REEL)]}
    said = reason(stand, tmp_path, mirror)
    assert f"{stand.root}/reels.abc: " in said
    assert words in said

    second = {"files": [stand.file("/all.abc", REEL + JIG)]}
    folder = fetch("cobb", tmp_path, sources=table(mirror, second), patience=QUICK)
    assert below(tmp_path / "cobb") == ["SOURCE.json", "all.abc"]
    assert tunes(folder) == {"all.abc": REEL + JIG}


def test_redirect_is_followed(stand: Stand, tmp_path: Path) -> None:
    stand.routes["/old.abc"] = status(301, Location="/new.abc")
    stand.routes["/new.abc"] = good(REEL)
    folder = fetch(
        "cobb", tmp_path, sources=table({"files": [stand.file("/old.abc", REEL)]}), patience=QUICK
    )
    assert tunes(folder) == {"old.abc": REEL}


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
    folder = fetch("cobb", tmp_path, sources=table(mirror), patience=QUICK)
    assert tunes(folder) == {"reels.abc": content}


def test_body_of_unknown_size_is_bounded(
    stand: Stand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = []

    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.0 200 OK\r\n\r\n")
        while not stand.over.is_set():
            sent.append(handler.wfile.write(b"X:1\n" * 4096))

    stand.routes["/reels.abc"] = endless
    mirror = {"files": [stand.file("/reels.abc", REEL, known=False)]}
    assert "more than 8388608 bytes" in reason(stand, tmp_path, mirror)
    assert sum(sent) < 32 << 20


def test_silent_server_is_left(stand: Stand, tmp_path: Path) -> None:
    stand.routes["/reels.abc"] = stand.hang
    mirror = {"files": [stand.file("/reels.abc", REEL)]}
    assert "no answer within 0.2 seconds" in reason(stand, tmp_path, mirror)
    assert len(stand.asked) == QUICK.attempts


def test_dripping_server_is_left(stand: Stand, tmp_path: Path) -> None:
    stand.routes["/reels.abc"] = stand.drip
    mirror = {"files": [stand.file("/reels.abc", REEL)]}
    patience = Patience(read_seconds=5, mirror_seconds=0.2)
    assert "not done within 0.2 seconds" in reason(stand, tmp_path, mirror, patience=patience)


def test_nobody_listens(stand: Stand, tmp_path: Path) -> None:
    stand.server.shutdown()
    stand.server.server_close()
    said = reason(stand, tmp_path, {"files": [stand.file("/reels.abc", REEL)]})
    assert "Connection refused" in said or "refused" in said.lower()


def test_every_mirror_has_its_reason(
    stand: Stand, tmp_path: Path, two_files: dict[str, Any]
) -> None:
    stand.routes["/jigs.abc"] = status(404)
    stand.routes["/all.zip"] = good(b"no zip")
    stand.routes["/page"] = good(b"<html><a href='x.mid'>x</a></html>")
    said = reason(
        stand, tmp_path, two_files, {"zip": stand.root + "/all.zip"}, {"page": stand.root + "/page"}
    )
    for words in ("jigs.abc: answered 404", "all.zip: not a zip", "page: the page links to no"):
        assert words in said
    assert "try again" in said


# Archives


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
    folder = fetch("cobb", tmp_path, sources=table(mirror), patience=QUICK)
    # Its sum is known, so a member that is no tune is meant to be there.
    assert tunes(folder) == {"reels.abc": REEL, "JIGS.abc": JIG, "credits.abc": b"%\n"}
    record = json.loads((folder / "SOURCE.json").read_text())
    assert record["files"][0]["sha256"] == hashlib.sha256(REEL).hexdigest()
    assert record["files"][0]["url"] == mirror["zip"]

    stand.asked.clear()
    fetch("cobb", tmp_path, sources=table(mirror), patience=QUICK)
    assert stand.asked == []


def test_archive_can_write_nowhere_else(stand: Stand, tmp_path: Path) -> None:
    names = ["../up.abc", "/root.abc", "a/../../x.abc", "C:\\win.abc", "..\\back.abc", "..abc"]
    hidden = {"__MACOSX/._up.abc": b"\0", ".hidden.abc": REEL}
    stand.routes["/all.zip"] = good(zipped(dict.fromkeys(names, REEL) | hidden))
    folder = fetch(
        "cobb", tmp_path / "in", sources=table({"zip": stand.root + "/all.zip"}), patience=QUICK
    )
    assert sorted(tunes(folder)) == ["back.abc", "root.abc", "up.abc", "win.abc", "x.abc"]
    assert below(tmp_path) == ["in", *(f"in/{name}" for name in below(tmp_path / "in"))]


def test_members_of_one_name_are_all_kept(stand: Stand, tmp_path: Path) -> None:
    stand.routes["/all.zip"] = good(zipped({"a/tunes.abc": REEL, "b/Tunes.abc": JIG}))
    sources = table({"zip": stand.root + "/all.zip"})
    folder = fetch("cobb", tmp_path, sources=sources, patience=QUICK)
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


# Pages


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
    folder = fetch("cobb", tmp_path, sources=sources, patience=QUICK)
    assert tunes(folder) == {"reels.abc": REEL, "jigs_a.abc": JIG}
    assert stand.asked == ["/page", "/irish/", "/irish/reels.abc", "/more/jigs%20a.abc"]
    record = json.loads((folder / "SOURCE.json").read_text())
    assert record["files"][1]["url"] == stand.root + "/more/jigs%20a.abc"


def test_page_is_of_use_only_if_all_its_tunebooks_come(stand: Stand, tmp_path: Path) -> None:
    stand.routes["/page"] = good(b"<a href='reels.abc'>r</a> <a href='jigs.abc'>j</a>")
    stand.routes["/reels.abc"] = good(REEL)
    stand.routes["/jigs.abc"] = good(PAGE)
    assert "jigs.abc: a web page" in reason(stand, tmp_path, {"page": stand.root + "/page"})


def test_page_with_a_broken_link_is_a_named_error(stand: Stand, tmp_path: Path) -> None:
    stand.routes["/page"] = good(b"<a href='http://[x/y.abc'>r</a>")
    assert "broken link" in reason(stand, tmp_path, {"page": stand.root + "/page"})


def test_servers_own_words_cannot_steer_or_flood_the_terminal(stand: Stand, tmp_path: Path) -> None:
    stand.routes["/page"] = good(b"<a href='\x1b[2J\x07" + b"x" * 10_000 + b".abc'>r</a>")
    said = reason(stand, tmp_path, {"page": stand.root + "/page"})
    assert said.isprintable()
    assert len(said) < 1000


# The disk


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
        fetch("cobb", parent, sources=table(old), patience=QUICK)
    before = {path: path.read_bytes() for path in parent.rglob("*") if path.is_file()}
    write = Path.write_bytes

    def full_after_one(path: Path, content: bytes) -> int:
        if content == REEL:
            return write(path, content)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    monkeypatch.setattr(Path, "write_bytes", full_after_one)
    monkeypatch.setattr(download, "load_sources", lambda: table(two_files))
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
    monkeypatch.setattr(download, "load_sources", lambda: table(two_files))
    (tmp_path / "cobb").write_text("mine")
    (tmp_path / "file").write_text("mine")
    for to in (tmp_path, tmp_path / "file", tmp_path / "file" / "deeper"):
        assert main(["cobb", "--to", str(to)]) == 1
        err = capsys.readouterr().err
        assert err.startswith("abcgen.download: error: ") and err.count("\n") == 1
    assert stand.asked == []
    assert below(tmp_path) == ["cobb", "file"]


# The command


@pytest.fixture
def command(
    stand: Stand, tmp_path: Path, two_files: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> dict[str, Any]:
    """Give the command sources of its own, to be changed, and an empty current folder."""
    sources = table(two_files)
    monkeypatch.setattr(download, "load_sources", lambda: sources)
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


def test_command_tells_which_mirrors_it_passed_over(
    command: dict[str, Any], stand: Stand, capsys: pytest.CaptureFixture[str]
) -> None:
    command["cobb"]["mirrors"].insert(0, {"files": [{"name": "a.abc", "url": stand.root + "/a"}]})
    assert main(["cobb"]) == 0
    first, second = capsys.readouterr().err.splitlines()
    assert first == f"abcgen.download: cobb: passed over {stand.root}/a: answered 404"
    assert second.startswith("abcgen.download: cobb: corpora/cobb ")


def test_one_corpus_that_fails_does_not_keep_the_other_from_coming(
    command: dict[str, Any], stand: Stand, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = {"files": [{"name": "a.abc", "url": stand.root + "/a"}]}
    command["gone"] = {**command["cobb"], "mirrors": [gone]}
    assert main(["gone", "cobb"]) == 1
    error = capsys.readouterr().err.splitlines()[-1]
    assert error.startswith("abcgen.download: error: gone can't be had: ")
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


def test_list_tells_what_is_there(
    command: dict[str, Any], stand: Stand, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def listed(*arguments: str) -> str:
        assert main(["--list", *arguments]) == 0
        out, err = capsys.readouterr()
        assert err == ""
        return out

    assert listed() == "cobb      2 tunes  not there  Cobb; licence: MIT\n"
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
    monkeypatch.setattr(fetching, "_LINE_SECONDS", 0.0)
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

    monkeypatch.setattr(fetching._Bar, "__call__", interrupt)
    assert main(["cobb"]) == 130
    assert below(tmp_path) == []


def process(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    root = str(Path(download.__file__).parents[1])
    return subprocess.run(
        [sys.executable, "-m", "abcgen.download", *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": root},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_unknown_name_offers_near_ones(tmp_path: Path) -> None:
    done = process("nottingam", "cobb", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == (
        "abcgen.download: error: no corpus 'nottingam'; did you mean nottingham?\n"
    )
    assert below(tmp_path) == []


def test_no_name_is_wrong_usage(tmp_path: Path) -> None:
    done = process(cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "--list" in done.stderr


def test_real_sources_are_complete() -> None:
    sources = load_sources()
    assert sorted(sources) == ["cobb", "nottingham"]
    assert len(sources["nottingham"]["mirrors"][0]["files"]) == 14
    for source in sources.values():
        assert source["title"] and source["licence"]
        first = source["mirrors"][0]["files"]
        assert sum(file["tunes"] for file in first) == source["tunes"]
        for file in first:
            assert file["name"].endswith(".abc") and file["url"].startswith("https://")
            assert file["bytes"] > 0 and len(bytes.fromhex(file["sha256"])) == 32
        for mirror in source["mirrors"]:
            assert len(mirror.keys() & {"files", "zip", "page"}) == 1
