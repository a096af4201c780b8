import sys
from types import ModuleType

import numpy as np
import pytest

from benchmarks.harness.machine import (
    described,
    instructions_of,
    machine,
    memory_of,
    processor_of,
    version_of,
)


def test_the_processor_has_the_name_that_linux_knows_or_python_or_none() -> None:
    linux = "processor\t: 0\nmodel name\t: AMD EPYC\nflags\t: fpu\n"
    assert processor_of(linux, "x86_64") == "AMD EPYC"
    assert processor_of("model name\t:\nflags\t: fpu\n", "arm") == "arm"
    assert processor_of("", "") == "unknown"


@pytest.mark.parametrize(
    ("flags", "kind"),
    [
        ("fpu avx avx2 avx512f amx_tile amx_int8", "amx"),
        ("fpu avx avx2 avx512f", "avx512"),
        ("fpu avx avx2", "avx2"),
        ("fpu avx", "x86_64"),
        ("", "x86_64"),
    ],
)
def test_processors_are_told_apart_by_their_widest_instructions(flags: str, kind: str) -> None:
    assert instructions_of(f"model name\t: Any\nflags\t\t: {flags}\n", "x86_64") == kind


def test_memory_is_in_gib_or_unknown() -> None:
    assert memory_of("MemTotal:       16777216 kB\nMemFree: 1 kB\n") == "16.0 GiB"
    assert memory_of("") == "unknown"


def test_what_is_not_installed_is_said_to_be_absent() -> None:
    assert version_of("no-such-distribution-at-all") == "not installed"
    assert version_of("numpy") == np.__version__


def test_the_machine_is_described_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.harness.machine._text", lambda path: "")
    monkeypatch.setattr("platform.processor", lambda: "")
    found = described()
    assert found["processor"] == found["memory"] == "unknown"
    assert all(found.values())
    assert "cores" in machine()


def test_the_description_says_whether_the_factors_are_compiled(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "abcgen.model.factors.readers", None)
    assert described()["abcgen"].endswith("factors in Python")
    monkeypatch.setitem(sys.modules, "abcgen.model.factors.readers", ModuleType("readers"))
    assert described()["abcgen"].endswith("factors in C")
