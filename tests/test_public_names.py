"""The package's own names: they load on first use, and importing loads nothing."""

import subprocess
import sys

import abcgen
from tests.conftest import ROOT

LISTS_MODULES = """
import sys
before = set(sys.modules)
import abcgen
new = set(sys.modules) - before
print(*sorted(m for m in new if m.partition('.')[0] not in sys.stdlib_module_names))
"""


def test_importing_loads_nothing_else() -> None:
    result = subprocess.run(
        [sys.executable, "-c", LISTS_MODULES], cwd=ROOT, capture_output=True, check=True, text=True
    )
    assert result.stdout.split() == ["abcgen"]


def test_all_names_are_there_and_sorted() -> None:
    assert abcgen.__all__ == sorted(abcgen.__all__)
    assert set(abcgen.__all__) == set(abcgen._HOMES) <= set(dir(abcgen))
    for name in abcgen.__all__:
        found = getattr(abcgen, name)
        assert found.__name__ == name
        assert found.__module__ == abcgen._HOMES[name]
        assert found.__doc__


def test_an_unknown_name_is_an_attribute_error() -> None:
    assert not hasattr(abcgen, "compose")
