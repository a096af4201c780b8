"""The rooms of abcgen, their tests, and the size of what is in them."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

ABCGEN, TESTS = ROOT / "abcgen", ROOT / "tests"
#: Tests of a whole room, or of abcgen as a whole, that no module has the name of.
OF_THE_WHOLE = {
    "api/test_wrong_values",
    "grammar/test_valid",
    "benchmarks/test_main",
    "studio/test_page",
    "test_docs",
    "test_examples",
    "test_package",
    "test_public_names",
    "test_rooms",
    "test_what_people_write",
}
MOST_LINES = 400  # of a module
MOST_LINES_OF_A_FUNCTION = 60
#: Functions that add the options of a command one after another may be long.
OPTIONS = {"build_parser", "add_options"}


def modules() -> list[Path]:
    """Return the modules of abcgen and of the benchmarks."""
    return [path for folder in (ABCGEN, ROOT / "benchmarks") for path in folder.rglob("*.py")]


def name_of(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix()


def subject_of(test: Path) -> Path:
    """Return what a test is about by its name: a module or package, without an ending.

    ``tests/room/test_module.py`` tests ``abcgen/room/module``; below ``tests/benchmarks`` it is a
    module of ``benchmarks``.
    """
    place = test.relative_to(TESTS)
    place = place.with_name(place.name.removeprefix("test_")).with_suffix("")
    return (ROOT if place.parts[0] == "benchmarks" else ABCGEN) / place


def test_tests_mirror_the_rooms() -> None:
    misnamed = set()
    for test in TESTS.rglob("test_*.py"):
        module = subject_of(test)
        if not (module.with_suffix(".py").exists() or (module / "__init__.py").exists()):
            misnamed.add(name_of(test.with_suffix(""), TESTS))
    assert misnamed == OF_THE_WHOLE


@pytest.mark.parametrize("folder", [TESTS, ABCGEN], ids=["tests", "abcgen"])
def test_every_folder_of_python_is_a_package(folder: Path) -> None:
    folders = {path.parent for path in folder.rglob("*.py")}
    assert all((one / "__init__.py").exists() for one in folders)


def test_every_room_of_the_tests_is_a_room() -> None:
    rooms = {path.parent.relative_to(TESTS) for path in TESTS.rglob("test_*.py")}
    for room in rooms:
        home = ROOT if room.parts[:1] == ("benchmarks",) else ABCGEN
        assert (home / room).is_dir(), room


def test_modules_are_short() -> None:
    lines = {name_of(path, ROOT): path.read_text("utf-8").count("\n") for path in modules()}
    assert not {name for name, count in lines.items() if count > MOST_LINES}


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Yield the name of each function of a module, and its lines."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            yield node.name, node.end_lineno - node.lineno + 1


def test_functions_are_short() -> None:
    long = {
        f"{name_of(path, ROOT)}: {name}"
        for path in modules()
        for name, count in functions(path)
        if count > MOST_LINES_OF_A_FUNCTION and name not in OPTIONS
    }
    assert not long
