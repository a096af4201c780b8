"""A studio as users start it: a process of its own, at a free port."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.conftest import ROOT


class Server:
    """A studio that runs: its process, and a client that talks to it."""

    def __init__(self, book: Path, *options: str) -> None:
        line = [sys.executable, "-m", "abcgen.studio", "--no-browser", "--port", "0"]
        self.process = subprocess.Popen(
            [*line, "--book", str(book), *options],
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            # A test runner in the background may have been told to ignore Ctrl-C.
            preexec_fn=None
            if os.name == "nt"
            else lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )
        assert self.process.stderr is not None
        self.greeting = self.process.stderr.readline()
        found = re.search(r"http://\S+", self.greeting)
        assert found, self.greeting + self.process.stderr.read()
        self.url = found[0]
        self.client = httpx.Client(base_url=self.url, timeout=60, trust_env=False)

    def post(self, path: str, **asked: object) -> httpx.Response:
        return self.client.post(f"/api/{path}", json=asked)

    def ask(self, path: str, **asked: object) -> Any:
        """Return the JSON of an answer, which must be a success."""
        answer = self.post(path, **asked)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def get(self, path: str) -> Any:
        answer = self.client.get(f"/api/{path}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def end(self, number: int = signal.SIGTERM) -> tuple[int, str]:
        """Send a signal; return the exit code and what was said on stderr after the greeting."""
        self.client.close()
        self.process.send_signal(number)
        _, said = self.process.communicate(timeout=60)
        return self.process.returncode, said


@contextmanager
def studio(book: Path, *options: str) -> Iterator[Server]:
    """Run a studio; nothing may be on stderr at its end."""
    server = Server(book, *options)
    try:
        yield server
    finally:
        if server.process.poll() is None:
            _, said = server.end()
            assert said == ""
