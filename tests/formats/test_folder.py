"""A tunebook to a folder of files."""

import itertools
import multiprocessing
import os
import shutil
import wave
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO

import pytest

from abcgen.errors import AbcgenError, UsageError
from abcgen.formats.endings import FORMATS
from abcgen.formats.folder import file_name, render, worthwhile_jobs
from tests.books import BAD, GOOD, book, written
from tests.referee import heard_notes, read_midi

MIDI, WAV, ABC = (FORMATS[name] for name in ("midi", "wav", "abc"))
TOO_LONG = "X:1\nT:Long\nM:4/4\nL:1/4\nQ:1/4=4\nK:C\n" + "C4|" * 500 + "\n"  # 8 hours


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
    assert [path.name for result in results for path in result.paths] == [
        "0001-one.mid", "0002-two.mid",
    ]  # fmt: skip
    assert [(r.place, r.number, r.title, r.reason) for r in results] == [
        (1, "1", "One", ""), (2, "2", "Two", ""),
    ]  # fmt: skip
    for result in results:
        assert [n.pitch for n in heard_notes(result.paths[0].read_bytes())[1]] == [
            60, 62, 64, 65, 67, 69, 71, 72,
        ]  # fmt: skip
    assert written(tmp_path / "new" / "midi") == ["0001-one.mid", "0002-two.mid"]


def test_tunes_of_one_number_and_title_never_replace_each_other(tmp_path: Path) -> None:
    same = [GOOD.format(1, title) for title in ("A", "a", "A-2", "a", "A!")]
    names = [result.paths[0].name for result in render(same, tmp_path)]
    assert len(set(names)) == len(written(tmp_path)) == 5
    assert names[:2] == ["0001-a.mid", "0001-a-2.mid"]


def test_a_second_run_replaces_the_files_of_the_first(tmp_path: Path) -> None:
    for _ in range(2):
        list(render(book("One"), tmp_path))
    assert written(tmp_path) == ["0001-one.mid"]


def test_a_tune_that_cannot_be_read_does_not_stop_the_others(tmp_path: Path) -> None:
    results = list(render([GOOD.format(1, "A"), BAD, GOOD.format(3, "B")], tmp_path))
    assert [bool(result.reason) for result in results] == [False, True, False]
    assert "not a note length" in results[1].reason
    assert written(tmp_path) == ["0001-a.mid", "0003-b.mid"]


@pytest.mark.parametrize("jobs", [1, 3])
def test_the_files_are_the_same_whatever_the_jobs(tmp_path: Path, jobs: int) -> None:
    tunes = [*book(*(f"Tune {n}" for n in range(60))).split("\n\n"), BAD]
    first = list(render(tunes, tmp_path / "first"))
    again = list(render(tunes, tmp_path / "again", jobs=jobs))
    assert [[path.name for path in result.paths] for result in again] == [
        [path.name for path in result.paths] for result in first
    ]
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
    for yielded, _ in enumerate(itertools.islice(results, 100)):
        assert taken <= yielded + 2 * 4 * 16
    results.close()


def dying(*_: object, **__: object) -> None:
    os._exit(9)


@pytest.mark.skipif(
    multiprocessing.get_start_method(allow_none=False) != "fork", reason="needs a forked worker"
)
def test_a_worker_that_dies_is_an_error_and_no_hang(tmp_path: Path) -> None:
    deadly = replace(MIDI, write=dying)
    with pytest.raises(AbcgenError, match="worker process died"):
        list(render(book("One", "Two"), tmp_path, [deadly], jobs=2))
    assert written(tmp_path) == []


def breaking_off(*_: object, **__: object) -> None:
    raise OSError(28, "No space left on device")


def test_a_disk_that_is_full_is_an_error_that_names_the_file(tmp_path: Path) -> None:
    with pytest.raises(AbcgenError, match=r"0001-one\.mid: No space left"):
        list(render(book("One"), tmp_path, [replace(MIDI, write=breaking_off)]))
    assert written(tmp_path) == []


def test_what_fails_while_it_is_copied_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def half(source: IO[bytes], target: IO[bytes]) -> None:
        target.write(source.read(50))
        target.flush()
        breaking_off()

    monkeypatch.setattr(shutil, "copyfileobj", half)
    with pytest.raises(AbcgenError, match="No space left"):
        list(render(book("One"), tmp_path))
    assert written(tmp_path) == []


def test_an_unknown_instrument_is_told_before_a_folder_is_made(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="kazoo"):
        list(render(book("One"), tmp_path / "midi", instrument="kazoo"))
    assert not (tmp_path / "midi").exists()


def test_what_is_not_installed_is_told_before_a_folder_is_made(tmp_path: Path) -> None:
    needy = replace(MIDI, modules=("no_such_module",), extra="such")
    with pytest.raises(AbcgenError, match=r"pip install .*such"):
        list(render(book("One"), tmp_path / "midi", [needy]))
    assert not (tmp_path / "midi").exists()


def test_each_tune_has_a_file_in_each_format(tmp_path: Path) -> None:
    tunes = [GOOD.format(1, "A"), GOOD.format(1, "A"), BAD]
    results = list(render(tunes, tmp_path, [WAV, MIDI, ABC], qpm=600))
    assert [[path.name for path in result.paths] for result in results] == [
        ["0001-a.wav", "0001-a.mid", "0001-a.abc"],
        ["0001-a-2.wav", "0001-a-2.mid", "0001-a-2.abc"],
        [],
    ]
    assert results[2].reason == "'/0' is not a note length"  # once for all formats
    assert written(tmp_path) == sorted(path.name for r in results for path in r.paths)
    assert (tmp_path / "0001-a.abc").read_text() == tunes[0]
    with wave.open(str(tmp_path / "0001-a.wav")) as file:
        assert 0.4 < file.getnframes() / file.getframerate() < 3


def test_a_format_that_a_tune_does_not_fit_does_not_stop_the_others(tmp_path: Path) -> None:
    (result,) = render([TOO_LONG], tmp_path, [ABC, WAV, MIDI])
    assert [path.suffix for path in result.paths] == [".abc", ".mid"]
    assert result.reason.startswith("no WAV: the tune takes 8.3 hours")
    assert written(tmp_path) == ["0001-long.abc", "0001-long.mid"]


def test_tunes_are_transposed_and_keep_tempo_and_instrument(tmp_path: Path) -> None:
    tune = "X:3\nT:Fête\nM:4/4\nL:1/8\nQ:1/4=77\n%%MIDI program 73\nK:C\nCDEF GABc|]\n"
    (result,) = render([tune], tmp_path, [MIDI, ABC], transpose=-3)
    data = result.paths[0].read_bytes()
    assert [n.pitch for n in heard_notes(data)[1]] == [57, 59, 61, 62, 64, 66, 68, 69]
    (plain,) = render([tune], tmp_path / "plain")
    before, after = (read_midi(d) for d in (plain.paths[0].read_bytes(), data))
    assert before.tracks[1].getProgramChanges() == after.tracks[1].getProgramChanges() == [73]
    tempo = b"\xff\x51\x03" + round(60_000_000 / 77).to_bytes(3, "big")
    assert tempo in data
    assert [path.name for path in result.paths] == ["0003-fete.mid", "0003-fete.abc"]
    text = result.paths[1].read_text(encoding="utf-8")
    assert "K:A\n" in text and "T:Fête\n" in text


def test_what_cannot_be_transposed_says_why(tmp_path: Path) -> None:
    (result,) = render(book("One"), tmp_path, transpose="Am")
    assert result.reason.startswith("it cannot be transposed: the tune is in C, and Am")
    assert written(tmp_path) == []


def test_processes_are_started_where_the_work_is_long_enough() -> None:
    cores = os.cpu_count() or 1
    assert worthwhile_jobs([MIDI], 999) == 1
    assert worthwhile_jobs([MIDI, WAV], 3) == 1
    assert worthwhile_jobs([MIDI, WAV], 10_000) == cores
