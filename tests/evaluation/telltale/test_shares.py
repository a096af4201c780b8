from collections.abc import Sequence

import pytest

from abcgen.evaluation.telltale import shares
from abcgen.evaluation.telltale.shares import known_words, plans_of, shares_of
from tests.evaluation.telltale.tunes import BARS, section, tune

KEPT, NEVER = section("ABCDABEH"), section("ABCDEFGH")
OTHERS = [bar.replace("c", "c'") for bar in BARS[:7]] + ["GFED E4"]


@pytest.mark.parametrize(
    ("name", "having", "lacking"),
    [
        (shares.RETURN_1, [KEPT], [NEVER]),
        (shares.RETURN_2, [NEVER, KEPT], [KEPT, NEVER]),
        (shares.NO_RETURN, [NEVER], [section("ABCDEFGA")]),
        (shares.TONIC, [section("ABCH"), section("CDAH")], [section("ABCH"), section("CDAG")]),
        (shares.TONIC_1, [section("ABCH"), section("CDAG")], [section("ABCG"), section("CDAH")]),
        (shares.LAST_BAR, [KEPT, NEVER], [KEPT, section("ABCDEFHG")]),
        (shares.WHISTLE, ["defg b2d2"], ["defg b2D2|C8"]),
        (shares.FIDDLE, ["G,2A,2 b2B2"], ["^F,2A,2 b2B2"]),
        (shares.NEEDLESS, ["C=DEF G4"], ["C^DEF G=D2F|DEFG A4"]),
        (shares.NEEDLESS, ["^F2^FG A4"], ["^F2FG ^f4|^F8|^F=F^F2 G4"]),
        (shares.AUTHENTIC, ['"F"c4 "G7"d4|"C"c8'], ['"G7"c4 "F"d4|"C"c8']),
    ],
)
def test_a_tune_has_it_or_not(name: str, having: Sequence[str], lacking: Sequence[str]) -> None:
    assert shares_of([tune(*having)])[name] == (1, 1)
    assert shares_of([tune(*lacking)])[name] == (0, 1)
    assert shares_of([tune(*having), tune(*lacking), tune(*having)])[name] == (2, 3)


def test_only_sections_of_eight_bars_have_a_bar_5_that_counts() -> None:
    counted = shares_of([tune(section("ABCDA"), section("ABCDABCDE"))])
    for name in (shares.RETURN_1, shares.RETURN_2, shares.NO_RETURN):
        assert counted[name] == (0, 0)


def test_one_section_has_no_other_to_share_its_end_with() -> None:
    assert shares_of([tune(KEPT)])[shares.LAST_BAR] == (0, 0)


def test_tunes_without_chords_do_not_count_for_v_i() -> None:
    assert shares_of([tune(KEPT)])[shares.AUTHENTIC] == (0, 0)


def test_sequences_are_counted_by_bars_of_a_section() -> None:
    # Bars 3 and 4 move bars 1 and 2; the other section has two bars, so none to count.
    moving = tune("c2e2 g4|g2fe d4|d2f2 a4|a2gf e4|B8", "e2g2 b4|b2ag f4")
    counted = shares_of([moving])
    assert counted[shares.SEQUENCE] == (2, 3)
    assert counted[shares.MOVED] == (2, 3)
    assert shares_of([tune("c2e2 g4|B8|d2g2 a4")])[shares.SEQUENCE] == (1, 1)
    assert shares_of([tune("c2e2 g4|B8|d2g2 a4")])[shares.MOVED] == (0, 1)


def test_the_key_of_each_bar_decides_which_accidentals_are_needless() -> None:
    plain = tune("c4 c4|c8")
    assert shares_of([plain + "K:F\n|:=B4 c4|c8:|\n"])[shares.NEEDLESS] == (0, 1)
    assert shares_of([plain + "K:F\n|:_B4 c4|c8:|\n"])[shares.NEEDLESS] == (1, 1)
    assert shares_of([tune("=F4 c4|c8", key="G")])[shares.NEEDLESS] == (0, 1)
    assert shares_of([tune("^F4 c4|c8", key="G")])[shares.NEEDLESS] == (1, 1)


def test_the_tonic_is_that_of_the_key() -> None:
    assert shares_of([tune(section("ABCH"), key="Dm")])[shares.TONIC] == (0, 1)
    assert shares_of([tune(section("ABCH"), key="Cm")])[shares.TONIC] == (1, 1)


def test_plans_of_eight_bars() -> None:
    texts = [tune(KEPT), tune(KEPT, NEVER), tune(NEVER), tune(section("ABAB"))]
    assert plans_of(texts) == {"ABCDABEF": 2, "ABCDEFGH": 1}


def test_rests_alone_count_for_nothing() -> None:
    silent = tune("z8|z8")
    assert all(share == (0, 0) for share in shares_of([silent]).values())
    assert shares_of([silent, tune(KEPT)]) == shares_of([tune(KEPT)])
    assert plans_of([silent]) == {}


def test_all_names_in_order() -> None:
    assert tuple(shares_of([])) == shares.NAMES


def test_words_of_titles() -> None:
    assert known_words(["The Maid's Frolick", "No. 2"], ["MAIDS, the"]) == (2, 4)
    assert known_words([], ["The"]) == (0, 0)
