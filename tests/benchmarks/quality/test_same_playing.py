"""Notes as played by abcgen and by abc2midi."""

from pathlib import Path

from benchmarks.quality.same_playing import Played, ours, plain, same, theirs
from tests.referee import needs_abc2midi

TUNE = "X:1\nT:Made Up\nR:hornpipe\nM:4/4\nL:1/8\nK:G\n|:GA B>c {d}Td2 (3efg|[GB]4 He4:|\n"


def test_what_abc2midi_plays_in_its_own_way_is_left_out() -> None:
    kept = TUNE.replace("R:hornpipe\n", "").replace("Td2", "d2").replace("He4", "e4")
    assert plain(TUNE) == kept


def test_notes_are_the_same_a_little_apart() -> None:
    one = [Played(0, 60, 480), Played(0, 64, 480), Played(480, 62, 240)]
    late = [Played(0, 60, 480), Played(10, 64, 470), Played(480, 62, 240)]
    assert same(one, sorted(late))
    assert not same(one, [*one[:2], Played(480, 63, 240)])
    assert not same(one, [*one[:2], Played(480, 62, 120)])
    assert not same(one, one[:2])


@needs_abc2midi[0]
@needs_abc2midi[1]
def test_both_play_the_same(tmp_path: Path) -> None:
    text = plain(TUNE)
    assert same(ours(text), theirs(text, tmp_path))
    assert not same(ours(text), theirs(text.replace("e4", "f4"), tmp_path))
