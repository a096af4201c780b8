"""The `abcgen.download` command as a process."""

import os
import subprocess
import sys
from pathlib import Path

from abcgen import download
from tests.tunebooks.stand import below


def process(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    root = str(Path(download.__file__).parents[1])
    return subprocess.run(
        [sys.executable, "-m", "abcgen.download", *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": root},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_unknown_name_offers_near_ones(tmp_path: Path) -> None:
    done = process("nottingam", "cobb", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == (
        "abcgen.download: error: no corpus 'nottingam'; did you mean nottingham?\n"
    )
    assert below(tmp_path) == []


def test_no_name_is_wrong_usage(tmp_path: Path) -> None:
    done = process(cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "--list" in done.stderr
