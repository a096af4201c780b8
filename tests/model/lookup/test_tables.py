import numpy as np
import pytest

from abcgen.model.lookup.tables import Tables
from tests.model.lookup.test_compiled import KINDS_OF_NETWORKS, made_up_tables


@pytest.mark.parametrize("name", ["planned", "plain"])
def test_tables_are_stored_and_found_again(name: str) -> None:
    tables = made_up_tables(KINDS_OF_NETWORKS[name], 1)
    again = Tables.unpacked(tables.packed(quantize=False))
    assert again.shapes == tables.shapes
    arrays, found = tables.arrays(), again.arrays()
    assert all(np.array_equal(arrays[name], found[name]) for name in arrays)


def test_int8_is_off_by_half_a_step_at_most() -> None:
    tables = made_up_tables(KINDS_OF_NETWORKS["planned"], 1)
    stored = tables.packed(quantize=True)
    assert stored["vectors"].dtype == stored["plan_direct"].dtype == np.int8
    again = Tables.unpacked(stored).arrays()
    for name, before in tables.arrays().items():
        assert np.abs(before - again[name]).max() <= np.abs(before).max() / 127 * 0.501


def test_a_table_of_zeros_stays_one() -> None:
    zeros = Tables(np.zeros((300, 20), np.float32))
    assert not Tables.unpacked(zeros.packed(quantize=True)).vectors.any()
