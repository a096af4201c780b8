from pathlib import Path

import pytest

from abcgen.evaluation import validity
from tests.evaluation.made_up_referees import Absent, Strict


def test_judge_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(validity, "_TUNES_AT_ONCE", 2)
    steps: list[int] = []
    said = validity.judge(["a", "z", "a"], [Strict(), Absent()], progress=steps.append)
    assert said == {"strict": [None, "it holds a z", None]}
    assert steps == [2, 3]


@pytest.mark.parametrize("jobs", [1, 2, 3, 9])
def test_any_number_of_processes_gives_the_same(jobs: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(validity, "_TUNES_AT_ONCE", 2)
    tunes = ["a", "z", "a", "a", "z", "z", "z"]
    steps: list[int] = []
    said = validity.judge(tunes, [Strict(), Absent()], jobs=jobs, progress=steps.append)
    assert said == {"strict": ["it holds a z" if tune == "z" else None for tune in tunes]}
    assert steps == [2, 4, 6, 7]


def test_tunes_are_found_with_their_number_and_title(tmp_path: Path) -> None:
    book = tmp_path / "book.abc"
    book.write_text(
        "% a book\n\nX: 7 % seven\nT:Two   Words\nT:Other\nK:G\nG4|]\n\nX:8\nK:G\nz4|]\n"
    )
    first, second = validity.find_tunes([str(tmp_path)])
    assert (first.source, first.number, first.title) == (str(book), "7", "Two Words")
    assert first.label == f"{book}: X:7 Two Words"
    assert second.label == f"{book}: X:8"
    assert second.text.startswith("X:8\nK:G\nz4|]")


def test_the_summary_counts_each_referee_and_all_of_them() -> None:
    said: validity.Verdicts = {"acceptor": [None, "bad", None], "music21": [None, None, "bad"]}
    rows = validity.summary(["a", "b", "c"], said)
    assert [(row["referee"], row["valid"], row["percent"]) for row in rows] == [
        ("acceptor", 2, 66.67),
        ("music21", 2, 66.67),
        ("all of them", 1, 33.33),
    ]
    assert [bool(row["version"]) for row in rows] == [True, True, False]
    assert validity.summary([], {})[0]["percent"] == 0.0
