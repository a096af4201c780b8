"""Tunebooks of the tests of what renders them, and what became of them."""

from pathlib import Path

GOOD = "X:{}\nT:{}\nM:4/4\nL:1/8\nK:C\nCDEF GABc|]\n"
BAD = "X:7\nT:No \x1b[31m way\nM:4/4\nL:1/8\nK:C\nC8|C/0|]\n"


def book(*titles: str) -> str:
    """Return a tunebook of one bar under each title."""
    return "\n".join(GOOD.format(number, title) for number, title in enumerate(titles, start=1))


def written(folder: Path) -> list[str]:
    """Return the names of what is in a folder, sorted."""
    return sorted(path.name for path in folder.iterdir())
