"""What several tests share: a made-up tunebook, and a network trained on it for a moment."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import hypothesis
import pytest

from abcgen.model.recipe import Recipe
from tests.tunes import made_up_book

ROOT = Path(__file__).parent.parent
TINY = Recipe(
    embedding_dim=8, rnn_sizes=(16,) * 3, batch_size=6, seq_length=24, epochs=2, learning_rate=0.03
)

# How long an example takes says nothing about it on a machine that is busy.
hypothesis.settings.register_profile("any machine", deadline=None)
hypothesis.settings.load_profile("any machine")

Run = Callable[..., subprocess.CompletedProcess[str]]

if hasattr(signal, "SIGHUP"):
    # Under nohup it is ignored, and would be by the processes that tests start and hang up on.
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


@pytest.fixture
def run() -> Run:
    """Run `python -m abcgen.COMMAND ARGUMENTS...` as a process of its own."""

    def run_command(command: str, *arguments: object, **options: object) -> object:
        environment = dict(os.environ, PYTHONPATH=str(ROOT))
        settings: dict[str, object] = {"capture_output": True, "text": True, "timeout": 600}
        settings.update(env=environment)
        settings.update(options)
        return subprocess.run(
            [sys.executable, "-m", f"abcgen.{command}", *map(str, arguments)], **settings
        )

    return run_command


@pytest.fixture(scope="session")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tunebook of 80 made-up tunes."""
    path = tmp_path_factory.mktemp("book") / "made-up.abc"
    path.write_text(made_up_book(80))
    return path


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory, book: Path) -> Path:
    """The folder of a checkpoint trained for two epochs. Needs TensorFlow; do not change it."""
    from abcgen.training.run import train

    folder = tmp_path_factory.mktemp("checkpoints") / "tiny"
    train([str(book)], folder, TINY, seed=1)
    return folder


@pytest.fixture(scope="session")
def styled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a checkpoint that says it has the styles bach and reel; do not change it.

    Its network is that of `folk`, which has learned none: only what is let through is another.
    """
    folder = tmp_path_factory.mktemp("checkpoints") / "styled"
    shutil.copytree(ROOT / "checkpoints" / "folk", folder)
    manifest = folder / "checkpoint.json"
    about = json.loads(manifest.read_text(encoding="utf-8"))
    manifest.write_text(json.dumps({**about, "styles": ["bach", "reel"]}), encoding="utf-8")
    return folder


def one_error_line(stderr: str) -> str:
    """Return stderr, which must be one line that names an error and shows no traceback."""
    lines = stderr.strip().splitlines()
    assert len(lines) == 1, stderr
    assert ": error: " in lines[0]
    return lines[0]
