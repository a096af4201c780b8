"""MEI: every element of the notation is there, each note knows its place, and sounds right."""

import xml.etree.ElementTree as ET
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abcgen.errors import NotationError
from abcgen.formats.mei import mei_of
from abcgen.music.notes import music_of_bars
from abcgen.notation.form import read_sections
from abcgen.notation.tune import Tune, read_tune
from abcgen.notation.tunebook import split_tunebook
from tests.tunes import made_up_book

F = Fraction
WHOLE = F(1)
ID = "{http://www.w3.org/XML/1998/namespace}id"
NATURAL = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}
SEMITONES = {None: 0, "n": 0, "s": 1, "x": 2, "ss": 2, "f": -1, "ff": -2}


def tune(body: str, *fields: str, key: str = "C", meter: str = "4/4") -> Tune:
    header = "".join(f"{field}\n" for field in fields)
    return read_tune(f"X:1\nT:Test\nM:{meter}\nL:1/8\n{header}K:{key}\n{body}\n")


def mei(tune: Tune) -> ET.Element:
    """Return the document as elements without their namespace."""
    text = mei_of(tune).replace('xmlns="http://www.music-encoding.org/ns/mei"', "")
    return ET.fromstring(text.encode())


def read(body: str, *fields: str, key: str = "C", meter: str = "4/4") -> ET.Element:
    return mei(tune(body, *fields, key=key, meter=meter))


def shape(element: ET.Element) -> str:
    """Return the notes of a part as letters, with brackets for beams and braces for tuplets."""
    inside = "".join(map(shape, element))
    if element.tag == "note":
        return str(element.get("pname"))
    around = {"beam": "[]", "tuplet": "{}", "chord": "<>", "graceGrp": "()", "rest": "z"}
    opening, closing = around.get(element.tag, "").ljust(2)
    return f"{opening}{inside}{closing}".replace(" ", "")


def layer(root: ET.Element) -> str:
    return " ".join(map(shape, root.iter("layer")))


def spans(root: ET.Element, name: str) -> list[tuple[str, str]]:
    """Return what a tie or slur joins: where it begins and ends."""
    return [
        ((one.get("startid") or one.get("tstamp") or "").lstrip("#"), str(one.get("endid"))[1:])
        for one in root.iter(name)
    ]


def values(root: ET.Element, name: str = "note") -> list[str]:
    """Return the values of the notes: `4.` is a dotted quarter."""
    return [
        str(one.get("dur")) + "." * int(one.get("dots", 0))
        for one in root.iter(name)
        if one.get("dur")
    ]


TEXT = """X:1
T:Test % B is no note
M: 4/4 C c here
L:1/8
%%MIDI program 1
K:G

  A "Am"B2 {cd} [C ^E_G,]2 | % A B C
w:la la la
M:3/4 D2 E2 F2 |
K:D
 [L:1/4] d !trill!e f\\
 z2 g |]
"""


def test_ids_are_places_in_the_text() -> None:
    text = TEXT.replace("M: 4/4 C c here", "M: 4/4")
    found = [int(note.get(ID, "")[1:]) for note in mei(read_tune(text)).iter("note")]
    expected = ["A", "B2", "cd", "d}", "C ", "^E", "_G,", "D2", "E2", "F2", "d ", "e ", "f\\", "g "]
    assert [text[place : place + len(one)] for place, one in zip(found, expected, strict=True)] == (
        expected
    )


def test_the_numbers_of_bars_are_those_of_musicians() -> None:
    root = read("C|D8|E7:|F|Z2|G7|[1A8:|")
    assert [bar.get("n") for bar in root.iter("measure")] == ["0", "1", "2", "2", "3", "5", "6"]


def test_bars_are_counted_from_0_as_written() -> None:
    root = read("C2|:D8|E8|1F8:|2G8||A8|]")
    assert [one.get(ID) for one in root.iter("measure")] == [f"m{n}" for n in range(6)]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param("AB cd", "[ab][cd]", id="spaces break beams"),
        pytest.param("ABcd", "[abcd]", id="one beam"),
        pytest.param("AB`cd", "[abcd]", id="a backquote does not"),
        pytest.param("A B2c d", "abcd", id="quarters have none"),
        pytest.param("AzBc", "az[bc]", id="a rest breaks it"),
        pytest.param('AB"G"cd', "[abcd]", id="a chord symbol does not"),
        pytest.param("A>B c<d", "[ab][cd]", id="broken rhythm"),
        pytest.param("AB\ncd", "[ab][cd]", id="the end of a line breaks it"),
        pytest.param("(3ABc de", "{[abc]}[de]", id="a beam in a tuplet"),
        pytest.param("d(3ABce", "[d{abc}e]", id="a tuplet in a beam"),
        pytest.param("(3AB cd e", "{[ab]c}de", id="a beam ends with the tuplet"),
        pytest.param("d(3AB c e", "d{[ab]c}e", id="and begins with it"),
        pytest.param("[CE]G", "[<ce>g]", id="groups"),
        pytest.param("A{gf}BC", "[a([gf])bc]", id="grace notes"),
    ],
)
def test_beams_are_as_written(body: str, expected: str) -> None:
    assert layer(read(body)) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param("A2 B4 c8 d16", ["4", "2", "1", "breve"], id="lengths"),
        pytest.param("A3 B/ c// d3/2", ["4.", "16", "32", "8."], id="dots and fractions"),
        pytest.param("A7", ["2.."], id="two dots"),
        pytest.param("A5", ["2", "8"], id="two tied notes"),
        pytest.param("A15/2", ["2..."], id="three dots"),
        pytest.param("A>B c<<d", ["8.", "16", "32", "8.."], id="broken rhythm"),
        pytest.param(
            "(3A2B2c2 (3d>ef", ["4", "4", "4", "8.", "16", "8"], id="in tuplets as written"
        ),
    ],
)
def test_values(body: str, expected: list[str]) -> None:
    assert values(read(body)) == expected


def test_a_length_of_two_values_is_tied_and_has_one_accidental() -> None:
    root = read("^A5 [CE]5")
    assert spans(root, "tie") == [("n27", "n27-1"), ("n32", "n32-1"), ("n33", "n33-1")]
    assert [note.get("accid") for note in root.iter("note")][:2] == ["s", None]


def test_lengths_that_no_values_make_up_are_tuplets() -> None:
    root = read("A2/3B2/3c2/3 d2")
    assert (layer(root), values(root)) == ("{[abc]}d", ["8", "8", "8", "4"])


def test_a_tuplet_of_several_ratios_is_several() -> None:
    root = read("(3:2:5A B/3c/3d/3 e f2")
    assert [one.get("num") for one in root.iter("tuplet")] == ["3", "9", "3"]
    assert durations(next(root.iter("layer"))) == F(1, 2)


@pytest.mark.parametrize(
    ("body", "meter", "expected"),
    [
        ("(3ABc", "4/4", ("3", "2")),
        ("(2AB", "6/8", ("2", "3")),
        ("(5ABcde", "6/8", ("5", "3")),
        ("(5ABcde", "4/4", ("5", "2")),
        ("(4:2:4ABcd", "4/4", ("4", "2")),
    ],
)
def test_tuplets(body: str, meter: str, expected: tuple[str, str]) -> None:
    (tuplet,) = read(body, meter=meter).iter("tuplet")
    assert (tuplet.get("num"), tuplet.get("numbase")) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param("A-A", [("n27", "n29")], id="in a bar"),
        pytest.param("A8-|A", [("n27", "n31")], id="over a bar line"),
        pytest.param("A-[CEA]", [("n27", "n32")], id="into a group"),
        pytest.param("[CE]-[CE]", [("n28", "n33"), ("n29", "n34")], id="of a group"),
        pytest.param("[CE-][CE]", [("n29", "n34")], id="of one note of a group"),
        pytest.param("A-B", [], id="to another note there is none"),
        pytest.param("A-zA", [], id="nor over a rest"),
        pytest.param("^F-=F", [], id="nor to another pitch"),
        pytest.param("|:C8-|1C8:|2C8|]", [("n29", "n34"), ("0", "n39")], id="into both endings"),
    ],
)
def test_ties(body: str, expected: list[tuple[str, str]]) -> None:
    assert spans(read(body), "tie") == expected


def test_slurs() -> None:
    root = read("(AB (cd)|e) f (g) a)")
    assert sorted(spans(root, "slur")) == [("n28", "n36"), ("n32", "n33")]


@pytest.mark.parametrize(
    ("body", "key", "expected"),
    [
        pytest.param("Ff", "D", [(None, "s"), (None, "s")], id="of the key"),
        pytest.param("^FFf", "C", [("s", None), (None, "s"), (None, None)], id="for the bar"),
        pytest.param("^F|F", "C", [("s", None), (None, None)], id="not beyond"),
        pytest.param("^F-|F F", "C", [("s", None), (None, "s"), (None, None)], id="tied beyond"),
        pytest.param("=FF", "D", [("n", None), (None, "n")], id="natural"),
        pytest.param("^^F__B", "C", [("x", None), ("ff", None)], id="double"),
        pytest.param("{^f}gf", "C", [("s", None), (None, None), (None, None)], id="of grace notes"),
    ],
)
def test_accidentals(body: str, key: str, expected: list[tuple[str | None, str | None]]) -> None:
    notes = read(body, key=key).iter("note")
    assert [(note.get("accid"), note.get("accid.ges")) for note in notes] == expected


@pytest.mark.parametrize(
    ("decoration", "element", "attribute", "value"),
    [
        (".", "note", "artic", "stacc"),
        ("u", "note", "artic", "upbow"),
        ("!downbow!", "note", "artic", "dnbow"),
        ("L", "note", "artic", "acc"),
        ("!tenuto!", "note", "artic", "ten"),
        ("~", "turn", "form", "upper"),
        ("!invertedturn!", "turn", "form", "lower"),
        ("T", "trill", "place", "above"),
        ("+trill+", "trill", "place", "above"),
        ("M", "mordent", "form", "lower"),
        ("P", "mordent", "form", "upper"),
        ("H", "fermata", "place", "above"),
        ("!invertedfermata!", "fermata", "form", "inv"),
        ("S", "repeatMark", "func", "segno"),
        ("O", "repeatMark", "func", "coda"),
        ("!breath!", "breath", "startid", "#n{}"),
        ("!arpeggio!", "arpeg", "startid", "#n{}"),
    ],
)
def test_decorations(decoration: str, element: str, attribute: str, value: str) -> None:
    root = read(f"{decoration}A")
    (found,) = root.iter(element)
    assert found.get(attribute) == value.format(27 + len(decoration))


@pytest.mark.parametrize(
    ("body", "element", "text", "place"),
    [
        ("!ff!A", "dynam", "ff", "below"),
        ("!3!A", "fing", "3", "above"),
        ('"^slowly"A', "dir", "slowly", "above"),
        ('"_sweet"A', "dir", "sweet", "below"),
        ("!D.C.!A", "dir", "D.C.", "above"),
        ("A !fine!|", "dir", "Fine", "above"),
        ('"F♯m"A', "harm", "F#m", "above"),
        ('"Bb7/d"A', "harm", "Bb7/D", "above"),
        ('"(Am)"A', "harm", "(Am)", "above"),
        ('"Am""G"A', "harm", "Am  G", "above"),
        ('"<&"A', "dir", "&", "above"),
        ('"no chord"A', "harm", "no chord", "above"),
        ('A "G"|', "harm", "G", "above"),
    ],
)
def test_words(body: str, element: str, text: str, place: str) -> None:
    (found,) = read(body).iter(element)
    assert ("".join(found.itertext()), found.get("place")) == (text, place)


def test_names_of_parts() -> None:
    root = read("P:A\nC8|\nP:B\nD8|]")
    found = [[one.text for one in bar.iter("reh")] for bar in root.iter("measure")]
    assert found == [["A"], ["B"]]


def test_a_hairpin_that_ends_with_the_bar() -> None:
    assert spans(read("!<(!A B!<)!|c|"), "hairpin") == [("n31", "n33")]


def test_a_tie_that_goes_back_ends_at_the_bar_line() -> None:
    (tie,) = read("|:C8|[1C8-:|[2C8|]").iter("tie")
    assert (tie.get("startid"), tie.get("tstamp2")) == ("#n34", "0m+5")


def test_a_chord_over_a_rest_of_a_bar_stands_where_the_bar_begins() -> None:
    (chord,) = read('"G"z8|C8|').iter("harm")
    assert (chord.get("tstamp"), chord.get("startid")) == ("1", None)


def test_grace_notes_before_a_bar_line() -> None:
    root = read("A8{gf}|A8|")
    assert layer(root) == "a([gf]) a"


def test_hairpins() -> None:
    root = read("!<(!A B !<)!c !>(!d|e !>)!f")
    assert [one.get("form") for one in root.iter("hairpin")] == ["cres", "dim"]
    assert spans(root, "hairpin") == [("n31", "n39"), ("n45", "n53")]


def test_grace_notes() -> None:
    alone, slashed = (next(read(body).iter("graceGrp")) for body in ("{g}A", "{/gf}A"))
    assert values(alone) == ["8"]
    assert values(slashed) == ["16", "16"]
    assert [note.get("stem.mod") for note in slashed.iter("note")] == ["1slash"] * 2


def bar_lines(root: ET.Element) -> list[tuple[str | None, str | None]]:
    return [(one.get("left"), one.get("right")) for one in root.iter("measure")]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param("C|D|", ["|", "end"], id="the last one"),
        pytest.param("C||D|]E|", ["dbl", "end", "end"], id="double and final"),
        pytest.param("|:C|D:|E|", [": |", "rptend", "end"], id="repeat"),
        pytest.param("|:C::D:|", [": rptend", ": rptend"], id="two at once"),
        pytest.param("C|\n|:D:|", ["|", ": rptend"], id="begins on the next line"),
        pytest.param("C:|D|", ["rptend", "end"], id="without a beginning"),
        pytest.param("|:C|1D:|2E||F|", [": |", "rptend", "dbl", "end"], id="endings"),
        pytest.param(
            "|:C|1D:|2E:|F|", [": |", "rptend", "dbl", "end"], id="a :| after the last time"
        ),
        pytest.param("A|B||C|D:|", ["|", "dbl", ": |", "rptend"], id="back to the double bar"),
        pytest.param("|:C|1D:|2E||F:|", [": |", "rptend", "dbl", ": rptend"], id="a section"),
        pytest.param("|:C|D||", ["|", "end"], id="a beginning without an end"),
        pytest.param("C[|]D|", ["invis", "end"], id="invisible"),
    ],
)
def test_bar_lines(body: str, expected: list[str]) -> None:
    shown = [
        f"{': ' if left else ''}{'|' if right == 'single' else right}"
        for left, right in bar_lines(read(body))
    ]
    assert shown == expected


def test_endings() -> None:
    root = read("|:C8|1D8|E8:|2F8:|3G8|]A8|]")
    found = [(one.get("n"), layer(one)) for one in root.iter("ending")]
    assert found == [("1", "d e"), ("2", "f"), ("3", "g")]


@pytest.mark.parametrize(
    ("body", "endings", "lines"),
    [
        ("|:C|[1,2D:|[3E||F|]", ["1, 2", "3"], ": | rptend dbl end"),
        ("|:C|[1D:|[2-3E:|F|]", ["1", "2, 3"], ": | rptend rptend end"),
        ("|:C|[1D:|]", ["1"], ": | rptend"),
        ("|:C|[1D:|\n|:F:|", ["1"], ": | rptend : rptend"),
    ],
)
def test_endings_of_several_times_and_lone_ones(body: str, endings: list, lines: str) -> None:
    root = read(body)
    shown = [f"{': ' if left else ''}{right}" for left, right in bar_lines(root)]
    assert [one.get("n") for one in root.iter("ending")] == endings
    assert " ".join(shown).replace("single", "|") == lines


def test_an_ending_that_nothing_ends_is_open() -> None:
    root = read("|:C8|[1D8:|[2E8|F8|[1G8:|[2A8|]")
    found = [(one.get("n"), one.get("lendsym")) for one in root.iter("ending")]
    assert found == [("1", None), ("2", "none"), ("1", None), ("2", None)]


def test_a_section_played_three_times_says_so() -> None:
    root = read("|::C8::|D8:|")
    told = [
        (one.get("tstamp"), "".join(one.itertext()))
        for bar in root.iter("measure")
        for one in bar.findall("dir")
    ]
    assert told == [("5", "3x")]


def test_short_bars_are_marked() -> None:
    root = read("C2|D8|E6||F2|G8|A9|]")
    assert [one.get("metcon") for one in root.iter("measure")] == [
        *("false", None, "false", "false", None, "false")
    ]


def test_rests() -> None:
    root = read("z2 x4 z2|Z|z8|x8|Z3|C8")
    assert values(root, "rest") == ["4", "4"]
    assert values(root, "space") == ["2"]
    assert [len(list(root.iter(name))) for name in ("mRest", "mSpace")] == [2, 1]
    assert [one.get("num") for one in root.iter("multiRest")] == ["3"]


def test_changes_of_key_and_meter() -> None:
    root = read("C8|[K:D][M:6/8]D6|\nK:Bb\nE6|[M:C|]F8|[L:1/4]G4|]")
    found = [(one.get("keysig"), one.get("meter.count")) for one in root.iter("scoreDef")]
    assert found == [("0", "4"), ("2s", "6"), ("2f", None), (None, "2")]
    assert [one.get("meter.sym") for one in root.iter("scoreDef")][-1] == "cut"


def lines(root: ET.Element) -> list[int]:
    """Return the number of bars on each line."""
    counts = [0]
    for one in root.iter():
        if one.tag == "sb":
            counts.append(0)
        counts[-1] += one.tag == "measure"
    return counts


FULL = "CDEF GABc|" * 4


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(f"{FULL}\n{FULL}", [4, 4], id="as in the text"),
        pytest.param(f"{FULL}\\\n{FULL[:10]}", [5], id="a line that goes on"),
        pytest.param(f"{FULL[:-1]}\n|{FULL}", [4, 4], id="a bar line on the next line"),
        pytest.param(f"{FULL}!\n{FULL}", [4, 4], id="an exclamation mark"),
        pytest.param(f"{FULL}\nK:D\n{FULL}", [4, 4], id="at a change of key"),
        pytest.param(FULL * 4, [4, 4, 4, 4], id="a line too long for the page"),
        pytest.param(f"{FULL}\n[1{FULL}\n:|[2C8|]", [4, 4, 1], id="endings"),
        pytest.param(f"{FULL}[1C8:|\n[2C8||\n{FULL}", [6, 4], id="no line for an ending alone"),
        pytest.param("CDEF\nGABc|" * 4, [4], id="not within a bar"),
    ],
)
def test_lines(body: str, expected: list[int]) -> None:
    assert lines(read(body)) == expected


def test_no_line_breaks_inside_of_an_ending_that_begins_there() -> None:
    root = read(f"|:{FULL}\n[1 {FULL}:|[2 {FULL}|]")
    assert [ending[0].tag for ending in root.iter("ending")] == ["measure", "measure"]


def head(*fields: str) -> list[str]:
    """Return the lines above the music."""
    root = mei(read_tune("X:1\n" + "".join(f"{one}\n" for one in fields) + "K:C\nC|]\n"))
    return [text for one in root.iter("pgHead") for text in one.itertext()]


def test_heading() -> None:
    fields = ("T:Élan <& Co>", "T:Also Łódź", "C:Müller", "C:Anon", "R:reel", "P:AB")
    assert head(*fields) == [*("Élan <& Co>", "Also Łódź", "reel", "Parts: AB", "Müller", "Anon")]


def test_a_tune_without_a_title_has_no_heading() -> None:
    assert head() == []


def test_a_long_title_has_several_lines() -> None:
    title = "The day that we all went to the fair and came home late " * 3
    found = [line for line in head(f"T:{title}") if line.strip()]
    assert len(found) == 3
    assert " ".join(found) == title.strip()


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("Q:1/4=120", ("4", "0", "120", "= 120")),
        ("Q:3/8=60", ("4", "1", "60", "= 60")),
        ("Q:120", ("4", "0", "120", "= 120")),
        ('Q:"Slow & easy" 1/2=40', ("2", "0", "40", "= 40 Slow & easy")),
        ('Q:"Slowly"', (None, None, None, "Slowly")),
        ("Q:fast", (None, None, None, "fast")),
    ],
)
def test_tempo(field: str, expected: tuple[str | None, ...]) -> None:
    (tempo,) = read("C", field).iter("tempo")
    words = " ".join("".join(tempo.itertext()).lstrip("\ueca3\ueca5\uecb7").split())
    found = (*(tempo.get(f"mm{part}") for part in (".unit", ".dots", "")), words)
    assert found == expected


@pytest.mark.parametrize("field", ["Q:1/0=3", "Q:5/8=60", "Q:"])
def test_a_tempo_that_is_none_is_left_out(field: str) -> None:
    assert not list(read("C", field).iter("tempo"))


def test_characters_that_xml_cannot_hold_are_left_out() -> None:
    assert head("T:a\x0bb\x00c") == ["a bc"]


def test_a_note_too_high_to_draw_is_an_error() -> None:
    for note in ("C" + "," * 5, "{c" + "'" * 1000 + "}"):
        with pytest.raises(NotationError, match="too high or too low for a score"):
            mei_of(tune(f"{note} A"))


def pitches(root: ET.Element) -> list[int]:
    """Return the MIDI numbers of the notes that are struck."""
    tied = {end for _, end in spans(root, "tie")}
    return [
        12 * (int(note.get("oct", "")) + 1)
        + NATURAL[note.get("pname", "")]
        + SEMITONES[note.get("accid") or note.get("accid.ges")]
        for note in root.iter("note")
        if note.get(ID) not in tied and not note.get("grace")
    ]


def durations(element: ET.Element, factor: Fraction = WHOLE) -> Fraction:
    """Return the sum of the lengths of what is inside an element, in whole notes."""
    if element.tag == "tuplet":
        factor *= F(int(element.get("numbase", "")), int(element.get("num", "")))
    if element.tag == "graceGrp":
        return F(0)
    if element.get("dur"):
        name = str(element.get("dur"))
        return (
            factor
            * (F(2) if name == "breve" else F(1, int(name)))
            * (2 - F(1, 2 ** int(element.get("dots", 0))))
        )
    return sum((durations(one, factor) for one in element), F(0))


def agrees(tune: Tune) -> None:
    """Check that the score has the notes and lengths that are heard when it is played once."""
    root = mei(tune)
    bars = [bar for section in read_sections(tune) for bar in section.written()]
    heard = music_of_bars(bars)
    assert sorted(pitches(root)) == sorted(note.pitch for note in heard.notes)
    assert [durations(one) for one in root.iter("layer")] == [bar.duration for bar in heard.bars]


def test_the_score_is_what_is_heard() -> None:
    for text in split_tunebook(made_up_book(40)):
        agrees(read_tune(text))


PIECES = ["A", "^F", "F", "=B-", "B", "_e", "c2-", "c", "[CEG]", "[C-E]-", "[CE]", "|", "|", " "]
PIECES += ["z", "(3ABc", "d>e", "f<g", "A5", "{g}", "~A", "|[K:Eb]", "|[L:1/16]", '"G"', "(", ")"]


@given(st.lists(st.sampled_from(PIECES), max_size=30))
def test_any_score_is_what_is_heard(pieces: list[str]) -> None:
    agrees(tune("A" + "".join(pieces) + "A|]", key="A"))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("C8|D4[Q:1/4=60]E4|]", [("1", "120"), ("3", "60")]),
        ("C8|\nQ:1/4=60\nD8|]", [("1", "120"), ("1", "60")]),
        ("[Q:1/4=60]C8|D8|]", [("1", "60")]),
        ("[Q:none]C8|D8|]", [("1", "120")]),
    ],
)
def test_changes_of_tempo(body: str, expected: list[tuple[str, str]]) -> None:
    root = read(body, "Q:1/4=120")
    assert [(one.get("tstamp"), one.get("mm")) for one in root.iter("tempo")] == expected


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("C8|D8!D.C.alfine!|", "D.C. al Fine"),
        ("C8|D8|!dacapo!", "D.C."),
        ('C8|D8"D.S. al coda"|', "D.S. al Coda"),
        ("C8|!dacoda!D8|]", "To Coda"),
    ],
)
def test_marks_that_send_a_player_away_stand_in_the_bar_that_they_end(body: str, text: str) -> None:
    bars = list(read(body).iter("measure"))
    assert [["".join(one.itertext()) for one in bar.iter("dir")] for bar in bars] == [[], [text]]


def test_a_key_with_accidentals_of_its_own() -> None:
    root = read("D8|[K:D]D8|[K:D exp _b]D8|", key="Dphr ^f")
    found = [[(one.get("pname"), one.get("accid")) for one in key] for key in root.iter("keySig")]
    assert found == [[("b", "f"), ("e", "f"), ("f", "s")]]
    assert [one.get("keysig") for one in root.iter("scoreDef")] == [None, "2s", "1f"]
