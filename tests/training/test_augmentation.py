import pytest

from abcgen.grammar.faults import complaint
from abcgen.grammar.spelling import canonical
from abcgen.grammar.style import with_style
from abcgen.grammar.transposing import key_of, transpose
from abcgen.notation.tune import read_tune
from abcgen.training.augmentation import versions_of
from tests.tunes import SPELLED, made_up_tune

TUNES = [canonical(read_tune(made_up_tune(number))) for number in range(60)]


def test_keys_are_as_frequent_as_before_in_each_mode() -> None:
    versions = versions_of(TUNES)
    before: dict[str, float] = {}
    after: dict[str, float] = {}
    for tune, version in zip(TUNES, versions, strict=True):
        before[key_of(tune)] = before.get(key_of(tune), 0) + 1
        for text, share in zip(version.texts, version.shares, strict=True):
            after[key_of(text)] = after.get(key_of(text), 0) + share
    assert len(before) == 6
    assert after == pytest.approx(before)


def test_versions_are_the_tune_in_the_keys_of_its_mode() -> None:
    for tune, version in zip(TUNES, versions_of(TUNES), strict=True):
        assert tune in version.texts
        assert sum(version.shares) == pytest.approx(1)
        for text in version.texts:
            assert complaint(text) is None
            assert text == transpose(tune, key_of(text))


def test_a_key_that_a_tune_cannot_go_into_is_left_out() -> None:
    wide = "X:1\nT:x\nM:4/4\nL:1/8\nK:D\nC,4 b'4|]\n"
    (plain, high) = versions_of([SPELLED.replace("K:D", "K:G"), wide])
    assert [key_of(text) for text in plain.texts] == ["D", "G"]
    assert plain.shares == (0.5, 0.5)
    assert high.texts == (wide,)
    assert high.shares == (1.0,)


def test_keys_are_those_of_the_style() -> None:
    """Chorales are not read in the keys of reels."""
    in_g = SPELLED.replace("K:D", "K:G")
    tunes = [with_style(SPELLED, "bach"), with_style(in_g, "reel"), with_style(SPELLED, "reel")]
    keys = [[key_of(text) for text in version.texts] for version in versions_of(tunes)]
    assert keys == [["D"], ["D", "G"], ["D", "G"]]
