"""Books by several processes, in parts, and without copies: the command as users call it."""

import itertools
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abcgen.generation import jobs as order
from abcgen.generation.request import Request
from abcgen.grammar.wishes import Wishes
from abcgen.melodies.index import NoveltyIndex
from abcgen.model.checkpoint import NOVELTY_FILE, find_checkpoint, read_checkpoint, write_checkpoint
from abcgen.notation.tunebook import split_tunebook
from abcgen.sample import main
from abcgen.support import processes
from abcgen.tunebooks.corpus import CorpusTune
from tests.conftest import ROOT, Run, one_error_line

#: Short tunes, so that many are soon there.
SHORT = ("--seed", "1", "--form", "2")
ENDLESS = ("--tunes", "1000000", "--jobs", "2")
LINUX = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs Linux")


@pytest.fixture(scope="module")
def book() -> str:
    """The first 30 tunes of a book, by one process."""
    command = [sys.executable, "-m", "abcgen.sample", *SHORT, "--tunes", "30"]
    environment = dict(os.environ, PYTHONPATH=str(ROOT))
    return subprocess.run(
        command, capture_output=True, text=True, check=True, env=environment
    ).stdout


@contextmanager
def endless(*arguments: object) -> Iterator[subprocess.Popen[str]]:
    """Run the command in a group of its own, with more to do than it ever will."""
    command = [sys.executable, "-m", "abcgen.sample", *SHORT, *ENDLESS, *map(str, arguments)]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=dict(os.environ, PYTHONPATH=str(ROOT)),
        start_new_session=True,
        # A shell lets what it starts in the background ignore Ctrl-C, and that is inherited.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def workers_of(process: subprocess.Popen[str]) -> list[int]:
    """Return the processes that draw tunes for another."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue  # it has just ended
        if parent == process.pid:
            found.append(int(stat.parent.name))
    return found


# Several processes.


@pytest.mark.parametrize(("tunes", "jobs"), [(30, 2), (30, 3), (3, 9), (1, 2)])
def test_a_book_is_the_same_whatever_the_jobs(run: Run, book: str, tunes: int, jobs: int) -> None:
    result = run("sample", *SHORT, "--tunes", tunes, "--jobs", jobs)
    expected = "\n\n".join(book.split("\n\n")[:tunes]).rstrip("\n") + "\n"
    assert (result.stdout, result.stderr) == (expected, "")


@pytest.mark.parametrize("processors", [1, 4])
def test_processors_share_the_work_where_each_has_enough_to_do(
    processors: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "num_processors", lambda: processors)
    counts = [order.worthwhile_jobs(tunes) for tunes in (1, 30, 499, 500, 10**6)]
    assert counts == [1, 1, 1, min(2, processors), processors]


def test_a_large_book_is_the_same_if_nobody_says_how_many_jobs(
    run: Run, book: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(order, "_TUNES_PER_JOB", 10)
    monkeypatch.setattr(processes, "num_processors", lambda: 3)
    assert main([*SHORT, "--tunes", "30"]) == 0
    assert capsys.readouterr().out == book
    for alone in ("--length", "90000"), ("--engine", "litert", "--length", "90000"):
        assert main([*SHORT, "--tunes", "30", *alone]) == 0
        assert capsys.readouterr().out == book


@pytest.mark.parametrize("streams", [1, 2, 7, 64])
def test_a_book_is_the_same_whatever_the_streams(
    book: str, streams: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(order, "_streams", lambda *_: streams)
    assert main([*SHORT, "--tunes", "30"]) == 0
    assert capsys.readouterr().out == book


@pytest.mark.parametrize("last", [1, 17, 29])
def test_a_book_is_its_parts_one_behind_the_other(
    run: Run, book: str, last: int, tmp_path: Path
) -> None:
    first, second = tmp_path / "first.abc", tmp_path / "second.abc"
    run("sample", *SHORT, "--tunes", last, "--out", first)
    rest = ("--tunes", 30 - last, "--from-tune", last + 1, "--jobs", 2)
    run("sample", *SHORT, *rest, "--out", second)
    assert first.read_bytes() + second.read_bytes() == book.encode()
    again = run("sample", "--like", second)
    assert again.stdout == second.read_text().removeprefix("\n")


def test_raw_text_is_the_same_whatever_the_jobs_and_parts(run: Run) -> None:
    raw = ("sample", "--seed", 1, "--raw", "--tunes")
    whole = run(*raw, 9).stdout
    assert run(*raw, 9, "--jobs", 2).stdout == whole
    assert run(*raw, 4).stdout + run(*raw, 5, "--from-tune", 5).stdout == whole


def test_stats_are_those_of_all_processes(run: Run, book: str) -> None:
    one, several = (
        run("sample", *SHORT, "--tunes", 30, "--jobs", jobs, "--stats").stderr for jobs in (1, 3)
    )
    assert several == one
    (counted,) = re.findall(r"of (\d+) characters drawn", several)
    bare = re.sub("^(N:.*|X:.*)?\n", "", book, flags=re.MULTILINE)
    assert int(counted) >= len(bare)


@given(first=st.integers(1, 10**6), tunes=st.integers(0, 3000), jobs=st.integers(2, 9))
def test_blocks_are_all_numbers_in_order_and_small_books_are_shared_evenly(
    first: int, tunes: int, jobs: int
) -> None:
    numbers = range(first, first + tunes)
    blocks = list(order._blocks(numbers, jobs))
    assert [number for block in blocks for number in block] == list(numbers)
    assert all(0 < len(block) <= 1024 for block in blocks)
    if jobs <= tunes <= 127 * jobs:  # no share is as large as the last block of a large book
        assert len(blocks) <= jobs
        assert max(map(len, blocks)) == -(-tunes // jobs)


def test_blocks_begin_small_grow_and_shrink() -> None:
    sizes = [len(block) for block in order._blocks(range(1, 5001), 2)]
    assert sizes[::2] == [32, 1024, 1024, 315, 105]
    assert sizes[1::2] == sizes[::2]


@pytest.mark.parametrize(
    ("name", "raw"),
    [("litert", False), ("litert", True), pytest.param("keras", False, marks=pytest.mark.keras)],
)
def test_an_engine_draws_one_block_after_the_other(
    monkeypatch: pytest.MonkeyPatch, name: str, raw: bool
) -> None:
    monkeypatch.setattr(order, "_kept", None)
    wishes = Wishes() if raw else Wishes(form=(2,))
    checkpoint, request = read_checkpoint("folk"), Request(1, wishes=wishes, raw=raw, engine=name)
    blocks = [range(1, 4), range(4, 9), range(9, 10), range(10, 13)]
    if name == "keras":  # it is slow
        del blocks[1:]
    engine = order.engine_of(name, checkpoint, 9)
    numbers = range(1, blocks[-1].stop)
    book = [tune.text for tune in order.draw_book(engine, checkpoint, request, numbers)]
    drawn = [
        tune.text
        for block in blocks
        for tune, _ in order._draw_block(1, checkpoint, request, False, block)
    ]
    assert drawn == book


def test_an_engine_is_kept_for_one_book(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(order, "_kept", None)
    checkpoint, request = read_checkpoint("folk"), Request(1, wishes=Wishes(form=(2,)))
    list(order._draw_block(1, checkpoint, request, False, range(1, 3)))
    kept = order._kept
    list(order._draw_block(1, checkpoint, request, False, range(1, 2)))
    assert order._kept is kept
    # Another book may be of another network.
    list(order._draw_block(2, checkpoint, request, False, range(1, 2)))
    assert order._kept is not kept


def test_an_endless_book_is_cut_as_it_is_drawn() -> None:
    blocks = order._blocks(range(1, 10**12), 2)
    assert max(len(block) for block in itertools.islice(blocks, 100)) == 1024


@LINUX
@pytest.mark.parametrize("to_file", [False, True])
def test_a_worker_that_is_killed_is_one_line_and_no_hang(tmp_path: Path, to_file: bool) -> None:
    out = tmp_path / "book.abc"
    with endless(*(("--out", out) if to_file else ())) as process:
        assert process.stdout is not None
        while to_file and not any(tmp_path.iterdir()):
            assert process.poll() is None
        if not to_file:
            assert process.stdout.readline() == "X:1\n"
        one, other = workers_of(process)
        os.kill(one, signal.SIGKILL)
        _, errors = process.communicate()
        assert "a worker process died" in one_error_line(errors)
        assert process.returncode == 1
        assert not Path(f"/proc/{other}").exists()
    assert list(tmp_path.iterdir()) == []


@LINUX
@pytest.mark.parametrize("early", [False, True])
@pytest.mark.parametrize(
    ("number", "code", "said"),
    [
        ("SIGINT", 130, "abcgen.sample: error: interrupted\n"),
        ("SIGTERM", 143, ""),
        ("SIGHUP", 129, ""),
        ("SIGKILL", -9, ""),
    ],
)
@pytest.mark.parametrize("to", [os.kill, getattr(os, "killpg", None)])
def test_what_ends_the_command_or_its_group_ends_all_processes_quietly(
    number: str, code: int, said: str, early: bool, to: Callable[[int, int], None], tmp_path: Path
) -> None:
    out = ["--out", tmp_path / "book.abc"] if early else []
    with endless(*out) as process:
        assert process.stdout is not None
        while early and not workers_of(process):  # while they are still starting
            assert process.poll() is None
        if not early:
            assert process.stdout.readline() == "X:1\n"
        to(process.pid, getattr(signal, number))
        # The workers hold the other ends too, so this returns when the last of them has ended.
        _, errors = process.communicate()
        assert (process.returncode, errors) == (code, said)
    assert number == "SIGKILL" or list(tmp_path.iterdir()) == []


def test_a_reader_that_goes_away_ends_all_quietly() -> None:
    with endless() as process:
        assert process.stdout is not None and process.stderr is not None
        assert process.stdout.readline() == "X:1\n"
        process.stdout.close()
        assert process.stderr.read() == ""
        assert process.wait() == 0


@LINUX
@pytest.mark.parametrize("out", ["/dev/null", ""])
def test_a_book_that_goes_into_a_file_shows_its_progress(tmp_path: Path, out: str) -> None:
    import termios

    script = tmp_path / "draw.py"
    options = [*SHORT, "--tunes", "20", "--jobs", "2", *(["--out", out] if out else [])]
    script.write_text(
        "from abcgen.sample import main\nfrom abcgen.support import console\n"
        f"console._BAR_AFTER = 0.0\nraise SystemExit(main({options!r}))"
    )
    terminal, end = os.openpty()
    termios.tcsetwinsize(end, (24, 80))
    os.set_blocking(terminal, False)
    done = subprocess.run(
        [sys.executable, script],
        stdout=subprocess.PIPE,
        stderr=end,
        env=dict(os.environ, PYTHONPATH=str(ROOT)),
        check=True,
    )
    os.write(end, b"all\n")  # so that there is something to read
    shown = os.read(terminal, 100_000)
    os.close(terminal)
    os.close(end)
    assert (b"tunes/s" in shown, bool(done.stdout)) == (bool(out), not out)


# No copies.


@pytest.fixture(scope="module")
def copying(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The network `folk` as if it had learned from tunes 2 and 5 of `ROUND`."""
    name = tmp_path_factory.mktemp("checkpoints") / "folk"
    folder = Path(shutil.copytree(find_checkpoint("folk"), name))
    command = [sys.executable, "-m", "abcgen.sample", *ROUND, "--tunes", "5"]
    environment = dict(os.environ, PYTHONPATH=str(ROOT))
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    tunes = list(split_tunebook(done.stdout))
    index = NoveltyIndex.of(CorpusTune("a", n, "b", tunes[n - 1], "train") for n in (2, 5))
    index.held_out = (20,) * 30
    write_checkpoint(read_checkpoint(str(folder)), {NOVELTY_FILE: index.save})
    return folder


ROUND = ("--seed", "3", "--form", "8", "--meter", "6/8")


def test_tunes_of_the_corpus_are_drawn_again_and_others_are_not(
    run: Run, copying: Path, tmp_path: Path
) -> None:
    asked = ("sample", *ROUND, "--checkpoint", copying, "--tunes", 12, "--no-critic")
    freely = list(split_tunebook(run(*asked).stdout))
    book = tmp_path / "book.abc"
    result = run(*asked, "--novel", "--out", book)
    assert result.stderr == (
        "abcgen.sample: 2 of 12 tunes were drawn again because they shared more than 20 notes in "
        "one run with a tune of the corpus\n"
    )
    index = NoveltyIndex.load(copying / NOVELTY_FILE)
    tunes = list(split_tunebook(book.read_text()))
    for number, (before, after) in enumerate(zip(freely, tunes, strict=True), start=1):
        assert (before != after) == (number in (2, 5))
        assert (f", tune {number}, try 2, " in after) == (number in (2, 5))
        assert index.longest_run(after) <= 20
    for jobs in (2, 3):
        assert run(*asked, "--novel", "--jobs", jobs).stdout == book.read_text()
    assert run("sample", "--like", book, "--checkpoint", copying).stdout == book.read_text()
    part = run(*asked, "--novel", "20", "--tunes", 8, "--from-tune", 5).stdout
    assert book.read_text().endswith(part)
    assert run(*asked, "--novel", "500").stdout == run(*asked).stdout


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_tune_that_is_always_a_copy_is_reported(
    run: Run, copying: Path, tmp_path: Path, jobs: int
) -> None:
    """At temperature 0 every try gives the same."""
    cold = ("sample", *ROUND, "--form", 4, "--temperature", 0, "--tunes", 2)
    tune = run(*cold).stdout.split("\n\n")[0] + "\n"
    folder = Path(shutil.copytree(copying, tmp_path / "folk"))
    index = NoveltyIndex.of([CorpusTune("a", 1, "b", tune, "train")])
    write_checkpoint(read_checkpoint(str(folder)), {NOVELTY_FILE: index.save})
    out = tmp_path / "book.abc"
    asked = (*cold, "--checkpoint", folder, "--jobs", jobs, "--out", out)
    result = run(*asked, "--novel", 10)
    shared = index.longest_run(tune)
    line = one_error_line(result.stderr)
    assert result.returncode == 1
    assert "tune 1 shares more than 10 notes" in line
    assert f"50 attempts, {shared} in the last; try a higher temperature" in line
    assert not out.exists()
    # Too few tunes are held out to say what is a copy.
    assert "give a threshold" in one_error_line(run(*asked, "--novel").stderr)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--length", "500", "--jobs", "2"], "leave out --jobs"),
        (["--length", "500", "--from-tune", "2"], "leave out --from-tune"),
        (["--novel", "--raw"], "leave out --raw"),
        (["--novel", "6"], "at least 7, not 6"),
        (["--novel", "0"], "'0'"),
        (["--novel", "some"], "'some'"),
        (["--jobs", "0"], "--jobs"),
        (["--jobs", "-1"], "--jobs"),
        (["--from-tune", "0"], "--from-tune"),
        (["--like", "book.abc", "--novel"], "leave out --"),
        (["--like", "book.abc", "--jobs", "2"], "leave out --"),
        (["--like", "book.abc", "--from-tune", "2"], "leave out --"),
    ],
)
def test_wrong_usage_is_one_line(
    options: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        found = main(options)
    except SystemExit as leaving:
        found = leaving.code  # type: ignore[assignment]
    assert found == 2
    captured = capsys.readouterr()
    assert words in one_error_line(captured.err)
    assert captured.out == ""
