"""What tests of telltales share."""

from collections.abc import Iterator

import pytest

from abcgen.evaluation.telltale import classifiers


@pytest.fixture(scope="package", autouse=True)
def few_trees() -> Iterator[None]:
    """Grow fewer trees, which is enough for tunes as plain as those of the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(classifiers, "_TREES", 30)
        yield
