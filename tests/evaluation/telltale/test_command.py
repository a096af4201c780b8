import json
from pathlib import Path
from typing import Any

import pytest

from abcgen import evaluate
from abcgen.evaluation.telltale import command
from abcgen.evaluation.telltale.protocol import Tunes
from abcgen.evaluation.telltale.report import as_json
from abcgen.generation.request import Request
from abcgen.generation.sampler import Sampler
from tests.conftest import one_error_line
from tests.evaluation.telltale.test_judgement import TUNES
from tests.evaluation.telltale.test_protocol import BOOK
from tests.evaluation.telltale.test_report import FOUND


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What was asked for; the tunes are always the same."""
    calls: list[tuple[Any, ...]] = []

    def noted(book: str, checkpoint: Any, *rest: Any) -> Tunes:
        calls.append((book, checkpoint.path.name, *rest))
        return TUNES

    monkeypatch.setattr(command, "gather", noted)
    return calls


def test_json_has_each_book(
    asked: list[tuple[Any, ...]],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    judged = []
    monkeypatch.setattr(
        command, "judge", lambda tunes, say: judged.append(tunes) or say("judging") or FOUND
    )
    options = ["--samples", "40", "--seed", "5", "--temperature", "0.7", "--jobs", "2", "--json"]
    assert evaluate.main(["--telltale", "one", "two", "one", *options]) == 0
    request = Request(5, Sampler(0.7))
    assert asked == [("one", "folk", 40, request, 2), ("two", "folk", 40, request, 2)]
    out, err = capsys.readouterr()
    found = json.loads(out)
    assert (found["seed"], found["temperature"]) == (5, 0.7)
    assert Path(found["checkpoint"]["path"]).name == "folk"
    assert list(found["books"]) == ["one", "two"]
    assert found["books"]["one"] == found["books"]["two"] == json.loads(json.dumps(as_json(FOUND)))
    assert judged == [TUNES, TUNES]
    assert "drawing 80 tunes" in err and "judging" in err


def test_the_protocol_is_the_default(
    asked: list[tuple[Any, ...]],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(command, "judge", lambda tunes, say: tunes)
    monkeypatch.setattr(command, "report", lambda book, found: f"report on {book}")
    assert evaluate.main(["--telltale", "one"]) == 0
    assert asked == [("one", "folk", command.COUNT, Request(1), 1)]
    head, _, rest = capsys.readouterr().out.partition("\n\n")
    assert head.endswith("temperature 0.8, seed 1")
    assert rest == "report on one\n"


def error_of(arguments: list[str], code: int, capsys: pytest.CaptureFixture[str]) -> str:
    """Return the error, the last line; progress is reported before it."""
    assert evaluate.main(arguments) == code
    out, err = capsys.readouterr()
    assert out == ""
    return one_error_line(err.splitlines()[-1])


def test_wrong_usage(book: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert "--telltale needs a FILE" in error_of(["--telltale"], 2, capsys)
    for mode in ("--validity", "--likelihood"):
        given = ["--telltale", mode, str(book)]
        assert "can be combined with --samples N alone" in error_of(given, 2, capsys)
    given = ["--telltale", str(book), "--pictures", str(tmp_path)]
    assert "--pictures can only be used" in error_of(given, 2, capsys)


def test_without_scikit_learn_nothing_is_drawn(
    asked: list[tuple[Any, ...]],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    assert "pip install 'abcgen[evaluate]'" in error_of(["--telltale", "one"], 1, capsys)
    assert asked == []


def test_books_that_cannot_be_used(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "--samples" in error_of(["--telltale", str(book)], 1, capsys)
    assert "no-such-book" in error_of(["--telltale", "no-such-book"], 1, capsys)


@pytest.mark.slow
def test_from_tunebook_to_tables(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "many.abc"
    path.write_text(BOOK)
    assert evaluate.main(["--telltale", str(path), "--samples", "40"]) == 0
    out, _ = capsys.readouterr()
    assert f"{path}: learned from 40 tunes by people and 40 drawn ones" in out
    areas = next(line for line in out.splitlines() if line.startswith("features, boosted trees"))
    assert float(areas.removeprefix("features, boosted trees").split()[0]) > 0.8  # mere scales


def test_the_best_of_some_may_be_judged(
    asked: list[tuple[Any, ...]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert evaluate.main(["--telltale", "one", "--best-of", "3"]) == 0
    assert asked == [("one", "folk", command.COUNT, Request(1, best_of=3), 1)]
    assert capsys.readouterr().out.splitlines()[0].endswith("seed 1, best of 3")
    assert evaluate.main(["--validity", "one", "--best-of", "3"]) == 2
    assert "--best-of goes with --telltale" in one_error_line(capsys.readouterr().err)
