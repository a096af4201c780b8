"""A network trained from the studio: `abcgen.train` in a process of its own."""

import csv
import json
import math
import subprocess
import sys
import tempfile
import threading
from collections import deque
from pathlib import Path
from time import sleep

from abcgen.errors import AbcgenError
from abcgen.studio.networks import Networks
from abcgen.support.defaults import CHECKPOINT

_LOOKS = 0.5  # seconds between two looks at the checkpoint
_SAID = 8  # lines that are kept
_PATIENCE = 10.0  # seconds in which the process must end when it is told to


class Training:
    """At most one training run at a time.

    Parameters
    ----------
    networks : Networks
        Keeps the network of each epoch.
    """

    def __init__(self, networks: Networks) -> None:
        self._networks = networks
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._watcher: threading.Thread | None = None
        self._said: deque[str] = deque(maxlen=_SAID)
        self._rows: list[dict[str, float]] = []
        self._name, self._epochs = "", 0

    def start(self, abc: str, name: str, epochs: int) -> None:
        """Begin to learn the style of a tunebook, from the network that comes with abcgen.

        Raises
        ------
        AbcgenError
            If something is trained already, or there is a network of this name.
        """
        with self._lock:
            if self._process and self._process.poll() is None:
                raise AbcgenError(f"{self._name} is being trained: wait for its end, or stop it")
            taken = [one for one in self._networks.names() if one.rpartition("-")[0] == name]
            if taken:
                raise AbcgenError(f"there is a network {name!r} already: choose another name")
            self._said.clear()
            self._rows, self._name, self._epochs = [], name, epochs
            work = tempfile.TemporaryDirectory(prefix="abcgen-")
            book = Path(work.name) / "book.abc"
            book.write_text(abc, encoding="utf-8")
            options = ["--from", CHECKPOINT, "--name", "run", "--out", work.name, "--keep-last"]
            line = [sys.executable, "-m", "abcgen.train", str(book), *options]
            self._process = subprocess.Popen(
                [*line, "--epochs", str(epochs)],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
                encoding="utf-8",
                errors="replace",
            )
            self._watcher = threading.Thread(
                target=self._watch, args=(self._process, work), name="training", daemon=True
            )
            self._watcher.start()

    def status(self) -> dict[str, object]:
        """Return how far it is, with a row an epoch, and the last lines that it said."""
        running = bool(self._watcher and self._watcher.is_alive())
        failed = bool(self._process and self._process.poll() not in (None, 0))
        return {
            "name": self._name,
            "running": running,
            "failed": failed,
            "epochs": self._epochs,
            "rows": list(self._rows),
            "said": list(self._said),
        }

    def stop(self) -> None:
        """End the run; the epochs that are done are kept."""
        with self._lock:
            process = self._process
            if process and process.poll() is None:
                process.terminate()
                try:
                    process.wait(_PATIENCE)
                except subprocess.TimeoutExpired:
                    process.kill()
            if self._watcher:
                self._watcher.join()

    def _watch(
        self, process: "subprocess.Popen[str]", work: "tempfile.TemporaryDirectory[str]"
    ) -> None:
        """Take down what the run says, and keep the network of each epoch, until its end."""
        reader = threading.Thread(target=self._listen, args=(process,), daemon=True)
        reader.start()
        kept: set[int] = set()
        with work:
            while process.poll() is None:
                sleep(_LOOKS)
                self._keep(Path(work.name) / "run", kept)
            reader.join()
            self._keep(Path(work.name) / "run", kept)

    def _listen(self, process: "subprocess.Popen[str]") -> None:
        assert process.stderr is not None
        with process.stderr as said:
            for line in said:
                words = line.strip().removeprefix("abcgen.train: ")
                if words:
                    self._said.append(words)

    def _keep(self, folder: Path, kept: set[int]) -> None:
        """Take down the epochs that are done; keep the network of the last, unless that is done."""
        import abcgen

        self._rows = _rows_of(folder / "history.csv") or self._rows
        try:
            epoch = json.loads((folder / "checkpoint.json").read_text())["validation"]["epoch"]
            if epoch in kept:
                return
            abcgen.load(folder)  # whole, and not being written
            self._networks.keep(folder, f"{self._name}-{epoch}")
            kept.add(epoch)
        except (OSError, KeyError, ValueError, AbcgenError):
            pass  # not yet: the next look finds it


def _rows_of(history: Path) -> list[dict[str, float]]:
    """Return a row an epoch, with losses in nats a character."""
    try:
        with history.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        return [
            {
                "epoch": int(row["epoch"]),
                "loss": float(row["loss"]),
                "validation": float(row["val_loss"]),
                "bits": round(float(row["val_loss"]) / math.log(2), 3),
            }
            for row in rows
        ]
    except (OSError, KeyError, TypeError, ValueError):
        return []  # it is just being written
