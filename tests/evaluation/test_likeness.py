import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from abcgen import evaluate
from abcgen.errors import CorpusError
from abcgen.evaluation.likeness import command, distance
from abcgen.evaluation.likeness.distance import as_many, compare, divisions, js_distance
from abcgen.evaluation.likeness.inner_bars import inner_bars_right
from abcgen.evaluation.likeness.pictures import draw_histogram, picture_file
from abcgen.evaluation.likeness.samples import draw_samples
from abcgen.evaluation.referees import Acceptor
from abcgen.melodies.features import FEATURES, Feature, count_features
from abcgen.melodies.index import NoveltyIndex
from abcgen.model.checkpoint import NOVELTY_FILE, read_checkpoint, write_checkpoint
from abcgen.tunebooks.corpus import read_corpus
from abcgen.tunebooks.indexing import index_of
from tests.conftest import TINY, Run, one_error_line
from tests.tunes import SPELLED, made_up_book

NAMES = [feature.name for feature in FEATURES]
HEADER = "X:1\nT:T\nM:2/4\nL:1/8\nK:G\n"


# Inner bars.


@pytest.mark.parametrize(
    ("music", "right"),
    [
        ("|:G|ABcd|efg:|\n", True),
        ("|:G|ABc|efg:|\n", False),
        ("|:G|ABcde|efg:|\n", False),
        ("ABcde|ABcd|AB|]\n", True),  # only the outer ones are wrong
        ("ABcd|ef||ga|bagf|]\n", True),
        ("|:G|ABcd|[1 e|fgab|c:|[2 e|fga|c||\n", False),
        ("|:G|ABcd|[1 e|fgab|c:|[2 e|fgab|c||\n", True),
        ("|:G|Z4|A>Bcd|efg:|\n", True),
        ("|:G|Z4A|A>Bcd|efg:|\n", False),
        ("|:G|(3ABc d2|efg:|\n", True),
        ("|:G|(3ABcd2|[efg:|\n", False),  # it cannot be read
        ("|:G|ABcd|(3ef:|\n", False),
        ("|:G|ABcd\nM:6/8\nABcdef|g3:|\n", False),
        ("|:G|ABcd|\nM:6/8\nABcdef|g3:|\n", True),
        ("A^^^B", False),
        ("", False),
    ],
)
def test_inner_bars(music: str, right: bool) -> None:
    assert inner_bars_right(HEADER + music) is right


@given(st.text("|:[]12GAz/>(3-\nMK", max_size=40))
def test_whatever_a_network_writes_is_right_or_not(music: str) -> None:
    assert inner_bars_right(HEADER + music) in (True, False)


# Distances.

histograms = st.lists(st.integers(0, 1000), min_size=4, max_size=4).map(np.array)


@given(histograms, histograms)
def test_the_distance_of_histograms(one: NDArray[Any], other: NDArray[Any]) -> None:
    assume(one.any() and other.any())
    found = float(js_distance(one, other))
    assert 0 <= found <= 1
    assert found == pytest.approx(float(js_distance(other, one)))
    assert float(js_distance(one, 7 * one)) == pytest.approx(0, abs=1e-7)
    if not (one * other.sum() == other * one.sum()).all():
        assert found > 1e-6
    assert (found > 1 - 1e-9) == (not (one * other).any())


@given(histograms, histograms, histograms)
def test_a_way_round_is_no_shorter(
    one: NDArray[Any], other: NDArray[Any], third: NDArray[Any]
) -> None:
    """Holds for the root of the divergence, and not for the divergence."""
    assume(one.any() and other.any() and third.any())
    round_about = js_distance(one, third) + js_distance(third, other)
    assert js_distance(one, other) <= round_about + 1e-9


def test_distances_by_hand() -> None:
    # Against the middle (3/4, 1/4): log2(4/3) and (log2(2/3) + log2(2)) / 2, their mean's root.
    expected = np.sqrt((np.log2(4 / 3) + (np.log2(2 / 3) + 1) / 2) / 2)
    assert js_distance(np.array([8, 0]), np.array([1, 1])) == pytest.approx(expected)
    assert np.isnan(js_distance(np.array([0, 0]), np.array([1, 1])))
    both = js_distance(np.array([[1, 0], [1, 1]]), np.array([[0, 1], [2, 2]]))
    assert both.tolist() == [1, 0]


@given(st.integers(1, 30), st.integers(2, 30), st.integers(0, 9))
def test_a_division_divides(samples: int, corpus: int, seed: int) -> None:
    for one in list(divisions(samples, corpus, seed))[:3]:
        assert sorted([*one.people, *one.rest]) == list(range(corpus))
        assert sorted([*one.half, *one.other_half]) == list(range(corpus))
        assert len(one.half) == corpus // 2
        assert len(one.people) == len(one.sampled) == as_many(samples, corpus)
        assert len(one.rest) >= corpus / 2
        assert len(set(one.sampled)) == len(one.sampled)
        assert set(one.sampled) <= set(range(samples))


def tunes_of(chance: np.random.Generator, count: int, bias: float = 0.0) -> NDArray[np.int64]:
    shares = np.arange(1.0, 7.0) + bias * np.arange(6)[::-1]
    return chance.multinomial(50, shares / shares.sum(), size=count)


@pytest.mark.parametrize("count", [10, 100, 300])
def test_tunes_like_the_corpus_are_as_far_as_its_own(count: int) -> None:
    chance = np.random.default_rng(1)
    corpus = tunes_of(chance, 200)
    like = compare(tunes_of(chance, count), corpus, 1)
    assert like.to_people == pytest.approx(1, abs=0.35)
    unlike = compare(tunes_of(chance, count, 2.0), corpus, 1)
    assert unlike.to_people is not None and unlike.to_people > 2
    assert like.sampled is not None and like.halves is not None
    if count < 100:  # fewer tunes are further by chance
        assert like.sampled > 2 * like.halves
    else:
        assert like.people == like.halves and like.to_people == like.to_halves
    assert compare(corpus, corpus, 1) == compare(corpus, corpus, 1) != compare(corpus, corpus, 2)


def test_nothing_to_compare_is_none() -> None:
    empty, same = np.zeros((3, 2), np.int64), np.array([[4, 0]] * 4)
    found = compare(empty, same, 1)
    assert (found.sampled, found.people, found.halves) == (None, 0, 0)
    assert found.to_people is found.to_halves is None
    found = compare(np.array([[0, 4]]), same, 1)
    assert (found.sampled, found.to_people) == (1, None)


@pytest.mark.parametrize("count", [5, 40])
def test_distances_are_means_over_many_divisions(count: int) -> None:
    corpus, samples = tunes_of(np.random.default_rng(1), 30), tunes_of(np.random.default_rng(2), 40)
    samples = samples[:count]
    divided = list(divisions(count, 30, 1))
    assert len(divided) == distance.DIVISIONS

    def apart(tunes: NDArray[Any], others: NDArray[Any]) -> float:
        return float(js_distance(sum(tunes), sum(others)))

    sampled = [apart(samples[one.sampled], corpus[one.rest]) for one in divided]
    people = [apart(corpus[one.people], corpus[one.rest]) for one in divided]
    halves = [apart(corpus[one.half], corpus[one.other_half]) for one in divided]
    found = compare(samples, corpus, 1)
    assert found.sampled == pytest.approx(np.mean(sampled))
    assert found.people == pytest.approx(np.mean(people))
    assert found.halves == pytest.approx(np.mean(halves))
    assert len({round(one, 9) for one in people}) > distance.DIVISIONS / 2


# Pictures.


def test_a_picture_shows_shares(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    shown: list[Any] = []
    monkeypatch.setattr(
        "matplotlib.figure.Figure.savefig", lambda figure, *_, **__: shown.append(figure)
    )
    feature = FEATURES[0]
    some = np.zeros(12, np.int64)
    some[[0, 7]] = 3, 1
    none = np.zeros(12, np.int64)
    path = picture_file(feature, tmp_path)
    draw_histogram(feature, [("one", some), ("other", none)], "Title", path)
    assert path.name == "pitch-classes.png"
    (axis,) = shown[0].axes
    heights = [[bar.get_height() for bar in bars] for bars in axis.containers]
    assert heights[0] == [75, *[0] * 6, 25, *[0] * 4]
    assert heights[1] == [0] * 12
    middles = [(bar.get_x() + bar.get_width() / 2) for bar in axis.containers[0]]
    assert np.allclose(middles, np.arange(12) - 0.2)
    assert [label.get_text() for label in axis.get_xticklabels()] == list(feature.bins)
    assert [text.get_text() for text in axis.get_legend().get_texts()] == ["one", "other"]
    assert (axis.get_title(), axis.get_xlabel(), axis.get_ylabel()) == (
        "Title",
        "semitones above the tonic",
        "% of the notes",
    )


# Samples and the command.


@pytest.fixture(scope="session")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a checkpoint that knows every sign which a valid tune needs.

    It was trained for a moment on `many.abc` beside it, of which fewer than 20 tunes were held out.
    """
    from abcgen.training.run import train

    folder = tmp_path_factory.mktemp("plain")
    book = folder / "many.abc"
    ended = made_up_book(20, 100).replace("|:", "").replace(":|\n|", "||\n").replace(":|", "|]")
    book.write_text(made_up_book(60) + "\n" + ended)
    train([str(book)], folder / "tiny", TINY, seed=1)
    return folder / "tiny"


@pytest.fixture(scope="session")
def judged(plain: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same checkpoint with an index that has enough tunes held out."""
    folder = tmp_path_factory.mktemp("judged")
    shutil.copytree(plain, folder / "tiny")
    book = folder / "many.abc"
    shutil.copy(plain.parent / "many.abc", book)
    larger = folder / "larger.abc"
    larger.write_text(book.read_text() + "\n" + made_up_book(320, 1000))
    index = index_of(read_corpus([str(larger)]))
    assert len(index.held_out) >= 20
    write_checkpoint(read_checkpoint(str(folder / "tiny")), {NOVELTY_FILE: index.save})
    return folder / "tiny"


@pytest.fixture
def own_judge(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the acceptor alone judge, which is quick."""
    monkeypatch.setattr(command, "REFEREES", (Acceptor(),))
    whole = command.judge
    monkeypatch.setattr(
        command, "judge", lambda tunes, jobs: whole(tunes, (Acceptor(),), jobs=jobs)
    )


@pytest.mark.keras
def test_samples_are_those_of_abcgen_sample(plain: Path, run: Run) -> None:
    samples = draw_samples(read_checkpoint(str(plain)), 3, 5, 1.0)
    options = ("--checkpoint", plain, "--tunes", 3, "--seed", 5, "--temperature", 1)
    raw = run("sample", *options, "--raw").stdout
    assert "\n".join(samples.raw) == raw.rstrip("\n") + "\n"
    masked = run("sample", *options).stdout
    lines = [line for line in masked.splitlines() if line[:2] not in ("X:", "N:")]
    assert [line for tune in samples.masked for line in [*tune.splitlines()[1:], ""]] == [
        *lines,
        "",
    ]
    assert Acceptor().judge(samples.masked) == [None] * 3


@pytest.mark.keras
@pytest.mark.usefixtures("own_judge")
def test_json_has_everything(
    judged: Path,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # A checkpoint keeps but the names of its books.
    monkeypatch.chdir(judged.parent)
    book = "many.abc"
    folder = tmp_path / "new" / "pictures"
    drawn = {}

    def noted(feature: Feature, histograms: Any, title: str, path: Path) -> None:
        drawn[feature.name] = dict(histograms)
        draw_histogram(feature, histograms, title, path)

    monkeypatch.setattr(command, "draw_histogram", noted)
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
    assert f"5 tunes are further from anything than half of the {len(texts)}" in err


@pytest.mark.keras
@pytest.mark.usefixtures("own_judge")
def test_the_tables(judged: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = tmp_path / "other.abc"
    other.write_text(made_up_book(6, 500))
    assert evaluate.main(["--samples", "3", "--checkpoint", str(judged), str(other)]) == 0
    out, err = capsys.readouterr()
    assert "temperature 0.9, seed 1" in out.splitlines()[0]
    first = [line.split("  ")[0] for line in out.splitlines()]
    for name in ("every inner bar right", "sampled, masked", "people's, held out", *NAMES):
        assert name in first
    assert "3 masked samples, and as many tunes of the corpus, against the rest of its 6" in out
    assert f"reading {other}" in err
    assert "by chance alone" not in err  # three are half of six


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


# What can go wrong.


@pytest.mark.parametrize("count", ["0", "-3", "many", "1.5"])
def test_samples_are_counted_from_1(count: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        evaluate.main(["--samples", count])
    assert left.value.code == 2
    assert "1 or more" in one_error_line(capsys.readouterr().err)


def last_error(capsys: pytest.CaptureFixture[str]) -> str:
    """Return the error; what is being done is said before it."""
    out, err = capsys.readouterr()
    assert out == ""
    return one_error_line(err.splitlines()[-1])


@pytest.mark.keras
def test_a_corpus_that_is_none(
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
    assert "1 tunes have a canonical spelling, and 2 or more are needed" in last_error(capsys)
    path.write_bytes(b"\x00\x01")
    assert evaluate.main([*arguments, str(path)]) == 1
    assert str(path) in last_error(capsys)


def test_no_such_checkpoint(capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate.main(["--samples", "1", "--checkpoint", "fork"]) == 1
    assert "no checkpoint 'fork'" in last_error(capsys)


def test_pictures_that_cannot_be_drawn_are_said_before_tunes_are(
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
        assert f"{option} goes with --samples" in last_error(capsys)
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
def test_half_a_picture_is_none(
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
