"""What bars of MusicXML hold is found in the ABC."""

import pytest

from abcgen.errors import CorpusError
from abcgen.formats.musicxml_in import abc_of_musicxml
from tests.formats.musicxml_in.made import attributes, document, measure, note

TIE = "<tie type='{}'/>"


def body(*measures: str, meter: str = "4/4", **head: object) -> str:
    """Return the music of bars, the first of them with attributes."""
    first, *others = measures
    text = abc_of_musicxml(
        document(
            measure(attributes(meter, **head) + first),  # type: ignore[arg-type]
            *(measure(one, str(number)) for number, one in enumerate(others, start=2)),
        )
    )
    return text.partition("\nK:")[2].partition("\n")[2].replace("\n", "")


def test_ties_rests_and_gaps() -> None:
    rest = "<note><rest/><duration>2</duration></note>"
    gap = "<forward><duration>2</duration></forward>"
    assert body(note("C", 4) + rest + gap, note("C", 8)) == "C4 z2z2|C8|]"
    found = body(
        note("C", 4) + rest + note("D", 2, TIE.format("start")), note("D", 8, TIE.format("stop"))
    )
    assert found == "C4 z2D2-|D8|]"


def test_other_voices_and_staves_are_left_out() -> None:
    second = note("E", 8, "<voice>2</voice>")
    below = note("C", 8, "<voice>1</voice><staff>2</staff>", octave=3)
    back = "<backup><duration>8</duration></backup>"
    first = note("C", 8, "<voice>1</voice>")
    assert body(first + back + second + back + below) == "C8|]"
    half, forward = "<forward><duration>4</duration></forward>", note("C", 4, "<voice>1</voice>")
    late = note("E", 4, "<voice>2</voice>")
    assert body(forward + half + back + half + late) == "C4 z4|]"


def test_groups_are_written_from_the_lowest_note_up() -> None:
    assert body(note("G", 8) + note("C", 8, before="<chord/>")) == "[CG]8|]"


def test_alterations_and_grace_notes() -> None:
    sharp = note("F", 4).replace("</step>", "</step><alter>1</alter>")
    assert body(sharp + note("F", 4)) == "^F4 =F4|]"
    grace = "<note><grace/><pitch><step>B</step><octave>4</octave></pitch></note>"
    assert body(grace + note("C", 8)) == "{B}C8|]"


def test_tuplets() -> None:
    three = "".join(note(step, 2) for step in "CDE") + note("F", 6)
    assert body(three, divisions=6, meter="2/4") == "(3CDE F2|]"


def test_repeats_and_endings() -> None:
    forward = "<barline location='left'><repeat direction='forward'/></barline>"
    ending = "<barline location='left'><ending number='{}' type='start'/></barline>"
    backward = "<barline location='right'><repeat direction='backward'/></barline>"
    found = body(
        forward + note("C", 8),
        ending.format("1, 2") + note("D", 8) + backward,
        ending.format("3") + note("E", 8),
    )
    assert found == "|:C8|[1,2 D8:|[3 E8|]"


def test_three_times() -> None:
    forward = "<barline location='left'><repeat direction='forward'/></barline>"
    backward = "<barline><repeat direction='backward' times='3'/></barline>"
    assert body(forward + note("C", 8) + backward) == "|::C8::|"


def test_key_and_metre_that_change() -> None:
    assert body(note("C", 8), attributes("3/4", 1) + note("G", 6)) == "C8|[M:3/4][K:G]G6|]"


def test_a_key_without_a_mode_is_that_of_its_notes() -> None:
    ends_on_a = "".join(note(step, 2) for step in "AECA")
    assert "K:Am\n" in abc_of_musicxml(document(measure(attributes(mode="") + ends_on_a)))


def test_transposition_and_tempo() -> None:
    said = (
        attributes().replace(
            "</attributes>", "<transpose><chromatic>-2</chromatic></transpose></attributes>"
        )
        + "<direction><sound tempo='96'/></direction>"
    )
    text = abc_of_musicxml(document(measure(said + note("C", 8))))
    assert "Q:1/4=96\n%%MIDI transpose -2\n" in text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (attributes(divisions=0) + note("C", 8), "no divisions"),
        (attributes("4/5") + note("C", 8), "a metre that is none"),
        (attributes(fifths=9) + note("C", 8), "9 accidentals"),
        (attributes() + note("C", 10**8), "quarter notes"),
        (attributes() + note("H", 8), "a note 'H'"),
        (attributes() + note("C", 8, octave=77), "octave 77"),
        (note("C", 8), "says no metre"),
        (attributes(), "no melody"),
    ],
)
def test_what_makes_no_sense_is_refused(content: str, words: str) -> None:
    with pytest.raises(CorpusError, match=words):
        abc_of_musicxml(document(measure(content)))


def direction(words: str = "", sign: str = "", **sound: str) -> str:
    """Return a direction with words, a sign, and what is to be played."""
    kind = f"<words>{words}</words>" if words else f"<{sign}/>" if sign else "<dashes/>"
    played = "".join(f' {name}="{value}"' for name, value in sound.items())
    return f"<direction><direction-type>{kind}</direction-type><sound{played}/></direction>"


def test_marks_that_send_back_are_kept() -> None:
    bar = note("C", 8)
    assert (
        body(bar + direction("Fine", fine="yes"), bar + direction("D.C. al Fine", dacapo="yes"))
        == "C8!fine!|C8!D.C.alfine!|]"
    )
    assert body(
        direction(sign="segno", segno="s") + bar,
        bar + direction(sign="coda", tocoda="c"),
        bar + direction("D.S. al Coda", dalsegno="s"),
        direction(sign="coda") + direction("Coda") + bar,
    ) == "!segno!C8|C8!dacoda!|C8!D.S.alcoda!|!coda!C8|]"  # fmt: skip
    assert body(bar + direction(dacapo="yes")) == "C8!D.C.!|]"
    assert body(direction("S") + bar + direction("dolce")) == "C8|]"


def test_repeats_and_endings_within_a_bar() -> None:
    def line(inside: str) -> str:
        return f'<barline location="middle">{inside}</barline>'

    back, forth = line('<repeat direction="backward"/>'), line('<repeat direction="forward"/>')
    half, whole = note("C", 4), note("D", 8)
    assert body(half + back + half, whole) == "C4:|C4|D8|]"
    assert body(whole, half + forth + half, half + back + half) == "D8|C4||:C4|C4:|C4|]"
    first = line('<ending number="1" type="start"/>')
    assert body(half + first + half + back, whole) == "C4|[1 C4:|D8|]"


def test_another_voice_takes_over_where_the_first_has_nothing() -> None:
    first, second = "<voice>1</voice>", "<voice>2</voice>"
    below = note("C", 8, "<voice>5</voice><staff>2</staff>", octave=3)
    group = note("E", 8, second) + note("G", 8, second, before="<chord/>")
    assert body(note("C", 8, first), group, below) == "C8|[EG]8|z8|]"


def test_a_bar_that_a_sign_repeats() -> None:
    rest = '<note><rest measure="yes"/><duration>8</duration></note>'
    sign = (
        "<attributes><measure-style><measure-repeat type='{}'>1</measure-repeat></measure-style>"
        "</attributes>"
    )
    bars = note("C", 8), sign.format("start") + rest, rest, sign.format("stop") + rest
    assert body(*bars) == "C8|C8|C8|z8|]"


def test_a_metre_in_two_parts() -> None:
    two = attributes().replace(
        "</beat-type>", "</beat-type><beats>3</beats><beat-type>4</beat-type>"
    )
    text = abc_of_musicxml(document(measure(two + note("C", 14))))
    assert "\nM:7/4\n" in text
    other = two.replace("<beat-type>4</beat-type></time>", "<beat-type>8</beat-type></time>")
    with pytest.raises(CorpusError, match="a metre that is none"):
        abc_of_musicxml(document(measure(other + note("C", 11))))
