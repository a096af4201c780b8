"""A tunebook to files of its tunes: the command."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from music21.midi import MetaEvents

import abcgen
from abcgen.render import build_parser, main
from abcgen.support import console, extras
from tests.books import BAD, GOOD, book, written
from tests.conftest import ROOT, one_error_line
from tests.referee import read_midi

CHORDS = 'X:1\nT:One\nR:reel\nM:4/4\nL:1/8\nK:C\n"C"CDEF GABc|"G"d8|\n'


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@contextmanager
def rendering(
    folder: Path, *options: str, files: int | None = None
) -> Iterator[subprocess.Popen[str]]:
    """Render by two processes, in a group of their own, more than goes into a pipe of paths."""

    def prepare() -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # in the background it is ignored
        if files:
            import resource

            resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))

    (folder / "book.abc").write_text(book(*(f"{n} {'long ' * 12}" for n in range(3000))))
    with subprocess.Popen(
        [sys.executable, "-u", "-m", "abcgen.render", "book.abc", "--jobs", "2", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        start_new_session=True,
        preexec_fn=prepare,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def tracks(path: Path) -> list[tuple[str, list[tuple[int, int]]]]:
    """Return the name of each track with notes, and the channel and pitch of each note."""
    found = []
    for track in read_midi(path.read_bytes()).tracks:
        struck = [e for e in track.events if e.pitch is not None and e.isNoteOn() and e.velocity]
        if struck:
            name = next(e.data for e in track.events if e.type == MetaEvents.SEQUENCE_TRACK_NAME)
            found.append((name.decode(), [(e.channel, e.pitch) for e in struck]))
    return found


@pytest.mark.skipif(os.name == "nt", reason="needs signals")
@pytest.mark.parametrize(
    ("number", "code", "said"),
    [
        ("SIGINT", 130, "abcgen.render: error: interrupted\n"),
        ("SIGTERM", 143, ""),
        ("SIGHUP", 129, ""),
        ("SIGKILL", -9, ""),
    ],
)
@pytest.mark.parametrize("to", [os.kill, getattr(os, "killpg", None)])
def test_what_ends_the_command_ends_its_workers_and_leaves_no_half_file(
    tmp_path: Path, number: str, code: int, said: str, to: Callable[[int, int], None]
) -> None:
    with rendering(tmp_path) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("midi")
        to(process.pid, getattr(signal, number))
        # The workers hold the other ends too, so this returns when the last of them has ended.
        _, errors = process.communicate()
        assert (process.returncode, errors) == (code, said)
    if number != "SIGKILL" or to is os.kill:
        assert not [name for name in written(tmp_path / "midi") if name.startswith(".")]


@pytest.mark.skipif(os.name == "nt", reason="needs limits")
def test_with_too_few_open_files_it_is_one_line_and_no_hang(tmp_path: Path) -> None:
    with rendering(tmp_path, files=16) as process:
        out, errors = process.communicate()
    assert "2 processes cannot be started" in one_error_line(errors)
    assert "Too many open files" in errors
    assert (process.returncode, out) == (1, "")


def test_the_command_says_what_it_wrote(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "book.abc").write_text(book("One", "Two"))
    assert main(["book.abc"]) == 0
    out, err = capsys.readouterr()
    assert out.splitlines() == [
        str(Path("midi", name)) for name in ("0001-one.mid", "0002-two.mid")
    ]
    assert err == "abcgen.render: 2 of 2 tunes written to midi\n"


def test_what_was_guessed_is_told_unless_quiet(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "book.abc").write_text("X:1\nK:C\nCD;EF|GA;Bc|\n\nX:2\nK:C\nCD;EF|\n")
    assert main(["book.abc"]) == 0
    last = "abcgen.render: 2 of 2 tunes written to midi\n"
    assert capsys.readouterr().err == (
        "abcgen.render: book.abc: a stray character is ignored (tune 1, line 3, column 3; 3 "
        f"times in all)\n{last}"
    )
    assert main(["book.abc", "--quiet"]) == 0
    assert capsys.readouterr().err == last


TWO = "X:1\nT:A\nM:4/4\nL:1/4\nV:S\nV:B name=Low\nK:C\nV:S\n^/CDEF & C4|\nV:B\nC,4|\n"


def test_all_voices_are_written_and_one_is_the_melody(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "book.abc").write_text(TWO)
    assert main(["book.abc", "--to", "midi,wav,abc", "--out", "."]) == 0
    assert capsys.readouterr().err == "abcgen.render: 1 of 1 tunes written to .\n"
    assert tracks(here / "0001-a.mid") == [
        ("S", [(1, 60), (4, 60), (1, 62), (1, 64), (1, 65)]),
        ("Low", [(3, 48)]),
    ]
    assert main(["book.abc", "--voice", "Low"]) == 0
    assert [name for name, _ in tracks(here / "midi" / "0001-a.mid")] == ["Low", "S"]


def test_a_score_has_one_voice_and_that_is_told(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "book.abc").write_text(TWO)
    for options in (["--to", "midi,musicxml"], ["--to", "musicxml"]):
        assert main(["book.abc", *options]) == 0
        assert sorted(capsys.readouterr().err.splitlines()[:-1]) == [
            f"abcgen.render: book.abc: {what}"
            for what in (
                "a microtone is read as the nearest half step (tune 1, line 9, column 1)",
                "of several lines of music in a bar (&) only the first is read (tune 1, line 9, "
                "column 8)",
                "of several voices only the first is read (tune 1, line 10, column 1)",
            )
        ]
    assert main(["book.abc", "--to", "musicxml", "--voice", "2"]) == 0
    assert capsys.readouterr().err == "abcgen.render: 1 of 1 tunes written to musicxml\n"
    assert "<octave>3</octave>" in (here / "musicxml" / "0001-a.musicxml").read_text()


def test_a_voice_that_is_not_there_is_told_for_each_tune(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "book.abc").write_text(f"{TWO}\n{book('One')}")
    assert main(["book.abc", "--voice", "B"]) == 1
    assert capsys.readouterr().err.splitlines() == [
        "abcgen.render: tune 2 (X:1, 'One') is left out: it has no voice 'B'; it has one voice, 1",
        "abcgen.render: 1 of 2 tunes written to midi",
    ]


@pytest.mark.parametrize("options", [[], ["--one-file", "--to", "abc"]])
def test_where_nothing_is_written_no_folder_is_left(here: Path, options: list[str]) -> None:
    (here / "book.abc").write_text(book("One"))
    assert main(["book.abc", "--voice", "B", "--out", "new", *options]) == 1
    assert not (here / "new").exists()
    (here / "kept").mkdir()
    assert main(["book.abc", "--voice", "B", "--out", "kept", *options]) == 1
    assert (here / "kept").exists()


def test_several_formats_go_into_one_folder_and_a_reason_is_said_once(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "book.abc").write_text(book("One") + "\n" + BAD)
    names = ["0001-one.svg", "0001-one.pdf", "0001-one.png", "0001-one.musicxml", "0001-one.wav"]
    assert main(["book.abc", "--to", "svg,pdf,png,musicxml,wav", "--qpm", "300"]) == 1
    out, err = capsys.readouterr()
    assert out.splitlines() == [str(Path("tunes", name)) for name in names]
    assert written(here / "tunes") == sorted(names)
    assert err.splitlines() == [
        "abcgen.render: tune 2 (X:7, 'No \\x1b[31m way') is left out: '/0' is not a note length",
        "abcgen.render: 1 of 2 tunes written to tunes",
    ]


def test_a_tune_without_one_of_its_files_is_named(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "book.abc").write_text(GOOD.format(1, "A").replace("CDEF GABc|", "C8|" * 500))
    assert main(["book.abc", "--to", "wav,midi", "--qpm", "4", "--out", "x"]) == 1
    err = capsys.readouterr().err
    assert "tune 1 (X:1, 'A') is not complete: no WAV: the tune takes" in err
    assert "1 of 1 tunes written to x" in err
    assert written(here / "x") == ["0001-a.mid"]


@pytest.mark.parametrize("name", ["midi", "abc", "wav", "mp3"])
def test_one_format_goes_into_a_folder_of_its_name(here: Path, name: str) -> None:
    (here / "book.abc").write_text(book("One"))
    assert main(["book.abc", "--to", name.upper(), "--qpm", "600"]) == 0
    assert len(written(here / name)) == 1


def test_a_book_in_one_file_has_its_name(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "my book.abc").write_text(book("One", "Two") + "\n" + BAD)
    assert main(["my book.abc", "--to", "abc", "--one-file", "--transpose", "+2"]) == 1
    out, err = capsys.readouterr()
    assert out == f"{Path('abc', 'my book.abc')}\n"
    assert err.endswith(f"2 of 3 tunes written to {Path('abc', 'my book.abc')}\n")
    tunes = abcgen.read(here / "abc" / "my book.abc")
    assert [(tune.title, tune.key) for tune in tunes] == [("One", "D"), ("Two", "D")]
    assert main(["my book.abc", "--to", "pdf", "--one-file", "--out", "."]) == 1
    assert (here / "my book.pdf").read_bytes().startswith(b"%PDF-")


def test_a_book_never_replaces_itself(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "book.abc").write_text(book("One"))
    assert main(["book.abc", "--to", "abc", "--one-file", "--out", "."]) == 2
    assert "is the book itself" in one_error_line(capsys.readouterr().err)
    assert (here / "book.abc").read_text() == book("One")


@pytest.mark.parametrize(("to", "key"), [("+2", "D"), ("-3", "A"), ("D", "D"), ("Bb", "Bb")])
def test_a_book_is_transposed(here: Path, to: str, key: str) -> None:
    (here / "book.abc").write_text(book("One"))
    assert main(["book.abc", "--to", "abc", "--transpose", to]) == 0
    assert abcgen.read(here / "abc")[0].key == key


def test_swing_is_heard(here: Path) -> None:
    (here / "book.abc").write_text(book("One"))
    assert main(["book.abc", "--swing", "0.67"]) == 0
    expected = abcgen.Tune(book("One")).midi(swing=0.67)
    assert (here / "midi" / "0001-one.mid").read_bytes() == expected
    assert expected != abcgen.Tune(book("One")).midi()


def test_the_accompaniment_is_chosen(here: Path) -> None:
    (here / "book.abc").write_text(CHORDS)
    options = ["--accompaniment", "full", "--accompaniment-instrument", "piano", "--drums"]
    assert main(["book.abc", *options]) == 0
    one = abcgen.Tune(CHORDS)
    expected = one.midi(accompaniment="full", accompaniment_instrument="piano", drums=True)
    assert (here / "midi" / "0001-one.mid").read_bytes() == expected
    assert len({expected, one.midi(), one.midi(accompaniment="full"), one.midi(drums=True)}) == 4
    assert main(["book.abc", "--accompaniment", "simple"]) == 0
    assert (here / "midi" / "0001-one.mid").read_bytes() == one.midi()


@pytest.mark.parametrize("name", ["svg", "pdf", "mp3"])
def test_what_is_missing_is_said_before_the_book_is_looked_for(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(extras.importlib.util, "find_spec", lambda _: None)
    assert main(["missing.abc", "--to", f"midi,{name}"]) == 1
    extra = "mp3" if name == "mp3" else "score"
    assert f"pip install 'abcgen[{extra}]'" in one_error_line(capsys.readouterr().err)


@pytest.mark.parametrize(("data", "words"), [(None, "cannot be read"), (b"RIFF", "SF2")])
def test_what_is_no_sound_font_is_said_before_the_book_is_looked_for(
    here: Path, capsys: pytest.CaptureFixture[str], data: bytes | None, words: str
) -> None:
    if data:
        (here / "x.sf2").write_bytes(data)
    assert main(["missing.abc", "--to", "wav", "--soundfont", "x.sf2"]) == 1
    error = one_error_line(capsys.readouterr().err)
    assert "x.sf2" in error and words in error


@pytest.mark.skipif(os.name == "nt", reason="needs limits")
def test_a_full_disk_is_one_line_and_leaves_nothing(tmp_path: Path) -> None:
    def prepare() -> None:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    (tmp_path / "book.abc").write_text(book("One"))
    done = subprocess.run(
        [sys.executable, "-m", "abcgen.render", "book.abc", "--to", "midi,wav"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        preexec_fn=prepare,
    )
    assert done.returncode == 1
    path = Path("tunes", "0001-one.wav")
    assert f"cannot write {path}: File too large" in one_error_line(done.stderr)
    assert written(tmp_path / "tunes") == ["0001-one.mid"]


@pytest.mark.skipif(os.name == "nt", reason="needs signals")
def test_sound_that_is_being_made_leaves_nothing_when_it_is_ended(tmp_path: Path) -> None:
    with rendering(tmp_path, "--to", "wav", "--qpm", "4") as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("wav")
        process.terminate()
        process.communicate()
    assert not [name for name in written(tmp_path / "wav") if name.startswith(".")]


def test_a_bad_tune_is_named_in_one_line_and_the_exit_code_is_1(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "book.abc").write_text(book("One") + "\n" + BAD)
    assert main(["book.abc", "--out", "x"]) == 1
    out, err = capsys.readouterr()
    assert out.splitlines() == [str(Path("x", "0001-one.mid"))]
    assert len(err.splitlines()) == 2
    assert "tune 2 (X:7" in err
    assert "'/0' is not a note length" in err
    assert "\x1b" not in err


def test_tempo_and_instrument_are_taken(here: Path) -> None:
    (here / "book.abc").write_text(book("One"))
    assert main(["book.abc", "--qpm", "60", "--instrument", "flute"]) == 0
    data = (here / "midi" / "0001-one.mid").read_bytes()
    assert b"\xff\x51\x03" + (1_000_000).to_bytes(3, "big") in data
    assert read_midi(data).tracks[1].getProgramChanges() == [73]


TEXT = book("Fête")


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(TEXT.encode(), id="utf-8"),
        pytest.param(TEXT.encode("utf-8-sig"), id="byte order mark"),
        pytest.param(TEXT.encode("latin-1"), id="latin-1"),
        pytest.param(TEXT.encode("cp1252"), id="cp1252"),
        pytest.param(TEXT.replace("\n", "\r\n").encode(), id="CRLF"),
        pytest.param(TEXT.replace("\n", "\r").encode(), id="bare CR"),
    ],
)
def test_files_from_everywhere_are_read(here: Path, data: bytes) -> None:
    (here / "book.abc").write_bytes(data)
    assert main(["book.abc"]) == 0
    assert written(here / "midi") == ["0001-fete.mid"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (None, "does not exist"),
        (b"", "empty"),
        (b" \n\n", "empty"),
        (b"Some words.\n", "has no tune"),
        (b"MThd\0\0\0\6", "not text"),
    ],
)
def test_what_is_no_tunebook_is_told_in_one_line(
    here: Path, capsys: pytest.CaptureFixture[str], data: bytes | None, message: str
) -> None:
    if data is not None:
        (here / "book.abc").write_bytes(data)
    assert main(["book.abc"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 1
    assert "book.abc" in err
    assert message in err
    assert not (here / "midi").exists()


def test_a_folder_is_a_tunebook(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "empty").mkdir()
    assert main(["empty"]) == 1
    assert "has no .abc file" in capsys.readouterr().err
    (here / "tunes" / "more").mkdir(parents=True)
    for place in ("tunes/one.abc", "tunes/more/two.abc"):
        (here / place).write_text(f"X:1\nT:{place[-7:-4]}\nM:4/4\nL:1/8\nK:C\nC8|]\n")
    assert main(["tunes", "--out", "out"]) == 0
    assert len(list((here / "out").glob("*.mid"))) == 2


def test_a_file_of_a_folder_that_is_none_is_told_and_the_others_are_written(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "tunes").mkdir()
    (here / "tunes" / "a.abc").write_bytes(b"\0\1")
    (here / "tunes" / "b.mid").write_text("no MIDI")
    (here / "tunes" / "c.abc").write_text(book("One"))
    assert main(["tunes", "--out", "out"]) == 0
    assert len(list((here / "out").glob("*.mid"))) == 1
    left_out = capsys.readouterr().err.splitlines()[:2]
    assert "left out: " in left_out[0] and "a.abc" in left_out[0]
    assert "left out: " in left_out[1] and "b.mid" in left_out[1]


@pytest.mark.parametrize("out", ["file", "file/below"])
def test_out_must_be_a_folder(here: Path, capsys: pytest.CaptureFixture[str], out: str) -> None:
    (here / "file").write_text("kept")
    (here / "book.abc").write_text(book("One"))
    assert main(["book.abc", "--out", out]) == 1
    err = capsys.readouterr().err
    assert len(err.splitlines()) == 1
    assert ("file is a file" if out == "file" else "Not a directory") in err
    assert (here / "file").read_text() == "kept"


def test_out_must_be_writable(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "book.abc").write_text(book("One"))
    monkeypatch.setattr(os, "access", lambda *_: False)  # root may write anywhere
    assert main(["book.abc"]) == 1
    assert "cannot be written to" in capsys.readouterr().err


@pytest.mark.parametrize(
    "options",
    [
        ["--jobs", "0"], ["--jobs", "-1"], ["--jobs", "x"],
        ["--qpm", "0"], ["--qpm", "nan"], ["--qpm", "inf"], ["--qpm=-5"],
        ["--to", "xyz"], ["--to", ""], ["--to", "midi", "--one-file"],
        ["--to", "pdf,abc", "--one-file"], ["--swing", "0.4"], ["--swing", "1"],
        ["--transpose", "H"], ["--transpose", "25"], ["--transpose", ""],
        ["--instrument", "kazoo"], ["--instrument", "0"], ["--instrument", "129"],
        ["--accompaniment", "loud"], ["--accompaniment-instrument", "kazoo"],
    ],
)  # fmt: skip
def test_wrong_usage_is_one_line_and_exit_code_2(
    here: Path, capsys: pytest.CaptureFixture[str], options: list[str]
) -> None:
    (here / "book.abc").write_text(book("One"))
    try:
        code: object = main(["book.abc", *options])
    except SystemExit as leaving:
        code = leaving.code
    assert code == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert not (here / "midi").exists()


def test_wrong_usage_is_told_before_the_book_is_looked_for(here: Path) -> None:
    assert main(["missing.abc", "--instrument", "kazoo"]) == 2


def test_stdin_is_read_where_the_file_is_a_hyphen(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "abcgen.render", "-", "--out", "x"],
        input=book("One", "Two").encode(),
        capture_output=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=True,
    )
    assert len(done.stdout.splitlines()) == len(written(tmp_path / "x")) == 2


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "book.abc").write_text(book(*(f"Tune {n}" for n in range(40))))
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "abcgen.render", "book.abc"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    errors = process.stderr.read()
    process.stderr.close()
    assert (process.wait(), errors) == (0, b"")


def test_progress_is_shown_for_long_work(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(console, "_LINE_EVERY", 0.0)
    (here / "book.abc").write_text(book("A", "B", "C"))
    assert main(["book.abc"]) == 0
    assert "2 of 3 tunes\n" in capsys.readouterr().err


def test_every_option_is_explained() -> None:
    explained = build_parser().format_help()
    for option in ("--out", "--jobs", "--qpm", "--instrument", "--to", "--one-file", "FILE"):
        assert option in explained
