import importlib
import pkgutil

import pytest

import benchmarks.quality


@pytest.mark.parametrize(
    "name", [one.name for one in pkgutil.iter_modules(benchmarks.quality.__path__)]
)
def test_each_measure_of_quality_is_a_command(name: str) -> None:
    assert callable(importlib.import_module(f"benchmarks.quality.{name}").main)
