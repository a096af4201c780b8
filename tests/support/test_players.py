import os
from pathlib import Path

import pytest

from abcgen.errors import AbcgenError
from abcgen.support.players import PLAYERS, play_file
from tests.players import failing_player, keeping_player

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows plays by itself")


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder, the only one in which programs are found."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


@pytest.mark.parametrize("name", PLAYERS)
def test_any_of_the_players_will_do(programs: Path, tmp_path: Path, name: str) -> None:
    keeping_player(programs, name, tmp_path / "kept")
    (tmp_path / "a tune.wav").write_bytes(b"sound")
    play_file(tmp_path / "a tune.wav")
    assert (tmp_path / "kept").read_bytes() == b"sound"


def test_where_one_cannot_play_the_next_one_does(programs: Path, tmp_path: Path) -> None:
    failing_player(programs, "paplay")
    keeping_player(programs, "aplay", tmp_path / "kept")
    keeping_player(programs, "ffplay", tmp_path / "not kept")
    (tmp_path / "tune.wav").write_bytes(b"sound")
    play_file(tmp_path / "tune.wav")
    assert (tmp_path / "kept").exists() and not (tmp_path / "not kept").exists()


def test_where_none_can_play_it_says_what_each_said(programs: Path, tmp_path: Path) -> None:
    with pytest.raises(AbcgenError, match=r"none of afplay, .* is installed"):
        play_file(tmp_path / "tune.wav")
    failing_player(programs, "pw-play")
    failing_player(programs, "aplay")
    with pytest.raises(AbcgenError, match=r"^pw-play says: no sound; aplay says: no sound$"):
        play_file(tmp_path / "tune.wav")
