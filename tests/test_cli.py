import os
from pathlib import Path

import pytest

from abcgen.cli import COMMANDS, guarded, main
from abcgen.errors import CorpusError, UsageError
from tests.conftest import Run, one_error_line


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
    assert f"usage: abcgen.{command}" in result.stdout


def test_the_console_command_is_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["corpus", "no-such-book"]) == 1
    assert "no-such-book" in one_error_line(capsys.readouterr().err)
    with pytest.raises(SystemExit):
        main(["--help"])
    assert "sample" in capsys.readouterr().out


def test_a_mistyped_command_gets_a_hint(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["smaple"]) == 2
    assert "did you mean sample" in one_error_line(capsys.readouterr().err)


def test_wrong_usage_is_one_line(run: Run) -> None:
    for command, *arguments in (["sample", "--lenght", "3"], ["corpus"], ["train"]):
        result = run(command, *arguments)
        assert result.returncode == 2
        assert "--help" in one_error_line(result.stderr)
        assert result.stdout == ""


def test_the_package_itself_imports_nothing(run: Run, tmp_path: Path) -> None:
    script = tmp_path / "probe.py"
    script.write_text(
        "import sys; before = set(sys.modules); import abcgen\n"
        "print(sorted(set(sys.modules) - before))"
    )
    import subprocess
    import sys

    from tests.conftest import ROOT

    result = subprocess.run(
        [sys.executable, script],
        capture_output=True,
        text=True,
        env=dict(os.environ, PYTHONPATH=str(ROOT)),
    )
    assert result.stdout.strip() == "['abcgen']"
