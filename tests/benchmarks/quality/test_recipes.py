import json
import shutil
from pathlib import Path

from benchmarks.quality import recipes
from tests.benchmarks.pages import RESULTS, commands_of, rows_of, written_of


def test_an_interrupted_run_is_not_finished(tiny: Path, tmp_path: Path) -> None:
    assert recipes.is_finished(tiny)
    cut = tmp_path / "cut"
    assert not recipes.is_finished(cut)
    shutil.copytree(tiny, cut)
    history = cut / "history.csv"
    *rows, _ = history.read_text(encoding="utf-8").splitlines(keepends=True)
    history.write_text("".join(rows), encoding="utf-8")
    assert not recipes.is_finished(cut)


def test_the_page_is_what_the_module_writes() -> None:
    kept = (RESULTS / "RECIPES.md").read_text(encoding="utf-8")
    rows, missing = rows_of(kept), commands_of(kept)
    runs = [run for run in recipes.runs() if run.command in missing]
    assert recipes.page(rows, runs, 300, written_of(kept)) == kept


def test_the_kept_figures_stand_on_the_page() -> None:
    kept = json.loads((RESULTS / "recipes.json").read_text(encoding="utf-8"))
    rows = rows_of((RESULTS / "RECIPES.md").read_text(encoding="utf-8"))
    assert set(kept) <= {run.name for run in recipes.runs()}
    assert all(row in rows for run in kept.values() for row in run["rows"])
