import random
from pathlib import Path

import numpy as np
import pytest

from abcgen.errors import CorpusError
from abcgen.melodies.index import NoveltyIndex
from tests.melodies.known import HEADER, TUNE, known, tune_of
from tests.tunes import made_up_tune

# The saved index.


def small_index() -> NoveltyIndex:
    tunes = known(*(made_up_tune(number) for number in range(1, 13)), HEADER + "z8|]\n", TUNE)
    return NoveltyIndex.of(tunes, [made_up_tune(number) for number in range(20, 45)])


def test_a_saved_index_finds_the_same(tmp_path: Path) -> None:
    index, path = small_index(), tmp_path / "index.npz"
    index.save(path)
    loaded = NoveltyIndex.load(path)
    assert len(loaded) == len(index) == 14
    assert loaded.held_out == index.held_out and len(index.held_out) == 25
    for text in [TUNE, *(made_up_tune(number) for number in range(1, 45))]:
        found, again = index.nearest(text), loaded.nearest(text)
        if found is None or again is None:
            assert found is again
            continue
        assert found.there.abc and not again.there.abc and again.here == found.here
        assert (again.there.first_bar, again.there.last_bar) == (
            found.there.first_bar,
            found.there.last_bar,
        )
        for name in ("notes", "of_notes", "share", "plain", "source", "number", "title"):
            assert getattr(again, name) == getattr(found, name)


def test_a_saved_index_is_reproducible_and_holds_no_folder_or_text(tmp_path: Path) -> None:
    one, two = tmp_path / "one.npz", tmp_path / "two.npz"
    small_index().save(one)
    NoveltyIndex.load(one).save(two)
    assert one.read_bytes() == two.read_bytes()
    with np.load(one, allow_pickle=False) as archive:
        about = archive["about"].tobytes().decode()
    assert "book.abc" in about and "No. 14" in about
    assert "somewhere" not in about and "K:" not in about


def test_a_damaged_index_is_refused_or_says_nothing_wrong(tmp_path: Path) -> None:
    index, path = small_index(), tmp_path / "index.npz"
    index.save(path)
    whole_file = path.read_bytes()
    draw = random.Random(2)
    refused = 0
    for _ in range(150):
        data = bytearray(whole_file)
        if draw.random() < 0.3:
            del data[draw.randrange(len(data)) :]
        else:
            data[draw.randrange(len(data))] ^= 1 << draw.randrange(8)
        path.write_bytes(data)
        try:
            loaded = NoveltyIndex.load(path)
        except CorpusError as error:
            assert str(path) in str(error)
            refused += 1
        else:  # a bit of a date or a name that nobody reads
            assert loaded.longest_run(TUNE) == 20
    assert refused > 100


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"X:1\nK:C\n"])
def test_what_is_not_an_index_is_refused(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "index.npz"
    path.write_bytes(data)
    with pytest.raises(CorpusError, match=r"index\.npz is damaged, or not an index of tunes$"):
        NoveltyIndex.load(path)


@pytest.mark.parametrize(
    "change",
    [
        {"starts": np.array([0, 1, 1], dtype=np.int32)},
        {"starts": np.array([0, -1, 12], dtype=np.int32)},
        {"steps": np.full(12, 99, dtype=np.int32)},
        {"steps": np.ones(12, dtype=np.int32)},
        {"steps": np.ones(12)},
        {"bars": np.ones(3, dtype=np.int16)},
        {"about": np.frombuffer(b"[]", dtype=np.uint8)},
        {"about": np.frombuffer(b'{"format": 0}', dtype=np.uint8)},
    ],
)
def test_parts_that_do_not_belong_together(change: dict[str, np.ndarray], tmp_path: Path) -> None:
    path = tmp_path / "index.npz"
    NoveltyIndex.of(known(tune_of("CDECFDGEAFBG"))).save(path)
    with np.load(path) as archive:
        parts = dict(archive)
    np.savez(path, **parts)
    assert len(NoveltyIndex.load(path)) == 1
    np.savez(path, **{**parts, **change})
    with pytest.raises(CorpusError, match="index"):
        NoveltyIndex.load(path)


def test_a_missing_index(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        NoveltyIndex.load(tmp_path / "none.npz")
