"""Requests that no page of the studio would send."""

import asyncio

import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Message

from abcgen.studio.doorkeeper import Doorkeeper
from tests.studio.servers import Server


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"host": "evil.example"}, 421),
        ({"host": "evil.example:80"}, 421),
        ({"host": ""}, 421),
        ({"host": "127.0.0.1.evil.example"}, 421),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"content-type": "text/plain"}, 415),
        ({"content-type": "application/x-www-form-urlencoded"}, 415),
    ],
)
def test_strange_requests_are_refused(server: Server, headers: dict[str, str], status: int) -> None:
    headers = {"content-type": "application/json", **headers}
    answer = server.client.post("/api/compose", content="{}", headers=headers)
    assert answer.status_code == status, answer.text
    assert answer.json()["error"]


def test_the_page_itself_is_let_in(server: Server) -> None:
    origin = server.url.rstrip("/")
    headers = {"origin": origin, "sec-fetch-site": "same-origin"}
    assert server.client.get("/api/book", headers=headers).status_code == 200


def test_every_answer_forbids_what_comes_from_elsewhere(server: Server) -> None:
    for path in ("/", "/api/book", "/nowhere", "/openapi.json", "/api/book/99"):
        headers = server.client.get(path).headers
        assert headers["content-security-policy"].startswith("default-src 'self'; ")
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"


def statuses(host: str, *requests: tuple[str, str]) -> list[int]:
    """Return the answers to requests, given as Host and client, by a doorkeeper alone."""
    keeper, found = Doorkeeper(PlainTextResponse("in"), host), []

    async def ask() -> None:
        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                found.append(message["status"])

        for name, client in requests:
            scope = {
                "type": "http",
                "method": "GET",
                "scheme": "http",
                "path": "/",
                "headers": [(b"host", name.encode())],
                "client": (client, 1),
            }
            await keeper(scope, lambda: asyncio.sleep(0), send)  # type: ignore[arg-type]

    asyncio.run(ask())
    return found


def test_a_studio_for_others_is_named_by_addresses() -> None:
    names = ("192.168.1.2:8317", "[fe80::1]:8317", "localhost", "evil.example")
    assert statuses("0.0.0.0", *((name, "x") for name in names)) == [200, 200, 200, 421]
    assert statuses("127.0.0.1", *((name, "x") for name in names)) == [421, 421, 200, 421]


def test_one_address_that_asks_without_end_is_slowed_down(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("abcgen.studio.doorkeeper._BURST", 3)
    monkeypatch.setattr("abcgen.studio.doorkeeper._A_SECOND", 0)
    one, other = ("localhost", "1.1.1.1"), ("localhost", "2.2.2.2")
    assert statuses("127.0.0.1", one, one, one, one, other) == [200, 200, 200, 429, 200]


def test_a_body_is_refused_for_the_length_that_it_says(server: Server) -> None:
    answer = server.client.post("/api/check", json={"abc": "x" * 2_000_000})
    assert answer.status_code == 413
