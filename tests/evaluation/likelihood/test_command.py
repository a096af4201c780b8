import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from abcgen import evaluate
from abcgen.evaluation.likelihood.compressors import Ppmd, Zpaq
from tests.conftest import ROOT, Run, one_error_line


def test_as_a_process(run: Run, book: Path) -> None:
    done = run("evaluate", "--likelihood", book, "--json")
    assert done.returncode == 0, done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    assert report["split"] == "test"
    assert report["trained_on"]["books"] == [str(book)]
    assert "the network learned from nottingham, cobb, the baselines" in done.stderr
    names = [row["model"] for row in report["rows"]]
    assert names[0].startswith("folk version ") and names[1] == "6-gram, Kneser-Ney"
    assert {*names[1:], *report["missing"]} == {"6-gram, Kneser-Ney", Ppmd.name, Zpaq.name}
    assert {row["book"] for row in report["rows"]} == {str(book)}
    for row in report["rows"]:
        assert 0 < row["bits_per_char"] < 8
        assert row["bits_per_note"] == pytest.approx(
            row["bits_per_char"] * row["characters"] / row["notes"]
        )


def test_the_table_and_no_tensorflow(book: Path) -> None:
    program = (
        "import sys; from abcgen.evaluate import main; code = main(sys.argv[1:]);"
        "assert not {'tensorflow', 'keras', 'music21'} & set(sys.modules); sys.exit(code)"
    )
    options = ["--likelihood", str(book), "--split", "validation", "--train-on", str(book)]
    done = subprocess.run(
        [sys.executable, "-c", program, *options], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    head, first, *_ = done.stdout.splitlines()
    assert head.split()[:4] == ["book", "model", "bits/char", "bits/note"]
    assert first.split()[1] == "folk"
    assert "use --split test" in done.stderr


def test_wrong_usage(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate.main(["--likelihood"]) == 2
    assert "--likelihood needs a FILE" in one_error_line(capsys.readouterr().err)
    assert evaluate.main(["--likelihood", "--checkpoint", "fork", str(book)]) == 1
    assert "did you mean folk?" in one_error_line(capsys.readouterr().err)
    assert evaluate.main(["--likelihood", "--jobs", "2", str(book)]) == 2
    assert "--jobs goes with" in one_error_line(capsys.readouterr().err)
    with pytest.raises(SystemExit):
        evaluate.main(["--likelihood", "--validity", str(book)])
