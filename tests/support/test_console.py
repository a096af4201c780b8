import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abcgen.support import console
from abcgen.support.console import Progress, say, table, track
from tests.conftest import ROOT


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """The time in seconds, to be set by a test."""
    now = [1000.0]
    monkeypatch.setattr(console, "monotonic", lambda: now[0])
    return now


def test_a_message_is_one_line_with_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    say("abcgen.x", "two\n lines")
    assert capsys.readouterr() == ("", "abcgen.x: two lines\n")


def test_a_line_every_ten_seconds(clock: list[float], capsys: pytest.CaptureFixture[str]) -> None:
    with Progress("abcgen.x", "tunes", 5000, "reading") as progress:
        for _ in range(4):
            clock[0] += 6
            progress.add(1000)
    assert capsys.readouterr().err == (
        "abcgen.x: reading: 2,000 of 5,000 tunes\nabcgen.x: reading: 4,000 of 5,000 tunes\n"
    )


def test_a_total_that_is_not_known(clock: list[float], capsys: pytest.CaptureFixture[str]) -> None:
    with Progress("abcgen.x", "bytes") as progress:
        clock[0] += 11
        progress.reach(1234)
    assert capsys.readouterr().err == "abcgen.x: 1,234 bytes so far\n"


def test_tracked_items_pass_unchanged_and_are_counted(
    clock: list[float], capsys: pytest.CaptureFixture[str]
) -> None:
    passed = []
    for item in track(["a", "b", "c"], "abcgen.x", "tunes"):
        passed.append(item)
        clock[0] += 8
    assert passed == ["a", "b", "c"]
    assert capsys.readouterr().err == "abcgen.x: 2 of 3 tunes\n"


def test_a_bar_on_a_terminal_is_removed_and_lines_stand_above_it(
    clock: list[float], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with Progress("abcgen.x", "tunes", 40, "reading") as progress:
        progress.add()
        assert capsys.readouterr().err == ""
        clock[0] += 1
        progress.add(9)
        assert "\rreading:  25%" in capsys.readouterr().err
        say("abcgen.x", "look here")
        shown = capsys.readouterr().err
        assert shown.index("abcgen.x: look here\n") < shown.index("reading:  25%")
    assert capsys.readouterr().err.endswith("\r")


def test_short_work_does_not_load_tqdm() -> None:
    script = (
        "import sys\nfrom abcgen.support.console import say, track\n"
        "list(track([1, 2], 'x', 'tunes')); say('x', 'done')\n"
        "sys.exit('tqdm' in sys.modules)"
    )
    environment = dict(os.environ, PYTHONPATH=str(ROOT))
    assert subprocess.run([sys.executable, "-c", script], env=environment).returncode == 0


def test_a_bar_on_a_real_terminal(tmp_path: Path) -> None:
    pty, termios = pytest.importorskip("pty"), pytest.importorskip("termios")
    script = tmp_path / "work.py"
    script.write_text(
        "from abcgen.support import console\nconsole._BAR_AFTER = 0.0\n"
        "list(console.track(range(3), 'x', 'tunes', what='reading'))"
    )
    ours, its = pty.openpty()
    termios.tcsetwinsize(its, (24, 80))
    os.set_blocking(ours, False)
    environment = dict(os.environ, PYTHONPATH=str(ROOT))
    done = subprocess.run([sys.executable, script], env=environment, stderr=its)
    shown = os.read(ours, 10_000)
    os.close(its)
    os.close(ours)
    assert done.returncode == 0
    assert b"reading:" in shown and b"tunes/s" in shown and b"\n" not in shown


def test_a_table_by_hand() -> None:
    rows = [["name", "tunes", "title"], ["a", "12", "Of few words"], ["longer", "3", ""]]
    assert table(rows, "<><").splitlines() == [
        "name    tunes  title",
        "a          12  Of few words",
        "longer      3",
    ]
    assert table([["a", "b", "c"], ["dd", "ee", "ff"]]) == "a    b   c\ndd  ee  ff"


cells = st.text("ab", max_size=5)


@given(st.integers(1, 4).flatmap(lambda n: st.lists(st.tuples(*[cells] * n), min_size=1)))
def test_columns_of_a_table_stand_below_each_other(rows: list[tuple[str, ...]]) -> None:
    lines = table(rows, ">").split("\n")
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row, line in zip(rows, lines, strict=True):
        end = 0
        for cell, width in zip(row, widths, strict=True):
            end += width
            assert line.ljust(end)[end - len(cell) : end] == cell
            end += 2
