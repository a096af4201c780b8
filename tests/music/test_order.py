"""The order in which bars are played: parts, D.C. and D.S."""

import pytest

from abcgen.errors import NotationError
from abcgen.music.order import part_order, played_bars
from abcgen.notation.tune import read_tune


def played(body: str, order: str = "") -> str:
    """Return the notes as they are played."""
    field = f"P:{order}\n" if order else ""
    tune = read_tune(f"X:1\nM:4/4\nL:1/4\n{field}K:C\n{body}\n")
    bars = played_bars(tune)
    return "".join(token.text for bar in bars for token in bar.tokens if token.kind == "note")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ABA", "ABA"),
        ("A2(BC)3", "AABCBCBC"),
        ("(AB.)2A. C 2", "ABABACC"),
        ("((AB)2C)2", "ABABCABABC"),
        ("A, B-A", "ABA"),
        ("A0B", "B"),
        ("", ""),
        ("Modern Version.", ""),
        ("(AB", ""),
    ],
)
def test_orders(text: str, expected: str) -> None:
    assert "".join(part_order(text)) == expected


@pytest.mark.parametrize("text", ["A999", "A99999999999", "((((A9)9)9)9)9"])
def test_an_order_that_is_too_long_is_refused(text: str) -> None:
    with pytest.raises(NotationError, match="more than 200 parts"):
        part_order(text)


@pytest.mark.parametrize(
    ("body", "order", "expected"),
    [
        pytest.param("P:A\nC|\nP:B\nD|", "ABA", "CDC", id="in order"),
        pytest.param("P:A\nC|\nP:B\nD|\nP:A\nE|", "", "CDE", id="as written without an order"),
        pytest.param("C|D|", "AB", "CD", id="as written without parts"),
        pytest.param("G|\nP:A\nC|\nP:B\nD|", "BA", "GDC", id="what stands before comes first"),
        pytest.param("P:A\n|:C:|\nP:B\nD|", "ABA", "CCDCC", id="with its repeats"),
        pytest.param("P:A\nC|D|\nP:B\nE|F:|", "AB", "CDEFEF", id="a repeat goes to the part"),
        pytest.param("P:A\n|:C|1D:|2E|\nP:B\nF|", "ABA", "CDCEFCDCE", id="with its endings"),
        pytest.param("C|[P:B]D|", "BB", "CDD", id="inline"),
        pytest.param("P:A\nC|\nP:B\nD|", "AXB", "CD", id="a part that is not there"),
        pytest.param("P:A\nC|\nP:B\nD|\nP:A\nE|", "ABA", "CDE", id="written out again"),
        pytest.param("P:A\nC|!fine!D|\nP:B\nE !D.C.!|", "AB", "CDE", id="no jumps as well"),
    ],
)
def test_parts(body: str, order: str, expected: str) -> None:
    assert played(body, order) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param("C|D !fine!|E|F !D.C.!|", "CDEFCD", id="D.C."),
        pytest.param('C|D"^Fine"|E|"D.C. al Fine"F|', "CDEFCD", id="as text in quotes"),
        pytest.param("|:C|D !fine!:|E|F !D.C.!|", "CDCDEFCD", id="no repeats on the way back"),
        pytest.param("C|!fine!D|E|F !D.C.!:|", "CDEFCDEFCD", id="after the last repeat"),
        pytest.param("|:C|1D:|2E!fine!|]F!D.C.!|", "CDCEFCE", id="by the last ending"),
        pytest.param("C|SD|E!fine!|F !D.S.!|", "CDEFDE", id="D.S."),
        pytest.param("C|!segno!D|!coda!E|F !D.S.alcoda!|!coda!G|", "CDEFDG", id="al coda"),
        pytest.param("C|D!dacoda!|E|F !D.C.!|!coda!G|", "CDEFCDG", id="to coda"),
        pytest.param("C!fine!|D!D.C.!|E!D.C.!|", "CDCEC", id="two of them"),
        pytest.param("C|D !D.C.!|", "CD", id="no fine"),
        pytest.param("C|D!fine!|E !D.S.!|", "CDE", id="no segno"),
        pytest.param("C|D!fine!|E|", "CDE", id="no jump"),
    ],
)
def test_jumps(body: str, expected: str) -> None:
    assert played(body) == expected
