import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abcgen.evaluation.telltale.area import Area
from abcgen.evaluation.telltale.judgement import Judgement, Telling, Told
from abcgen.evaluation.telltale.report import as_json, report, wilson

FOUND = Judgement(
    {"training": 40, "drawn": 41, "held_out": 20, "others": 42},
    {
        "n-grams": Told(
            Area(0.9, 0.85, 0.95, 20, 42), Area(0.8, 0.7, 0.9, 40, 41), Area(0.5, 0.4, 0.6, 40, 20)
        ),
        "form alone": Told(Area(0.6, 0.5, 0.7, 20, 42)),
    },
    [Telling("bars", "form", 0.25, 16.0, 12.5)],
    {"ends V-I": ((0, 0), (5, 10), (83, 83))},
    {"ABCDABEF": ((10, 40), (5, 20), (0, 80))},
)


@given(st.integers(0, 50), st.integers(1, 50))
def test_wilson(count: int, more: int) -> None:
    of = count + more
    low, high = wilson(count, of)
    assert 0 <= low <= count / of <= high <= 1
    # The ends are where the share would be 1.96 standard deviations away.
    for end in (low, high):
        assert (count / of - end) ** 2 == pytest.approx(
            1.959964**2 * end * (1 - end) / of, abs=1e-9
        )
    assert wilson(of, of)[1] == pytest.approx(1)


def test_a_known_interval() -> None:
    # 81 of 263: 0.2553 to 0.3662, the example of Newcombe (1998).
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)


def test_tables() -> None:
    lines = [line.split("  ") for line in report("book.abc", FOUND).splitlines()]
    rows = {line[0]: [cell.strip() for cell in line[1:] if cell.strip()] for line in lines}
    assert rows["n-grams"] == [
        "0.900 (0.850 to 0.950)",
        "0.800 (0.700 to 0.900)",
        "0.500 (0.400 to 0.600)",
    ]
    assert rows["form alone"] == ["0.600 (0.500 to 0.700)"]
    assert rows["bars"] == ["0.25", "16.00", "12.50"]
    assert rows["ends V-I"] == ["50 (24 to 76)", "100 (96 to 100)"]
    assert rows["plan ABCDABEF"] == ["25 (14 to 40)", "25 (11 to 47)", "0.0 (0.0 to 4.6)"]
    head = lines[0][0]
    assert head.startswith("book.abc: learned from 40 tunes by people and 41 drawn ones")
    assert head.endswith("judged by 20 and 42 others")


def test_json() -> None:
    found = json.loads(json.dumps(as_json(FOUND)))
    assert found["tunes"] == FOUND.tunes
    assert found["areas"]["n-grams"]["unseen"] == {
        "value": 0.9,
        "low": 0.85,
        "high": 0.95,
        "people": 20,
        "drawn": 42,
    }
    assert found["areas"]["form alone"]["crossed"] is None
    assert found["telling"][0]["name"] == "bars"
    shares = found["shares"]["ends V-I"]
    assert shares["training"] == {"count": 0, "of": 0, "interval": None}
    assert (shares["held_out"]["count"], shares["drawn"]["of"]) == (5, 83)
    assert shares["held_out"]["interval"] == pytest.approx([0.2366, 0.7634], abs=1e-4)
    assert found["plans"]["ABCDABEF"]["drawn"]["count"] == 0
