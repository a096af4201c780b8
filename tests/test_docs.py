"""README and guides say what the code does: options, commands, links, paths, defaults."""

import argparse
import importlib.util
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from abcgen import (
    convert,
    corpus,
    download,
    evaluate,
    harmonize,
    improvise,
    novelty,
    play,
    redraw,
    render,
    sample,
    studio,
    train,
)
from abcgen.cli import COMMANDS
from abcgen.cli import build_parser as abcgen_parser
from abcgen.formats.endings import FORMATS
from abcgen.grammar.faults import complaint
from abcgen.model.recipe import Recipe
from abcgen.training.recipes import RECIPES
from abcgen.tunebooks.names import BUNDLED, FETCHED
from benchmarks.__main__ import build_parser as benchmarks_parser
from benchmarks.harness.parts import PARTS
from tests.conftest import ROOT

README = ROOT / "README.md"
GUIDES = sorted((ROOT / "docs").glob("*.md"))
PAGES = [README, *GUIDES]
TEXTS = {page: page.read_text(encoding="utf-8") for page in PAGES}
EVERYTHING = "\n".join(TEXTS.values())
#: The module that a command line names -> its parser.
PARSERS: dict[str, Callable[[], argparse.ArgumentParser]] = {
    "abcgen": abcgen_parser,
    "abcgen.convert": convert.build_parser,
    "abcgen.corpus": corpus.build_parser,
    "abcgen.download": download.build_parser,
    "abcgen.evaluate": evaluate.build_parser,
    "abcgen.harmonize": harmonize.build_parser,
    "abcgen.improvise": improvise.build_parser,
    "abcgen.novelty": novelty.build_parser,
    "abcgen.play": play.build_parser,
    "abcgen.redraw": redraw.build_parser,
    "abcgen.render": render.build_parser,
    "abcgen.sample": sample.build_parser,
    "abcgen.studio": studio.build_parser,
    "abcgen.train": train.build_parser,
    "benchmarks": benchmarks_parser,
}
INSTALL, DEVELOP = (
    "pip install . && python -m abcgen.sample --length 1024 > tune.abc",
    "pip install '.[dev]' && pytest",
)
FIRST_SCREEN = 40  # lines
MOST_LINES = {page: 200 if page == README else 220 for page in PAGES}


def is_there(name: str) -> bool:
    return (ROOT / name).exists()


def options_of(parser: argparse.ArgumentParser) -> set[str]:
    """Return the options that a parser shows, without --help."""
    return {
        option
        for action in parser._actions
        if action.help is not argparse.SUPPRESS
        for option in action.option_strings
    } - {"-h", "--help"}


def blocks(text: str, language: str = "") -> list[str]:
    """Return the code blocks of a page that are in one language, or in none."""
    found = re.findall(r"^```(\w*)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    return [block for named, block in found if named == language]


def without_blocks(text: str) -> str:
    return re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE)


def inline_code(text: str) -> list[str]:
    return re.findall(r"`([^`\n]+)`", without_blocks(text))


def command_lines() -> Iterator[tuple[str, list[str]]]:
    """Yield module and arguments of each command that a code block or a line of text shows."""
    for text in TEXTS.values():
        shown = [line for block in blocks(text) for line in block.replace("\\\n", " ").splitlines()]
        for line in [*shown, *inline_code(text)]:
            for part in re.split(r"&&|[|>;]", line.partition(" #")[0]):
                found = re.search(r"python -m (\S+)(.*)|^abcgen (\w+)(.*)", part)
                if found and found[1]:
                    yield found[1], found[2].split()
                elif found and found[3] in COMMANDS:
                    yield f"abcgen.{found[3]}", found[4].split()


def slug(heading: str) -> str:
    """Return the anchor that GitHub gives a heading."""
    plain = re.sub(r"[`*]|\[([^]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
    return re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")


def anchors_of(page: Path) -> set[str]:
    text = without_blocks(page.read_text(encoding="utf-8"))
    return {slug(heading) for heading in re.findall(r"^#+ +(.*)$", text, re.MULTILINE)}


def tree() -> list[str]:
    """Return the paths of the tree in the README, folders with a slash behind them."""
    (block,) = [block for block in blocks(TEXTS[README]) if block.startswith("abcgen/\n")]
    paths, inside = [], ""
    for line in block.splitlines():
        name = line.split()[0]
        inside = inside if line.startswith(" ") else ""
        paths.append(inside + name)
        inside = inside or (name if line == name else "")
    return paths


# -- commands and options -------------------------------------------------------------------------


def test_every_command_has_a_parser_and_an_example() -> None:
    assert {f"abcgen.{command}" for command in COMMANDS} == set(PARSERS) - {"abcgen", "benchmarks"}
    shown = {module for module, _ in command_lines()}
    assert set(PARSERS) - {"abcgen"} <= shown


def test_every_command_that_is_shown_exists() -> None:
    for module, words in command_lines():
        if module not in PARSERS and module != "venv":
            assert module.startswith("benchmarks."), module
            assert importlib.util.find_spec(module), module
        elif module in PARSERS:
            options = {word.partition("=")[0] for word in words if re.match(r"--\w", word)}
            assert options - {"--help"} <= options_of(PARSERS[module]()), module


def test_scripts_that_are_shown_exist() -> None:
    for script in re.findall(r"python ([\w/]+\.py)", EVERYTHING):
        assert (ROOT / script).is_file(), script


@pytest.mark.parametrize("module", PARSERS)
def test_every_option_is_named_somewhere(module: str) -> None:
    missing = {
        option
        for option in options_of(PARSERS[module]())
        if not re.search(rf"(?<![\w-]){re.escape(option)}(?![\w-])", EVERYTHING)
    }
    assert not missing


def test_every_option_that_is_named_exists() -> None:
    known = {option for parser in PARSERS.values() for option in options_of(parser())}
    for page, text in TEXTS.items():
        for code in inline_code(text):
            if not re.match(r"(lint-imports|ruff|pip) ", code):
                named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", code))
                assert named <= known | {"--help"}, f"{page.name}: {code}"


def test_the_defaults_of_the_recipe_are_those_in_the_table() -> None:
    table = re.findall(
        r"^\| `--([a-z-]+)[^|]*` \| (\S+) \| ", TEXTS[ROOT / "docs/training.md"], re.MULTILINE
    )
    values = {
        name.replace("_", "-"): ",".join(map(str, value)) if isinstance(value, tuple) else value
        for name, value in Recipe().to_dict().items()
        if name != "name"
    }
    values["rnn-sizes"] = ",".join(map(str, Recipe().rnn_sizes))
    assert dict(table) == {name: str(value) for name, value in values.items()}


@pytest.mark.parametrize(
    ("names", "guide"),
    [
        (RECIPES, "training"),
        ([*FETCHED, *BUNDLED], "tunebooks"),
        (PARTS, "benchmarks"),
        (list(FORMATS), "hear-and-see"),
    ],
)
def test_a_table_names_them_all(names: list[str], guide: str) -> None:
    text = TEXTS[ROOT / f"docs/{guide}.md"]
    assert [name for name in names if not re.search(rf"^\| `{name}` \|", text, re.MULTILINE)] == []


# -- the README -----------------------------------------------------------------------------------


def test_the_readme_opens_with_the_two_commands() -> None:
    lines = TEXTS[README].splitlines()
    assert INSTALL in lines[:FIRST_SCREEN]
    assert DEVELOP in lines[:FIRST_SCREEN]
    # What `.ci/run` takes for them: the first lines of code blocks that begin so.
    code = [line for block in blocks(TEXTS[README]) for line in block.splitlines()]
    assert [line for line in code if line.startswith("pip install")][:2] == [INSTALL, DEVELOP]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_is_short(page: Path) -> None:
    assert len(TEXTS[page].splitlines()) < MOST_LINES[page]


def test_the_tune_in_the_readme_is_valid() -> None:
    (tune,) = blocks(TEXTS[README], "abc")
    assert complaint(tune) is None


def test_the_readme_links_every_guide() -> None:
    links = set(re.findall(r"\]\(([^)#]+)", TEXTS[README]))
    assert {f"docs/{guide.name}" for guide in GUIDES} <= links


def test_every_path_of_the_tree_exists() -> None:
    paths = tree()
    assert len(paths) > len(COMMANDS)
    assert [path for path in paths if not is_there(path)] == []
    assert [path for path in paths if path.endswith("/") and (ROOT / path).is_file()] == []


def test_the_tree_names_every_room_and_every_door() -> None:
    rooms = {f"abcgen/{init.parent.name}/" for init in (ROOT / "abcgen").glob("*/__init__.py")}
    doors = {f"abcgen/{command}.py" for command in COMMANDS} - {"abcgen/studio.py"}  # a room
    assert rooms | doors <= set(tree())
    named = set(inline_code(TEXTS[ROOT / "docs/architecture.md"]))
    assert {path.removeprefix("abcgen/") for path in rooms | doors} <= named


# -- links, paths, Python -------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", without_blocks(TEXTS[page]))
    for link in links:
        if re.match(r"https?:|mailto:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        if anchor:
            assert anchor in anchors_of(target), link


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_tables_are_whole(page: Path) -> None:
    """Their rows follow one another; text between them would end the table."""
    lines = without_blocks(TEXTS[page]).splitlines()
    for before, line, after in zip(["", *lines], lines, [*lines[1:], ""], strict=False):
        if line.startswith("|") and not before.startswith("|"):
            assert re.fullmatch(r"\|[ :|-]+\|", after), line


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_path_that_is_named_exists(page: Path) -> None:
    for code in inline_code(TEXTS[page]):
        if re.fullmatch(r"(abcgen|benchmarks|docs|tests|examples)/[\w./-]*", code):
            assert is_there(code), code


def python_blocks() -> list[tuple[str, str]]:
    return [
        (f"{page.stem}-{number}", block)
        for page, text in TEXTS.items()
        for number, block in enumerate(blocks(text, "python"), start=1)
    ]


@pytest.mark.parametrize("block", [pytest.param(code, id=name) for name, code in python_blocks()])
def test_python_in_the_pages_runs(block: str, tmp_path: Path) -> None:
    book = tmp_path / "book.abc"
    book.write_text("\n".join(path.read_text() for path in (ROOT / "examples").glob("*.abc")))
    process = subprocess.run(
        [sys.executable, "-c", block],
        cwd=tmp_path,
        env=dict(os.environ, PYTHONPATH=str(ROOT)),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (process.returncode, process.stderr) == (0, "")
