import json
import os
import re
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT

EXAMPLES = ROOT / "examples"
NOTEBOOK = "notebook.ipynb"


def without_version(data: bytes) -> bytes:
    """Return a tune without the version of abcgen in its N: line."""
    return re.sub(rb"^N:abcgen [^,]+,", b"N:abcgen,", data, flags=re.MULTILINE)


def outline(notebook: Path) -> list[object]:
    """Return the cells of a notebook without what versions of abcgen and verovio change."""

    def plain(value: object) -> object:
        if isinstance(value, dict):
            return {key: plain(part) for key, part in value.items()}
        if isinstance(value, list) and all(isinstance(part, str) for part in value):
            value = "".join(value)  # lines of a text
        if isinstance(value, list):
            return [plain(part) for part in value]
        if isinstance(value, str):
            value = without_version(value.encode()).decode()
            return re.sub("<svg.*?</svg>", "<svg/>", value, flags=re.DOTALL)
        return value

    read = json.loads(notebook.read_text(encoding="utf-8"))
    return [plain(read["metadata"]), *map(plain, read["cells"])]


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
    assert {path.name for path in tmp_path.iterdir()} == {*kept, NOTEBOOK}
    made, expected = (outline(folder / NOTEBOOK) for folder in (tmp_path, EXAMPLES))
    assert made == expected
    assert str(made).count("<svg/>") == 3
    assert (tmp_path / NOTEBOOK).stat().st_size < 200_000
    for name in kept:
        made, expected = (folder / name for folder in (tmp_path, EXAMPLES))
        assert without_version(made.read_bytes()) == without_version(expected.read_bytes()), name
