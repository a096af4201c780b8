import os
import re
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT

EXAMPLES = ROOT / "examples"


def without_version(data: bytes) -> bytes:
    """Return a tune without the version of abcgen in its N: line."""
    return re.sub(rb"^N:abcgen [^,]+,", b"N:abcgen,", data, flags=re.MULTILINE)


def test_the_examples_are_what_the_script_writes(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(EXAMPLES / "make.py"), "--out", str(tmp_path)],
        cwd=tmp_path,
        env=dict(os.environ, PYTHONPATH=str(ROOT)),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    kept = {path.name for path in EXAMPLES.iterdir() if path.suffix in (".abc", ".mid")}
    assert {path.name for path in tmp_path.iterdir()} == kept
    for name in kept:
        made, expected = (folder / name for folder in (tmp_path, EXAMPLES))
        assert without_version(made.read_bytes()) == without_version(expected.read_bytes()), name
