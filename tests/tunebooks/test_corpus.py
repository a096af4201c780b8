import random
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from abcgen.errors import CorpusError
from abcgen.grammar.alphabet import FIRST_EDITION, NEWEST_EDITION
from abcgen.notation.tune import read_tune
from abcgen.tunebooks.corpus import SPLITS, read_corpus, split_of
from tests.tunes import ONLY_BY_THE_SECOND, made_up_book, made_up_tune, respell

BAD = "X:900\nT:Broken\nM:6/8\nK:D\nabc def ?|\n"


def test_good_tunes_come_with_reasons_for_the_rest(tmp_path: Path) -> None:
    (tmp_path / "a.abc").write_text(made_up_book(5) + "\n" + BAD)
    corpus = read_corpus([str(tmp_path)])
    assert [tune.number for tune in corpus.tunes] == [1, 2, 3, 4, 5]
    (rejected,) = corpus.rejected
    assert (rejected.number, rejected.title) == (900, "Broken")
    assert "'?'" in rejected.reason


def test_tunes_are_spelled(tmp_path: Path) -> None:
    (tmp_path / "a.abc").write_text(made_up_book(3))
    for tune in read_corpus([str(tmp_path)]).tunes:
        assert tune.text == respell(tune.text)


def test_tunes_are_spelled_by_an_edition(tmp_path: Path) -> None:
    (tmp_path / "a.abc").write_text(made_up_book(3) + "\n" + ONLY_BY_THE_SECOND)
    first, newest = (
        read_corpus([str(tmp_path)], edition=edition) for edition in (FIRST_EDITION, NEWEST_EDITION)
    )
    assert newest == read_corpus([str(tmp_path)])
    assert [tune.number for tune in newest.tunes] == [1, 2, 3, 901]
    assert first.tunes == newest.tunes[:3]
    assert [tune.number for tune in first.rejected] == [901]


def test_a_repeated_tune_is_set_aside_and_named(tmp_path: Path) -> None:
    again = made_up_tune(2).replace("X:2\nT:Made Up No. 2", "X:9\nT:Stolen")
    (tmp_path / "a.abc").write_text(made_up_book(3) + "\n" + again)
    corpus = read_corpus([str(tmp_path)])
    assert len(corpus.tunes) == 3
    (repeated,) = corpus.repeated
    assert repeated.title == "Stolen"
    assert "'Made Up No. 2' (X:2 of a.abc)" in repeated.reason


def test_adding_tunes_moves_no_other(tmp_path: Path) -> None:
    few, more = tmp_path / "few", tmp_path / "more"
    for folder, count in ((few, 40), (more, 120)):
        folder.mkdir()
        (folder / "a.abc").write_text(made_up_book(count))
    before = {tune.text: tune.split for tune in read_corpus([str(few)]).tunes}
    after = {tune.text: tune.split for tune in read_corpus([str(more)]).tunes}
    assert before.items() <= after.items()


def test_the_splits_have_their_shares() -> None:
    counts = Counter(map(split_of, range(1000)))
    assert counts == {name: 10 * share for name, share in SPLITS.items()}


def test_a_rhythm_comes_from_the_file_name_or_an_identifier(tmp_path: Path) -> None:
    plain = made_up_tune(1).replace("R:jig\n", "").replace("R:reel\n", "")
    plain = plain.replace("R:waltz\n", "").replace("R:polka\n", "")
    identified = plain.replace("K:", "Z: id:dc-slipjig-3\nK:", 1)
    for name, text, rhythm in (
        ("jigs.abc", plain, "jig"),
        ("reelsa-c.abc", plain, "reel"),
        ("waltzes.abc", plain, "waltz"),
        ("playford.abc", plain, None),
        ("irish.abc", identified, "slip jig"),
    ):
        file = tmp_path / name
        file.write_text(text)
        (tune,) = read_corpus([str(file)]).tunes
        assert read_tune(tune.text).field("R") == rhythm


def test_one_bad_file_does_not_lose_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a.abc").write_text(made_up_book(2))
    (tmp_path / "b.abc").write_bytes(b"")
    (tmp_path / "c.abc").write_text("no tunes here\n")
    corpus = read_corpus([str(tmp_path)])
    assert len(corpus.tunes) == 2
    assert [Path(r.source).name for r in corpus.rejected] == ["b.abc", "c.abc"]


def test_unknown_names_get_a_hint() -> None:
    with pytest.raises(CorpusError, match="did you mean oneills"):
        read_corpus(["oneils"])


def test_reading_can_be_tracked(tmp_path: Path) -> None:
    (tmp_path / "a.abc").write_text(made_up_book(5) + "\n" + BAD)
    seen: list[object] = []

    def track(items: Sequence[object]) -> Iterator[object]:
        assert len(items) == 6  # how many there are is known from the beginning
        for item in items:
            seen.append(item)
            yield item

    corpus = read_corpus([str(tmp_path)], track=track)
    assert len(seen) == len(corpus.tunes) + len(corpus.rejected) == 6
    assert corpus == read_corpus([str(tmp_path)])


def test_an_order_of_parts_moves_no_tune_to_another_split(tmp_path: Path) -> None:
    splits = []
    for order in ("", "P:BA\n"):
        book = tmp_path / ("ordered.abc" if order else "plain.abc")
        tunes = (
            f"X:{n}\nT:{n}\nM:4/4\nL:1/8\n{order}K:D\nP:A\n{_bars(n)}\nP:B\n{_bars(n + 99)}\n"
            for n in range(1, 60)
        )
        book.write_text("\n".join(tunes))
        splits.append([tune.split for tune in read_corpus([str(book)]).tunes])
    assert splits[0] == splits[1]
    assert len(set(splits[0])) == len(SPLITS)


def _bars(seed: int) -> str:
    chance = random.Random(seed)
    return "|".join("".join(chance.choices("ABcdefga", k=8)) for _ in range(4)) + "|"
