"""A model learned from tunes whose chords follow a rule."""

import pytest

from abcgen.errors import CorpusError
from abcgen.generation.harmonize.harmonizing import harmonized
from abcgen.generation.harmonize.learning import learn, simplified

HEADER = "X:1\nT:A\nM:2/4\nL:1/8\nK:{}\n"
#: Letters -> the chord that always stands over them, in D.
RULE = {"d2f2": "D", "f2a2": "D", "g2b2": "G", "b2d2": "G", "a2e2": "A7", "c2e2": "A7"}


def tune_of(bars: list[str], chords: bool = True) -> str:
    music = "|".join(f'"{RULE[bar]}"{bar}' if chords else bar for bar in bars)
    return HEADER.format("D") + music + "|]\n"


def test_a_rule_is_learned() -> None:
    bars = list(RULE)
    tunes = [tune_of(bars[at:] + bars[:at] + ["d2f2"]) for at in range(len(bars))]
    harmony = learn([*tunes, HEADER.format("G") + "G2B2|]\n"])
    assert sorted(harmony.chords) == [(0, ""), (5, ""), (7, "7")]
    asked = ["f2a2", "b2d2", "c2e2", "d2f2"]
    assert next(harmonized(harmony, tune_of(asked, chords=False))) == tune_of(asked)


@pytest.mark.parametrize(
    ("chord", "key", "known"),
    [
        ("A7", "D", (7, "7")),
        ("Bm7", "D", (9, "m")),
        ("Ddim7", "D", (0, "dim")),
        ("Gmaj7/B", "D", (5, "")),
        ("C9", "Ador", (3, "7")),
    ],
)
def test_chords_as_models_know_them(chord: str, key: str, known: tuple[int, str]) -> None:
    assert simplified(chord, key) == known


def test_tunes_without_chords_teach_nothing() -> None:
    with pytest.raises(CorpusError, match="no tune has chord symbols"):
        learn([HEADER.format("G") + "G2B2|]\n"])
