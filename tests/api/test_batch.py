import threading
from collections.abc import Iterator
from concurrent.futures import Future, wait
from pathlib import Path

import pytest

import abcgen
from abcgen.api.batch import Batch
from abcgen.errors import UsageError


@pytest.fixture
def folk() -> abcgen.Generator:
    return abcgen.load()


@pytest.fixture
def batch(folk: abcgen.Generator) -> Iterator[Batch]:
    batch = Batch(folk)
    yield batch
    batch.close()


def test_threads_get_the_tunes_that_they_would_get_alone(
    folk: abcgen.Generator, batch: Batch
) -> None:
    wishes = [{"rhythm": "jig"}, {"key": "Ador"}, {"form": "4,4"}, {"temperature": 1.2}]
    found: dict[int, list[Future[abcgen.Tune]]] = {}

    def ask(place: int) -> None:
        found[place] = batch.tunes(2, seed=place, **wishes[place])  # type: ignore[arg-type]

    threads = [threading.Thread(target=ask, args=(place,)) for place in range(len(wishes))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for place, wished in enumerate(wishes):
        alone = list(folk.tunes(2, seed=place, **wished))  # type: ignore[arg-type]
        assert [future.result(60) for future in found[place]] == alone


def test_what_is_wrong_is_said_at_once(batch: Batch) -> None:
    with pytest.raises(UsageError, match="hornpipe"):
        batch.tunes(rhythm="hornpipe", meter="6/8")


def test_one_that_is_cancelled_harms_no_other(folk: abcgen.Generator, batch: Batch) -> None:
    first, second = batch.tunes(2, seed=1)
    assert first.cancel()
    assert second.result(60) == list(folk.tunes(2, seed=1))[1]


def test_at_the_end_nobody_is_left_waiting(folk: abcgen.Generator) -> None:
    batch = Batch(folk)
    futures = batch.tunes(8, seed=1)
    batch.close()
    wait(futures, 10)
    assert all(future.done() for future in futures)
    with pytest.raises(UsageError, match="end"):
        batch.tunes()


def test_the_streams_are_kept_for_the_next_who_asks(
    folk: abcgen.Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []
    together = Batch._together

    def counted(batch: Batch) -> object:
        made.append(1)
        return together(batch)

    monkeypatch.setattr(Batch, "_together", counted)
    batch = Batch(folk)
    for seed in (1, 2, 3):
        batch.tunes(seed=seed)[0].result()
    batch.close()
    assert len(made) == 1


def test_many_who_ask_at_once_get_the_tunes_that_they_would_get_alone(
    folk: abcgen.Generator, batch: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("abcgen.api.batch._FEW", 1)  # so that every thread draws
    futures = batch.tunes(12, seed=1, rhythm="jig")
    assert [future.result(60) for future in futures] == list(folk.tunes(12, seed=1, rhythm="jig"))


@pytest.mark.keras
def test_the_slow_reference_draws_one_after_the_other(tiny: Path) -> None:
    slow = abcgen.load(tiny, engine="keras")
    batch = Batch(slow)
    futures = batch.tunes(3, seed=4)
    assert [future.result(timeout=300) for future in futures] == list(slow.tunes(3, seed=4))
    batch.close()
