"""MIDI and MusicXML files stand wherever a tunebook may."""

import re
from pathlib import Path

import pytest

import abcgen
from abcgen.corpus import main
from abcgen.errors import CorpusError, UsageError
from abcgen.formats.midi import midi_of
from abcgen.formats.midi_in.events import MOST_BYTES
from abcgen.formats.musicxml import musicxml_of
from abcgen.notation.tune import read_tune
from abcgen.tunebooks.corpus import read_corpus
from abcgen.tunebooks.importing import READERS, import_tune
from abcgen.tunebooks.names import IMPORTED, read_tunebook, read_tunes
from tests.conftest import Run, one_error_line
from tests.formats.musicxml_in.made import packed
from tests.tunes import made_up_tune, respell

SONG = respell(made_up_tune(1))
#: What comes back of it: MIDI does not say which dance it is.
BACK = re.sub("R:.*\n", "", SONG)


def midi(text: str = SONG) -> bytes:
    return midi_of(read_tune(text))


@pytest.fixture
def song(tmp_path: Path) -> Path:
    file = tmp_path / "my_song.mid"
    file.write_bytes(midi())
    return file


def test_every_ending_has_its_reader() -> None:
    assert set(READERS) == set(IMPORTED)


def test_what_is_neither_is_left_to_others() -> None:
    assert import_tune(b"X:1\n") is None


def test_it_is_read_as_a_tunebook_of_one_tune(song: Path) -> None:
    assert read_tunes(str(song), pytest.fail) == [BACK]
    assert [str(tune) for tune in abcgen.read(song)] == [BACK]
    assert [tune.text for tune in read_corpus([str(song)]).tunes] == [BACK]


def test_a_tune_without_a_title_has_the_name_of_its_file(tmp_path: Path) -> None:
    file = tmp_path / "my_song.MIDI"
    file.write_bytes(midi(re.sub("T:.*", "T:", SONG)))
    assert "T:my song\n" in read_tunebook(file)


def test_corpus_converts(song: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = song.with_suffix(".abc")
    assert main([str(song), "--out", str(out)]) == 0
    assert out.read_text() == BACK


def test_a_folder_of_midi_files_with_a_bad_one(tmp_path: Path) -> None:
    for number in (1, 2, 3):
        (tmp_path / f"{number}.mid").write_bytes(midi(made_up_tune(number)))
    (tmp_path / "bad.mid").write_bytes(b"MThd")
    corpus = read_corpus([str(tmp_path)])
    assert len(corpus.tunes) == 3
    assert [tune.reason for tune in corpus.rejected] == [
        f"{tmp_path / 'bad.mid'}: the MIDI file is cut off within its header"
    ]


def test_a_track_can_be_asked_for(song: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert read_corpus([str(song)], melody="2").tunes[0].text == BACK
    with pytest.raises(UsageError, match="no track '7'"):
        read_corpus([str(song)], melody="7")
    assert main([str(song), "--track", "flute"]) == 2
    assert "no track 'flute'" in one_error_line(capsys.readouterr().err)


def test_a_large_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    file = tmp_path / "huge.mid"
    with file.open("wb") as out:
        out.truncate(50 * MOST_BYTES)
    with pytest.raises(CorpusError, match=r"huge\.mid: the MIDI file has 50\.0 MB"):
        read_tunebook(file)


@pytest.mark.parametrize("ending", [".musicxml", ".xml", ".mxl"])
def test_musicxml_is_read_too(ending: str, tmp_path: Path) -> None:
    data = musicxml_of(read_tune(SONG)).encode()
    file = tmp_path / f"song{ending}"
    file.write_bytes(packed(data) if ending == ".mxl" else data)
    assert [tune.text for tune in read_corpus([str(file)]).tunes] == [SONG]


def test_xml_of_another_kind_in_a_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "song.mid").write_bytes(midi())
    (tmp_path / "page.xml").write_text("<html/>")
    corpus = read_corpus([str(tmp_path)])
    assert (len(corpus.tunes), len(corpus.rejected)) == (1, 1)
    assert "is not MusicXML" in corpus.rejected[0].reason


def test_stdin_may_be_a_midi_file(tmp_path: Path, run: Run) -> None:
    done = run("render", "-", "--to", "abc", "--out", tmp_path, input=midi(), text=False)
    assert (done.returncode, len(list(tmp_path.glob("*.abc")))) == (0, 1)


def test_a_file_that_is_cut_off_is_read_with_a_doubt(
    song: Path, capsys: pytest.CaptureFixture[str], run: Run
) -> None:
    song.write_bytes(song.read_bytes()[:-300])
    words = "of the MIDI file is cut off"
    assert words in read_corpus([str(song)]).warned[0].reason
    assert main([str(song)]) == 0
    assert words in capsys.readouterr().out
    for name in ("render", "harmonize"):
        done = run(name, song, *(("--to", "abc", "--out", song.parent) if name == "render" else ()))
        assert (done.returncode, words in done.stderr, str(song) in done.stderr) == (0, True, True)


@pytest.mark.parametrize("name", ["none.mid", "folder/none"])
def test_a_file_that_is_not_there_is_named(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([name]) == 1
    line = one_error_line(capsys.readouterr().err)
    assert f"'{name}'" in line
    assert "there is no such file" in line
