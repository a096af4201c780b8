from pathlib import Path

import pytest

from abcgen.evaluation.likeness.samples import draw_samples
from abcgen.evaluation.referees import Acceptor
from abcgen.model.checkpoint import read_checkpoint
from tests.conftest import Run


@pytest.mark.keras
def test_samples_are_those_of_abcgen_sample(plain: Path, run: Run) -> None:
    samples = draw_samples(read_checkpoint(str(plain)), 3, 5, 1.0)
    options = ("--checkpoint", plain, "--tunes", 3, "--seed", 5, "--temperature", 1)
    raw = run("sample", *options, "--raw").stdout
    assert "\n".join(samples.raw) == raw.rstrip("\n") + "\n"
    masked = run("sample", *options).stdout
    lines = [line for line in masked.splitlines() if line[:2] not in ("X:", "N:")]
    assert [line for tune in samples.masked for line in [*tune.splitlines()[1:], ""]] == [
        *lines,
        "",
    ]
    assert Acceptor().judge(samples.masked) == [None] * 3
