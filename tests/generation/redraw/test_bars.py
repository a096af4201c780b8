import pytest

from abcgen.errors import NotationError, VocabularyError
from abcgen.generation.redraw.bars import barred
from abcgen.grammar.alphabet import FIRST_EDITION
from abcgen.grammar.faults import complaint
from abcgen.model.vocabulary import Vocabulary
from abcgen.notation.engraving import score_of
from abcgen.notation.tune import read_tune
from tests.generation.engines import VOCABULARY
from tests.tunes import SPELLED

#: Endings, a double bar line, a change of key, and no pickup.
LONG = (
    "X:3\nT:The Long One\nM:2/4\nL:1/8\nK:D\n|:DEFG|A2A2|BAGF|[1 E2A2:|[2 E2D2||\n"
    "K:G\nGABc|d2d2|edcB|A2G2|]\n"
)
#: A pickup at the start, before a repeat and before each ending's repeat.
ENDINGS = (
    "X:1\nT:Endings\nM:6/8\nL:1/8\nK:D\n|:A|DFA d2A|BAF E2F|[1 D3 D2:|[2 D3 D2||\n"
    "|:d|ecA ABc|d3 d2:|\n"
)


def bars_of(abc: str) -> list[tuple[int, str]]:
    tune = barred(abc, VOCABULARY)
    return [(bar.number, tune.music(bar)) for bar in tune.bars]


def test_bars_are_counted_as_in_a_score() -> None:
    """A pickup is bar 0; the pickup of a later section completes the bar before it."""
    counted = ["A", "dfa agf", "gec A2", "e", "fdf ece", "dAF D2"]
    assert bars_of(SPELLED) == list(zip([0, 1, 2, 2, 3, 4], counted, strict=True))
    tune = barred(SPELLED, VOCABULARY)
    assert (tune.first, tune.last) == (0, 4)
    assert tune.extent == "the tune has bars 1 to 4, and bar 0, the pickup"


@pytest.mark.parametrize("abc", [SPELLED, LONG, ENDINGS])
def test_bars_have_one_number_wherever_they_are_named(abc: str) -> None:
    """In a score, when they are rewritten, and when one of them is wrong."""
    tune = barred(abc, VOCABULARY)
    numbers = [bar.number for bar in tune.bars]
    assert numbers == [bar.number for bar in score_of(read_tune(tune.spelled))]
    places = [place for place, sign in enumerate(tune.spelled) if sign != "\n"]
    before = [len(tune.text[: bar.start].replace("\n", "")) for bar in tune.bars]
    found = [
        complaint(f"{tune.spelled[: places[place]]}~{tune.spelled[places[place] :]}")
        for place in before
    ]
    assert numbers == [fault.bar for fault in found if fault is not None]


def test_endings_and_changes_of_key_are_counted_in_written_order() -> None:
    counted = ["DEFG", "A2A2", "BAGF", "E2A2", "E2D2", "GABc", "d2d2", "edcB", "A2G2"]
    assert bars_of(LONG) == list(enumerate(counted, start=1))
    tune = barred(LONG, VOCABULARY)
    assert [bar.key for bar in tune.bars] == ["D"] * 5 + ["G"] * 4
    assert tune.number == 3
    assert "it has no pickup" in tune.extent


def test_a_tune_is_read_in_canonical_spelling_without_ends_of_full_lines() -> None:
    tune = barred(
        "X:9\nT:A\nC:me\nN:abcgen 0.7.0, x\nM:2/4\nL:1/8\nK:D\n" + "ABcd|" * 6, VOCABULARY
    )
    assert tune.spelled.count("\n") == 7 and tune.spelled.startswith("X:1\nT:A\nM:2/4\n")
    assert tune.text == "X:1\nT:A\nM:2/4\nL:1/8\nK:D\n" + "ABcd|" * 6 + "]\n\n"
    assert tune.text[tune.body :].startswith("ABcd|")
    assert tune.header == "X:1\nT:A\nM:2/4\nL:1/8\nK:D\n"


def test_the_network_reads_the_title_without_what_it_does_not_know() -> None:
    known = Vocabulary(sorted(set(LONG) | set("MX")))
    tune = barred(LONG.replace("Long One", "Quick Zoo"), known)
    assert "T:The Quick Zoo\n" in tune.spelled
    assert "T:The c oo\n" in tune.text
    assert "T:T\n" in barred(LONG.replace("The Long One", "QUZ"), known).text


@pytest.mark.parametrize(
    ("abc", "words"),
    [
        ("no tune", "X:|K:"),
        ("X:1\nT:a\nM:2/4\nL:1/8\nK:D\nABc|ABcd|ABcd|]\nABc|\n", "no spelling that every player"),
    ],
)
def test_a_tune_without_canonical_spelling_says_why(abc: str, words: str) -> None:
    with pytest.raises(NotationError, match=words):
        barred(abc, VOCABULARY)


def test_a_tune_of_a_newer_edition_than_the_networks_can_be_read() -> None:
    # The form of the tune stays as it is, so the network need not have learned such forms.
    older = Vocabulary(VOCABULARY.idx2char, edition=FIRST_EDITION)
    abc = "X:1\nT:A\nM:2/4\nL:1/8\nK:D\nA/2|DEFG|A2A2|BAGF|]\n"
    tune = barred(abc, older)
    assert [(bar.number, tune.music(bar)) for bar in tune.bars] == [
        (0, "A/2"),
        (1, "DEFG"),
        (2, "A2A2"),
        (3, "BAGF"),
    ]
    assert tune == barred(abc, VOCABULARY)


def test_what_a_network_cannot_write_is_named() -> None:
    for lacking, words in (("G", "has never seen 'G'"), ("L", "this one lacks the characters 'L'")):
        known = Vocabulary(sorted(set(LONG) - set(lacking)))
        with pytest.raises(VocabularyError, match=words):
            barred(LONG, known)


def test_equal_tunes_have_equal_digests_however_they_are_written() -> None:
    written = SPELLED.replace("X:1", "X:77").replace("T:", "T: ").replace("|:A", "|: A")
    one, other = barred(SPELLED, VOCABULARY), barred(written, VOCABULARY)
    assert one.digest == other.digest != barred(LONG, VOCABULARY).digest
    assert len(one.digest) == 8
