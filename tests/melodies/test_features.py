from fractions import Fraction

import numpy as np
import pytest

from abcgen.melodies.features import FEATURES, count_features, line_of
from abcgen.melodies.melody import melody_of
from abcgen.notation.keys import tonic_of
from tests.tunes import SPELLED, made_up_tune

NAMES = ["pitch classes", "intervals", "note lengths", "places in the bar", "metres"]
HEADER = "X:1\nT:T\nM:2/4\nL:1/8\nK:G\n"


def found_in(text: str) -> dict[str, dict[str, int]]:
    """Return for each feature the bins that occur in a tune, and how often."""
    counts = count_features([text])
    return {
        feature.name: {
            name: int(count)
            for name, count in zip(feature.bins, counts[feature.name][0], strict=True)
            if count
        }
        for feature in FEATURES
    }


def test_histograms_of_a_tune_by_hand() -> None:
    # Tonic A. The notes: D E | A B c (tied) | c, the top of a chord | a, in three a ^g a, E.
    tune = "X:1\nM:6/8\nL:1/8\nK:Ador\n|:DE|A>B c-c2 z|[Ac]6|a2(3a^gaE:|\n"
    assert found_in(tune) == {
        "pitch classes": {"5": 1, "7": 2, "0": 4, "2": 1, "3": 2, "11": 1},
        # The last step, 17 semitones down, counts as 12.
        "intervals": {"+2": 2, "+5": 1, "+1": 2, "0": 2, "+9": 1, "-1": 1, "-12": 1},
        "note lengths": {"1": 3, "3/2": 1, "1/2": 1, "3": 1, "6": 1, "2": 1, "2/3": 3},
        # The pickup at 4 and 5, counted from the end of its bar; of the three the second at 2 2/3
        # counts as 2 1/2, the third at 3 1/3 as 3.
        "places in the bar": {"0": 3, "1.5": 1, "2": 2, "2.5": 1, "3": 1, "4": 2, "5": 1},
        "metres": {"6/8": 1},
    }


def test_every_note_has_a_place_and_a_bin() -> None:
    tunes = [made_up_tune(number) for number in range(1, 30)]
    counts = count_features(tunes)
    assert list(counts) == NAMES
    for feature in FEATURES:
        assert counts[feature.name].shape == (29, len(feature.bins))
        assert counts[feature.name].dtype == np.int64
    steps = [len(melody_of(tune).steps) for tune in tunes]
    assert counts["intervals"].sum(axis=1).tolist() == steps
    for name in ("pitch classes", "note lengths", "places in the bar"):
        assert counts[name].sum(axis=1).tolist() == [one + 1 for one in steps]
    assert counts["metres"].sum(axis=1).tolist() == [1] * 29


@pytest.mark.parametrize(
    ("music", "begins"),
    [
        ("|:G|ABcd|efg:|\n", [3, 0, 0]),
        ("|:ABcd|efga:|\n|:d2|ABcd|G2:|\n", [0, 0, 2, 0, 0]),
        ("|:G|ABcd|[1 efg:|[2 efg2||\n", [3, 0, 0, 0]),
        ("|:G|ABcd|ef[1 g:|[2 ga||\n", [3, 0, 0, 2, 2]),  # endings go on within a bar
        ("ABcd|ef||ga|bagf|]\n", [0, 0, 2, 0]),  # a double line within a bar
        ("|:G|Z2|ABcd|efg:|\n", [3, 0, 0, 0]),
    ],
)
def test_where_bars_begin(music: str, begins: list[int]) -> None:
    assert line_of(HEADER + music).begins == [Fraction(begin, 8) for begin in begins]


def test_a_new_key_has_another_tonic() -> None:
    found = found_in(HEADER + "G4|\nK:D\nD2G2|]\n")
    assert found["pitch classes"] == {"0": 2, "5": 1}
    assert [tonic_of(key) for key in ("C", "F#m", "Bb", "Cb", "Ador", "Bmix", "Ebphr")] == [
        *(0, 6, 10, 11, 9, 11, 3)
    ]


def test_what_has_no_bin_of_its_own() -> None:
    found = found_in("X:1\nM:16/4\nL:1/8\nK:C\nC9 c'23|c32|]\n")
    assert found["note lengths"] == {"others": 3}
    assert found["metres"] == {"others": 1}
    assert found["places in the bar"] == {"0": 2, "9": 1}
    assert found["intervals"] == {"+12": 1, "-12": 1}
    late = found_in("X:1\nM:16/4\nL:1/8\nK:C\nC16 C16|C32|]\n")
    assert late["places in the bar"] == {"0": 2, "11.5": 1}


def test_the_same_tune_in_another_key_counts_the_same() -> None:
    other = SPELLED.replace("K:D", "K:Dm")
    assert found_in(other)["pitch classes"] != found_in(SPELLED)["pitch classes"]
    higher = "X:1\nM:6/8\nL:1/8\nK:E\n|:B|gge bag|afd B2B:|\n"
    lower = "X:1\nM:6/8\nL:1/8\nK:D\n|:A|ffd agf|gec A2A:|\n"
    assert found_in(higher) == found_in(lower)
