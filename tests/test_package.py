"""What the package says of itself: its version, and how little it needs."""

import re
import tomllib

from abcgen import __version__
from tests.conftest import ROOT


def test_the_changelog_has_this_version() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(rf"^## {re.escape(__version__)}$", changelog, re.MULTILINE)


def test_the_changelog_begins_with_the_newest_version() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    versions = [
        tuple(map(int, version.split(".")))
        for version in re.findall(r"^## (\d+\.\d+\.\d+)$", changelog, re.MULTILINE)
    ]
    assert versions == sorted(set(versions), reverse=True)


def test_the_base_install_stays_small() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = {re.match(r"[\w-]+", line).group() for line in project["dependencies"]}  # type: ignore[union-attr]
    assert names == {"ai-edge-litert", "music21", "numpy", "requests", "tqdm"}
