from collections.abc import Iterator
from typing import Any

import pytest

from tests.tunebooks.stand import JIG, REEL, Stand


@pytest.fixture
def stand(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stand]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    stand = Stand()
    yield stand
    stand.over.set()
    stand.server.shutdown()
    stand.server.server_close()


@pytest.fixture
def two_files(stand: Stand) -> dict[str, Any]:
    return {"files": [stand.file("/reels.abc", REEL), stand.file("/jigs.abc", JIG)]}
