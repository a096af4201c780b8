import json
from pathlib import Path
from typing import Any

import pytest

from abcgen.evaluation.telltale.report import as_json
from benchmarks.quality import telltale
from tests.benchmarks.pages import RESULTS
from tests.evaluation.telltale.test_report import FOUND


def kept_of(*names: str) -> telltale.Kept:
    books = {"nottingham": as_json(FOUND)}
    return {name: {"written": "2026-01-01", "temperature": 0.8, "books": books} for name in names}


def test_the_page_is_what_the_module_writes() -> None:
    kept = json.loads((RESULTS / "telltale.json").read_text(encoding="utf-8"))
    assert telltale.page(kept) == (RESULTS / "TELLTALE.md").read_text(encoding="utf-8")


def test_networks_stand_side_by_side() -> None:
    kept = json.loads(json.dumps(kept_of("folk 1", "folk 2")))
    kept["folk 1"]["books"]["nottingham"]["areas"]["n-grams"]["unseen"]["value"] = 0.925
    lines = telltale.page(kept).splitlines()
    areas = "| n-grams | 0.925 (0.850 to 0.950) | 0.900 (0.850 to 0.950) | 0.500 (0.400 to 0.600) |"
    assert areas in lines
    assert "| ends V-I |  | 50 (24 to 76) | 100 (96 to 100) | 100 (96 to 100) |" in lines
    assert "| folk 2 | bars | 0.25 | 16.00 | 12.50 |" in lines


def test_what_an_earlier_network_lacks_is_empty() -> None:
    kept = json.loads(json.dumps(kept_of("folk 1", "folk 2")))
    del kept["folk 1"]["books"]["nottingham"]["areas"]["form alone"]
    del kept["folk 1"]["books"]["nottingham"]["plans"]["ABCDABEF"]
    lines = telltale.page(kept).splitlines()
    assert "| form alone |  | 0.600 (0.500 to 0.700) |  |" in lines
    assert "| plan ABCDABEF | 25 (14 to 40) | 25 (11 to 47) |  | 0.0 (0.0 to 4.6) |" in lines


def test_networks_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def noted(book: str, checkpoint: Any, *rest: Any) -> str:
        asked.append((book, *rest))
        return book

    monkeypatch.setattr(telltale, "_PAGE", tmp_path / "page.md")
    monkeypatch.setattr(telltale, "_KEPT", tmp_path / "kept.json")
    monkeypatch.setattr(telltale, "gather", noted)
    monkeypatch.setattr(telltale, "judge", lambda *_: FOUND)
    (tmp_path / "kept.json").write_text(json.dumps(kept_of("old 1")))
    monkeypatch.setattr("sys.argv", ["telltale"])
    telltale.main()
    kept = json.loads((tmp_path / "kept.json").read_text())
    assert [name.split()[0] for name in kept] == ["old", "folk"]
    assert list(kept.values())[1]["books"]["cobb"] == json.loads(json.dumps(as_json(FOUND)))
    assert [book for book, *_ in asked] == ["nottingham", "cobb"]
    assert (tmp_path / "page.md").read_text() == telltale.page(kept)
