import sys
import wave
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from abcgen.errors import AbcgenError, NotationError
from abcgen.formats import loudspeaker
from abcgen.formats.loudspeaker import play
from abcgen.formats.pcm import pcm_of
from abcgen.notation.tune import read_tune
from tests.tunes import SPELLED

TUNE = read_tune(SPELLED)


class Stream:
    """Stands in for a stream of sounddevice."""

    def __init__(self, **settings: object) -> None:
        self.settings = settings
        self.heard = bytearray()
        self.did: list[str] = []
        self.most = 1 << 62  # bytes, after which Ctrl-C is pressed

    def write(self, data: bytes) -> None:
        assert len(data) <= self.settings["samplerate"] * 4 // 20  # type: ignore[operator]
        self.heard += data
        if len(self.heard) > self.most:
            raise KeyboardInterrupt

    def start(self) -> None:
        self.did.append("start")

    def stop(self) -> None:
        self.did.append("stop")

    def close(self) -> None:
        self.did.append("close")


class PortAudioError(Exception):
    pass


@pytest.fixture
def stream(monkeypatch: pytest.MonkeyPatch) -> Stream:
    made = Stream(samplerate=44100, channels=2, dtype="int16")

    def open_stream(**settings: object) -> Stream:
        assert settings == made.settings
        return made

    module = SimpleNamespace(RawOutputStream=open_stream, PortAudioError=PortAudioError)
    monkeypatch.setitem(sys.modules, "sounddevice", module)
    return made


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Path]]:
    """Note the files that a program would have been given."""
    given: list[Path] = []
    monkeypatch.setattr(loudspeaker, "play_file", given.append)
    yield given
    assert not any(path.exists() for path in given)


def test_all_of_it_is_heard(stream: Stream, files: list[Path]) -> None:
    play(TUNE, qpm=300, instrument="flute", swing=0.6)
    assert stream.heard == b"".join(pcm_of(TUNE, qpm=300, instrument="flute", swing=0.6).blocks)
    assert stream.did == ["start", "stop", "close"]
    assert not files


def test_ctrl_c_stops_at_once_and_a_loop_goes_on_until_then(stream: Stream) -> None:
    once = b"".join(pcm_of(TUNE, qpm=900).blocks)
    stream.most = 2 * len(once)
    with pytest.raises(KeyboardInterrupt):
        play(TUNE, qpm=900, loop=True)
    assert stream.heard[: 2 * len(once)] == 2 * once
    assert stream.did == ["start", "close"]  # stopping would wait for what is still to be heard


def test_a_sound_that_breaks_off_is_an_error(
    stream: Stream, files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def unplugged(_: bytes) -> None:
        raise PortAudioError("unplugged")

    monkeypatch.setattr(stream, "write", unplugged)
    with pytest.raises(AbcgenError, match="unplugged"):
        play(TUNE)
    assert stream.did[-1] == "close"
    assert not files  # it would begin again


def no_device(**_: object) -> Stream:
    raise PortAudioError("no device")


def test_without_a_device_a_program_is_given_a_file(
    stream: Stream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules["sounddevice"], "RawOutputStream", no_device)
    frames = []

    def note(path: Path) -> None:
        with wave.open(str(path)) as file:
            frames.append(file.readframes(file.getnframes()))

    monkeypatch.setattr(loudspeaker, "play_file", note)
    play(TUNE, qpm=300)
    assert frames == [b"".join(pcm_of(TUNE, qpm=300).blocks)]


def test_where_nothing_can_play_it_says_what_to_do(
    stream: Stream, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cannot(path: Path) -> None:
        raise AbcgenError("aplay says: no card")

    monkeypatch.setattr(sys.modules["sounddevice"], "RawOutputStream", no_device)
    monkeypatch.setattr(loudspeaker, "play_file", cannot)
    with pytest.raises(AbcgenError) as error:
        play(TUNE, qpm=300)
    for words in ("no device", "aplay says: no card", "abcgen[sound]", "--to wav"):
        assert words in str(error.value)


def test_a_tune_that_cannot_be_read_makes_no_sound(stream: Stream, files: list[Path]) -> None:
    with pytest.raises(NotationError):
        play(read_tune(SPELLED.replace("A2:|", "A/0:|")))
    assert not stream.did and not files
