"""Tunes with every |: that is missing."""

import pytest

from abcgen.music.notes import music_of
from abcgen.notation.tune import read_tune
from benchmarks.harness.missing_repeats import with_starts


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("C|D|", "C|D|"),
        ("C|D:|E:|", "|:C|D:||:E:|"),
        ("|:C:|D|", "|:C:|D|"),
        ("C||D:|", "C|||:D:|"),
        ("C|]\nD|E:|", "C|]\n|:D|E:|"),
        ("C||D|]E[|F:|", "C||D|]E[||:F:|"),
        ("|:C||D:|E||F:|", "|:C||D:|E|||:F:|"),
        ("C::D:|E:|", "|:C::D:||:E:|"),
        ("C|1D:|2E||F|[1 G:|[2 A|]", "|:C|1D:|2E|||:F|[1 G:|[2 A|]"),
        ("|:C|1D:|2E:|F:|", "|:C|1D:|2E:||:F:|"),
        ('C"||"D !:|!|E:|\\\n%|:\nw:la |:\nF:|', '|:C"||"D !:|!|E:|\\\n%|:\nw:la |:\n|:F:|'),
        ("[V:1]C||\n[V:2]c:|\n[V:1]D:|", "[V:1]C||\n[V:2]|:c:|\n[V:1]|:D:|"),
    ],
)
def test_starts_are_where_the_standard_says(body: str, expected: str) -> None:
    head = "X:1\nT:A |: B\nM:1/4\nL:1/4\nK:C\n"
    assert with_starts(f"{head}{body}\n") == f"{head}{expected}\n"
    if "V:" not in body:
        plain, written = (music_of(read_tune(f"{head}{one}\n")) for one in (body, expected))
        assert plain.notes == written.notes  # abcgen knows where they begin
