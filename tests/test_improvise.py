"""The `abcgen.improvise` command."""

import re
from pathlib import Path

import pytest

from abcgen.formats.midi import midi_of
from abcgen.formats.musicxml import musicxml_of
from abcgen.grammar.faults import complaint
from abcgen.improvise import main
from abcgen.notation.tune import read_tune
from abcgen.notation.tunebook import split_tunebook
from tests.conftest import Run, one_error_line
from tests.formats.musicxml_in.made import packed
from tests.tunes import SPELLED

CHORDS = "|: Bb | Eb |1 F7 :|2 Bb"


def test_as_a_process(run: Run, tmp_path: Path) -> None:
    """Three tunes with exactly these chords, in a key far from home; the same made again."""
    out = tmp_path / "out.abc"
    done = run("improvise", CHORDS, "--tunes", 3, "--seed", 4, "--stats", "--out", out)
    assert (done.returncode, done.stdout) == (0, "")
    key, stats = done.stderr.splitlines()
    assert key == "abcgen.improvise: key Bb, from the chords"
    assert re.search(r"of \d+ notes that begin on beats, \d+ \(\d\d\.\d%\) belong", stats)
    tunes = list(split_tunebook(out.read_text()))
    assert [text.splitlines()[0] for text in tunes] == ["X:1", "X:2", "X:3"]
    for number, text in enumerate(tunes, start=1):
        assert complaint(text.rstrip("\n") + "\n") is None
        assert re.findall(r'"([^"]*)"', text) == ["Bb", "Eb", "F7", "Bb"]
        assert f"seed 4, tune {number}, temperature 0.9, close " in text
    again = run("improvise", "--like", out)
    assert (again.stdout, again.stderr) == (out.read_text(), "")


def test_the_chords_of_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet, tune, chart = (tmp_path / name for name in ("s.cho", "t.abc", "c.txt"))
    sheet.write_text("{time: 3/4}\n[G]la [Am7b5]la")
    tune.write_text('X:1\nT:A\nM:6/8\nL:1/8\nK:Edor\n"Em"e6|"D"d6|\n')
    chart.write_text("A Song\nG | D\nG |")
    for path, head, chords in (
        (sheet, "M:3/4", ["G", "Adim"]),
        (tune, "M:6/8\nL:1/8\nK:Edor", ["Em", "D"]),
        (chart, "M:4/4", ["G", "D", "G"]),
    ):
        assert main([f"@{path}", "--seed", "1"]) == 0
        written = capsys.readouterr()
        assert f"\n{head}\n" in written.out
        assert re.findall(r'"([^"]*)"', written.out) == chords
        assert ("read as words, not as chords: 'A Song'" in written.err) == (path == chart)
    assert main([f"@{sheet}", "--seed", "1"]) == 0
    assert "Am7b5 is written as Adim" in capsys.readouterr().err


@pytest.mark.parametrize("ending", ["mid", "musicxml", "mxl"])
def test_the_chords_that_a_file_plays(
    ending: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Those of an accompaniment, also where they change while a note of the melody sounds."""
    heard = read_tune('X:1\nM:6/8\nL:1/8\nK:Edor\n|:"Em"e6-|"D"e3 "A"e3|"Em"e6:|\n')
    file = tmp_path / f"song.{ending}"
    if ending == "mid":
        file.write_bytes(midi_of(heard))
    else:
        data = musicxml_of(heard).encode()
        file.write_bytes(packed(data) if ending == "mxl" else data)
    assert main([f"@{file}", "--seed", "1"]) == 0
    written = capsys.readouterr()
    assert written.err == ""
    assert "\nM:6/8\nL:1/8\nK:Edor\n" in written.out
    assert re.findall(r'"([^"]*)"', written.out)[:4] == ["Em", "D", "A", "Em"]
    assert ("|:" in written.out) == (ending != "mid")  # three bars are written out in MIDI


def test_the_track_of_the_melody_can_be_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "song.mid"
    file.write_bytes(midi_of(read_tune('X:1\nM:4/4\nL:1/8\nK:G\n"G"g8|"D"f8|\n')))
    assert main([f"@{file}", "--seed", "1", "--track", "nothing"]) == 2
    assert "no track 'nothing' with notes" in one_error_line(capsys.readouterr().err)
    file.write_bytes(midi_of(read_tune("X:1\nM:4/4\nL:1/8\nK:G\ng8|f8|\n")))
    assert main([f"@{file}"]) == 1
    assert "song.mid has no chords: expected symbols, or parts" in one_error_line(
        capsys.readouterr().err
    )


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ([], 2, "expected chords"),
        (["/ G"], 1, "'/' at character 1 holds no chord: expected one before it"),
        (["| % | G"], 1, "'%' at character 3 holds no chord"),
        (["G", "--pickup", "1/3"], 2, "the pickup must be some eighths"),
        (["G | What"], 1, "'What' at character 5 is no chord"),
        (["G A B |"], 2, "do not share a bar of 4/4 evenly"),
        (["@nowhere.abc"], 1, "'nowhere.abc' is no file"),
        (["G", "--like", "x.abc"], 2, "leave out others"),
        (["--like", "plain.abc"], 1, "no tune of plain.abc says"),
        (["@plain.abc"], 1, "plain.abc: the tune has no chord symbols"),
        (["@plain.abc", "--tune", "3"], 2, "there is no tune 3"),
        (["plain.abc"], 2, "plain.abc is a file: for the chords in it give @plain.abc"),
    ],
)
def test_what_is_wrong(
    arguments: list[str],
    code: int,
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("plain.abc").write_text(SPELLED)
    assert main(arguments) == code
    assert words in one_error_line(capsys.readouterr().err)


def test_the_notes_keep_to_chords_far_from_home(capsys: pytest.CaptureFixture[str]) -> None:
    shares = []
    for close in ("0", "100"):
        options = ["--close", close, "--seed", "1", "--tunes", "4", "--stats", "--key", "Ab"]
        assert main(["|: Ab | Db | Eb7 | Fm :|", *options]) == 0
        found = re.search(r"\((\d+\.\d)%\)", capsys.readouterr().err)
        assert found is not None
        shares.append(float(found[1]))
    assert shares[0] < 90 < 95 < shares[1]
