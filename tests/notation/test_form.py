"""What is played, and in which order: repeats and endings."""

import pytest

from abcgen.errors import NotationError
from abcgen.notation.form import Section, read_sections
from abcgen.notation.tune import Tune


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
        ("|:C|[1D:|]", "a first ending has no second"),
        ("|:C|[1D:|E|]", "a first ending has no second"),
        ("|:C|[2D:|[1E|]", r"ending \[2 stands where \[1 would"),
        ("|:C|[1D:|[3E|]", r"ending \[3 stands where \[2 would"),
        ("|:C|[1D:|[2|]", "ending 2 is empty"),
        ("|:[1C:|[2D|]", "no bars before it"),
        ("C:D|]", "a lone ':' is not a bar line"),
        ("C2\nK:D\nD2|]", "changes in the middle of a bar"),
        ("C|\n[V:2]D|]", "several voices"),
        ("|:||:|", "no notes"),
        ("C|&D|]", "'&' at line 1 of the music, column 3"),
        ("C|\nDE\x07|]", r"U\+0007 at line 2 of the music, column 3"),
    ],
)
def test_what_cannot_be_played_has_a_reason(body: str, reason: str) -> None:
    with pytest.raises(NotationError, match=reason):
        sections_of(body)


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
