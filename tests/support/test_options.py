import argparse
import sys

import pytest

from abcgen.support.options import CommandParser, as_typed, real_number, whole_number
from tests.conftest import one_error_line


@pytest.mark.parametrize(
    ("argv0", "command", "typed"),
    [
        ("/usr/lib/python/abcgen/corpus.py", "abcgen.corpus", "python -m abcgen.corpus"),
        ("/usr/bin/abcgen", "abcgen.corpus", "abcgen corpus"),
        ("/usr/lib/python/abcgen/__main__.py", "abcgen.corpus", "abcgen corpus"),
        ("/usr/lib/python/abcgen/studio/__main__.py", "abcgen.studio", "python -m abcgen.studio"),
        ("/usr/bin/abcgen", "abcgen", "abcgen"),
        ("", "abcgen.corpus", "abcgen corpus"),
    ],
)
def test_a_usage_line_can_be_typed(
    argv0: str, command: str, typed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", [argv0])
    assert as_typed(command) == typed
    assert CommandParser(prog=command).format_help().startswith(f"usage: {typed} [-h]")


def test_wrong_usage_names_the_command_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        CommandParser(prog="abcgen.corpus").parse_args(["--nothing"])
    assert left.value.code == 2
    line = one_error_line(capsys.readouterr().err)
    assert line.startswith("abcgen.corpus: error: ") and line.endswith("(see --help)")


def test_whole_numbers() -> None:
    convert = whole_number(1)
    assert convert("1") == 1 and convert("007") == 7
    for text in ("0", "-1", "1.5", "x", "", str(sys.maxsize + 1)):
        with pytest.raises(argparse.ArgumentTypeError, match=r"1 or more|or less"):
            convert(text)
    with pytest.raises(argparse.ArgumentTypeError) as caught:
        convert("9" * 1000)
    assert len(str(caught.value)) < 200


def test_real_numbers() -> None:
    convert = real_number(0, 100)
    assert (convert("0"), convert("1e2"), convert("0.5")) == (0, 100, 0.5)
    for text in ("-0.1", "100.1", "nan", "inf", "x", ""):
        with pytest.raises(argparse.ArgumentTypeError, match="0 to 100"):
            convert(text)
    with pytest.raises(argparse.ArgumentTypeError, match="0 or more"):
        real_number(0)("-1")
