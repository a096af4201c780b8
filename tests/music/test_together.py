"""Voices and overlays in time with the melody."""

from fractions import Fraction

import pytest

from abcgen.errors import NotationError
from abcgen.music.together import music_together
from abcgen.notation.tune import read_tune

HEAD = "X:1\nT:A\nM:2/4\nL:1/4\n"


def played(text: str, voice: str | None = None) -> list[list[list[str]]]:
    """Return the onsets in beats and pitches of each line of each voice."""
    return [
        [[f"{4 * note.onset}:{note.pitch}" for note in music.notes] for music in lines]
        for _, lines in music_together(read_tune(text, voice))
    ]


def test_all_voices_and_overlays_the_melody_first() -> None:
    text = f"{HEAD}K:C\nV:1\nCD & G,2|E2|\nV:2\nC,2|D,2|\n"
    assert played(text) == [[["0:60", "1:62", "2:64"], ["0:55"]], [["0:48", "2:50"]]]
    assert played(text, "2") == [[["0:48", "2:50"]], [["0:60", "1:62", "2:64"], ["0:55"]]]


@pytest.mark.parametrize("other", ["C,2|D,2|E,2|", "|:C,2:|D,2|E,2|", "C,2|D,2|E,2!D.C.!|"])
def test_bars_are_played_in_the_order_of_the_melody(other: str) -> None:
    melody = "C2|!fine!|:D2:|E2!D.C.!|".replace("|!fine!|", "!fine!|")
    ((_,), (below,)) = played(f"{HEAD}K:C\nV:1\n{melody}\nV:2\n{other}\n")
    assert below == ["0:48", "2:50", "4:50", "6:52", "8:48"]


def test_parts_too() -> None:
    text = f"{HEAD}P:ABA\nK:C\nV:1\nP:A\nC2|\nP:B\nD2|\nV:2\nC,2|D,2|\n"
    assert played(text)[1] == [["0:48", "2:50", "4:48"]]


def test_a_rest_of_several_bars_is_several_bars() -> None:
    text = f"{HEAD}K:C\nV:1\n|:C2|D2:|E2|\nV:2\nZ2|E,2|\nV:3\n|:C,2|D,2:|Z|\n"
    assert played(text)[1:] == [[["8:52"]], [["0:48", "2:50", "4:48", "6:50"]]]


def test_a_voice_with_other_bars_goes_by_its_own_signs() -> None:
    text = f"{HEAD}K:C\nV:1\n|:C2|D2:|E2|\nV:2\n|:C,2:|D,2|\n"
    assert played(text)[1] == [["0:48", "2:48", "4:50"]]


def test_what_cannot_be_read_of_another_voice_is_silent() -> None:
    tune = read_tune(f"{HEAD}K:C\nV:1\nC2|\nV:2\nC/0|\nV:3\nE2 & C/0|\n")
    assert [voice.voice.name for voice, _ in music_together(tune)] == ["1", "3"]
    assert [warned.what for warned in tune.warnings if not warned.heard] == [
        "a voice or an overlay that cannot be read is silent"
    ] * 2
    with pytest.raises(NotationError, match="not a note length"):
        music_together(read_tune(f"{HEAD}K:C\nV:1\nC/0|\nV:2\nC2|\n"))


def test_microtones_bend_the_nearest_half_step() -> None:
    text = f"{HEAD}K:C\n^/C_3/4D|^/CC|^1/4C-|C^C|^/c{{^/d}}c|[^/CE]C|\n"
    ((music,),) = (lines for _, lines in music_together(read_tune(text)))
    assert [(note.pitch, note.bend) for note in music.notes] == [
        (60, Fraction(1, 2)), (61, Fraction(1, 4)),
        (60, Fraction(1, 2)), (60, Fraction(1, 2)),
        (60, Fraction(1, 4)), (61, 0),
        (72, Fraction(1, 2)), (72, Fraction(1, 2)),
        (60, Fraction(1, 2)), (64, 0), (60, Fraction(1, 2)),
    ]  # fmt: skip
