import json
from pathlib import Path
from typing import Any

import pytest

from abcgen import evaluate
from abcgen.errors import CorpusError
from abcgen.evaluation.likeness import command, distance
from abcgen.evaluation.likeness.inner_bars import inner_bars_right
from abcgen.evaluation.likeness.pictures import plot_histogram
from abcgen.evaluation.likeness.samples import draw_samples
from abcgen.evaluation.referees.own import Acceptor
from abcgen.melodies.features import Feature, count_features
from abcgen.melodies.index import NoveltyIndex
from abcgen.model.checkpoint import read_checkpoint
from abcgen.tunebooks.corpus import read_corpus
from tests.conftest import Run, one_error_line
from tests.tunes import SPELLED, made_up_book

NAMES = ["pitch classes", "intervals", "note lengths", "places in the bar", "metres"]


@pytest.fixture
def own_judge(monkeypatch: pytest.MonkeyPatch) -> None:
    """Use only the acceptor as a referee, which is fast."""
    monkeypatch.setattr(command, "REFEREES", (Acceptor(),))
    whole = command.judge
    monkeypatch.setattr(
        command, "judge", lambda tunes, jobs: whole(tunes, (Acceptor(),), jobs=jobs)
    )


@pytest.mark.keras
@pytest.mark.usefixtures("own_judge")
def test_json_has_everything(
    judged: Path,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # A checkpoint keeps only the names of its books.
    monkeypatch.chdir(judged.parent)
    book = "many.abc"
    folder = tmp_path / "new" / "pictures"
    drawn = {}

    def noted(feature: Feature, histograms: Any, title: str, path: Path) -> None:
        drawn[feature.name] = dict(histograms)
        plot_histogram(feature, histograms, title, path)

    monkeypatch.setattr(command, "plot_histogram", noted)
    arguments = ["--samples", "5", "--checkpoint", str(judged), "--seed", "2", "--temperature", "1"]
    assert evaluate.main([*arguments, "--json", "--pictures", str(folder)]) == 0
    out, err = capsys.readouterr()
    found = json.loads(out)
    checkpoint = read_checkpoint(str(judged))
    assert found["checkpoint"] == {"path": str(judged), "version": 1, "books": [book]}
    assert (found["samples"], found["seed"], found["temperature"]) == (5, 2, 1.0)
    assert found["missing"] == {}

    samples = draw_samples(checkpoint, 5, 2, 1.0)
    for name, tunes in (("masked", samples.masked), ("raw", samples.raw)):
        referees = found["validity"][name]["referees"]
        assert [row["referee"] for row in referees] == ["acceptor", "all of them"]
        valid = Acceptor().judge(tunes).count(None)
        assert [(row["tunes"], row["valid"]) for row in referees] == [(5, valid)] * 2
        right = sum(map(inner_bars_right, tunes))
        expected = {"tunes": 5, "right": right, "percent": 20.0 * right}
        assert found["validity"][name]["inner_bars"] == expected
    assert found["validity"]["masked"]["referees"][0]["valid"] == 5
    assert found["validity"]["masked"]["inner_bars"]["right"] == 5
    assert found["validity"]["raw"]["referees"][0]["valid"] < 5

    index = NoveltyIndex.load(checkpoint.novelty_file)
    novel = found["originality"]
    assert (novel["compared_with"], novel["threshold"]) == (len(index), index.threshold())
    assert (novel["sampled"]["tunes"], novel["people"]["tunes"]) == (5, len(index.held_out))
    runs = [index.longest_run(tune) for tune in samples.masked]
    assert novel["sampled"]["percentiles"]["100"] == max(runs)
    assert set(novel["people"]) == {"tunes", "percentiles", "copies", "percent"}

    like = found["likeness"]
    texts = [tune.text for tune in read_corpus([book]).tunes]
    assert (like["corpus"], like["tunes"], like["as_many"]) == ([book], len(texts), 5)
    assert like["divisions"] == distance.DIVISIONS
    assert list(like["features"]) == NAMES
    sampled, corpus = count_features(samples.masked), count_features(texts)
    for name, one in like["features"].items():
        assert set(one) == {"bins", "corpus", "sampled", "distances"}
        assert one["sampled"] == sampled[name].sum(axis=0).tolist()
        assert one["corpus"] == corpus[name].sum(axis=0).tolist()
        distances = one["distances"]
        assert list(distances) == [
            *("sampled", "people", "halves", "sampled_to_people", "sampled_to_halves")
        ]
        for other in ("people", "halves"):
            ratio = distances[f"sampled_to_{other}"]
            if name == "note lengths":  # all notes of the corpus last one eighth
                assert distances[other] == 0 and ratio is None
            else:
                assert ratio == pytest.approx(distances["sampled"] / distances[other])

        shown = {legend: counts.tolist() for legend, counts in drawn[name].items()}
        assert shown == {
            f"corpus, {len(texts)} tunes": one["corpus"],
            "sampled, 5 tunes": one["sampled"],
        }

    pictures = sorted(folder.iterdir())
    assert [picture.name for picture in pictures] == sorted(
        f"{name.replace(' ', '-')}.png" for name in NAMES
    )
    assert all(picture.read_bytes().startswith(b"\x89PNG") for picture in pictures)
    assert len({picture.read_bytes() for picture in pictures}) == len(NAMES)
    assert f"sample at least {len(texts) // 2} tunes" in err


@pytest.mark.keras
@pytest.mark.usefixtures("own_judge")
def test_the_tables(judged: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = tmp_path / "other.abc"
    other.write_text(made_up_book(6, 500))
    assert evaluate.main(["--samples", "3", "--checkpoint", str(judged), str(other)]) == 0
    out, err = capsys.readouterr()
    assert "temperature 0.8, seed 1" in out.splitlines()[0]
    first = [line.split("  ")[0] for line in out.splitlines()]
    for name in ("all inner bars right", "sampled, masked", "people's, held out", *NAMES):
        assert name in first
    assert (
        "3 masked samples, and as many tunes of the corpus, compared with the rest of its 6" in out
    )
    assert f"reading {other}" in err
    assert "by chance alone" not in err  # three is half of six


@pytest.mark.keras
@pytest.mark.usefixtures("own_judge")
def test_too_few_tunes_held_out_leave_originality_out(
    plain: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = str(plain.parent / "many.abc")
    arguments = ["--samples", "1", "--checkpoint", str(plain), book]
    assert evaluate.main([*arguments, "--json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["originality"] is None
    assert "left out: originality" in err
    assert evaluate.main(arguments) == 0
    assert "copies" not in capsys.readouterr().out


@pytest.mark.keras
def test_as_a_process_with_all_referees(plain: Path, run: Run) -> None:
    options = ("--samples", "1", "--checkpoint", plain, "--json")
    done = run("evaluate", *options, cwd=plain.parent)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    names = [row["referee"] for row in found["validity"]["raw"]["referees"]]
    assert {*names, *found["missing"]} == {
        *("acceptor", "abc2midi", "abcjs", "music21", "all of them")
    }
    assert all(row["valid"] for row in found["validity"]["masked"]["referees"])
    assert all(f"left out: {name}: " in done.stderr for name in found["missing"])


@pytest.mark.parametrize("count", ["0", "-3", "many", "1.5"])
def test_samples_are_counted_from_1(count: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        evaluate.main(["--samples", count])
    assert left.value.code == 2
    assert "1 or more" in one_error_line(capsys.readouterr().err)


def last_error(capsys: pytest.CaptureFixture[str]) -> str:
    """Return the error, the last line; progress is reported before it."""
    out, err = capsys.readouterr()
    assert out == ""
    return one_error_line(err.splitlines()[-1])


@pytest.mark.keras
def test_a_corpus_that_cannot_be_used(
    plain: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--samples", "1", "--checkpoint", str(plain)]
    assert evaluate.main(arguments) == 1
    assert "'many.abc' is not a file" in (error := last_error(capsys))
    assert error.endswith("name the tunebooks to compare with, as FILE")
    assert evaluate.main([*arguments, "nothing-of-that-name"]) == 1
    assert "nothing-of-that-name" in last_error(capsys)
    path = tmp_path / "bad.abc"
    path.write_text("no music here\n")
    assert evaluate.main([*arguments, str(path)]) == 1
    assert f"{path}: no line begins with X:" in last_error(capsys)
    path.write_text(SPELLED + "\n" + SPELLED + "\nX:3\nK:C\nabc|\n")
    assert evaluate.main([*arguments, str(path)]) == 1
    assert "2 or more different tunes with a canonical spelling are needed" in last_error(capsys)
    path.write_bytes(b"\x00\x01")
    assert evaluate.main([*arguments, str(path)]) == 1
    assert str(path) in last_error(capsys)


def test_no_such_checkpoint(capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate.main(["--samples", "1", "--checkpoint", "fork"]) == 1
    assert "no checkpoint 'fork'" in last_error(capsys)


def test_pictures_that_cannot_be_drawn_are_an_error_before_sampling(
    book: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "draw_samples", None)
    file, folder = tmp_path / "file", tmp_path / "folder"
    file.write_text("")
    assert evaluate.main(["--samples", "1", "--pictures", str(file), str(book)]) == 1
    assert str(file) in last_error(capsys)
    assert evaluate.main(["--samples", "1", "--pictures", str(folder), "no-such-book"]) == 1
    assert "no-such-book" in last_error(capsys)
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    assert evaluate.main(["--samples", "1", "--pictures", str(folder), str(book)]) == 1
    assert "pip install 'abcgen[train]'" in last_error(capsys)
    assert not folder.exists()


@pytest.mark.parametrize(
    ("option", "value"), [("--seed", "0"), ("--temperature", "0"), ("--pictures", "here")]
)
def test_other_modes_refuse_its_options(
    option: str, value: str, book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for mode in ("--validity", "--likelihood"):
        assert evaluate.main([mode, option, value, str(book)]) == 2
        assert f"{option} can only be used with --samples" in last_error(capsys)
    with pytest.raises(SystemExit) as left:
        evaluate.main(["--validity", "--samples", "1", str(book)])
    assert left.value.code == 2


@pytest.mark.keras
def test_a_damaged_index_is_an_error(
    plain: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkpoint = read_checkpoint(str(plain))
    path = tmp_path / "index.npz"
    path.write_bytes(b"no index")
    monkeypatch.setattr(type(checkpoint), "novelty_file", path)
    with pytest.raises(CorpusError, match="damaged"):
        command._originality(checkpoint, [SPELLED], print)


@pytest.mark.keras
@pytest.mark.usefixtures("own_judge")
def test_half_a_picture_is_removed(
    plain: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(self: object, path: Path, **_: object) -> None:
        Path(path).write_bytes(b"half")
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr("matplotlib.figure.Figure.savefig", broken)
    arguments = ["--samples", "1", "--checkpoint", str(plain), "--pictures", str(tmp_path)]
    assert evaluate.main([*arguments, str(plain.parent / "many.abc")]) == 1
    assert "No space left" in last_error(capsys)
    assert list(tmp_path.iterdir()) == []
