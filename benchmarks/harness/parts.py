"""The parts of `python -m benchmarks`, and how a part is measured."""

import importlib
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from typing import Any

from benchmarks.harness.figures import Figure
from benchmarks.harness.settings import Settings

#: The parts, each a module of `benchmarks.speed`, in the order of the page.
PARTS = (
    "start_up",
    "streams",
    "jobs",
    "bound",
    "shares",
    "training_step",
    "reading",
    "rendering",
    "score",
    "synth",
    "growth",
)


def module_of(part: str) -> Any:
    """Return the module of a part, which has TITLE, ABOUT and `measure`."""
    return importlib.import_module(f"benchmarks.speed.{part}")


def titles() -> dict[str, tuple[str, str]]:
    """Return the title of each part, and how it is measured, for `figures.page`."""
    return {part: (module_of(part).TITLE, module_of(part).ABOUT) for part in PARTS}


def _measure(part: str, settings: Settings) -> list[Figure]:
    return list(module_of(part).measure(settings))


def measured(part: str, settings: Settings) -> list[Figure]:
    """Measure a part in a process of its own, and return its figures.

    So no part inherits the memory, threads and libraries of another.
    """
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(_measure, part, settings).result()
