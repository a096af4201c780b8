"""What a bad server does."""

from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from abcgen.tunebooks.fetching.client import Patience
from tests.tunebooks.stand import (
    JIG,
    QUICK,
    REEL,
    Answer,
    Stand,
    below,
    fetch,
    good,
    in_turn,
    reason,
    status,
    table,
    tunes,
)


@pytest.mark.parametrize("bad", [status(500), status(503), status(429)])
def test_passing_fault_is_asked_again(stand: Stand, tmp_path: Path, bad: Answer) -> None:
    stand.routes["/reels.abc"] = in_turn(bad, bad, good(REEL))
    mirror = {"files": [stand.file("/reels.abc", REEL)]}
    fetch("cobb", tmp_path, sources=table(mirror))
    assert stand.asked == ["/reels.abc"] * 3


def test_dropped_connection_is_asked_again(stand: Stand, tmp_path: Path) -> None:
    def cut(handler: BaseHTTPRequestHandler) -> None:
        good(REEL[:5], Content_Length=str(len(REEL)))(handler)

    stand.routes["/reels.abc"] = in_turn(lambda _: None, cut, good(REEL))
    mirror = {"files": [stand.file("/reels.abc", REEL, known=False)]}
    folder = fetch("cobb", tmp_path, sources=table(mirror))
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
    (good(REEL[:-1]), f"received {len(REEL) - 1} bytes, expected {len(REEL)}"),
    (good(REEL + b"\n"), f"more than {len(REEL)} bytes"),
    (good(REEL.replace(b"A reel", b"a reel")), "SHA-256"),
    (good(REEL, Content_Encoding="gzip"), "compressed"),
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
    folder = fetch("cobb", tmp_path, sources=table(mirror, second))
    assert below(tmp_path / "cobb") == ["SOURCE.json", "all.abc"]
    assert tunes(folder) == {"all.abc": REEL + JIG}


def test_redirect_is_followed(stand: Stand, tmp_path: Path) -> None:
    stand.routes["/old.abc"] = status(301, Location="/new.abc")
    stand.routes["/new.abc"] = good(REEL)
    folder = fetch("cobb", tmp_path, sources=table({"files": [stand.file("/old.abc", REEL)]}))
    assert tunes(folder) == {"old.abc": REEL}


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
