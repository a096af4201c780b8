import pytest

from abcgen.notation.prose import goes_on, reads_like_words, without_blocks


@pytest.mark.parametrize(
    "line",
    [
        "The next one is slow.",
        "Play this twice | then stop and think",
        "Collected by somebody",
        "slowly",
    ],
)
def test_words(line: str) -> None:
    assert reads_like_words(line) and not goes_on([line])


@pytest.mark.parametrize(
    "line",
    [
        "CDEF|GABc|",
        "(uiBc) |",
        '"Play it with feeling"AB|cd|',
        "!trill!A Tb uvc|d4|",
        "[r:some words here]AB cd|",
        "|:g3 e>f|~g3|</html>",
    ],
)
def test_music(line: str) -> None:
    assert not reads_like_words(line) and goes_on([line])


def test_notes_with_a_sign_are_no_words() -> None:
    assert not reads_like_words("(uiBc) \\")


def test_letters_without_bar_lines_do_not_go_on() -> None:
    assert not goes_on(["bad egg", "cabbage"])
    assert goes_on(["a line of words", "abc|"])


def test_blocks_are_comments_in_the_same_place() -> None:
    text = "X:1\n%%begintext\nX:2\n\nabc|\n%%endtext\nK:C\n"
    plain = without_blocks(text)
    assert len(plain) == len(text) and plain.index("K:C") == text.index("K:C")
    assert "X:2" not in plain and "abc" not in plain


def test_a_block_that_is_not_closed_ends_at_a_blank_line_or_the_next_tune() -> None:
    words = "%%begintext\na | b\n"
    for behind in ("X:2\nK:C\n", "\nc|\n%%endps\n", ""):
        plain = without_blocks(words + behind)
        assert "a | b" not in plain and plain.endswith(behind) and "begin" not in plain
    assert without_blocks("c|\n%%begintext\na | b") == f"c|\n{'%' * 11}\n{'%' * 5}"


@pytest.mark.parametrize("line", ["Part B", "Variations:", "Trio 2", "Slow."])
def test_labels_are_words(line: str) -> None:
    assert reads_like_words(line)


@pytest.mark.parametrize("line", ["uAB c", "TuvA B", "A B", "(3ABc"])
def test_notes_with_signs_are_no_labels(line: str) -> None:
    assert not reads_like_words(line)
