import re
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

import abcgen
from abcgen.errors import NotationError, UsageError
from abcgen.formats import loudspeaker
from abcgen.formats.endings import FORMATS
from tests.tunes import SPELLED

TUNE = abcgen.Tune(SPELLED)
BAD = abcgen.Tune(SPELLED.replace("A2:|", "A/0:|"))
#: Format -> the method that makes it, and what its files begin with.
MADE = {
    "abc": (str, b"X:1\n"),
    "midi": (abcgen.Tune.midi, b"MThd"),
    "musicxml": (abcgen.Tune.musicxml, b"<?xml"),
    "svg": (abcgen.Tune.svg, b"<"),
    "png": (abcgen.Tune.png, b"\x89PNG"),
    "pdf": (abcgen.Tune.pdf, b"%PDF"),
    "wav": (abcgen.Tune.wav, b"RIFF"),
    "mp3": (abcgen.Tune.mp3, b"\xff\xfb"),
}


@pytest.mark.parametrize("name", FORMATS)
def test_a_tune_is_saved_as_its_method_makes_it(tmp_path: Path, name: str) -> None:
    method, start = MADE[name]
    for ending in FORMATS[name].endings:
        path = tmp_path / f"tune{ending}"
        TUNE.save(path)
        made = method(TUNE)
        data = made.encode() if isinstance(made, str) else made
        # The order of the fonts in a PDF changes.
        assert len(path.read_bytes()) == len(data)
        assert name == "pdf" or path.read_bytes() == data
        assert path.read_bytes().startswith(start)


@pytest.mark.parametrize("name", sorted(set(FORMATS) - {"abc"}))
def test_a_tune_that_cannot_be_read_leaves_no_file(tmp_path: Path, name: str) -> None:
    with pytest.raises(NotationError):
        BAD.save(tmp_path / f"tune.{name if name != 'midi' else 'mid'}")
    assert list(tmp_path.iterdir()) == []


def test_several_tunes_make_a_pdf_and_no_score_of_one(tmp_path: Path) -> None:
    abcgen.write([TUNE, SPELLED], tmp_path / "book.pdf")
    assert (tmp_path / "book.pdf").read_bytes().startswith(b"%PDF")
    with pytest.raises(UsageError, match="a SVG file holds one tune, found 2"):
        abcgen.write([TUNE, TUNE], tmp_path / "book.svg")
    with pytest.raises(NotationError):
        abcgen.write([TUNE, BAD], tmp_path / "bad.pdf")
    with pytest.raises(UsageError, match="expected 1 or more tunes, found none"):
        abcgen.write([], tmp_path / "none.pdf")
    assert [path.name for path in tmp_path.iterdir()] == ["book.pdf"]


def test_a_tune_moves_by_semitones() -> None:
    assert TUNE.transpose(2) == TUNE.transpose("E") == TUNE.transpose("+2")
    pitches = [note.pitch for note in TUNE.music().notes]
    assert [note.pitch for note in TUNE.transpose(-5).music().notes] == [p - 5 for p in pitches]


def test_swing_and_size_are_taken() -> None:
    reel = abcgen.Tune("X:1\nM:4/4\nL:1/8\nK:C\nCDEF GABc|\n")
    for method in (abcgen.Tune.midi, abcgen.Tune.wav, abcgen.Tune.mp3):
        assert method(reel, swing=0.7) != method(reel)
    assert len(reel.png(scale=3)) > len(reel.png(scale=1))


def test_the_accompaniment_is_chosen() -> None:
    reel = abcgen.Tune('X:1\nM:4/4\nL:1/8\nK:C\n"C"CDEF GABc|\n')
    for method in (abcgen.Tune.midi, abcgen.Tune.wav, abcgen.Tune.mp3):
        plain = method(reel)
        assert method(reel, accompaniment="simple", drums=False) == plain
        ways = [
            method(reel, accompaniment="none"),
            method(reel, accompaniment="full"),
            method(reel, accompaniment="full", accompaniment_instrument="piano"),
            method(reel, drums=True),
        ]
        assert len({plain, *ways}) == 5
    with pytest.raises(UsageError, match="no accompaniment 'loud'; known: full, none, simple"):
        reel.midi(accompaniment="loud")


def test_a_tune_plays(monkeypatch: pytest.MonkeyPatch) -> None:
    played = []
    monkeypatch.setattr(loudspeaker, "play", lambda tune, **how: played.append((tune.title, how)))
    TUNE.play(qpm=90, swing=0.6)
    assert played[0][0] == "The Plain One"
    assert (played[0][1]["qpm"], played[0][1]["swing"]) == (90, 0.6)


def test_a_notebook_shows_the_score_on_white() -> None:
    shown = TUNE._repr_html_()
    assert shown.startswith('<div style="background: white')
    assert "<svg" in shown and "The Plain One" in shown


def test_a_notebook_shows_the_text_where_there_is_no_score(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    unread = abcgen.Tune('<b>&"no tune"')
    assert unread._repr_html_() == "<pre>&lt;b&gt;&amp;&quot;no tune&quot;</pre>"
    assert BAD._repr_html_().startswith("<pre>X:1\n")
    broken = SimpleNamespace(enableLog=None)  # not even of the right kind
    for module in (None, broken):
        monkeypatch.setitem(sys.modules, "verovio", module)
        assert TUNE._repr_html_().startswith(("<pre>X:1\n", "<div"))
    assert capfd.readouterr() == ("", "")


def test_a_tune_takes_as_long_as_its_tempos_say() -> None:
    tune = abcgen.Tune("X:1\nM:4/4\nL:1/4\nQ:1/4=60\nK:C\nCDEF|[Q:1/4=120]GABc|\n")
    assert tune.seconds() == 4 + 2
    assert tune.seconds(qpm=120) == 2 + 1
    with pytest.raises(UsageError):
        tune.seconds(qpm=0)


def test_chords_put_in() -> None:
    first, second = TUNE.harmonize("rich", alternatives=2, seed=1)
    assert re.sub('"[A-G][^"]*"', "", first.abc) == SPELLED
    assert first != second
    with pytest.raises(UsageError, match="no palette 'loud': expected simple, usual, rich"):
        TUNE.harmonize("loud")
    with pytest.raises(UsageError, match="alternatives must be a whole number, 1 or more"):
        TUNE.harmonize(alternatives=0)
