import time

import pytest

from tests.studio.servers import Server
from tests.tunes import ONLY_BY_THE_SECOND, made_up_book


def test_a_tunebook_is_looked_at_before_it_is_learned_from(server: Server) -> None:
    unread = f"X:9\nT:none\nK:C\n[CE\n\n{ONLY_BY_THE_SECOND}"  # edition, but folk has the first
    looked = server.ask("train/look", abc=f"{made_up_book(3)}\n{unread}")
    assert looked["tunes"] == 3
    assert looked["unread"] == len(looked["reasons"]) == 2
    assert server.post("train/look", abc="no tune at all").status_code == 422


def test_before_anything_is_trained(server: Server) -> None:
    assert server.get("networks") == {"networks": []}
    status = server.get("train")
    assert not status["running"] and not status["name"]
    assert server.ask("train/stop")["rows"] == []


@pytest.mark.parametrize("name", ["../x", "a/b", " ", "a.b", "a b", "-"])
def test_a_name_is_a_plain_one(server: Server, name: str) -> None:
    assert server.post("train", abc=made_up_book(3), name=name).status_code == 422


@pytest.mark.keras
@pytest.mark.slow
def test_a_network_is_trained_and_composes(server: Server) -> None:
    """Each epoch is kept under its number; the run can be stopped."""
    server.ask("train", abc=made_up_book(80), name="mine", epochs=30)
    assert server.post("train", abc=made_up_book(80), name="two").status_code == 422
    deadline = time.monotonic() + 500
    # An epoch is kept a moment before its row is written.
    while not (status := server.get("train"))["rows"]:
        assert status["running"] and time.monotonic() < deadline, status
    status = server.ask("train/stop")
    assert not status["running"]
    assert status["rows"][0]["epoch"] == 1
    assert server.get("networks")["networks"]
    first = server.get("networks")["networks"][0]
    assert first == "mine-1"
    (tune,) = server.ask("compose", seed=1, checkpoint=first)["tunes"]
    assert "checkpoint mine-1 " in tune["abc"]
    assert server.post("train", abc=made_up_book(80), name="mine").status_code == 422
