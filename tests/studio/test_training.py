"""Runs of training, with a stand-in for `abcgen.train` that writes the checkpoint folk at once."""

import os
import sys
from pathlib import Path

import pytest

import abcgen
from abcgen.errors import AbcgenError
from abcgen.studio.networks import Networks
from abcgen.studio.training import Training
from tests.conftest import ROOT
from tests.tunes import made_up_book

STAND_IN = f"""#!{sys.executable}
import shutil, sys
out = sys.argv[sys.argv.index("--out") + 1]
assert "T:Made Up" in open(sys.argv[3], encoding="utf-8").read()
shutil.copytree({str(ROOT / "checkpoints" / "folk")!r}, out + "/run")
with open(out + "/run/history.csv", "w") as file:
    file.write("epoch,loss,accuracy,val_loss\\n1,0.9,0.7,0.8\\n")
"""
pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs a script that is a program")


def run_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str) -> Training:
    """Return runs by a program in place of Python."""
    path = tmp_path / "python"
    path.write_text(program)
    path.chmod(0o755)
    monkeypatch.setattr("abcgen.studio.training.sys.executable", str(path))
    return Training(Networks(abcgen.load, tmp_path / "networks"))


def wait_for(training: Training) -> dict[str, object]:
    """Return the status at the end of a run."""
    assert training._watcher is not None
    training._watcher.join(60)
    return training.status()


def test_each_epoch_is_told_and_its_network_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    training = run_of(tmp_path, monkeypatch, STAND_IN)
    training.start(made_up_book(2), "mine", 8)
    status = wait_for(training)
    assert (status["running"], status["failed"], status["epochs"]) == (False, False, 8)
    assert status["rows"] == [{"epoch": 1, "loss": 0.9, "validation": 0.8, "bits": 1.154}]
    networks = Networks(abcgen.load, tmp_path / "networks")
    (name,) = networks.names()
    assert name == f"mine-{abcgen.load().checkpoint.validation['epoch']}"
    batch = networks.batch(name)
    assert batch is networks.batch(name)
    tune = batch.tunes(seed=1)[0].result(60)
    assert abcgen.check(tune) is None
    assert f"checkpoint {name} " in tune.abc
    networks.close()
    with pytest.raises(AbcgenError, match="another name"):
        training.start(made_up_book(2), "mine", 8)


def test_why_a_run_failed_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failing = "#!/bin/sh\necho abcgen.train: the corpus is too small >&2\nexit 1\n"
    training = run_of(tmp_path, monkeypatch, failing)
    training.start(made_up_book(2), "mine", 8)
    status = wait_for(training)
    assert status["failed"]
    assert status["said"] == ["the corpus is too small"]


def test_one_run_at_a_time_which_can_be_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    training = run_of(tmp_path, monkeypatch, "#!/bin/sh\nexec cat /dev/zero >/dev/null\n")
    training.start(made_up_book(2), "mine", 8)
    assert training.status()["running"]
    with pytest.raises(AbcgenError, match="mine is being trained"):
        training.start(made_up_book(2), "two", 8)
    training.stop()
    assert not training.status()["running"]
