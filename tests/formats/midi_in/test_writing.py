"""What is read from a MIDI file sounds as the file does, and is written as people write it."""

import pytest

from abcgen.formats.midi import midi_of
from abcgen.formats.midi_in import abc_of_midi
from abcgen.music.notes import music_of
from abcgen.music.performance import perform
from abcgen.notation.tune import Tune, read_meter, read_tune


def there_and_back(body: str, meter: str = "4/4", key: str = "D") -> tuple[Tune, Tune, str]:
    tune = read_tune(f"X:1\nT:Test\nM:{meter}\nL:1/8\nK:{key}\n{body}\n")
    text = abc_of_midi(midi_of(tune))
    return tune, read_tune(text), text


@pytest.mark.parametrize(
    ("body", "meter"),
    [
        ("ABcd efga|(3ABc (3def g4|a8|]", "4/4"),
        ("A>B c<d e3/2f/2 g2|A/B/c/d/ e4 z2|a8|]", "4/4"),
        ("A5B3|c7 d|e2 f6-|f4 z4|]", "4/4"),
        ("[DFA]4 c2 d2|e4 [DA]4-|[DA]4 z4|]", "4/4"),
        ("(2AB c3|(4ABcd e3|A2B cd2|d6|]", "6/8"),
        ("(5ABcde f2 (7ABcdefg a2|(3:2:2A2B c2 d4|]", "4/4"),
        ("^A-|^A2 A =A^G|_B2 B2 z2|]", "3/4"),
        ("~A3 B3|{gef}d3 c3|TA6|]", "6/8"),
        ("z2|A3 B3|z3 c3|d3:|", "6/8"),
        ("A2|B2 c2 d2 e2|[M:3/4]f2 g2 a2|[K:G]f2 g2 a2|]", "4/4"),
        ("A,,B,, c''d'' z4|e8|]", "4/4"),
        ("|:A|B2 c2 d2 e2|f4 f3:||:efg|a2 b2 a2 g2|f4 d:|", "4/4"),
    ],
)
def test_notes_are_exact(body: str, meter: str) -> None:
    before, after, _ = there_and_back(body, meter)
    played, read = perform(before).melody, music_of(after).notes
    assert [(n.pitch, n.onset, n.duration) for n in read] == [
        (n.pitch, n.onset, n.duration) for n in played
    ]


@pytest.mark.parametrize("meter", ["2/4", "3/4", "4/4", "C|", "6/8", "9/8", "12/8", "3/2", "5/4"])
@pytest.mark.parametrize("key", ["D", "Ador", "Bm", "Amix", "Eb"])
def test_metre_and_key_come_back(meter: str, key: str) -> None:
    bar = "A" * int(8 * read_meter(meter))
    before, after, _ = there_and_back(f"{bar}|{bar}|", meter, key)
    assert (after.setting.meter, after.setting.key) == (before.setting.meter, key)


def test_beams_follow_the_beats() -> None:
    assert "ABc def|" in there_and_back("ABcdef|a6|]", "6/8")[2]
    assert "ABcd efga|" in there_and_back("ABcdefga|a8|]")[2]
    assert "AB cd ef|" in there_and_back("ABcdef|a6|]", "3/4")[2]


def test_the_title_comes_back() -> None:
    assert "\nT:Test\n" in there_and_back("A8|]")[2]
