from abcgen.music.accompaniment.chords import spans_of
from abcgen.music.notes import music_of
from abcgen.notation.tune import read_tune


def spans(body: str, *switches: tuple[int, bool]) -> list[tuple[int, int, int | None]]:
    """Return (onset, end, bass) of chords, in eighths."""
    music = music_of(read_tune(f"X:1\nM:4/4\nL:1/8\nK:C\n{body}\n"))
    on = [(music.duration * 0 + onset / 8, state) for onset, state in switches]
    found = spans_of(music, on) if on else spans_of(music)
    return [
        (int(one.onset * 8), int(one.end * 8), one.chord.bass if one.chord else None)
        for one in found
    ]


def test_a_chord_lasts_until_the_next_one() -> None:
    assert spans('c2"G"c6|"slowly"c4"Am/C"c4|c8|') == [(2, 12, 7), (12, 24, 0)]
    assert spans('"G"c4"N.C."c4|"C"c4"B77"c4|') == [
        (0, 4, 7),
        (4, 8, None),
        (8, 12, 0),
        (12, 16, None),
    ]
    assert spans("c8|") == []


def test_chords_are_cut_where_they_are_switched_off_or_on() -> None:
    assert spans('"G"c8|c8|"C"c8|', (0, True), (4, False), (16, True)) == [
        (0, 4, 7), (4, 16, None), (16, 24, 0),
    ]  # fmt: skip
    assert spans('"G"c8|', (0, False)) == [(0, 8, None)]
