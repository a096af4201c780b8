import json
from collections import Counter
from pathlib import Path

import pytest

from abcgen.corpus import main
from abcgen.errors import CorpusError
from abcgen.grammar.spelling import spell
from abcgen.notation.tune import read_tune
from abcgen.notation.tunebook import split_tunebook
from abcgen.tunebooks.corpus import SPLITS, numbered_book, read_corpus, split_of
from tests.conftest import Run, one_error_line
from tests.tunes import made_up_book, made_up_tune

BAD = "X:900\nT:Broken\nM:6/8\nK:D\nabc def ?|\n"


def test_good_tunes_come_with_reasons_for_the_rest(tmp_path: Path) -> None:
    (tmp_path / "a.abc").write_text(made_up_book(5) + "\n" + BAD)
    corpus = read_corpus([str(tmp_path)])
    assert [tune.number for tune in corpus.tunes] == [1, 2, 3, 4, 5]
    (rejected,) = corpus.rejected
    assert (rejected.number, rejected.title) == (900, "Broken")
    assert "'?' at line 1" in rejected.reason


def test_tunes_are_spelled(tmp_path: Path) -> None:
    (tmp_path / "a.abc").write_text(made_up_book(3))
    for tune in read_corpus([str(tmp_path)]).tunes:
        assert tune.text == spell(read_tune(tune.text))


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


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b"", "empty"), (b"Dear reader,\n", "no line begins with X:"), (b"\x00\x01X:1", "no text")],
)
def test_a_file_that_is_no_tunebook(
    data: bytes, reason: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "f.abc"
    file.write_bytes(data)
    assert main([str(file)]) == 1
    assert reason in one_error_line(capsys.readouterr().err)


def test_unknown_names_get_a_hint() -> None:
    with pytest.raises(CorpusError, match="did you mean oneills"):
        read_corpus(["oneils"])


def test_the_report(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(book)]) == 0
    assert capsys.readouterr().out.startswith("80 tunes, ")
    assert main([str(book), "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["tunes"] == 80
    assert sum(split["tunes"] for split in figures["splits"].values()) == 80
    assert sum(figures["rhythms"].values()) == 80


def test_the_report_counts_reasons_by_kind(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    full_last = "X:%d\nT:Full\nM:6/8\nL:1/8\nK:D\nA|def def|def %s|]\n\n"
    unknown = BAD.replace("?", "?" * 3)
    file = tmp_path / "a.abc"
    texts = [full_last % (901, "def"), full_last % (902, "d2e"), BAD, unknown]
    file.write_text(made_up_book(2) + "\n" + "\n".join(texts))
    kinds = {
        "the last bar and the pickup do not make one bar": 2,
        "... at line ... of the music, column ..., is not music": 2,
    }
    assert main([str(file), "--canonical", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["reasons"] == kinds
    assert main([str(file), "--canonical"]) == 0
    lines = capsys.readouterr().out.splitlines()
    at = lines.index("4 left out because they cannot be read or written validly")
    assert [line.strip() for line in lines[at + 1 : at + 3]] == [f"2 {kind}" for kind in kinds]
    assert "a.abc X:901 Full: bar 3: the last bar must lack the pickup (1/8)" in lines[at + 3]


def test_tunes_go_into_a_file_numbered(book: Path, tmp_path: Path, run: Run) -> None:
    out = tmp_path / "spelled.abc"
    result = run("corpus", book, "--out", out)
    assert (result.returncode, result.stdout) == (0, "")
    assert "80 tunes written" in result.stderr
    tunes = list(split_tunebook(out.read_text()))
    assert [read_tune(tune).number for tune in tunes] == list(range(1, 81))
    assert numbered_book([spell(read_tune(tune)) for tune in tunes]) == out.read_text()


def test_what_is_read_is_never_overwritten(tmp_path: Path, run: Run) -> None:
    file = tmp_path / "mine.abc"
    file.write_text(made_up_book(3))
    result = run("corpus", tmp_path, "--out", file)
    assert result.returncode == 2
    assert "overwrite" in one_error_line(result.stderr)
    assert file.read_text() == made_up_book(3)


def test_a_book_of_which_nothing_can_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "prose.abc"
    file.write_text("X: marks the spot.\nDear reader,\n")
    assert main([str(file)]) == 1
    assert "none of 1 tunes" in one_error_line(capsys.readouterr().err)


def test_an_output_that_cannot_be_written_is_one_line(book: Path, tmp_path: Path, run: Run) -> None:
    (tmp_path / "file").write_text("")
    result = run("corpus", book, "--out", tmp_path / "file" / "out.abc")
    assert result.returncode == 1
    assert "file" in one_error_line(result.stderr)
