"""The parts of `python -m benchmarks`, and how one is measured."""

import importlib
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from typing import Any

from benchmarks.harness.figures import Figure
from benchmarks.harness.settings import Settings

#: The parts, each a module here, in the order of the page.
PARTS = (
    "start_up",
    "streams",
    "jobs",
    "bound",
    "shares",
    "training_step",
    "reading",
    "rendering",
    "growth",
)


def module_of(part: str) -> Any:
    """Return the module of a part: TITLE, ABOUT, and what measures."""
    return importlib.import_module(f"benchmarks.speed.{part}")


def _measure(part: str, settings: Settings) -> list[Figure]:
    return list(module_of(part).measure(settings))


def measured(part: str, settings: Settings) -> list[Figure]:
    """Return the figures of a part, which a process of its own measures.

    So none inherits another's memory, threads and libraries.
    """
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(_measure, part, settings).result()
