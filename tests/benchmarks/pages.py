"""Read back what the pages of `benchmarks/results` say."""

import re

from tests.conftest import ROOT

RESULTS = ROOT / "benchmarks" / "results"
#: A folder of speeds for each kind of processor.
KINDS = sorted(path.parent for path in RESULTS.glob("*/ratios.json"))


def rows_of(page: str) -> list[list[str]]:
    """Return the cells of the table of a page, without its head."""
    lines = [line for line in page.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line[1:-1].split("|")] for line in lines[2:]]


def written_of(page: str) -> str:
    """Return when and on what a page was written."""
    written = re.search(r"^Written by `.*?` on (.*)\.$", page, re.MULTILINE)
    assert written
    return written[1]


def commands_of(page: str) -> list[str]:
    """Return the commands of the runs that are not trained yet."""
    _, _, listed = page.partition("Not trained yet:")
    return [line.strip() for line in listed.splitlines() if line.strip()]
