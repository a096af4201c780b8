"""abcgen's own MusicXML files come back as the same music."""

import pytest

from abcgen.errors import UsageError
from abcgen.formats.musicxml import musicxml_of
from abcgen.formats.musicxml_in import abc_of_musicxml
from abcgen.music.notes import music_of
from abcgen.notation.tune import Tune, read_tune
from tests.formats.musicxml_in.made import attributes, document, measure, note
from tests.tunes import made_up_tune

HEADER = "X:1\nT:The Test\nC:Anon.\nR:reel\nM:4/4\nL:1/8\nQ:1/4=99\nK:D\n"


def there_and_back(text: str) -> tuple[Tune, Tune]:
    tune = read_tune(text)
    return tune, read_tune(abc_of_musicxml(musicxml_of(tune).encode()))


@pytest.mark.parametrize(
    "body",
    [
        "ABcd efga|(3ABc (3def g4|a8|]",
        "A>B c<d e3/2f/2 g2|A/B/c/d/ e4 z2|a8|]",
        "A5B3|c7 d|e2 f6-|f4 z4|]",
        "[DFA]4 [FA-]2 A2|[DA]4 c4|]",
        "|:A|B2 c2 d2 e2|f4 f3:||:efg|a2 b2 a2 g2|f4 d:|",
        "|:A8|[1 B8:|[2 c8||d8|]",
        "|::A8|B8::|",
        "^A-|^A2 A2 =A2 _B2|^^c4 __d4|",
        '"D"A4 "A7/C#"B4|"Bm"c4 "N.C."d4|',
        "{gef}A4 ~B4|Tc4 .d4|",
        "A8|[M:3/4][K:Gm]B2 c2 d2|]",
        "z8|A8|z8|]",
        "(5ABcde f2 (7ABcdefg a2|",
        "A8|B4||c4|d8|]",
    ],
)
def test_the_music_is_the_same(body: str) -> None:
    before, after = there_and_back(HEADER + body + "\n")
    one, other = music_of(before), music_of(after)
    assert (other.notes, other.duration) == (one.notes, one.duration)
    assert [bar.onset for bar in other.bars] == [bar.onset for bar in one.bars]
    chords = [(chord.onset, chord.text) for chord in one.chords if chord.text != "N.C."]
    assert [(chord.onset, chord.text) for chord in other.chords] == chords


@pytest.mark.parametrize("number", range(8))
def test_tunes(number: int) -> None:
    before, after = there_and_back(made_up_tune(number))
    assert music_of(after) == music_of(before)
    assert (after.title, after.field("R")) == (before.title, before.field("R"))


@pytest.mark.parametrize("key", ["D", "Ador", "Bm", "Amix", "Eb", "Fphr", "Clyd", "Dphr ^f"])
@pytest.mark.parametrize("meter", ["C", "C|", "4/4", "6/8", "3/8", "5/4"])
def test_header(key: str, meter: str) -> None:
    text = HEADER.replace("K:D", f"K:{key}").replace("M:4/4", f"M:{meter}") + "A|]\n"
    before, after = there_and_back(text)
    assert after.setting == before.setting
    assert [after.field(letter) for letter in "TCRQ"] == ["The Test", "Anon.", "reel", "1/4=99"]


def test_the_first_part_with_notes_is_read_unless_another_is_named() -> None:
    names = "".join(
        f"<score-part id='P{n}'><part-name>{name}</part-name></score-part>"
        for n, name in ((1, "Flute"), (2, "Cello"))
    )
    other = f"<part id='P2'>{measure(attributes() + note('D', 8))}</part>"
    data = document(
        measure(attributes() + note("C", 8)), head=f"<part-list>{names}</part-list>", parts=other
    )
    assert "\nC8|]" in abc_of_musicxml(data)
    for asked in (2, "2", "cello"):
        assert "\nD8|]" in abc_of_musicxml(data, track=asked)
    with pytest.raises(UsageError, match=r"no part 'horn' .* 1 \(Flute\), 2 \(Cello\)"):
        abc_of_musicxml(data, track="horn")


def test_a_file_without_a_title_has_the_name_that_is_given() -> None:
    data = document(measure(attributes() + note("C", 8)))
    assert "T:my song\n" in abc_of_musicxml(data, name="my song")


def test_a_part_that_is_sung_is_the_melody_below_instruments() -> None:
    names = "".join(
        f"<score-part id='P{n}'><part-name>{name}</part-name></score-part>"
        for n, name in ((1, "Horn"), (2, "Soprano"), (3, "Alto"))
    )
    others = "".join(
        f"<part id='P{n}'>{measure(attributes() + note(step, 8))}</part>"
        for n, step in ((2, "D"), (3, "E"))
    )
    data = document(
        measure(attributes() + note("C", 8)), head=f"<part-list>{names}</part-list>", parts=others
    )
    assert "\nD8|]" in abc_of_musicxml(data)
    assert "\nC8|]" in abc_of_musicxml(data, track="horn")


@pytest.mark.parametrize("title", ["song.mxl", "My Song.MusicXML", "song.mid"])
def test_the_name_of_a_file_is_no_title(title: str) -> None:
    head = f"<work><work-title>{title}</work-title></work>"
    data = document(measure(attributes() + note("C", 8)), head=head)
    assert "T:my song\n" in abc_of_musicxml(data, name="my song")
    assert "T:St. Anne\n" in abc_of_musicxml(data.replace(title.encode(), b"St. Anne"))
