import pytest

from abcgen.errors import UsageError, VocabularyError
from abcgen.generation.prime import Prime, enter, read_prime
from abcgen.generation.request import MAX_TUNE, REFERENCE
from abcgen.grammar.alphabet import EVERYTHING
from abcgen.grammar.wishes import ANYTHING, Wishes
from abcgen.model.vocabulary import Vocabulary

EVERY = Vocabulary(sorted(EVERYTHING.characters))
HEADER = "T:Mine\nM:6/8\nL:1/8\nK:G\n"


def test_primes_are_read_kindly_and_bounded() -> None:
    assert read_prime("") == (REFERENCE, 1)
    assert read_prime("X:7\r\nT:a\r\n\r\n") == ("X:1\nT:a\n", 0)
    assert read_prime("T:a\n") == ("X:1\nT:a\n", 1)
    assert read_prime("X:2\nT:a\nN:abcgen 0.2.0, seed 1\nM:C\n").text == "X:1\nT:a\nM:C\n"
    with pytest.raises(UsageError, match="blank line"):
        read_prime("X:1\nT:a\n\nX:2\nT:b\n")
    with pytest.raises(UsageError, match="at most"):
        read_prime("c" * MAX_TUNE)


@pytest.mark.parametrize(
    "cut",
    ["", "T:Mi", "T:Mine\n", HEADER, HEADER + '|:"G', HEADER + "|:GA(3", HEADER + "|:G3 [GB"],
)
def test_a_prime_may_be_cut_anywhere(cut: str) -> None:
    prime, place = enter(EVERY, ANYTHING, read_prime(cut))
    assert prime == REFERENCE + cut
    assert place.allowed()


def test_the_line_end_that_an_editor_leaves_within_a_bar_is_left_out() -> None:
    assert enter(EVERY, ANYTHING, read_prime(HEADER + "|:GAB c\n"))[0].endswith("|:GAB c")
    assert enter(EVERY, ANYTHING, read_prime(HEADER))[0].endswith("K:G\n")


@pytest.mark.parametrize(
    ("prime", "wishes", "words"),
    [
        (HEADER + "|:GAB cde|GABc", ANYTHING, None),
        (HEADER + "|:GAB cde|GAB cdef|", ANYTHING, "bar 2.*line 5, column 18"),
        (HEADER + "|:GAB cde|GAB cd|", ANYTHING, "bar 2"),
        (HEADER + "GAB cde:|", ANYTHING, r"bar 1.*:\|"),
        ("K:G\n", ANYTHING, "line 1"),
        ("T:Mine\nM:6/7\n", ANYTHING, "line 2.*6/7"),
        (HEADER, Wishes(key="D"), "line 4: K: G"),
        ("X:1\n" + HEADER, Wishes(key="D"), "line 5: K: G"),
        (HEADER, Wishes(key="Gm"), "K: G"),
        ("T:Mine \n", ANYTHING, "line 1"),
        (HEADER, Wishes(meter="4/4"), "6/8"),
        ("T:Mine\nR:jig\nM:9/8\n", Wishes(rhythm="jig"), None),
        ("T:Mine\nR:jig\nM:9/8\n", Wishes(rhythm="jig", meter="6/8"), "9/8"),
        (HEADER + "GAB cde|GAB cde|GAB cde|", Wishes(form=(2, 2)), "bar"),
        ('T:Mine\nM:6/8\nL:1/8\nK:G\n"G"', Wishes(chords=False), "chord"),
    ],
)
def test_a_prime_that_no_valid_tune_begins_with_is_refused(
    prime: str, wishes: Wishes, words: str | None
) -> None:
    if words is None:
        enter(EVERY, wishes, read_prime(prime))
        return
    with pytest.raises(UsageError, match=words):
        enter(EVERY, wishes, read_prime(prime))


def test_a_network_that_lacks_a_character_is_refused() -> None:
    lacking = Vocabulary([c for c in EVERY.idx2char if c != "|"])
    with pytest.raises(VocabularyError, match=r"'\|'.*--raw"):
        enter(lacking, ANYTHING, Prime())
    with pytest.raises(VocabularyError, match="title: "):
        enter(Vocabulary([c for c in EVERY.idx2char if c != "Z"]), Wishes(title="Z"), Prime())
