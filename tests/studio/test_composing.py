"""What makes tunes, in parts as they come."""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

import abcgen
from abcgen.studio.application import application
from abcgen.studio.book import Book
from abcgen.studio.networks import Networks
from abcgen.studio.workshop import GoneError, Workshop
from tests.studio.servers import Server
from tests.tunes import SPELLED

EVENTS = {"Accept": "text/event-stream"}


def parts(server: Server, path: str, **asked: object) -> list[dict[str, Any]]:
    """Return the parts of an answer."""
    with server.client.stream("POST", f"/api/{path}", json=asked, headers=EVENTS) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        lines = [line for line in answer.iter_lines() if line]
    return [json.loads(line.removeprefix("data: ")) for line in lines]


def test_several_tunes_come_one_by_one(server: Server) -> None:
    came = parts(server, "compose", seed=3, count=3, rhythm="jig")
    assert [len(part["tunes"]) for part in came] == [1, 1, 1]
    tunes = [part["tunes"][0]["abc"] for part in came]
    assert tunes == [tune.abc for tune in abcgen.load().tunes(3, seed=3, rhythm="jig")]


def test_redrawing_tells_how_much_is_done(server: Server) -> None:
    *progress, last = parts(
        server, "change", abc=SPELLED, how="redraw", bars="2", alternatives=2, seed=1
    )
    done = [part["done"] for part in progress]
    assert len(done) > 3
    assert done == sorted(done)
    whole = server.ask("change", abc=SPELLED, how="redraw", bars="2", alternatives=2, seed=1)
    assert last == whole


def test_what_is_wrong_is_an_ordinary_refusal(server: Server) -> None:
    for path, asked in (
        ("compose", {"key": "H"}),
        ("change", {"abc": SPELLED, "how": "redraw", "bars": "99"}),
        ("compose", {"prime": "CDEF"}),
        ("compose", {"checkpoint": "../folk"}),
    ):
        answer = server.client.post(f"/api/{path}", json=asked, headers=EVENTS)
        assert answer.status_code in (404, 422), answer.text
        assert answer.json()["error"]


def test_small_scores_show_some_bars(server: Server) -> None:
    asked = {"abc": SPELLED, "how": "redraw", "bars": "1", "alternatives": 2, "seed": 1}
    small = server.ask("change", show="1", **asked)["tunes"]
    whole = server.ask("change", **asked)["tunes"]
    assert [one["abc"] for one in small] == [one["abc"] for one in whole]
    assert {one["svg"].count('class="measure"') for one in small} == {3}
    assert all(one["bars"] == [] for one in small)


def test_a_tune_begins_with_its_opening(server: Server) -> None:
    (tune,) = server.ask("compose", prime="DFAd fedA|", key="D", meter="4/4", seed=1)["tunes"]
    assert "K:D\nDFAd fedA|" in tune["abc"]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Workshop]:
    book = Book(tmp_path / "book")
    shop = Workshop(Networks(abcgen.load, tmp_path / "networks"), book, 2)
    yield shop
    shop.close()
    book.close()


def test_work_ends_when_nobody_follows_it_any_more(shop: Workshop) -> None:
    ended = threading.Event()

    def work(progress: Callable[[float], None]) -> list[Any]:
        try:
            while True:
                progress(0.5)
        except GoneError:
            ended.set()
            raise

    async def leave() -> None:
        following = shop.follow(work)
        assert await anext(following) == {"done": 0.5}
        await following.aclose()

    asyncio.run(leave())
    assert ended.wait(10)


def test_tunes_that_nobody_waits_for_are_not_drawn(shop: Workshop) -> None:
    futures = shop.batch().tunes(300, seed=1)  # more than there are streams

    async def leave() -> None:
        drawn = shop.drawn(lambda: futures)
        await anext(drawn)
        await drawn.aclose()

    asyncio.run(leave())
    assert not futures[0].cancelled()
    assert futures[-1].cancelled()


def test_tunes_asked_for_by_somebody_who_has_gone_are_not_drawn(shop: Workshop) -> None:
    """The visitor leaves while a thread is still asking for them."""
    asking, gone = threading.Event(), threading.Event()
    futures: list[Future[abcgen.Tune]] = [Future(), Future()]

    def ask() -> list[Future[abcgen.Tune]]:
        asking.set()
        assert gone.wait(60)
        return futures

    async def leave() -> None:
        task = asyncio.ensure_future(anext(shop.drawn(ask)))
        await asyncio.to_thread(asking.wait, 60)
        task.cancel()
        await asyncio.wait([task])
        gone.set()

    asyncio.run(leave())
    shop.close()  # waits for the thread
    assert all(future.cancelled() for future in futures)


@pytest.mark.parametrize("accept", [b"application/json", b"text/event-stream"])
def test_a_visitor_who_goes_away_ends_what_is_drawn(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch, accept: bytes
) -> None:
    """Before the first tune is there."""
    futures: list[Future[abcgen.Tune]] = [Future(), Future()]
    asked = threading.Event()

    class Slow:
        def tunes(self, **_: object) -> list[Future[abcgen.Tune]]:
            asked.set()
            return futures

    monkeypatch.setattr(shop, "batch", lambda name="": Slow())
    scope = {
        "type": "http",
        "asgi": {"spec_version": "2.3"},
        "method": "POST",
        "scheme": "http",
        "path": "/api/compose",
        "raw_path": b"/api/compose",
        "query_string": b"",
        "root_path": "",
        "headers": [
            (b"host", b"localhost"),
            (b"content-type", b"application/json"),
            (b"accept", accept),
        ],
        "client": ("127.0.0.1", 1),
    }
    messages = [{"type": "http.request", "body": b"{}", "more_body": False}]

    async def receive() -> dict[str, object]:
        if messages:
            return messages.pop()
        await asyncio.to_thread(asked.wait, 60)
        return {"type": "http.disconnect"}

    async def send(_: object) -> None:
        pass

    async def visit() -> None:
        visiting = application(shop, "127.0.0.1")(scope, receive, send)  # type: ignore[arg-type]
        await asyncio.wait_for(visiting, 60)

    asyncio.run(visit())
    assert all(future.cancelled() for future in futures)
