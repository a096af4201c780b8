"""Marks such as D.C., as they are written."""

import pytest

from abcgen.notation.jumps import mark_of


@pytest.mark.parametrize(
    ("written", "mark"),
    [
        ("!D.C.!", "D.C."),
        ("!dacapo!", "D.C."),
        ('"^D.C. al Fine"', "D.C. al fine"),
        ('"Da Capo al Coda"', "D.C. al coda"),
        ("!D.S.alfine!", "D.S. al fine"),
        ("!dacoda!", "to coda"),
        ('"_Fine"', "fine"),
        ("S", "segno"),
        ("O", "coda"),
        ('"Am"', None),
        ('"D/C"', None),
        ('"D6/C"', None),
        ('"D#/C"', None),
        ("!trill!", None),
        ("T", None),
    ],
)
def test_ways_to_write_a_mark(written: str, mark: str | None) -> None:
    assert mark_of(written) == mark
