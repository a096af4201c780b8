"""The book of a studio, over HTTP."""

from pathlib import Path

from tests.studio.servers import Server, studio
from tests.tunes import SPELLED, made_up_book

SECOND = SPELLED.replace("The Plain One", "Robert'); DROP TABLE tunes; --")


def test_a_tune_is_kept_with_its_versions(tmp_path: Path) -> None:
    with studio(tmp_path / "tunes.book") as server:
        first = server.ask("book", abc=SPELLED, how="composed")
        tune = first["tune"]
        second = server.ask("book", abc=SECOND, how="redrawn", tune=tune, parent=first["version"])
        assert server.ask(f"book/{tune}/undo")["current"] == first["version"]
        assert server.ask(f"book/{tune}/redo")["current"] == second["version"]
        assert server.ask(f"book/{tune}/go", version=first["version"])["current"] == 1
        server.ask(f"book/{tune}/tags", tags="jig, for whistle,")
    with studio(tmp_path / "tunes.book") as server:  # it is still there after a new start
        (entry,) = server.get("book?search=whistle")["tunes"]
        assert entry == {"tune": tune, "title": "The Plain One", "tags": ["for whistle", "jig"]}
        kept = server.get(f"book/{tune}")
        assert [version["abc"] for version in kept["versions"]] == [SPELLED, SECOND]
        assert [version["parent"] for version in kept["versions"]] == [None, 1]
        server.ask(f"book/{tune}/remove")
        assert server.get("book")["tunes"] == []


def test_a_tunebook_goes_in_and_out(server: Server) -> None:
    given = made_up_book(5) + "\nX:6\nT:No Key\nabc\n"
    taken = server.ask("import", abc=given)
    assert len(taken["tunes"]) == 5
    assert len(taken["unread"]) == 1
    book = server.client.get("/api/export?search=made up").text
    assert [line for line in book.splitlines() if line.startswith("T:")] == [
        f"T:Made Up No. {number}" for number in range(1, 6)
    ]


def test_what_is_not_there_is_said(server: Server) -> None:
    for path in ("undo", "redo", "remove"):
        answer = server.post(f"book/77/{path}")
        assert (answer.status_code, answer.json()["error"][:20]) == (409, "the book has no tune")
    assert server.post("book/x/undo").status_code == 405
    assert server.post("book", abc=SPELLED, tune=77).status_code == 409
    assert server.post("import", abc="oneills").status_code == 422  # no file is ever read


def test_what_is_no_tune_is_not_kept(server: Server) -> None:
    before = server.get("book")
    for abc, lacks in (("no tune", "X:"), ("X:1\nT:a\n", "K:"), ("X:1\nK:C\n", "no music")):
        answer = server.post("book", abc=abc)
        assert answer.status_code == 422
        assert (
            "expected a tune in ABC" in answer.json()["error"] and lacks in answer.json()["error"]
        )
    assert server.get("book") == before


def test_two_studios_share_a_book(tmp_path: Path) -> None:
    path = tmp_path / "tunes.book"
    with studio(path) as one, studio(path) as other:
        for number in range(5):
            one.ask("book", abc=SPELLED, how=str(number))
            other.ask("book", abc=SECOND, how=str(number))
        assert one.get("book") == other.get("book")
        assert len(one.get("book")["tunes"]) == 10
