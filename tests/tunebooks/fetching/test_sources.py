"""The table of named corpora."""

from abcgen.tunebooks.fetching.sources import load_sources


def test_real_sources_are_complete() -> None:
    sources = load_sources()
    assert sorted(sources) == ["cobb", "nottingham"]
    assert len(sources["nottingham"]["mirrors"][0]["files"]) == 14
    for source in sources.values():
        assert source["title"] and source["licence"]
        first = source["mirrors"][0]["files"]
        assert sum(file["tunes"] for file in first) == source["tunes"]
        for file in first:
            assert file["name"].endswith(".abc") and file["url"].startswith("https://")
            assert file["bytes"] > 0 and len(bytes.fromhex(file["sha256"])) == 32
        for mirror in source["mirrors"]:
            assert len(mirror.keys() & {"files", "zip", "page"}) == 1
