import numpy as np

from abcgen.evaluation.telltale.features import GROUPS, features_of, grams_of
from abcgen.evaluation.telltale.outline import outline_of
from tests.evaluation.telltale.tunes import section, tune
from tests.tunes import made_up_tune


def test_every_tune_has_the_same_features_in_their_groups() -> None:
    texts = [made_up_tune(number) for number in range(12)] + [tune("c8"), tune(section("ABCDABEF"))]
    table = features_of([outline_of(text) for text in texts])
    assert table.values.shape == (14, len(table.names)) == (14, len(table.groups))
    assert len(set(table.names)) == len(table.names)
    assert list(dict.fromkeys(table.groups)) == list(GROUPS)
    assert not np.isinf(table.values).any()


def test_a_group_alone() -> None:
    table = features_of([outline_of(tune(section("ABCDABEF")))])
    found = table.of_group("form")
    assert set(found.groups) == {"form"}
    assert found.values[0, found.names.index("bars")] == 8
    assert sum(table.of_group(group).values.shape[1] for group in GROUPS) == len(table.names)


def test_rests_alone_have_no_features() -> None:
    silent, sounding = outline_of(tune("z8|z8")), outline_of(tune("c8|d8"))
    table = features_of([silent, sounding])
    assert np.isnan(table.values[0]).all()
    assert not np.isnan(table.values[1]).all()
    assert list(grams_of(silent)) == []


def test_features_do_not_depend_on_the_other_tunes() -> None:
    outlines = [outline_of(made_up_tune(number)) for number in range(4)]
    alone = np.concatenate([features_of([one]).values for one in outlines])
    assert np.array_equal(features_of(outlines).values, alone, equal_nan=True)


def test_grams() -> None:
    grams = list(grams_of(outline_of(tune("c2e2 d4"))))
    assert grams == [
        "steps +4",
        "steps -2",
        "steps +4 -2",
        *("lengths 2", "lengths 2", "lengths 4", "lengths 2 2", "lengths 2 4", "lengths 2 2 4"),
        *("both +4x2", "both -2x4", "both +4x2 -2x4"),
    ]
    higher = list(grams_of(outline_of(tune("g2b2 a4"))))
    assert higher == grams
