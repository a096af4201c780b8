"""A studio that the tests of a module share."""

from collections.abc import Iterator

import pytest

from tests.studio.servers import Server, studio


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with studio(tmp_path_factory.mktemp("studio") / "tunes.book") as server:
        yield server
