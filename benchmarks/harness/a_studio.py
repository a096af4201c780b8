"""A studio that runs while something is measured."""

import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Studio:
    """A studio with a new book.

    Attributes
    ----------
    url : str
        Its address.
    process : int
        The number of its process.
    took : float
        Seconds from the start of the process until its address answers.
    """

    url: str
    process: int
    took: float

    def peak_memory(self) -> str:
        """Return the most memory that it has had, or an empty string where no one says."""
        status = Path(f"/proc/{self.process}/status")
        found = re.findall(r"VmHWM:\s*(.*)", status.read_text()) if status.exists() else []
        return found[0] if found else ""


@contextmanager
def a_studio() -> Iterator[Studio]:
    """Start a studio on a new book, at a free port; end it afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        line = [sys.executable, "-m", "abcgen.studio", "--no-browser", "--port", "0"]
        begun = time.perf_counter()
        process = subprocess.Popen(
            [*line, "--book", str(Path(folder) / "book")], stderr=subprocess.PIPE, text=True
        )
        assert process.stderr is not None
        greeting = process.stderr.readline()  # comes when it answers
        took = time.perf_counter() - begun
        try:
            found = re.search(r"http://\S+", greeting)
            assert found, greeting + process.stderr.read()
            yield Studio(found[0], process.pid, took)
        finally:
            process.terminate()
            process.wait()
