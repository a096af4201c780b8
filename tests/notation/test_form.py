"""What is played, and in which order: repeats and endings."""

from fractions import Fraction

import pytest

from abcgen.errors import NotationError
from abcgen.notation.form import Section, read_sections
from abcgen.notation.timing import bar_events
from abcgen.notation.tune import Tune, read_tune

F = Fraction


def sections_of(body: str) -> list[Section]:
    header = (("X", "1"), ("M", "4/4"), ("L", "1/8"), ("K", "C"))
    return read_sections(Tune(1, header, body))


def played(body: str) -> str:
    """Return the notes in the order they are played, bars parted by spaces."""
    bars = [bar for section in sections_of(body) for bar in section.played()]
    return " ".join(
        "".join(token.text for token in bar.tokens if token.kind == "note") for bar in bars
    )


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param("C|D|E|]", "C D E", id="no repeat"),
        pytest.param("|:C|D:|", "C D C D", id="repeat"),
        pytest.param("C|D:|", "C D C D", id="begin missing: from the start"),
        pytest.param("|:C:|D|E:|", "C C D E D E", id="begin missing: from the last repeat"),
        pytest.param("C|D||E|F:|", "C D E F E F", id="begin missing: from the double bar"),
        pytest.param("|:C||D:|", "C D C D", id="a double bar inside a repeat"),
        pytest.param("|:C|D::E||F:|", "C D C D E F E F", id="the same after a double colon"),
        pytest.param("C|D|]E|F:|", "C D E F E F", id="begin missing: from a final bar"),
        pytest.param("|:C|D::E|F:|", "C D C D E F E F", id="double colon"),
        pytest.param("|:C|D:||:E|F:|", "C D C D E F E F", id="end and begin"),
        pytest.param("|:C:|:D:|", "C C D D", id="end and begin in one"),
        pytest.param("|:C|[1D:|[2E|]", "C D C E", id="endings"),
        pytest.param("|:C|1D:|2E|]", "C D C E", id="endings glued to the bar line"),
        pytest.param("|:C| [1D:| [2E||", "C D C E", id="endings after a space"),
        pytest.param("|:C|[1D:|[2E:|[3F|]", "C D C E C F", id="three endings"),
        pytest.param("|:C|[1D|E:|[2F|G|]A|B|]", "C D E C F G A B", id="endings of two bars"),
        pytest.param("C|[1D:|[2E|]F|[1G:|[2A|]", "C D C E F G F A", id="endings, begin missing"),
        pytest.param("|:C|[1D:|[2E||\nF:|", "C D C E F F", id="a repeat after endings"),
        pytest.param("|:C|[1D:|[2E:|\nF|G|]", "C D C E F G", id="second ending closed by :|"),
        pytest.param("||:C:||", "C C", id="thick repeat signs"),
        pytest.param("C|\nD|\n", "C D", id="lines do not count"),
        pytest.param("|:\nC\n|\n:|", "C C", id="empty bars do not count"),
        pytest.param("|:C|[1,2 D:|[3 E|]", "C D C D C E", id="an ending for two times"),
        pytest.param("|:C|[1-3 D:|[4 E|]", "C D C D C D C E", id="an ending for a range"),
        pytest.param("|:C|[1,3 D:|[2,4 E:|F|]", "C D C E C D C E F", id="endings in turn"),
        pytest.param("|:C|1,2D:|3E|]", "C D C D C E", id="a list glued to the bar line"),
        pytest.param("|:C|D|[1 E:|F|]", "C D E C D F", id="a first ending alone"),
        pytest.param("|:C|[1D:|]", "C D C", id="a first ending alone at the end"),
        pytest.param("|:C|1D:|2E|F|1G:|2A|]", "C D C E F G F A", id="no double bar behind [2"),
        pytest.param(
            "|:C|[1D|D:|[2E|E|F|[1G:|[2A|]",
            "C D D C E E F G F A",
            id="the second ending is then as long as the first",
        ),
        pytest.param("|::C|D::|E|]", "C D C D C D E", id="three times"),
        pytest.param("|:C|D::|E|]", "C D C D E", id="three times only if both signs say so"),
        pytest.param("|:C::D:|", "C C D D", id="a double colon is not three times"),
    ],
)
def test_bars_are_played_in_order(body: str, expected: str) -> None:
    assert played(body) == expected


def test_a_field_stands_before_the_bar_that_follows_it() -> None:
    (section,) = sections_of("C|\nK:D\nD|[M:3/4]E|]")
    settings = [(bar.setting.key, bar.setting.meter) for bar in section.bars]
    assert settings == [("C", "4/4"), ("D", "4/4"), ("D", "3/4")]


def test_what_does_not_sound_is_dropped() -> None:
    (section,) = sections_of('"^slow"{g}!trill!C(DE)|"Am"F|]')
    kinds = [[token.kind for token in bar.tokens] for bar in section.bars]
    assert kinds == [["note", "note", "note"], ["chord", "note"]]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("|:||:|", "no notes"),
        ("C|?????????D|]", "'[?]' at line 1 of the music, column 3"),
        ("C|\nDE" + "\x07" * 9, r"U\+0007 at line 2 of the music, column 3"),
    ],
)
def test_what_cannot_be_played_has_a_reason(body: str, reason: str) -> None:
    with pytest.raises(NotationError, match=reason):
        sections_of(body)


@pytest.mark.parametrize(
    ("body", "heard", "warning"),
    [
        ("|:C|[1D|]", "CD", "an ending without a repeat is ignored"),
        ("|:C|[1D|E|]F|", "CDEF", "an ending without a repeat is ignored"),
        ("|:C|[1D|]E|", "CDE", "an ending without a repeat is ignored"),
        ("|:C|[1,3D:|E|]", "CDCCDCE", "an ending before it is missing"),
        ("|:C|[1,1D:|E|]", "CDCDE", "an ending that does not fit is ignored"),
        ("|:C|[1-99D:|[2E|]", "CDCDE", "an ending that does not fit is ignored"),
        ("|:C|[1D:|[2E|[1F|]", "CDCEF", "an ending that does not fit is ignored"),
        ("|:C|[2D:|[1E|]", "CDCDE", "an ending that does not fit is ignored"),
        ("|:C|[1D:|[3E|]", "CDCE", "an ending that does not fit is ignored"),
        ("|:C|[1D:|[2|]", "CDC", "an ending without music is ignored"),
        ("|:C|[1[2D:|E|]", "CDCDCE", "an ending without music is played as the next one"),
        ("|:[1C:|[2D|]", "CCD", "an ending that does not fit is ignored"),
    ],
)
def test_endings_that_do_not_fit_do_not_lose_the_tune(body: str, heard: str, warning: str) -> None:
    tune = read_tune(f"X:1\nM:4/4\nL:1/8\nK:C\n{body}\n")
    played = [bar for section in read_sections(tune) for bar in section.played()]
    assert "".join(token.text for bar in played for token in bar.tokens) == heard
    assert {warned.what for warned in tune.warnings} == {warning}


@pytest.mark.parametrize(
    ("body", "heard"),
    [
        ("|:C|D[|]:|E|]", "CDCDE"),
        ("C[|]D|[|]|]", "CD"),
        ("C|D[|]E:|", "CDECDE"),
        ("|:C|D[|]:|:E:|", "CDCDEE"),
    ],
)
def test_a_bar_line_that_is_not_drawn_is_a_plain_one(body: str, heard: str) -> None:
    played = [bar for section in sections_of(body) for bar in section.played()]
    assert "".join(token.text for bar in played for token in bar.tokens) == heard


@pytest.mark.parametrize(
    ("body", "lengths"),
    [
        ("(9(3cde f", [F(2, 3), F(2, 3), F(2, 3), 1]),
        ("(3c(3def g", [F(2, 3), F(2, 3), F(2, 3), F(2, 3), 1]),
        ("(3cd(2ef g", [F(2, 3), F(2, 3), F(3, 2), F(3, 2), 1]),
    ],
)
def test_a_tuplet_ends_where_another_begins(body: str, lengths: list[F]) -> None:
    tune = read_tune(f"X:1\nM:4/4\nL:1/8\nK:C\n{body}|\n")
    ((bar,),) = [section.bars for section in read_sections(tune)]
    assert [event.length for event in bar_events(bar)] == lengths
    (warned,) = tune.warnings
    assert warned.what == "a tuplet begins before another has all its notes"


def test_a_tie_behind_a_rest_is_passed_over() -> None:
    tune = read_tune("X:1\nM:4/4\nL:1/8\nK:C\nc z-c-|c [ce]-[ce]|\n")
    bars = [bar for section in read_sections(tune) for bar in section.bars]
    assert [token.kind for bar in bars for token in bar.tokens].count("tie") == 2
    assert [warned.what for warned in tune.warnings] == ["a - without a note before it is ignored"]


def test_bars_keep_their_bar_line() -> None:
    (first, second) = sections_of("|:C|D|1E:|2F||\n|:G:|")
    assert [bar.line for bar in first.written()] == ["|", "|", ":|", "|| |:"]
    assert [bar.line for bar in second.written()] == [":|"]


def test_whether_a_section_begins_with_a_repeat() -> None:
    assert [section.opened for section in sections_of("C:|D|:E::F:|")] == [
        *(False, False, True, True)
    ]


def test_layout_is_read_on_request() -> None:
    tune = Tune(1, (("X", "1"), ("M", "4/4"), ("K", "C")), '(C D)|\n"^loud"E|\nK:G\n F|]')
    kinds = {"slur", "newline", "annotation"}
    (plain,), (laid_out,) = read_sections(tune), read_sections(tune, layout=True)
    assert not any(token.kind in kinds for bar in plain.bars for token in bar.tokens)
    assert [
        [token.kind for token in bar.tokens if token.kind in kinds] for bar in laid_out.bars
    ] == [*(["slur", "slur"], ["newline", "annotation"], ["newline"])]


def test_positions_of_tokens_are_in_the_whole_body() -> None:
    body = "C D|\nL:1/4\nE F|\nK:G\nG A|]"
    tune = Tune(1, (("X", "1"), ("M", "4/4"), ("K", "C")), body)
    tokens = [token for bar in read_sections(tune)[0].bars for token in bar.tokens]
    assert all(body.startswith(token.text, token.position) for token in tokens)


def test_fields_and_marks_are_kept_for_playing_alone() -> None:
    body = '[Q:1/4=60]C "^D.C. al Fine"D|!fine!E|"Am"F|'
    (plain,) = sections_of(body)
    kinds = [[token.kind for token in bar.tokens] for bar in plain.bars]
    assert kinds == [["note", "space", "note"], ["note"], ["chord", "note"]]
    tune = Tune(1, (("X", "1"), ("L", "1/8"), ("K", "C")), body)
    (playing,) = read_sections(tune, playing=True)
    kept = [[t.text for t in bar.tokens if t.kind in ("field", "mark")] for bar in playing.bars]
    assert kept == [["[Q:1/4=60]", "D.C. al fine"], ["fine"], []]


def test_a_mark_behind_the_last_bar_line_belongs_to_the_bar_before() -> None:
    tune = Tune(1, (("X", "1"), ("L", "1/8"), ("K", "C")), "C|D|!D.C.!|!segno!|E|]")
    (section,) = read_sections(tune, playing=True)
    marks = [[token.text for token in bar.tokens if token.kind == "mark"] for bar in section.bars]
    assert marks == [[], ["D.C."], ["segno"]]


def test_parts_begin_sections_on_request() -> None:
    tune = Tune(1, (("X", "1"), ("L", "1/8"), ("K", "C")), "[P:A]|:C|D:|\n[P:Trio]E|[P:B]F|G:|")
    assert [section.part for section in read_sections(tune)] == ["", ""]
    sections = read_sections(tune, parts=True)
    assert [(s.part, len(s.bars), s.repeated) for s in sections] == [
        ("A", 2, True), ("", 1, False), ("B", 2, True),
    ]  # fmt: skip
