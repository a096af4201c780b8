from pathlib import Path

import pytest

from abcgen.errors import AbcgenError
from abcgen.evaluation.likelihood import compressors
from abcgen.evaluation.likelihood.compressors import Compressor, Ppmd, Zpaq
from abcgen.evaluation.likelihood.text_model import Baseline, characters_of
from tests.tunes import made_up_tune

#: Some tunes, as they are compressed.
TUNES = [made_up_tune(number) for number in range(1, 41)]


def present(compressor: Compressor) -> Baseline:
    """Return a compressor, or skip the test if it is not available."""
    assert isinstance(compressor, (Ppmd, Zpaq))
    reason = compressor.available()
    if reason is not None:
        pytest.skip(reason)
    return compressor


@pytest.mark.parametrize("compressor", [Ppmd(), Zpaq()], ids=lambda c: c.name)
def test_a_compressor_needs_bits_for_what_is_new(compressor: Compressor) -> None:
    model = present(compressor)
    model.train(TUNES[:30])
    assert model.score([]).bits == 0
    new, known = model.score(TUNES[30:]), model.score(TUNES[:10])
    assert new.right is None
    assert 0 < known.bits < new.bits / 4
    assert 0.5 < new.bits / characters_of(TUNES[30:]) < 4
    # It may learn from one tune for the next.
    assert model.score(TUNES[30:31] * 20).bits < 3 * model.score(TUNES[30:31]).bits


def test_zpaq_compresses_everything_as_one_block() -> None:
    model = present(Zpaq())
    many = [made_up_tune(number) for number in range(1000, 4000)]
    model.train([*TUNES, *many])
    assert model.score(TUNES).bits / characters_of(TUNES) < 0.5


def test_zpaq_uses_the_same_model_and_block_size_for_both(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even where only the longer text needs a block of two MiB."""
    commands = []

    def noted(command: list[str], folder: str, **_: object) -> str:
        commands.append(command)
        Path(folder, "tunes.zpaq").write_bytes(bytes(100 * len(commands)))
        return ""

    monkeypatch.setattr(compressors, "output_of", noted)
    zpaq = Zpaq()
    zpaq.train(["a" * ((1 << 20) - 5000)])
    assert zpaq.score(["a" * 1000]).bits == 800
    first, second = commands
    assert first == second
    assert any(word.startswith("x1,0w2") for word in first)


def test_zpaq_that_fails_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "zpaq"
    program.write_text("#!/bin/sh\necho out of memory >&2\nexit 2\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(AbcgenError, match=r"zpaq failed with code 2: out of memory"):
        Zpaq().score(["a"])


def test_a_missing_compressor_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compressors.shutil, "which", lambda _: None)
    monkeypatch.setattr(compressors.importlib.util, "find_spec", lambda _: None)
    assert "apt-get install zpaq" in str(Zpaq().available())
    assert "pip install 'abcgen[evaluate]'" in str(Ppmd().available())
