"""MusicXML files: music21 reads them back, with the notes of the tune and its signs."""

import subprocess
import sys
from fractions import Fraction
from xml.etree import ElementTree

import pytest
from music21 import converter, stream
from music21.harmony import ChordSymbol, Harmony

import abcgen
from abcgen.errors import NotationError, UsageError
from abcgen.formats.musicxml import musicxml_of
from abcgen.music.notes import music_of
from abcgen.notation.chords import chord_pitches, spell_chord
from abcgen.notation.tune import Tune, read_tune

F = Fraction


def tune(body: str, *fields: str, key: str = "C", meter: str = "4/4") -> Tune:
    header = "".join(f"{field}\n" for field in fields)
    return read_tune(f"X:1\nT:Test\nM:{meter}\nL:1/8\n{header}K:{key}\n{body}\n")


def xml(one: Tune | str) -> ElementTree.Element:
    """Return the root element of a tune's document."""
    return ElementTree.fromstring(musicxml_of(tune(one) if isinstance(one, str) else one))


def part_of(one: Tune) -> stream.Part:
    return converter.parseData(musicxml_of(one), format="musicxml").parts[0]


def heard(part: stream.Part) -> list[tuple[Fraction, int, Fraction]]:
    """Return (onset, MIDI note number, duration) in whole notes, repeats played, ties joined."""
    notes: list[list] = []
    tied: dict[int, list] = {}
    for found in part.expandRepeats().recurse().notes:
        if isinstance(found, Harmony) or found.duration.isGrace:
            continue
        onset = F(found.activeSite.offset + found.offset).limit_denominator(10000) / 4
        length = F(found.quarterLength).limit_denominator(10000) / 4
        for one in found.notes if found.isChord else [found]:
            tie = one.tie.type if one.tie else ""
            note = tied.pop(one.pitch.midi, None)
            if note is not None and tie in ("stop", "continue"):
                note[2] += length
            else:
                note = [onset, one.pitch.midi, length]
                notes.append(note)
            if tie in ("start", "continue"):
                tied[one.pitch.midi] = note
    return sorted((onset, pitch, length) for onset, pitch, length in notes)


@pytest.mark.parametrize(
    ("body", "meter"),
    [
        pytest.param("CDEF GABc|d8|]", "4/4", id="plain"),
        pytest.param("C|D3 E3|F3 G2:|A|B3 c3|d3 e2:|", "6/8", id="pickups, repeats without |:"),
        pytest.param("|:CDE FGA|[1 B3 c3:|[2 d6||e6|]", "6/8", id="endings"),
        pytest.param("|:C4|[1D4:|[2E4:|[3F4|]", "2/4", id="three endings"),
        pytest.param("|::C8::|D8|]", "4/4", id="three times"),
        pytest.param("|:C8|[1,2D8:|[3E8|]", "4/4", id="an ending played twice"),
        pytest.param("|:C8|[1D8:|[2,3E8:|F8|]", "4/4", id="the last ending played twice"),
        pytest.param("|:C8|[1D8:|[2E8|F8|[1G8:|[2A8|]", "4/4", id="an open ending"),
        pytest.param("C4-C4-|C5 D3|[CEG-]4 G4-|[G2c2] A7/B/|", "4/4", id="ties and groups"),
        pytest.param("|:C8-|[1C8:|[2C8|]", "4/4", id="a tie into both endings"),
        pytest.param("(3ABc (5ABcde|c2/3d2/3e2/3 (3A>Bc", "2/4", id="tuplets"),
        pytest.param("A>B c<d|A>>B c3/4d/4e|A7 B/4c/4d/8e/8z/4", "4/4", id="dots"),
        pytest.param("^F_BFB|F=FBf|Z2|x4|", "2/4", id="accidentals and rests"),
        pytest.param("C8|\nM:3/4\nL:1/4\nK:Eb\nEFG|E3|]", "C", id="changes"),
    ],
)
def test_music21_reads_the_notes_of_the_tune(body: str, meter: str) -> None:
    one = tune(body, key="G", meter=meter)
    expected = sorted((n.onset, n.pitch, n.duration) for n in music_of(one).notes)
    assert heard(part_of(one)) == expected


@pytest.mark.parametrize(
    ("key", "sharps", "mode"),
    [
        ("G", 1, "major"),
        ("F#m", 3, "minor"),
        ("Bb", -2, "major"),
    ],
)
def test_keys(key: str, sharps: int, mode: str) -> None:
    found = part_of(tune("C8|", key=key)).recurse().getElementsByClass("Key").first()
    assert (found.sharps, found.mode) == (sharps, mode)


def test_a_key_with_accidentals_of_its_own() -> None:
    key = xml(tune("C8|", key="D exp _b ^f")).find(".//key")
    assert [one.text for one in key] == ["B", "-1", "F", "1"]


def test_modes_that_few_programs_know_are_left_out() -> None:
    key = xml(tune("C8|", key="Edor")).find(".//key")
    assert [(one.tag, one.text) for one in key] == [("fifths", "2")]


@pytest.mark.parametrize(
    ("meter", "ratio", "symbol"),
    [("6/8", "6/8", None), ("C", "4/4", "common"), ("C|", "2/2", "cut"), ("3/2", "3/2", None)],
)
def test_metres(meter: str, ratio: str, symbol: str | None) -> None:
    time = xml(tune("C", meter=meter)).find(".//time")
    assert f"{time.findtext('beats')}/{time.findtext('beat-type')}" == ratio
    assert time.get("symbol") == symbol


def test_pickups_are_not_counted() -> None:
    measures = xml(tune("C|D6|E5:|F|G6|A5:|", meter="6/8")).findall(".//measure")
    assert [(m.get("number"), m.get("implicit")) for m in measures] == [
        ("0", "yes"), ("1", None), ("2", None), ("X1", "yes"), ("3", None), ("4", None),
    ]  # fmt: skip


def lines(measure: ElementTree.Element) -> list[str]:
    """Return what is said of the bar lines of a bar."""
    return [
        " ".join(
            child.text or child.get("direction") or f"{child.get('type')} {child.get('number')}"
            for child in line
        )
        for line in measure.findall("barline")
    ]


def test_bar_lines() -> None:
    body = "C8||D8|[1E8:|[2F8||G8.|A8[|]B8|"
    assert [lines(measure) for measure in xml(body).findall(".//measure")] == [
        ["light-light"],
        ["heavy-light forward"],
        ["regular start 1", "light-heavy stop 1 backward"],
        ["regular start 2", "light-light stop 2"],
        ["dotted"],
        ["none"],
        ["light-heavy"],
    ]


def test_an_ending_of_several_times() -> None:
    body = "|:C8|[1,2D8:|[3E8|F8|[1G8:|[2A8|]"
    assert [lines(measure) for measure in xml(body).findall(".//measure")][1:4] == [
        ["regular start 1,2", "light-heavy stop 1,2 backward"],
        ["regular start 3", "regular discontinue 3"],
        ["heavy-light forward"],
    ]


def test_a_lone_ending_is_left_out_the_last_time() -> None:
    # music21 never comes back to leave it out; notation programs do.
    assert [lines(measure) for measure in xml("|:C8|[1D8:|F8|]").findall(".//measure")] == [
        ["heavy-light forward"],
        ["regular start 1", "light-heavy stop 1 backward"],
        ["light-heavy"],
    ]


def test_how_often_a_section_is_played() -> None:
    repeats = [one.get("times") for one in xml("|::C8::|D8:|").iter("repeat")]
    assert repeats == [None, "3", None, None]


def test_beams_are_as_written() -> None:
    notes = xml("AB c>d e4|").findall(".//note")
    beams = [[beam.text for beam in note.findall("beam")] for note in notes]
    assert beams == [["begin"], ["end"], ["begin"], ["end", "backward hook"], []]


def test_lines_of_music() -> None:
    measures = xml("C8|\nD8|E8|").findall(".//measure")
    assert [m.find("print") is not None for m in measures] == [False, True, False]


@pytest.mark.parametrize(
    "text", ["G", "Am", "D7/F#", "Bbmaj7", "C#dim", "Eaug", "Asus4", "(Gm6)", "F#m7/C#", "E9"]
)
def test_chord_symbols(text: str) -> None:
    found = part_of(tune(f'C4"{text}"D4')).recurse().getElementsByClass(ChordSymbol).first()
    bass, pitches = chord_pitches(spell_chord(text))
    assert found.offset == 2
    assert found.bass().pitchClass == bass
    assert {p.pitchClass for p in found.pitches} == {p % 12 for p in pitches} | {bass}


def test_names_of_parts() -> None:
    measures = xml("P:A\nC8|\nP:B\nD8|]").findall(".//measure")
    assert [[one.text for one in bar.iter("rehearsal")] for bar in measures] == [["A"], ["B"]]


def test_parts_stand_in_the_order_in_which_they_are_played() -> None:
    """Programs play bars as they stand, and know no P:ABA."""
    header = "X:1\nT:A\nP:ABA\nM:4/4\nL:1/8\nK:G\n"
    tune = read_tune(f"{header}P:A\nG2|C8|[K:D]D6||\nP:B\nd2|E8|F6|]\n")
    measures = ElementTree.fromstring(musicxml_of(tune)).findall(".//measure")
    notes = ["".join(step.text or "" for step in one.iter("step")) for one in measures]
    assert notes == ["G", "C", "D", "D", "E", "F", "G", "C", "D"]
    numbers = [one.get("number") for one in measures]
    assert numbers == ["0", "1", "2", "X1", "3", "4", "X2", "5", "6"]
    lines = [one.findtext("barline[@location='right']/bar-style") for one in measures]
    assert lines == [
        None,
        None,
        "light-light",
        None,
        None,
        "light-light",
        None,
        None,
        "light-heavy",
    ]
    fifths = [one.findtext("attributes/key/fifths") for one in measures]
    assert fifths == ["1", None, "2", None, None, None, "1", None, "2"]
    # In the order in which they are written nothing changes; nor where no part has such a name.
    for order, played in (("AB", 6), ("XY", 6), ("AAB", 9), ("B", 3)):
        text = f"{header}P:A\nG2|C8|D6||\nP:B\nd2|E8|F6|]\n".replace("P:ABA", f"P:{order}")
        assert musicxml_of(read_tune(text)).count("<measure ") == played


def test_a_fourth_and_a_seventh() -> None:
    harmony = xml('"A7sus4"C8').find(".//harmony")
    assert harmony.findtext("kind") == "suspended-fourth"
    assert harmony.find("kind").get("text") == "7sus4"
    assert [child.text for child in harmony.find("degree")] == ["7", "0", "add"]


def test_a_text_that_is_no_chord_is_words() -> None:
    root = xml('"Verse"C4"_softly"D4|')
    assert [words.text for words in root.iter("words")] == ["Verse", "softly"]
    assert [d.get("placement") for d in root.iter("direction")] == ["above", "below"]
    assert not list(root.iter("harmony"))


def test_signs() -> None:
    body = ".A~B Tc Hd|uA vB !3!c !f!d|(AB) {/g}c d-|d!segno!A|"
    root = xml(body)
    for tag in (
        "staccato", "turn", "trill-mark", "fermata", "up-bow", "down-bow", "fingering", "f",
        "slur", "grace", "tie", "tied", "segno",
    ):  # fmt: skip
        assert list(root.iter(tag)), tag
    assert next(root.iter("grace")).get("slash") == "yes"


@pytest.mark.parametrize(
    ("fields", "unit", "dots", "count", "sound"),
    [
        (["Q:1/4=120"], "quarter", 0, "120", "120"),
        (["Q:3/8=110"], "quarter", 1, "110", "165"),
        (['Q:"Fast" 1/2=100'], "half", 0, "100", "200"),
        (["Q:90"], "quarter", 0, "90", "90"),
    ],
)
def test_a_tempo(fields: list[str], unit: str, dots: int, count: str, sound: str) -> None:
    root = xml(tune("C8|", *fields))
    metronome = root.find(".//metronome")
    assert metronome.findtext("beat-unit") == unit
    assert len(metronome.findall("beat-unit-dot")) == dots
    assert metronome.findtext("per-minute") == count
    assert root.find(".//sound").get("tempo") == sound
    assert [words.text for words in root.iter("words")] == (["Fast"] if "Fast" in fields[0] else [])


@pytest.mark.parametrize(
    ("body", "tempos"),
    [
        ("C8|D4[Q:1/4=60]E4|]", ["1 120", "2 60"]),
        ("[Q:1/4=60]C8|D8|]", ["1 60"]),
        ("[Q:none]C8|D8|]", ["1 120"]),
    ],
)
def test_changes_of_tempo(body: str, tempos: list[str]) -> None:
    found = [
        f"{measure.get('number')} {one.find('sound').get('tempo')}"
        for measure in xml(tune(body, "Q:1/4=120")).iter("measure")
        for one in measure.iter("direction")
    ]
    assert found == tempos


def test_marks_that_send_a_player_away_stand_in_the_bar_that_they_end() -> None:
    measures = xml("C8|!fine!D8|E8|!D.C.alfine!").findall(".//measure")
    words = [[one.text for one in measure.iter("words")] for measure in measures]
    assert words == [[], ["Fine"], ["D.C. al Fine"]]


def test_a_tempo_that_is_not_written_is_heard_and_not_seen() -> None:
    root = xml(tune("C8|", "R:reel"))
    assert root.find(".//sound").get("tempo") == "190"
    assert root.find(".//metronome") is None


def test_titles_and_fields() -> None:
    root = xml(
        tune("C", "T:Other <name>", "C:O'Carolan & \x07son\x00", "R:jig", "Z:Ann", "S:A book")
    )
    assert root.findtext("work/work-title") == root.findtext("movement-title") == "Test"
    assert root.findtext("credit/credit-words") == "Other <name>"
    assert root.findtext(".//creator[@type='composer']") == "O'Carolan & son"
    assert root.findtext(".//miscellaneous-field[@name='rhythm']") == "jig"
    assert root.findtext(".//encoder") == "Ann"
    assert root.findtext(".//source") == "A book"


def test_the_same_tune_gives_the_same_document_without_a_date() -> None:
    text = musicxml_of(tune("C8|"))
    assert text == musicxml_of(tune("C8|"))
    assert f"<software>abcgen {abcgen.__version__}</software>" in text
    assert "encoding-date" not in text


def test_the_instrument_of_the_tune_unless_another_is_given() -> None:
    flute = tune("C", "%%MIDI program 73")
    texts = musicxml_of(flute), musicxml_of(flute, instrument="harp"), musicxml_of(tune("C"))
    programs = [ElementTree.fromstring(text).findtext(".//midi-program") for text in texts]
    assert programs == ["74", "47", "41"]
    with pytest.raises(UsageError, match="instrument"):
        musicxml_of(flute, instrument="kazoo")


@pytest.mark.parametrize(
    ("semitones", "steps"),
    [(-14, ["-1", "-2", "-1"]), (-3, ["-2", "-3"]), (2, ["1", "2"]), (12, ["0", "0", "1"])],
)
def test_a_transposition_is_told(semitones: int, steps: list[str]) -> None:
    one = tune("C8|", f"%%MIDI transpose {semitones}")
    assert [step.text for step in xml(one).find(".//transpose")] == steps
    sounding = part_of(one).toSoundingPitch().recurse().notes.first()
    assert sounding.pitch.midi == 60 + semitones


def test_ties_with_one_end() -> None:
    notes = xml("|:C8-|[1D4C4-:|[2C8|]").findall(".//note")
    heard = [[tie.get("type") for tie in note.findall("tie")] for note in notes]
    seen = [[tied.get("type") for tied in note.iter("tied")] for note in notes]
    assert heard == [["start"], [], ["start"], ["stop"]]
    assert seen == [["start"], [], ["start", "stop"], ["start", "stop"]]


def test_rests_of_several_bars() -> None:
    root = xml("Z3|C8|")
    assert root.findtext(".//multiple-rest") == "3"
    assert [r.get("measure") for r in root.iter("rest")] == ["yes"] * 3


def test_a_note_that_is_too_low_is_a_reason() -> None:
    with pytest.raises(NotationError, match="too high or too low for a score"):
        musicxml_of(tune("C,,,,,"))


def test_importing_the_module_does_not_load_music21() -> None:
    code = "import abcgen.formats.musicxml, sys; sys.exit('music21' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
