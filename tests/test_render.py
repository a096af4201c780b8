"""A tunebook to a folder of MIDI files."""

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from abcgen.errors import AbcgenError, UsageError
from abcgen.formats import folder
from abcgen.formats.folder import file_name, render
from abcgen.render import build_parser, main
from abcgen.support import console
from tests.referee import heard_notes, read_midi

GOOD = "X:{}\nT:{}\nM:4/4\nL:1/8\nK:C\nCDEF GABc|]\n"
BAD = "X:7\nT:No \x1b[31m way\nM:4/4\nL:1/8\nK:C\n|:C8|[1D8:|]\n"
ROOT = Path(__file__).parent.parent


def book(*titles: str) -> str:
    return "\n".join(GOOD.format(number, title) for number, title in enumerate(titles, start=1))


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def written(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize(
    ("number", "title", "name"),
    [
        ("1", "The Kesh", "0001-the-kesh"),
        ("12345", "The Kesh", "12345-the-kesh"),
        ("007", "O'Donnell's", "0007-odonnells"),
        ("1", "Seán Ó Duibhir", "0001-sean-o-duibhir"),
        ("1", "Æ ß Bjørn Łódź", "0001-ae-ss-bjorn-lodz"),
        ("1", "日本", "0001-untitled"),
        ("", "", "0000-untitled"),
        ("x", "con", "0000-con"),
        ("²", "a", "0000-a"),
        ("1", '../..\\etc/"<>|?*:\x00\x1b', "0001-etc"),
        ("1", "a. ", "0001-a"),
        ("1", "x" * 300, "0001-" + "x" * 60),
        ("9" * 5000, "a", "999999999-a"),
    ],
)
def test_file_names_are_safe(number: str, title: str, name: str) -> None:
    assert file_name(number, title) == name


def test_each_tune_has_its_file(tmp_path: Path) -> None:
    results = list(render(book("One", "Two"), tmp_path / "new" / "midi"))
    assert [result.path.name for result in results] == ["0001-one.mid", "0002-two.mid"]
    assert [(r.place, r.number, r.title, r.reason) for r in results] == [
        (1, "1", "One", ""), (2, "2", "Two", ""),
    ]  # fmt: skip
    for result in results:
        assert [n.pitch for n in heard_notes(result.path.read_bytes())[1]] == [
            60, 62, 64, 65, 67, 69, 71, 72,
        ]  # fmt: skip
    assert written(tmp_path / "new" / "midi") == ["0001-one.mid", "0002-two.mid"]


def test_tunes_of_one_number_and_title_never_replace_each_other(tmp_path: Path) -> None:
    same = [GOOD.format(1, title) for title in ("A", "a", "A-2", "a", "A!")]
    names = [result.path.name for result in render(same, tmp_path)]
    assert len(set(names)) == len(written(tmp_path)) == 5
    assert names[:2] == ["0001-a.mid", "0001-a-2.mid"]


def test_a_second_run_replaces_the_files_of_the_first(tmp_path: Path) -> None:
    for _ in range(2):
        list(render(book("One"), tmp_path))
    assert written(tmp_path) == ["0001-one.mid"]


def test_a_tune_that_cannot_be_read_does_not_stop_the_others(tmp_path: Path) -> None:
    results = list(render([GOOD.format(1, "A"), BAD, GOOD.format(3, "B")], tmp_path))
    assert [bool(result.reason) for result in results] == [False, True, False]
    assert "first ending" in results[1].reason
    assert written(tmp_path) == ["0001-a.mid", "0003-b.mid"]


@pytest.mark.parametrize("jobs", [1, 3])
def test_the_files_are_the_same_whatever_the_jobs(tmp_path: Path, jobs: int) -> None:
    tunes = [*book(*(f"Tune {n}" for n in range(60))).split("\n\n"), BAD]
    first = list(render(tunes, tmp_path / "first"))
    again = list(render(tunes, tmp_path / "again", jobs=jobs))
    assert [result.path.name for result in again] == [result.path.name for result in first]
    assert [result.reason for result in again] == [result.reason for result in first]
    for path in (tmp_path / "first").iterdir():
        assert path.read_bytes() == (tmp_path / "again" / path.name).read_bytes()


def test_a_big_book_is_not_read_ahead_of_the_work(tmp_path: Path) -> None:
    taken = 0

    def tunes() -> Iterator[str]:
        nonlocal taken
        for number in range(10_000):
            taken += 1
            yield GOOD.format(number, "A")

    results = render(tunes(), tmp_path, jobs=2)
    next(results)
    results.close()
    assert taken <= 2 * 4 * 16


@pytest.mark.skipif(
    multiprocessing.get_start_method(allow_none=False) != "fork", reason="needs a forked worker"
)
def test_a_worker_that_dies_is_an_error_and_no_hang(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder, "midi_of", lambda *_, **__: os._exit(9))
    with pytest.raises(AbcgenError, match="worker process died"):
        list(render(book("One", "Two"), tmp_path, jobs=2))
    assert written(tmp_path) == []


def test_nothing_half_written_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def disk_full(path: Path, data: bytes) -> int:
        with path.open("wb") as file:
            file.write(data[:50])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", disk_full)
    with pytest.raises(OSError, match="No space"):
        list(render(book("One"), tmp_path))
    assert written(tmp_path) == []


def test_an_unknown_instrument_is_told_before_a_folder_is_made(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="kazoo"):
        list(render(book("One"), tmp_path / "midi", instrument="kazoo"))
    assert not (tmp_path / "midi").exists()


def test_the_command_says_what_it_wrote(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "book.abc").write_text(book("One", "Two"))
    assert main(["book.abc"]) == 0
    out, err = capsys.readouterr()
    assert out.splitlines() == [
        str(Path("midi", name)) for name in ("0001-one.mid", "0002-two.mid")
    ]
    assert err == "abcgen.render: 2 of 2 tunes written to midi\n"


def test_a_bad_tune_is_named_in_one_line_and_the_exit_code_is_1(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "book.abc").write_text(book("One") + "\n" + BAD)
    assert main(["book.abc", "--out", "x"]) == 1
    out, err = capsys.readouterr()
    assert out.splitlines() == [str(Path("x", "0001-one.mid"))]
    assert len(err.splitlines()) == 2
    assert "tune 2 (X:7" in err
    assert "a first ending has no second" in err
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


def test_a_folder_is_no_tunebook(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(here)]) == 1
    assert "is a folder" in capsys.readouterr().err


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
        ["--instrument", "kazoo"], ["--instrument", "0"], ["--instrument", "129"],
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
    for option in ("--out", "--jobs", "--qpm", "--instrument", "FILE"):
        assert option in explained
