"""The named corpora: titles, licences, addresses, sizes and checksums."""

import json
from importlib import resources
from typing import Any


def load_sources() -> dict[str, Any]:
    """Return the table of ``sources.json``.

    Returns
    -------
    dict
        Name -> ``{"title", "licence", "tunes", "mirrors"}``; the mirrors in the order in which
        they are tried; `abcgen.tunebooks.fetching.mirrors.gather` explains them.
    """
    text = (
        resources.files("abcgen.tunebooks.fetching")
        .joinpath("sources.json")
        .read_text(encoding="utf-8")
    )
    sources: dict[str, Any] = json.loads(text)
    return sources
