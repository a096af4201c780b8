"""The server begins, and ends when it is asked to."""

import os
import random
import re
import signal
import socket
import sqlite3
import threading
from pathlib import Path

import httpx
import pytest

from abcgen.studio import main
from tests.conftest import Run, one_error_line
from tests.studio.servers import Server
from tests.tunes import SPELLED


@pytest.mark.skipif(os.name == "nt", reason="needs signals")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 0), (signal.SIGTERM, 143)])
def test_a_signal_ends_it_quietly(tmp_path: Path, number: int, code: int) -> None:
    server = Server(tmp_path / "tunes.book")
    assert "127.0.0.1" in server.greeting
    assert server.client.get("/").status_code == 200
    assert server.end(number) == (code, "")
    # The book is closed: its log is folded into the one file.
    assert [path.name for path in tmp_path.iterdir()] == ["tunes.book"]


@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")
@pytest.mark.parametrize("kills", [3, pytest.param(50, marks=pytest.mark.slow)])
def test_a_killed_server_loses_nothing_that_it_confirmed(tmp_path: Path, kills: int) -> None:
    path = tmp_path / "tunes.book"
    confirmed: list[int] = []
    chance = random.Random(kills)
    for _ in range(kills):
        enough = len(confirmed) + chance.randint(1, 9)  # confirmed saves before the kill
        server = Server(path)
        reached = threading.Event()

        def save(
            server: Server = server,
            enough: int = enough,
            reached: threading.Event = reached,
        ) -> None:
            while True:
                try:
                    confirmed.append(server.ask("book", abc=SPELLED, how="x")["version"])
                except httpx.HTTPError:
                    return
                if len(confirmed) >= enough:
                    reached.set()

        savers = [threading.Thread(target=save) for _ in range(3)]
        for saver in savers:
            saver.start()
        assert reached.wait(60)
        server.process.kill()
        for saver in savers:
            saver.join()
        server.client.close()
        server.process.communicate()
        connection = sqlite3.connect(path)
        kept = {version for (version,) in connection.execute("SELECT id FROM versions")}
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        connection.close()
        assert set(confirmed) <= kept


def test_a_browser_that_goes_away_harms_nobody(server: Server) -> None:
    port = httpx.URL(server.url).port
    body = b'{"seed": 1, "count": 8}'
    head = b"POST /api/compose HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    for sent in (body, body[:5]):
        with socket.create_connection(("127.0.0.1", port)) as browser:
            browser.sendall(head + b"Content-Length: %d\r\n\r\n" % len(body) + sent)
    assert server.ask("check", abc=SPELLED)["tune"]


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs /proc")
@pytest.mark.parametrize("rounds", [4, pytest.param(125, marks=pytest.mark.slow)])
def test_memory_stays_bounded(server: Server, rounds: int) -> None:
    """Of the slow one, after 1,000 requests."""
    for number in range(rounds):
        (tune,) = server.ask("compose", seed=number)["tunes"]
        bars = {"bars": "3-5", "show": "3-5", "alternatives": 2, "temperature": 1.2}
        server.post("change", abc=tune["abc"], how="redraw", **bars)
        for path in ("check", "schedule", "bits", "nearest", "render/midi"):
            assert server.post(path, abc=tune["abc"]).status_code == 200
        server.ask("book", abc=tune["abc"])
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    found = re.search(r"VmHWM:\s*(\d+) kB", status)
    assert found
    assert int(found[1]) < 250_000


def test_a_port_that_is_taken_is_one_line(tmp_path: Path, run: Run) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run("studio", "--no-browser", "--port", port, "--book", tmp_path / "book")
    assert done.returncode == 1
    assert f"port {port}" in one_error_line(done.stderr)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (["--port", "70000"], 2, "65535"),
        (["--port", "x"], 2, "--port"),
        (["--host", "300.0.0.1", "--port", "0"], 1, "cannot listen at 300.0.0.1"),
        (["--book", "tunes.abc", "--port", "0"], 1, "is no book"),
        (["--checkpoint", "flok", "--port", "0"], 1, "flok"),
    ],
)
def test_what_cannot_begin_is_one_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    code: int,
    words: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tunes.abc").write_text(SPELLED * 20)
    try:
        returned: object = main(["--no-browser", "--book", "fresh.book", *options])
    except SystemExit as leaving:
        returned = leaving.code
    assert returned == code
    assert words in one_error_line(capsys.readouterr().err)
