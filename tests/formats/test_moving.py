import pytest

from abcgen.errors import NotationError
from abcgen.formats.moving import moved
from abcgen.grammar.faults import complaint
from abcgen.music.notes import music_of
from abcgen.music.performance import perform
from abcgen.notation.tune import read_tune
from tests.tunes import SPELLED

TUNE = (
    'X:12\nT:Léa\nT:Other\nC:Me\nR:jig\nM:6/8\nL:1/4\nQ:90\n%%MIDI program 21\nK:D\n'
    '|:{e}d/f/a/ "D".a/g/f/|g/e/c/ A3/:|\nw:la la\n'
)  # fmt: skip


@pytest.mark.parametrize(("to", "semitones"), [("E", 2), (3, 3), (-4, -4), (12, 12), (0, 0)])
def test_all_sounds_higher_at_its_own_tempo(to: str | int, semitones: int) -> None:
    before, after = (perform(read_tune(text)) for text in (TUNE, moved(TUNE, to)))
    pitches = [note.pitch for note in music_of(read_tune(TUNE)).notes]
    assert [sound.pitch for sound in after.melody] == [pitch + semitones for pitch in pitches]
    assert (after.qpm, after.program, after.title) == (before.qpm, before.program, "Léa")
    assert after.duration == before.duration


def test_number_and_title_are_kept_and_the_rest_is_canonical() -> None:
    text = moved(TUNE, "G")
    assert text.startswith("X:12\nT:Léa\n")
    plain = "".join(
        line
        for line in text.replace("é", "e").splitlines(keepends=True)
        if not line.startswith(("Q:", "%%MIDI"))
    )
    assert complaint(plain.replace("X:12", "X:1")) is None
    assert moved(SPELLED, "D") == SPELLED  # nothing to keep, nothing to move


def test_a_title_is_no_pattern() -> None:
    assert r"T:a\1\g<0>" in moved(SPELLED.replace("The Plain One", r"a\1\g<0>"), 2)


@pytest.mark.parametrize(
    ("text", "to", "words"),
    [
        (SPELLED, "Am", "the tune is in D, and Am is in another mode"),
        (SPELLED, 24, "would leave the octaves"),
        (SPELLED.replace("dfa", "d7/3fa"), 2, "it cannot be transposed: "),
        ("X:1\nT:no key\n", 2, "K: is missing"),
    ],
)
def test_what_cannot_be_moved_says_why(text: str, to: str | int, words: str) -> None:
    with pytest.raises(NotationError, match=words):
        moved(text, to)
