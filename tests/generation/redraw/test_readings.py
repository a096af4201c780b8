import pytest

from abcgen.errors import NotationError
from abcgen.generation.redraw import readings
from abcgen.generation.redraw.bars import barred
from abcgen.generation.redraw.readings import Readings
from tests.generation.engines import VOCABULARY
from tests.tunes import SPELLED


def test_a_tune_is_read_once_whatever_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    read = Readings(VOCABULARY)
    first = read.of(SPELLED)
    assert first == barred(SPELLED, VOCABULARY)
    monkeypatch.delattr(readings, "barred")
    other = read.of(SPELLED.replace("X:1\n", "X:27\n") + "\n")
    assert other == first._replace(number=27)


def test_another_text_is_read_anew() -> None:
    read = Readings(VOCABULARY)
    assert read.of(SPELLED).text != read.of(SPELLED.replace("T:", "T:a")).text
    with pytest.raises(NotationError):
        read.of(SPELLED.replace("K:", "K:?"))


def test_only_the_last_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readings, "_KEPT", 2)
    read, tune = Readings(VOCABULARY), barred(SPELLED, VOCABULARY)
    for title in "abc":
        read.add(f"X:1\nT:{title}\n", tune)
    monkeypatch.delattr(readings, "barred")
    assert read.of("X:5\nT:c\n") == read.of("X:5\nT:b\n") == tune._replace(number=5)
    with pytest.raises(NameError):
        read.of("X:1\nT:a\n")
