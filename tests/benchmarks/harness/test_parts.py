from pathlib import Path

import pytest

from benchmarks.harness.figures import (
    Kept,
    page,
)
from benchmarks.harness.parts import PARTS, module_of, titles
from tests.benchmarks.pages import KINDS


@pytest.mark.parametrize("part", PARTS)
def test_each_part_has_a_title_and_a_description(part: str) -> None:
    module = module_of(part)
    assert module.TITLE
    assert module.ABOUT.endswith(".")
    assert callable(module.measure)


@pytest.mark.parametrize("folder", KINDS, ids=lambda folder: folder.name)
def test_the_page_is_what_is_made_of_the_kept_ratios(folder: Path) -> None:
    kept = _kept(folder)
    assert page(kept, titles()) == (folder / "RESULTS.md").read_text(encoding="utf-8")
    assert all(figure.name == name for name, figure in kept.figures.items())


def test_every_part_was_measured_on_some_kind_of_processor() -> None:
    figures = [figure for folder in KINDS for figure in _kept(folder).figures.values()]
    assert {figure.part for figure in figures} == set(PARTS)


def _kept(folder: Path) -> Kept:
    return Kept.from_json((folder / "ratios.json").read_text(encoding="utf-8"))
