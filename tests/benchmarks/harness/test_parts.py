import pytest

from benchmarks.harness.figures import (
    Kept,
    page,
)
from benchmarks.harness.parts import PARTS, module_of, titles
from tests.benchmarks.pages import RESULTS


@pytest.mark.parametrize("part", PARTS)
def test_each_part_has_a_title_and_a_description(part: str) -> None:
    module = module_of(part)
    assert module.TITLE
    assert module.ABOUT.endswith(".")
    assert callable(module.measure)


def test_the_page_is_what_is_made_of_the_kept_ratios() -> None:
    kept = Kept.from_json((RESULTS / "ratios.json").read_text(encoding="utf-8"))
    assert page(kept, titles()) == (RESULTS / "RESULTS.md").read_text(encoding="utf-8")
    assert {figure.part for figure in kept.figures.values()} == set(PARTS)
    assert all(figure.name == name for name, figure in kept.figures.items())
