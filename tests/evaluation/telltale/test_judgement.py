import numpy as np
import pytest

from abcgen.evaluation.telltale import judgement, shares
from abcgen.evaluation.telltale.area import area
from abcgen.evaluation.telltale.classifiers import CLASSIFIERS, TREES
from abcgen.evaluation.telltale.features import GROUPS, Table
from abcgen.evaluation.telltale.judgement import WORDS, Judgement, judge, telling
from abcgen.evaluation.telltale.protocol import Tunes
from tests.evaluation.telltale.test_area import NONE, RETURNS, some

TUNES = Tunes(
    some(40, RETURNS, 1), some(40, NONE, 2), some(20, RETURNS, 3), some(40, [*NONE, *RETURNS], 4)
)


@pytest.fixture(scope="module")
def found() -> Judgement:
    lines: list[str] = []
    found = judge(TUNES, lines.append)
    assert len(lines) == len(CLASSIFIERS) + 1
    return found


def test_all_classifiers_and_groups(found: Judgement) -> None:
    groups = [f"{group} alone" for group in GROUPS if group != "chords"]  # they have none
    assert list(found.told) == [*CLASSIFIERS, *groups]
    for name, told in found.told.items():
        assert (told.unseen.people, told.unseen.drawn) == (20, 40)
        assert (told.crossed is None) == (told.people is None) == (name not in CLASSIFIERS)


def test_what_is_learned_from_and_judged_by(found: Judgement) -> None:
    told = found.told[TREES]
    assert told.unseen == area(TUNES.training, TUNES.drawn, TUNES.held_out, TUNES.others)
    assert told.crossed and told.crossed.value > 0.95  # all of the drawn ones to learn from tell
    assert 0.5 < told.unseen.value < 0.9  # of the others two in three do not
    assert told.people and 0.2 < told.people.value < 0.8
    assert (told.people.people, told.people.drawn) == (40, 20)
    assert found.told["structure alone"].unseen.value > 0.5
    assert found.told["form alone"].unseen.value == 0.5  # all have one section of eight bars


def test_features_that_tell(found: Judgement) -> None:
    first = next(one for one in found.telling if one.name == "first section: bar 5 = bar 1")
    assert (first.people, first.drawn, first.area, first.group) == (1, 0, 0, "structure")


def test_the_most_telling_come_first() -> None:
    def table(*rows: tuple[float, ...]) -> Table:
        return Table(["a", "b", "c", "d"], ["form"] * 4, np.array(rows))

    nan = float("nan")
    listed = telling(
        table((1, 5, nan, 1), (2, 6, nan, 1)), table((1, 3, 1, 1), (3, 4, 1, nan)), most=2
    )
    assert [(one.name, one.area, one.people, one.drawn) for one in listed] == [
        ("b", 0, 5.5, 3.5),
        ("a", 5 / 8, 1.5, 2),
    ]


def test_shares_stand_side_by_side(found: Judgement) -> None:
    counted = [
        shares.shares_of(texts)
        for texts in (TUNES.training, TUNES.held_out, [*TUNES.drawn, *TUNES.others])
    ]
    for name in shares.NAMES:
        assert found.shares[name] == tuple(of[name] for of in counted)
    assert found.shares[WORDS] == ((0, 0), (60, 60), (240, 240))  # The Plain One
    assert found.tunes == {"training": 40, "drawn": 40, "held_out": 20, "others": 40}


def test_plans_of_people_come_before_those_of_drawn_tunes(found: Judgement) -> None:
    (first, second), others = list(found.plans)[:2], list(found.plans)[2:]
    assert {first, second} == {"ABCDABEF", "ABCDABCE"}
    assert found.plans[first][0][0] >= found.plans[second][0][0]
    assert others == ["ABCDEFGH"]
    assert found.plans["ABCDEFGH"][:2] == ((0, 40), (0, 20))
    assert found.plans["ABCDEFGH"][2][0] >= 40


def test_few_plans_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judgement, "_MOST_PLANS", 1)
    outlines = [
        [judgement.outline_of(text) for text in kind] for kind in (TUNES.held_out, TUNES.drawn)
    ]
    assert len(judgement._plans(outlines)) == 2
