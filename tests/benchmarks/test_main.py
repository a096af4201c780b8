import importlib
import json
import pkgutil
from dataclasses import replace
from pathlib import Path

import pytest

import benchmarks.__main__ as command
import benchmarks.quality
from benchmarks.harness.figures import (
    LESS,
    MORE,
    Figure,
    Kept,
    compared,
)


def figure(name: str, ratio: float, better: str = MORE) -> Figure:
    return compared(name, "a fish", "a bicycle", better, [ratio], [1.0], "m/s")


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, list[Figure]]:
    """The figures of the parts, without measuring; files are written into a temporary folder."""
    found = {"streams": [figure("streams/sea", 3)], "jobs": [figure("jobs/road", 4, LESS)]}
    monkeypatch.setattr(command, "measured", lambda part, _: found.get(part, []))
    monkeypatch.setattr(command, "find_checkpoint", Path)
    monkeypatch.setattr(command, "read_checkpoint", lambda _: None)
    monkeypatch.setattr(command, "FOLDER", tmp_path / "kind")
    return found


def test_a_run_writes_and_a_check_that_finds_the_same_passes(
    measured: dict[str, list[Figure]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["--repeats", "3"]) == 0
    assert "`python -m benchmarks --repeats 3`" in (command.FOLDER / command.PAGE).read_text()
    assert (
        json.loads((command.FOLDER / command.RATIOS).read_text())["figures"]["streams/sea"]["ratio"]
        == 3
    )
    assert command.main(["--check"]) == 0
    assert "no figure became 20 % worse" in capsys.readouterr().out


def test_a_check_names_each_that_became_worse_and_writes_nothing(
    measured: dict[str, list[Figure]], capsys: pytest.CaptureFixture[str]
) -> None:
    command.main([])
    before = (
        (command.FOLDER / command.PAGE).read_bytes(),
        (command.FOLDER / command.RATIOS).read_bytes(),
    )
    measured["streams"] = [replace(measured["streams"][0], ratio=2.0)]
    measured["jobs"] = [replace(measured["jobs"][0], ratio=5.0)]
    capsys.readouterr()
    assert command.main(["--check"]) == 1
    out = capsys.readouterr().out
    assert [line.split(":")[0] for line in out.splitlines() if "% worse" in line] == [
        "streams/sea",
        "jobs/road",
    ]
    assert (
        (command.FOLDER / command.PAGE).read_bytes(),
        (command.FOLDER / command.RATIOS).read_bytes(),
    ) == before


def test_a_check_without_kept_ratios_fails(
    measured: dict[str, list[Figure]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["--check"]) == 1
    assert "run without --check first" in capsys.readouterr().err
    assert not (command.FOLDER / command.RATIOS).exists()


def test_only_some_parts_leave_the_others_as_they_were(
    measured: dict[str, list[Figure]],
) -> None:
    command.main([])
    measured["streams"] = [replace(measured["streams"][0], ratio=2.0)]
    measured["jobs"] = [replace(measured["jobs"][0], ratio=1.0)]
    command.main(["--only", "jobs"])
    kept = Kept.from_json((command.FOLDER / command.RATIOS).read_text())
    assert {name: one.ratio for name, one in kept.figures.items()} == {
        "streams/sea": 3,
        "jobs/road": 1,
    }


def _written() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in command.FOLDER.iterdir()}


@pytest.mark.parametrize(
    "name", [one.name for one in pkgutil.iter_modules(benchmarks.quality.__path__)]
)
def test_each_measure_of_quality_is_a_command(name: str) -> None:
    assert callable(importlib.import_module(f"benchmarks.quality.{name}").main)
