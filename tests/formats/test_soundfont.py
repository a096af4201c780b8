from pathlib import Path

import numpy as np
import pytest

from abcgen.errors import AbcgenError, UsageError
from abcgen.formats.pcm import Pcm, pcm_of
from abcgen.formats.soundfont import check_soundfont
from abcgen.notation.tune import read_tune
from tests.formats.tiny_font import tiny_font
from tests.tunes import SPELLED

TUNE = read_tune("X:1\nT:A\nM:4/4\nL:1/4\nK:C\nA4|e4|\n")


@pytest.fixture(scope="module")
def font(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("font") / "tiny.sf2"
    path.write_bytes(tiny_font())
    return path


def heard(pcm: Pcm) -> np.ndarray:
    """Return the left channel, -1 to 1."""
    samples = np.frombuffer(b"".join(pcm.blocks), "<i2").reshape(-1, 2)
    assert len(samples) == pcm.count
    return samples[:, 0] / 32768


def strongest(sound: np.ndarray, rate: int) -> float:
    """Return the strongest frequency, in hertz."""
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
    return float(np.argmax(spectrum)) * rate / len(sound)


def test_the_notes_of_the_tune_are_heard_at_its_tempo(font: Path) -> None:
    pcm = pcm_of(TUNE, qpm=120, soundfont=font)
    sound, second = heard(pcm), pcm.rate
    assert pcm.seconds >= 4
    assert np.abs(sound).max() > 0.01
    assert abs(strongest(sound[: 2 * second], second) - 441) < 2
    assert abs(strongest(sound[2 * second : 4 * second], second) - 441 * 1.4983) < 2


def test_options_change_what_is_heard(font: Path) -> None:
    tune = read_tune(SPELLED.replace("6/8", "2/4").replace("dfa agf|gec A2:", "dfag|fec2:"))
    plain, swung = (pcm_of(tune, swing=swing, soundfont=font) for swing in (None, 0.7))
    assert not np.array_equal(heard(plain), heard(swung))
    chords = read_tune('X:1\nM:4/4\nL:1/8\nK:C\n"C"c8|"F"c8|\n')
    simple, none = (pcm_of(chords, accompaniment=how, soundfont=font) for how in ("simple", "none"))
    assert not np.array_equal(heard(simple), heard(none))
    assert pcm_of(TUNE, qpm=60, soundfont=str(font)).seconds > plain.seconds


def test_a_tune_that_takes_too_long_is_refused(font: Path) -> None:
    long = read_tune("X:1\nM:4/4\nL:1/4\nK:C\n" + "C4|" * 40 + "\n")
    with pytest.raises(UsageError, match="40 minutes, and a sound font plays at most 30"):
        pcm_of(long, qpm=4, soundfont=font)


def test_a_font_has_a_rate_of_its_own(font: Path) -> None:
    with pytest.raises(UsageError, match="leave out the rate"):
        pcm_of(TUNE, rate=44100, soundfont=font)


def test_a_font_that_can_be_used_is_no_error(font: Path) -> None:
    check_soundfont(font)


@pytest.mark.parametrize("data", [b"", b"no sound font", tiny_font()[:3000], tiny_font()[:-99]])
def test_what_is_no_font_is_an_error_that_names_the_file(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "bad.sf2"
    path.write_bytes(data)
    with pytest.raises(AbcgenError, match=r"bad\.sf2 is not a sound font .* expected an SF2 file"):
        check_soundfont(path)


def test_a_font_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    for path in (tmp_path / "none.sf2", tmp_path):
        with pytest.raises(AbcgenError, match="cannot be read"):
            check_soundfont(path)
