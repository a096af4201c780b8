"""Notes as played by abcgen and by abc2midi."""

from pathlib import Path

import pytest

from benchmarks.harness.missing_repeats import with_starts
from benchmarks.harness.players import Played, by_abc2midi
from benchmarks.quality.same_playing import compared, listed, ours, plain, refused, same
from tests.referee import needs_abc2midi

TUNE = "X:1\nT:Made Up\nR:hornpipe\nM:4/4\nL:1/8\nK:G\n|:GA B>c {d}Td2 (3efg|[GB]4 He4:|\n"


def test_what_abc2midi_plays_in_its_own_way_is_left_out() -> None:
    kept = TUNE.replace("R:hornpipe\n", "").replace("Td2", "d2").replace("He4", "e4")
    assert plain(TUNE) == kept


def test_notes_are_the_same_a_little_apart() -> None:
    one = [Played(0, 60, 480), Played(0, 64, 480), Played(480, 62, 240)]
    assert same(one, [*one[:2], Played(490, 62, 230)])
    assert not same(one, [*one[:2], Played(480, 63, 240)])
    assert not same(one, [*one[:2], Played(480, 62, 120)])
    assert not same(one, one[:2])


@needs_abc2midi[0]
@needs_abc2midi[1]
def test_both_play_the_same(tmp_path: Path) -> None:
    text = plain(TUNE)
    assert same(ours(text), by_abc2midi(text, tmp_path))
    assert not same(ours(text), by_abc2midi(text.replace("e4", "f4"), tmp_path))


@needs_abc2midi[0]
@needs_abc2midi[1]
def test_voices_overlays_and_repeats_without_a_start_are_compared(tmp_path: Path) -> None:
    text = "X:1\nM:2/4\nL:1/4\nK:C\n[V:1]CD||[CEG]F & C2:|\n[V:2]C,2||D,2:|\n"
    heard = ours(text)
    assert [note.pitch for note in heard[:4]] == [48, 60, 62, 50]
    assert len(heard) == 3 + 2 * 6
    assert same(heard, by_abc2midi(with_starts(text), tmp_path))
    assert not same(heard, by_abc2midi(text, tmp_path))
    assert not same(heard, by_abc2midi(with_starts(text).replace("C,2", "E,2"), tmp_path))


def test_tunes_are_counted_and_those_that_differ_are_named(
    capsys: pytest.CaptureFixture[str],
) -> None:
    unread = "X:2\nT:Unread\nL:1/7\nK:C\nc2|\n"
    tunes = [("a.abc", plain(TUNE)), ("a.abc", unread), ("b.abc", plain(TUNE))]
    played = ours(plain(TUNE))
    found = compared("abcjs", tunes, [played, played, []])
    assert listed(found) == "1 same, 1 unread, 1 silent"
    assert found.played == {0, 1}
    assert capsys.readouterr().out == "abcjs, a.abc X:2 Unread: unread\n"
    (line,) = refused(tunes, found.played)
    assert line.startswith("a.abc X:2 Unread: ") and "1/7" in line
