"""The application as a whole: bodies, addresses, its documentation, many visitors at once."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from abcgen.studio import shelf, tunes
from abcgen.studio.application import application
from tests.studio.servers import Server
from tests.tunes import SPELLED

JSON = {"content-type": "application/json"}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"\xff", 400),
        (b"[" * 100_000, 400),
        (b"[]", 422),
        (b"null", 422),
        (b'{"seed": 1e999}', 422),
        (b'{"seed": NaN}', 422),
        (b'{"title": "\\ud800"}', 422),
        (b'{"seed": ' + b"9" * 5_000 + b"}", 400),
    ],
)
def test_bodies_that_make_no_sense(server: Server, body: bytes, status: int) -> None:
    answer = server.client.post("/api/compose", content=body, headers=JSON)
    assert answer.status_code == status, answer.text
    assert answer.json()["error"]


def test_a_long_body_is_refused_even_if_it_does_not_say_how_long_it_is(server: Server) -> None:
    answer = server.client.post(
        "/api/compose", content=(b" " * 10_000 for _ in range(200)), headers=JSON
    )
    assert answer.status_code == 413


def test_a_body_that_never_ends_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("abcgen.studio.application._BODY_PATIENCE", 0.01)

    answered: list[dict[str, object]] = []

    async def by_hand() -> None:
        parts = [{"type": "http.request", "body": b"{", "more_body": True}]

        async def receive() -> dict[str, object]:
            if parts:
                return parts.pop()
            await asyncio.Event().wait()
            raise AssertionError

        async def send(message: dict[str, object]) -> None:
            answered.append(message)

        scope = {
            "type": "http",
            "method": "POST",
            "scheme": "http",
            "path": "/api/check",
            "raw_path": b"/api/check",
            "query_string": b"",
            "root_path": "",
            "headers": [(b"host", b"localhost"), (b"content-type", b"application/json")],
            "client": ("127.0.0.1", 1),
        }
        await application(None, "127.0.0.1")(scope, receive, send)  # type: ignore[arg-type]

    asyncio.run(by_hand())
    assert answered[0]["status"] == 408


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nowhere", 404),
        ("/../server.py", 404),
        ("/%2e%2e/server.py", 404),
        ("/..%2fserver.py", 404),
        ("/api/compose", 404),
        ("/api/book?searches=x", 422),
    ],
)
def test_addresses_that_are_none(server: Server, path: str, status: int) -> None:
    assert server.client.get(path).status_code == status


def test_every_endpoint_is_documented(server: Server) -> None:
    document = server.client.get("/openapi.json").json()
    for endpoint in (*tunes.ENDPOINTS, *shelf.ENDPOINTS):
        path = endpoint.path.replace(":int", "")
        operation = document["paths"][path][endpoint.method.lower()]
        assert operation["summary"].endswith(".") or operation["summary"]
        if endpoint.method == "POST":
            content = operation["requestBody"]["content"]["application/json"]["schema"]
            assert set(content["properties"]) == set(endpoint.fields)


def test_many_visitors_at_once_are_all_answered(server: Server) -> None:
    def visit(number: int) -> tuple[str, int]:
        (tune,) = server.ask("compose", seed=number)["tunes"]
        saved = server.ask("book", abc=tune["abc"], how="composed")
        assert server.ask("check", abc=SPELLED)["reason"] is None
        return tune["abc"], saved["tune"]

    with ThreadPoolExecutor(10) as pool:
        visits = list(pool.map(visit, range(1, 21)))
    assert len({tune for _, tune in visits}) == 20
    for abc, tune in visits:
        assert server.get(f"book/{tune}")["versions"][0]["abc"] == abc
    assert server.ask("compose", seed=3)["tunes"][0]["abc"] == visits[2][0]
