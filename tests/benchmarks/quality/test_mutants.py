"""Mutated tunes."""

import pytest

from benchmarks.quality import mutants
from tests.tunes import made_up_tune

TUNES = [made_up_tune(number) for number in range(1, 6)]


def test_a_mutant_depends_on_the_seed_and_its_number_alone() -> None:
    first = [mutants.mutant(TUNES, 1, number) for number in range(50)]
    assert first[7] == mutants.mutant(TUNES, 1, 7)
    assert first != [mutants.mutant(TUNES, 2, number) for number in range(50)]
    assert not set(first) & set(TUNES)


def test_what_becomes_of_a_text_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert mutants.outcome(TUNES[0]) == "read"
    assert mutants.outcome("X:1\nK:C\nC/0|\n") == mutants.outcome("no tune") == "refused"
    monkeypatch.setattr(mutants, "perform", lambda tune: [][1])
    assert mutants.outcome(TUNES[0]) == "IndexError: list index out of range"


def test_mutants_are_read_or_refused() -> None:
    found = {mutants.outcome(mutants.mutant(TUNES, 3, number)) for number in range(100)}
    assert found == {"read", "refused"}
