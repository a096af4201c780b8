import pytest

from abcgen.evaluation.referees import Abc2midi, abc2midi
from abcgen.support.programs import ProgramError
from tests.evaluation.referees.tried_tunes import GOOD


def test_a_tune_that_hangs_it_is_invalid(monkeypatch: pytest.MonkeyPatch) -> None:
    def hang(command: list[str], folder: str) -> str:
        raise ProgramError(f"{command[0]} took longer than 20 seconds")

    monkeypatch.setattr(abc2midi, "output_of", hang)
    assert Abc2midi().judge([GOOD]) == ["abc2midi took longer than 20 seconds"]


def test_the_first_error_comes_before_any_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    output = "Hello\nWarning in line 3 : odd\nError in line 4 : bad\nError in line 5 : worse\n"
    monkeypatch.setattr(abc2midi, "output_of", lambda *_: output)
    assert Abc2midi().judge([GOOD, GOOD]) == ["Error in line 4 : bad"] * 2
