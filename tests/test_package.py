"""What holds the house together: README and code saying the same."""

import argparse
import re
import tomllib

import pytest

from abcgen import __version__, convert, corpus, download, evaluate, novelty, render, sample, train
from abcgen.cli import COMMANDS
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
PARSERS = {
    "convert": convert.build_parser,
    "corpus": corpus.build_parser,
    "download": download.build_parser,
    "evaluate": evaluate.build_parser,
    "novelty": novelty.build_parser,
    "render": render.build_parser,
    "sample": sample.build_parser,
    "train": train.build_parser,
}


def options_of(parser: argparse.ArgumentParser) -> set[str]:
    return {option for action in parser._actions for option in action.option_strings} - {"-h"}


def commands_in_readme() -> list[tuple[str, list[str]]]:
    """Return each `python -m abcgen.COMMAND ...` of the README's code blocks, in words."""
    blocks = "\n".join(re.findall(r"^```[a-z]*\n(.*?)^```", README, re.DOTALL | re.MULTILINE))
    lines = blocks.replace("\\\n", " ").splitlines()
    found = [re.findall(r"python -m abcgen\.(\w+)([^|>&#]*)", line) for line in lines]
    return [(name, words.split()) for line in found for name, words in line]


def test_every_command_has_a_parser_and_an_example() -> None:
    assert set(PARSERS) == set(COMMANDS)
    assert {name for name, _ in commands_in_readme()} == set(COMMANDS)


@pytest.mark.parametrize("name", PARSERS)
def test_the_readme_uses_only_options_that_exist(name: str) -> None:
    known = options_of(PARSERS[name]())
    for command, words in commands_in_readme():
        if command == name:
            assert {word for word in words if word.startswith("--")} <= known


@pytest.mark.parametrize("name", PARSERS)
def test_the_readme_names_every_option(name: str) -> None:
    """The options of a recipe are left to --help."""
    from abcgen.model.recipes import HELP

    named = [field.replace("_", "-") for field in HELP]
    recipes = {f"--{no}{field}" for field in named for no in ("", "no-")} - {"--epochs"}
    missing = {
        option
        for option in options_of(PARSERS[name]()) - recipes - {"--help"}
        if not re.search(rf"{re.escape(option)}\b", README)
    }
    assert not missing


def test_the_two_commands_stand_in_the_readme() -> None:
    assert "pip install . && python -m abcgen.sample --length 1024 > tune.abc\n" in README
    assert "pip install '.[dev]' && pytest\n" in README


def test_the_changelog_knows_this_version() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## {__version__}" in changelog


def test_the_base_install_stays_small() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    names = {re.match(r"[\w-]+", line).group() for line in project["dependencies"]}  # type: ignore[union-attr]
    assert names == {"ai-edge-litert", "music21", "numpy", "requests", "tqdm"}
