"""A tune's own pattern, %%MIDI gchord: as abc2midi plays it."""

from fractions import Fraction

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from abcgen.music.accompaniment.gchord import read_gchord
from abcgen.music.notes import music_of
from abcgen.music.performance import perform
from abcgen.notation.tune import read_tune
from tests.referee import abc2midi_chords, needs_abc2midi

F = Fraction


def heard(text: str) -> list[tuple[Fraction, int, Fraction]]:
    """Return (onset in eighths, pitch, duration in eighths) of what is played of the chords."""
    sounds = perform(read_tune(text)).chords
    return sorted((sound.onset * 8, sound.pitch, sound.duration * 8) for sound in sounds)


def tune(pattern: str, body: str, meter: str = "4/4") -> str:
    return f"X:1\nT:Test\nM:{meter}\nL:1/8\nQ:1/4=120\n%%MIDI gchord {pattern}\nK:C\n{body}\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("gchord fc", [("f", 0, F(1, 2)), ("c", F(1, 2), 1)]),
        ("gchord fz2c in an air", [("f", 0, F(1, 4)), ("z", F(1, 4), F(3, 4)), ("c", F(3, 4), 1)]),
        ("gchord ghijGHIJ", [(sign, F(n, 8), F(n + 1, 8)) for n, sign in enumerate("ghijGHIJ")]),
        ("gchord", None),
        ("gchord 2fc", None),
        ("gchord fxc", None),
        ("gchord f0c", None),
        ("gchord f999c999", None),
        ("gchordon", None),
    ],
)  # fmt: skip
def test_reading(text: str, expected: list[object] | None) -> None:
    assert read_gchord(text) == (expected and tuple(expected))


@pytest.mark.parametrize(
    ("pattern", "body", "expected"),
    [
        ("fc", '"C"c8|', [(0, 36, 4), (4, 48, 4), (4, 52, 4), (4, 55, 4)]),
        ("bz", '"C"c8|', [(0, 36, 4), (0, 48, 4), (0, 52, 4), (0, 55, 4)]),
        ("gHiz", '"G7"c8|', [(0, 55, 2), (2, 47, 2), (4, 62, 2)]),
        ("ghij", '"C/E"c8|', [(0, 52, 2), (2, 55, 2), (4, 60, 2), (6, 64, 2)]),
        ("f", '"C/D"c8|', [(0, 38, 8)]),
        ("f", '"C"c6"G"d2|d8|', [(0, 36, 6), (8, 43, 8)]),
        ("fz", '"C"c4"N.C."c4|c8|"Q\u00b07"c8|', [(0, 36, 4)]),
        ("fffz", '"C"c2|c8|', [(2, 36, 2), (4, 36, 2), (6, 36, 2)]),
    ],
    ids=["bass and chord", "both", "single", "bass", "not in it", "cut", "silent", "pickup"],
)
def test_what_is_played(pattern: str, body: str, expected: list[object]) -> None:
    assert heard(tune(pattern, body)) == expected


def test_it_changes_in_the_tune_and_ends_with_its_metre() -> None:
    body = '"C"c8|\n%%MIDI gchord zf\nc8|\nM:3/4\nc6|\n%%MIDI gchord z2f\nc6|\nM:4/4\nc8|'
    bass = [(onset, length) for onset, pitch, length in heard(tune("fz", body)) if pitch == 36]
    assert bass == [(0, 4), (12, 4), (16, 2), (26, 2), (28, 2), (32, 2)]


def test_it_is_what_a_simple_accompaniment_plays_and_no_other() -> None:
    one = read_tune(tune("f", '"C"c8|"F"c8|'))
    assert [sound.pitch for sound in perform(one, accompaniment="simple").chords] == [36, 41]
    assert len(perform(one, accompaniment="full").chords) > 10
    assert perform(one, accompaniment="none").chords == []


LETTERS = st.tuples(st.sampled_from("fczbghiGHI"), st.sampled_from([1, 1, 2, 3]))
CHORDS = st.sampled_from(["C", "G7", "Am", "Dm7", "F#", "Bbmaj7", "Edim"])
#: Metre -> equal parts of a bar, each with a chord, and eighths of a part.
METERS = {"4/4": (2, 4), "C|": (2, 4), "3/4": (2, 3), "2/4": (2, 2), "6/8": (2, 3), "9/8": (3, 3)}


def patterns(eighths: int) -> st.SearchStrategy[str]:
    """Return patterns for bars of so many eighths, of which abc2midi knows 24 parts, no smaller.

    A pattern of one letter is played twice by it.
    """

    def fits(letters: list[tuple[str, int]]) -> bool:
        length = sum(of for _, of in letters)
        return 48 % length == 0 and 24 * eighths % length == 0

    def written(letters: list[tuple[str, int]]) -> str:
        return "".join(f"{one}{length if length > 1 else ''}" for one, length in letters)

    return st.lists(LETTERS, min_size=2, max_size=8).filter(fits).map(written)


@st.composite
def tunes(draw: st.DrawFn) -> str:
    """Return a tune with repeats and full bars, and a pattern that changes in it."""
    meter = draw(st.sampled_from(sorted(METERS)))
    parts, eighths = METERS[meter]
    bar = st.lists(CHORDS, min_size=parts, max_size=parts)
    bars = draw(st.lists(bar, min_size=2, max_size=4))
    written = ["".join(f'"{chord}"c{eighths}' for chord in one) + "|" for one in bars]
    change = f"\n%%MIDI gchord {draw(patterns(parts * eighths))}\n"
    body = "|:" + written[0] + change + "".join(written[1:])[:-1] + ":|"
    return tune(draw(patterns(parts * eighths)), body, meter)


class TestAgainstAbc2midi:
    pytestmark = needs_abc2midi

    @settings(max_examples=15, phases=[Phase.generate])  # each a process
    @given(tunes())
    def test_it_plays_the_same(self, text: str) -> None:
        ours, theirs = heard(text), abc2midi_chords(text)
        assert [one[:2] for one in ours] == [(note.onset * 8, note.pitch) for note in theirs]
        chords = [chord.onset * 8 for chord in music_of(read_tune(text)).chords]
        for (onset, _, length), note in zip(ours, theirs, strict=True):
            # Here a note ends with its chord.
            following = min((one for one in chords if one > onset), default=onset + length)
            assert onset + length == min(following, (note.onset + note.duration) * 8)
