import io
from pathlib import Path

import pytest

from abcgen.errors import NotationError, UsageError
from abcgen.formats.mp3 import mp3_of, write_mp3
from abcgen.formats.pcm import pcm_of
from abcgen.notation.tune import read_tune
from tests.formats.tiny_font import tiny_font
from tests.tunes import SPELLED

TUNE = read_tune(SPELLED)
_KILOBITS = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_RATES = (44100, 48000, 32000)
_FRAME = 1152  # samples


def frames(data: bytes) -> list[tuple[int, int]]:
    """Return the bit rate (kbit/s) and sampling rate of each frame (ISO 11172-3, layer III)."""
    found, place = [], 0
    while place < len(data):
        assert data[place : place + 2] in (b"\xff\xfb", b"\xff\xfa"), place
        kilobits, rate = _KILOBITS[data[place + 2] >> 4], _RATES[data[place + 2] >> 2 & 3]
        found.append((kilobits, rate))
        place += 144_000 * kilobits // rate + (data[place + 2] >> 1 & 1)
    assert place == len(data)
    return found


def test_an_mp3_is_as_long_as_the_tune() -> None:
    found = frames(mp3_of(TUNE, qpm=200))
    assert set(found) == {(128, 44100)}
    late = len(found) * _FRAME / 44100 - pcm_of(TUNE, qpm=200).seconds
    assert 0 <= late < 4 * _FRAME / 44100


def test_options_change_what_is_heard() -> None:
    plain = mp3_of(TUNE)
    assert mp3_of(TUNE) == plain
    for options in ({"qpm": 200}, {"instrument": "flute"}):
        assert mp3_of(TUNE, **options) != plain  # type: ignore[arg-type]
    reel = read_tune("X:1\nM:4/4\nL:1/8\nK:C\nCDEF GABc|\n")
    assert mp3_of(reel, swing=0.7) != mp3_of(reel)


def test_a_sound_font_plays_at_its_own_rate(tmp_path: Path) -> None:
    (tmp_path / "tiny.sf2").write_bytes(tiny_font())
    rates = {rate for _, rate in frames(mp3_of(TUNE, soundfont=tmp_path / "tiny.sf2"))}
    assert rates == {pcm_of(TUNE, soundfont=tmp_path / "tiny.sf2").rate}


def test_what_cannot_be_written_is_an_error_and_writes_nothing() -> None:
    file = io.BytesIO()
    with pytest.raises(UsageError, match="kazoo"):
        write_mp3(TUNE, file, instrument="kazoo")
    with pytest.raises(NotationError):
        write_mp3(read_tune(SPELLED.replace("A2:|", "A/0:|")), file)
    assert file.getvalue() == b""
