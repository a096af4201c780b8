import numpy as np
import pytest

from abcgen.errors import UsageError
from abcgen.support import values


@pytest.mark.parametrize("given", [3, np.int64(3), np.uint8(3)])
def test_whole_numbers_become_plain(given: object) -> None:
    found = values.whole("bars", given, 1, 3)
    assert (found, type(found)) == (3, int)


@pytest.mark.parametrize("given", [0, 4, 2.0, "2", True, np.True_, None, [2], float("nan")])
def test_what_is_no_whole_number(given: object) -> None:
    with pytest.raises(UsageError, match="bars must be a whole number, 1 to 3, not "):
        values.whole("bars", given, 1, 3)


def test_what_no_program_can_count() -> None:
    assert values.count("bars", np.int64(3), 1) == 3
    with pytest.raises(UsageError, match="bars must be a whole number, 1 or more, not 0"):
        values.count("bars", 0, 1)
    with pytest.raises(UsageError, match=r"bars must be at most [0-9,]+, not 10+"):
        values.count("bars", 10**30, 1)


@pytest.mark.parametrize("given", [1, 1.0, np.float64(1), np.float32(1), np.int64(1)])
def test_numbers_become_plain(given: object) -> None:
    found = values.number("qpm", given)
    assert (found, type(found)) == (1.0, float)


@pytest.mark.parametrize("given", ["1", True, np.True_, None, [1.0], 1j, 10**400])
def test_what_is_no_number(given: object) -> None:
    with pytest.raises(UsageError, match="qpm must be a number, not "):
        values.number("qpm", given)


@pytest.mark.parametrize("given", [True, np.True_, 1])
def test_truth_values_become_plain(given: object) -> None:
    assert values.flag("chords", given) is True


@pytest.mark.parametrize("given", ["", "no", "False", None, [], 2, np.array([1, 2])])
def test_what_is_no_truth_value(given: object) -> None:
    with pytest.raises(UsageError, match="chords must be True or False, not "):
        values.flag("chords", given)


def test_a_truth_value_or_a_whole_number() -> None:
    assert values.flag_or_whole("novel", True) is True
    assert values.flag_or_whole("novel", np.False_) is False
    found = values.flag_or_whole("novel", np.int64(1))
    assert (found, type(found)) == (1, int)
    for wrong in ("7", None, 1.0, []):
        with pytest.raises(UsageError, match="novel must be True, False or a whole number, not"):
            values.flag_or_whole("novel", wrong)


def test_text() -> None:
    assert values.text("key", "Edor") == "Edor"
    with pytest.raises(UsageError, match="key must be text, such as 'Edor', not b'D'"):
        values.text("key", b"D", "Edor")
    with pytest.raises(UsageError, match=r"^title must be text, not \[0, 1, [0-9, ]{2,30}\.\.\.$"):
        values.text("title", list(range(1000)))


def test_a_keyword_that_is_not_taken() -> None:
    values.known_only("tune", {"key": "D"}, {"key", "meter"})
    with pytest.raises(TypeError, match=r"^tune\(\) got an unexpected keyword argument 'keys'$"):
        values.known_only("tune", {"key": "D", "keys": "D"}, {"key", "meter"})
