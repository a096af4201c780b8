"""A server on this machine that stands in for the mirrors of a corpus."""

import hashlib
import io
import threading
import zipfile
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from abcgen.errors import DownloadError
from abcgen.tunebooks.fetching import fetch as fetching
from abcgen.tunebooks.fetching.client import Patience

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


def fetch(
    name: str,
    parent: Path,
    *,
    sources: dict[str, Any],
    patience: Patience = QUICK,
    force: bool = False,
) -> Path:
    """Fetch a corpus and return its folder."""
    fetched = fetching.fetch(name, parent, sources=sources, patience=patience, force=force)
    return fetched.folder


def reason(
    stand: Stand, tmp_path: Path, *mirrors: dict[str, Any], patience: Patience = QUICK
) -> str:
    """Fetch a corpus, which must fail and leave nothing; return the message."""
    with pytest.raises(DownloadError) as caught:
        fetch("cobb", tmp_path / "deep" / "corpora", sources=table(*mirrors), patience=patience)
    assert below(tmp_path) == []
    return str(caught.value)
