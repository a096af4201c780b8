import importlib
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from abcgen import sample
from abcgen.cli import COMMANDS, main
from abcgen.errors import CorpusError, UsageError
from abcgen.generation import jobs as order
from abcgen.support.guard import guarded, heed_signals
from tests.conftest import ROOT, Run, one_error_line


def raising(error: BaseException) -> int:
    def body() -> int:
        raise error

    return guarded("abcgen.x", body)


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (CorpusError("no\ntune"), 1, "abcgen.x: error: no tune"),
        (UsageError("bad"), 2, "abcgen.x: error: bad"),
        (PermissionError(13, "Permission denied", "f.abc"), 1, "f.abc: Permission denied"),
        (OSError(28, os.strerror(28)), 1, "No space left on device"),
        (KeyboardInterrupt(), 130, "interrupted"),
    ],
)
def test_what_the_user_can_mend_is_one_line_and_a_code(
    error: BaseException, code: int, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert raising(error) == code
    assert line in one_error_line(capsys.readouterr().err)


def test_a_fault_of_the_program_itself_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError):
        raising(ZeroDivisionError())


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_without_loading_what_it_may_lack(command: str, run: Run) -> None:
    result = run(command, "--help")
    assert result.returncode == 0
    assert result.stdout.startswith(f"usage: python -m abcgen.{command} ")


@pytest.mark.parametrize("command", COMMANDS)
def test_the_usage_shows_every_option_and_files_before_options_of_many(command: str) -> None:
    parser = importlib.import_module(f"abcgen.{command}").build_parser()
    usage = parser.format_usage()
    if command != "train":  # a recipe has too many
        for action in parser._actions[1:]:
            assert (action.option_strings or [action.metavar])[-1] in usage
    first = next((a.metavar for a in parser._actions if not a.option_strings), None)
    greedy = [a.option_strings[-1] for a in parser._actions if a.option_strings and a.nargs == "+"]
    assert all(usage.index(f" {first}") < usage.index(option) for option in greedy)


def test_the_console_command_is_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["corpus", "no-such-book"]) == 1
    assert "no-such-book" in one_error_line(capsys.readouterr().err)
    with pytest.raises(SystemExit):
        main(["--help"])
    assert "sample" in capsys.readouterr().out


def test_without_a_command_the_commands_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert all(f"  {command}  " in out for command in COMMANDS)


def test_a_mistyped_command_gets_a_hint(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["smaple"]) == 2
    assert "did you mean sample" in one_error_line(capsys.readouterr().err)


def shell(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run `python -m abcgen.COMMAND` by a shell; what it writes goes out when there is much."""
    environment = dict(os.environ, PYTHONPATH=str(ROOT))
    environment.pop("PYTHONUNBUFFERED", None)
    line = f"{sys.executable} -m abcgen.{command}"
    return subprocess.run(
        ["sh", "-c", line], capture_output=True, text=True, env=environment, cwd=folder
    )


def test_a_stream_that_is_closed_does_not_matter(tmp_path: Path) -> None:
    assert shell("sample --seed 1 >&-", tmp_path).stderr == ""
    assert shell("sample --seed 1 2>&-", tmp_path).stdout.startswith("X:1\n")
    for command in ("render -", "evaluate --validity -", "novelty -"):
        assert "stdin is closed" in one_error_line(shell(f"{command} <&-", tmp_path).stderr)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs Linux")
@pytest.mark.parametrize("command", ["sample --seed 1", "sample --help", "download --list"])
def test_a_full_disk_is_one_line(command: str, tmp_path: Path) -> None:
    result = shell(f"{command} >/dev/full", tmp_path)
    assert result.returncode == 1
    assert os.strerror(28) in one_error_line(result.stderr)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs Linux")
def test_the_code_says_it_where_stderr_takes_nothing(tmp_path: Path) -> None:
    assert shell("sample --key H 2>/dev/full", tmp_path).returncode == 2


def test_help_that_nobody_reads(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    environment = dict(os.environ, PYTHONPATH=str(ROOT))
    environment.pop("PYTHONUNBUFFERED", None)
    command = [sys.executable, "-m", "abcgen.sample", "--help"]
    result = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, env=environment)
    os.close(writing)
    assert (result.returncode, result.stderr) == (0, b"")


@pytest.mark.skipif(os.name == "nt", reason="needs signals")
@pytest.mark.parametrize(
    ("number", "usual", "code", "said"),
    [
        (signal.SIGTERM, signal.SIG_DFL, 143, ""),
        (signal.SIGINT, signal.default_int_handler, 130, "abcgen.x: error: interrupted\n"),
    ],
    ids=["SIGTERM", "SIGINT"],
)
def test_a_signal_that_a_library_makes_an_error_of(
    number: int, usual: Any, code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """As numpy and others do when one comes while they are imported."""

    def fail() -> int:
        try:
            signal.raise_signal(number)
        except BaseException:
            raise ImportError("initialization failed") from None
        return 0

    def go_on() -> int:
        with suppress(BaseException):
            signal.raise_signal(number)
        heed_signals()
        return 0

    before = signal.signal(number, usual)  # in the background SIGINT is ignored
    try:
        for body in (fail, go_on):
            try:
                assert guarded("abcgen.x", body) == code
            except SystemExit as ended:
                assert ended.code == code
            assert capsys.readouterr().err == said
            assert signal.getsignal(number) is usual
        heed_signals()  # what has ended one command does not end the next
    finally:
        signal.signal(number, before)


def test_a_book_heeds_a_signal_whose_exception_was_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    def losing(*_: object) -> int:
        with suppress(SystemExit):
            signal.raise_signal(signal.SIGTERM)
        return 1

    monkeypatch.setattr(order, "_streams", losing)
    with pytest.raises(SystemExit) as ended:
        sample.main(["--tunes", "3", "--seed", "1"])
    assert ended.value.code == 143


def test_terminated_it_leaves_nothing_behind(tmp_path: Path) -> None:
    out = tmp_path / "book.abc"
    command = [sys.executable, "-m", "abcgen.sample", "--tunes", "1000000", "--seed", "1"]
    environment = dict(os.environ, PYTHONPATH=str(ROOT))
    with subprocess.Popen([*command, "--out", str(out)], env=environment) as process:
        while not any(tmp_path.iterdir()):
            assert process.poll() is None
        process.terminate()
    assert process.returncode == 143
    assert list(tmp_path.iterdir()) == []


def test_wrong_usage_is_one_line(run: Run) -> None:
    for command, *arguments in (["sample", "--lenght", "3"], ["corpus"], ["train"]):
        result = run(command, *arguments)
        assert result.returncode == 2
        assert "--help" in one_error_line(result.stderr)
        assert result.stdout == ""
