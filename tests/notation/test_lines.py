"""What people write, read to the end: every tune here was written for these tests."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abcgen.errors import AbcgenError, NotationError
from abcgen.formats.midi import midi_of
from abcgen.grammar.spelling import canonical, spell
from abcgen.music.measures import time_signatures
from abcgen.music.notes import Music, music_of
from abcgen.notation.engraving import score_of
from abcgen.notation.tune import Tune, read_tune
from tests.tunes import made_up_tune

HEAD = "M:4/4\nL:1/4\nK:C"


def read(body: str, head: str = HEAD) -> tuple[Tune, Music]:
    tune = read_tune(f"X:1\nT:A\n{head}\n{body}\n")
    return tune, music_of(tune)


def pitches(body: str, head: str = HEAD) -> list[int]:
    return [note.pitch for note in read(body, head)[1].notes]


def lengths(body: str, head: str = HEAD) -> list[Fraction]:
    return [4 * note.duration for note in read(body, head)[1].notes]


def warned(body: str, head: str = HEAD) -> list[str]:
    return [warned.what for warned in read(body, head)[0].warnings]


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("C octave=-1", [53, 55]),
        ("C transpose=-2", [63, 65]),
        ("G clef=treble-8", [54, 55]),
        ("D exp _g", [65, 66]),
        ("none", [65, 67]),
    ],
)
def test_what_a_key_says_is_heard(key: str, expected: list[int]) -> None:
    assert pitches("FG|", f"M:4/4\nL:1/4\nK:{key}") == expected


def test_octave_and_transpose_hold_until_others_are_said() -> None:
    head = "M:4/4\nL:1/4\nK:C octave=-1 transpose=1"
    assert pitches("F4|[K:G]F4|[K:octave=1]F4|[K:D transpose=0]f4|", head) == [54, 55, 79, 90]


def test_ornaments_are_transposed_too() -> None:
    tune, _ = read("{d}c4|", "M:4/4\nL:1/4\nK:C transpose=-3")
    (note,) = music_of(tune, ornaments=True).notes
    assert note.ornament is not None
    assert (note.pitch, note.ornament.above, note.ornament.grace[0][0]) == (69, 71, 71)


def test_a_change_within_a_bar_holds_from_there() -> None:
    assert pitches("FF[K:G]FF|F4|") == [65, 65, 66, 66, 66]
    assert pitches("^FF[K:F]FB|B^c[K:C]cB|") == [66, 66, 65, 70, 70, 73, 72, 71]
    assert pitches("[FA]2[K:D][FA]2|") == [65, 69, 66, 69]
    assert lengths("CD[L:1/8]EFG2z2|A2|") == [1, 1, Fraction(1, 2), Fraction(1, 2), 1, 1]
    assert [bar.setting.meter for bar in read("CD[M:3/4]EF|GAB|")[1].bars] == ["4/4", "3/4"]
    tune, _ = read("CD[K:G]EF|F4|")
    assert spell(tune).endswith("K:C\nC2D2E2^F2||\nK:G\nF8|]\n")


def test_a_tuplet_goes_over_a_bar_line() -> None:
    third = Fraction(2, 3)
    assert lengths("CD(3EF|GABC|") == [1, 1, third, third, third, 1, 1, 1]
    assert lengths("CD(3EF||\n|:GAB:|")[4] == third
    assert warned("CDE(3F|") == ["a tuplet lacks notes"]


def test_a_broken_rhythm_goes_over_a_bar_line() -> None:
    assert lengths("CDEF>|GABc|")[3:5] == [Fraction(3, 2), Fraction(1, 2)]
    assert len(warned("CDEF>|GABc|")) == 1
    assert lengths(">CDEF|") == [1, 1, 1, 1]


def test_a_tie_behind_a_bar_line_is_one_before_it() -> None:
    assert lengths("C4|-C4|") == [8]
    assert warned("-C4|") == ["a - without a note before it is ignored"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("[V:1]CD|[V:2]cd|\n[V:1]EF|[V:2]ef|", [60, 62, 64, 65]),
        ("V:1\nCD|\nV:2\ncd|\nV:1\nEF|", [60, 62, 64, 65]),
        ("CD|\nV:2\ncd|", [60, 62]),
        ("V:T octave=1\nCD|\nV:B\nK:D\nC,D,|\nV:T\nF2|", [72, 74, 77]),
    ],
)
def test_of_several_voices_the_first_is_read(body: str, expected: list[int]) -> None:
    assert pitches(body) == expected
    assert warned(body) == ["of several voices only the first is read"]


def test_a_colon_too_many_is_still_a_field() -> None:
    tune, music = read("c4|", f"N::a remark\nT:: B\n{HEAD}")
    assert (tune.field("N"), tune.warnings) == ("a remark", [])
    assert len(music.notes) == 1
    # Behind a letter of a note it is the end of one repeat and the start of another.
    assert pitches("|:c4:|\n|:A\nB::c4:|")[:3] == [72, 72, 69]


def test_one_voice_is_the_tune() -> None:
    head = "M:4/4\nL:1/4\nV:1 octave=-1\nK:C"
    assert pitches("[V:1]CD|\nV:1\nEF|", head) == [48, 50, 52, 53]
    assert warned("[V:1]CD|\nV:1\nEF|", head) == []


def test_the_voice_that_the_header_names_first_is_the_tune() -> None:
    head = "M:4/4\nL:1/4\nV:1\nV:2\nK:C"
    assert pitches("V:2\nC4|\nP:B\nV:1\nc4|", head) == [72]


def test_of_an_overlay_the_first_line_is_read() -> None:
    assert pitches("cdef & C2G,2|c4 & C4 |c4|") == [72, 74, 76, 77, 72, 72]
    assert pitches("cd (& ef|g4 & C2|E4 &)|c4|") == [72, 74, 76, 77, 79, 72]


@pytest.mark.parametrize(
    ("body", "count"),
    [("CDEF|G4;|", 1), ("CDEF|G4|],", 1), ("CDEF|G4|]\n</html>", 1), ("C <b>D</b>EF|G4|", 2)],
)
def test_strays_are_passed_over_one_by_one(body: str, count: int) -> None:
    tune, music = read(body)
    assert [note.pitch for note in music.notes] == [60, 62, 64, 65, 67]
    assert len(tune.warnings) == count
    with pytest.raises(NotationError, match="not certain"):
        canonical(tune)
    assert spell(tune).endswith("|]\n")


def test_what_is_mostly_strays_is_no_music() -> None:
    with pytest.raises(NotationError, match=r"'[$%;?]' at line 1 of the music, column 2"):
        read("C;?;?;?;?;?;?D|")


def test_a_repeat_without_its_bar_is_one() -> None:
    assert pitches("|:C4:]D4|") == [60, 60, 62]


def test_curly_quotes_are_straight() -> None:
    _, music = read("\u201cG\u201dG4|\u201eC\u201cc\u20194|")
    assert [chord.text for chord in music.chords] == ["G", "C"]
    assert [note.pitch for note in music.notes] == [67, 84]


def test_a_tuplet_that_stands_before_a_bar_line_holds_behind_it() -> None:
    assert lengths("C4|(3|DEF G2|") == lengths("C4|(3DEF G2|")
    assert lengths("C4|(3|D2|") == lengths("C4|(3D2|")


def test_hidden_rests_and_spaces() -> None:
    assert [4 * note.onset for note in read("C4|X2|yD4|")[1].notes] == [0, 12]


def test_long_and_short_units() -> None:
    assert lengths("C/4D/4E/2|F|", "M:4/4\nL:1\nK:C") == [1, 1, 2, 4]
    assert lengths("C512|", "M:4/4\nL:1/512\nK:C") == [4]


def test_a_free_metre_has_bars_of_any_length() -> None:
    tune, music = read("CDEFGAB|c2|", "M:none\nL:1/8\nK:C")
    first, *_ = time_signatures(music.bars)
    assert (first.numerator, first.denominator) == (7, 8)
    assert "M:none\n" in spell(tune)
    with pytest.raises(NotationError):
        canonical(tune)


def test_free_text_behind_a_tune_is_not_music() -> None:
    assert pitches("CDEF|]\n\nbad egg\n") == [60, 62, 64, 65]
    assert pitches("CDEF|]\n\nA dance: play A | B, then go home.\n") == [60, 62, 64, 65]
    assert pitches("CDEF|\n\nM:3/4\n\nGAB|]\n") == [60, 62, 64, 65, 67, 69, 71]
    assert pitches("CDEF|\n%%begintext\nAB|cd|\n%%endtext\nG4|") == [60, 62, 64, 65, 67]


def test_a_warning_has_its_line_and_column() -> None:
    tune, _ = read("CDEF|\n% nothing\nG2;A2|", "M: 4/4 L: 1/4\nK:C")
    assert [str(one) for one in tune.warnings] == [
        "line 3: several fields on one line are read one by one: 4/4 L: 1/4",
        "line 7, column 3: a stray character is ignored: ';'",
    ]


PIECES = (
    "[K:G]", "[L:1/16]", "[M:3/8]", "(3", "(5:", ">", "-", "&", "(&", "&)", "]", "[", "{", "}",
    "_/", "^3/4", "[!1!C'E]", "X", "Z3", ":", ":]", "|:", "[1", "[V:2]", "\nV:2\n", "\n\n",
    "\nK:D exp _b octave=-1\n", "\nM:none\n", "\nL:1\n", "</p>", "<b>", "&amp;", '"', "!", "\\",
    "\u201c", "\xa0", "words and words", "%%begintext\n", "/0", "999", "'", ",",
)  # fmt: skip


@given(
    st.integers(0, 50),
    st.lists(
        st.tuples(st.integers(0, 250), st.integers(0, 3), st.sampled_from(PIECES)), max_size=5
    ),
)
def test_a_tune_with_slips_is_read_or_refused_with_a_reason(
    number: int, slips: list[tuple[int, int, str]]
) -> None:
    text = made_up_tune(number)
    for place, lost, piece in slips:
        text = text[:place] + piece + text[place + lost :]
    for use in (lambda tune: midi_of(tune), spell, score_of):
        try:
            use(read_tune(text))
        except AbcgenError as error:
            assert "\n" not in str(error)


@pytest.mark.parametrize(
    ("body", "plain"),
    [
        ("C\u2013C D\u2014|D", "C-C D-|D"),
        ("c\u2032 d\u00b4|", "c' d'|"),
        ("CD\u00a6EF\u2502", "CD|EF|"),
        ("&quot;C&quot;C&gt;D E&lt;F|C2 &amp; E2|", '"C"C>D E<F|C2 & E2|'),
        ("+CEG+2 +f+C+trill+D|", "[CEG]2 +f+C+trill+D|"),
    ],
)
def test_signs_of_programs_pages_and_old_abc_are_read_as_plain_ones(body: str, plain: str) -> None:
    assert (pitches(body), lengths(body)) == (pitches(plain), lengths(plain))
    assert len(warned(body)) == len(warned(plain)) + 1


def test_they_keep_their_places() -> None:
    tune, _ = read("CD&gt;E F\u2013F ?")
    assert str(tune.warnings[-1]) == "line 6, column 13: a stray character is ignored: '?'"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("!CDEF!GA|", [60, 62, 64, 65, 67, 69]),
        ("!ff!CD|", [60, 62]),
        ("[zCE]2 [C2z2E]|", [60, 64, 60, 64]),
        ('|:C4|["1"D4:|["2nd."E4|]', [60, 62, 60, 64]),
        ("C\u200cD\u00adE|", [60, 62, 64]),
    ],
)
def test_what_is_written_in_other_ways_is_read_in_silence(body: str, expected: list[int]) -> None:
    assert pitches(body) == expected
    assert warned(body) == []


@pytest.mark.parametrize("body", ["(1CD|EF|", "(10CD|EF|", "C><DEF|"])
def test_what_is_no_tuplet_and_no_rhythm_does_not_lose_the_tune(body: str) -> None:
    assert pitches(body) == [60, 62, 64, 65]
    assert set(warned(body)) <= {
        "a stray character is ignored",
        "a < without a note before it is ignored",
    }
    assert warned(body)


def test_words_go_on_behind_a_backslash() -> None:
    words = "CDEF|\nw: over the hills \\\nand | far away from \\\nhere | now\n"
    assert pitches(words + "GABc|") == [60, 62, 64, 65, 67, 69, 71, 72]
    assert pitches("CDEF|\nw: over the hills \\\nGABc|") == [60, 62, 64, 65, 67, 69, 71, 72]


@pytest.mark.parametrize("line", ["=====", "-----", "_____", "....", "####"])
def test_lines_that_only_part_are_no_music(line: str) -> None:
    assert warned(f"CDEF|\n{line}\nGABc|") == ["words in the music are ignored"]


@pytest.mark.parametrize(("key", "pitch"), [("B flat", 63), ("F sharp minor", 64), ("E Flat", 63)])
def test_keys_with_the_name_of_a_sign(key: str, pitch: int) -> None:
    head = f"M:4/4\nL:1/4\nK:{key}"
    assert pitches("E|", head) == [pitch] and warned("E|", head) == []


def test_a_macro_is_told() -> None:
    tune, _ = read("~GA|", "m:~G=GAG\nM:4/4\nL:1/4\nK:C")
    assert [str(one) for one in tune.warnings] == ["line 3: a macro (m:) is not expanded: ~G=GAG"]


def test_a_rhythm_over_a_bar_line_is_named_as_it_is_written() -> None:
    tune, _ = read("CD> |EF|")
    assert str(tune.warnings[0]) == "line 6, column 3: a > or < holds across a bar line: '>'"
