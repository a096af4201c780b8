"""The nearest tune of a corpus, and how much of it is shared."""

import io
import itertools
import json
import random
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abcgen import novelty
from abcgen.errors import CorpusError, NotationError
from abcgen.melodies.index import FEWEST_HELD_OUT, SHORTEST_RUN
from abcgen.melodies.melody import Step, melody_of
from abcgen.novelty import NoveltyIndex, calibrate, index_of
from abcgen.tunebooks.corpus import Corpus, CorpusTune, read_corpus
from tests.conftest import Run, one_error_line
from tests.tunes import made_up_book, made_up_tune

HEADER = "X:1\nT:t\nM:4/4\nL:1/8\nK:C\n"


def known(*texts: str) -> list[CorpusTune]:
    """Return texts as the tunes of a corpus, numbered from 1."""
    return [
        CorpusTune("somewhere/book.abc", number, f"No. {number}", text, "train")
        for number, text in enumerate(texts, start=1)
    ]


def tune_of(pitches: str, lengths: str = "") -> str:
    """Return a tune of notes from `CDEFGABcd...` and lengths, four notes in a bar."""
    notes = [f"{p}{n}" for p, n in itertools.zip_longest(pitches, lengths, fillvalue="")]
    bars = ["".join(notes[i : i + 4]) for i in range(0, len(notes), 4)]
    return HEADER + "|".join(bars) + "|]\n"


# The slow, readable twin.


def runs_by_hand(tune: list[Step], other: list[Step]) -> list[tuple[int, int, int]]:
    """Return every longest possible run as (first note here, first note there, notes)."""
    runs = []
    for here, there in itertools.product(range(len(tune)), range(len(other))):
        if here and there and tune[here - 1] == other[there - 1]:
            continue  # it began before
        length = 0
        while (
            here + length < len(tune)
            and there + length < len(other)
            and tune[here + length] == other[there + length]
        ):
            length += 1
        if length + 1 >= SHORTEST_RUN:
            runs.append((here, there, length + 1))
    return runs


def nearest_by_hand(text: str, corpus: list[str]) -> tuple[int, float, int, int, int] | None:
    """Return (notes, share, number, first bar here, first bar there) of the nearest tune."""
    melody = melody_of(text)
    best = None
    for number, other_text in enumerate(corpus, start=1):
        other = melody_of(other_text)
        runs = runs_by_hand(melody.steps, other.steps)
        if not runs:
            continue
        covered = {note for here, _, notes in runs for note in range(here, here + notes)}
        share = len(covered) / len(melody.bars)
        longest = max(notes for _, _, notes in runs)
        here, there = min((here, there) for here, there, notes in runs if notes == longest)
        if best is None or (longest, share) > best[:2]:
            best = (longest, share, number, melody.bars[here], other.bars[there])
    return best


# Few pitches and lengths, so that tunes share runs by chance.
melodies = st.lists(st.sampled_from(["C", "D", "E2"]), min_size=1, max_size=60).map(
    lambda notes: HEADER + "|".join(" ".join(notes[i : i + 5]) for i in range(0, len(notes), 5))
)


@settings(max_examples=150, deadline=None)
@given(tune=melodies, corpus=st.lists(melodies, min_size=1, max_size=5), data=st.data())
def test_the_nearest_is_what_the_slow_twin_finds(
    tune: str, corpus: list[str], data: st.DataObject
) -> None:
    if data.draw(st.booleans()):  # a piece of the corpus, copied
        body = data.draw(st.sampled_from(corpus)).removeprefix(HEADER)
        tune += "|" + body[data.draw(st.integers(0, len(body) // 2)) :].lstrip("2 |")
    index = NoveltyIndex.of(known(*corpus))
    found = index.nearest(tune)
    expected = nearest_by_hand(tune, corpus)
    if expected is None:
        assert found is None
        assert index.longest_run(tune) == 0
    else:
        assert found is not None
        assert (found.notes, found.share, found.number) == expected[:3]
        assert (found.here.first_bar, found.there.first_bar) == expected[3:]
        assert index.longest_run(tune) == found.notes


def test_grams_of_one_hash_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    from abcgen.melodies import index as novelty_index

    monkeypatch.setattr(novelty_index, "_MULTIPLIERS", np.zeros(7, dtype=np.uint64))
    corpus = [made_up_tune(number) for number in range(1, 6)]
    index = NoveltyIndex.of(known(*corpus))
    assert len(set(index._hashes)) == 1
    for number in range(1, 9):
        found = index.nearest(made_up_tune(number))
        expected = nearest_by_hand(made_up_tune(number), corpus)
        assert (found and (found.notes, found.share, found.number)) == (expected and expected[:3])


# What is the same melody.


TUNE = HEADER + "CDEF G2AB|c2BA GFED|C2E2 G2c2|d4 c4|]\n"


@pytest.mark.parametrize(
    "same",
    [
        "X:1\nM:4/4\nL:1/8\nK:D\nDEFG A2Bc|d2cB AGFE|D2F2 A2d2|e4 d4|]\n",
        TUNE.replace("L:1/8", "L:1/4").replace("4/4", "8/4"),
        "X:1\nM:4/4\nL:1/16\nK:C\n" + "C2D2E2F2 G4A2B2|c4B2A2 G2F2E2D2|C4E4 G4c4|d8 c8|]\n",
        TUNE.replace("d4", "[Fd]4").replace("d4 c4", "d4 [Ec]4"),
        TUNE.replace("d4 c4", "d2-d2 c2-c2"),
        TUNE.replace("d4 c4", "d2z2 c3z"),
        TUNE.replace("CDEF", '"C"{B}CD"^x"!trill!EF'),
        TUNE.replace("CDEF", "|:CDEF").replace("|]", ":|"),
        TUNE.replace("G2AB|", "G2AB|\n"),
        TUNE.replace("CDEF G2AB|", "CDEF|G2AB|"),
    ],
    ids=["key", "length", "unit", "chord", "tie", "rest", "graces", "repeat", "lines", "bars"],
)
def test_the_same_melody_is_a_full_copy(same: str) -> None:
    found = NoveltyIndex.of(known(made_up_tune(5), TUNE)).nearest(same)
    assert found is not None
    assert (found.notes, found.of_notes, found.share, found.number) == (20, 20, 1.0, 2)


@pytest.mark.parametrize(
    ("other", "notes"),
    [
        (TUNE.replace("c2BA", "c2BG"), 10),  # from the G behind it on
        (TUNE.replace("c2BA", "c3/2BA3/2"), 10),  # the same
        (TUNE.replace("C2E2", "z2E2"), 13),  # to the note before the one that the rest lengthens
    ],
)
def test_another_note_or_length_ends_a_run(other: str, notes: int) -> None:
    assert NoveltyIndex.of(known(TUNE)).longest_run(other) == notes


def test_runs_end_where_tunes_of_the_corpus_end() -> None:
    first, second = tune_of("CDECFDGEAFBG"), tune_of("cGAEFCDAbgfe")
    both = tune_of("CDECFDGEAFBGcGAEFCDAbgfe")
    assert NoveltyIndex.of(known(first, second)).longest_run(both) == 12
    assert NoveltyIndex.of(known(both)).longest_run(both) == 24


def test_steps_count_down_and_in_each_ending_once() -> None:
    melody = melody_of(HEADER + "|:C2D2 z2 [CG]2|[1 E8:|\n[2 E4 C4|]\n")
    assert melody.steps == [(2, 2, 1), (5, 1, 2), (-3, 4, 1), (0, 1, 2), (-4, 1, 1)]
    assert melody.bars == [1, 1, 1, 2, 3, 3]


# Which of several.


def test_the_longest_run_then_the_share_then_the_order_decide() -> None:
    run, other = "CDECFDGEAF", "cbgagecdcaf"
    tune = tune_of(run + other)
    once, twice = tune_of("f" + run + "f"), tune_of("f" + run + "C" + other[:9] + "C")
    longer = tune_of("e" + run + other[:1])
    index = NoveltyIndex.of(known(made_up_tune(3), once, twice, twice))
    found = index.nearest(tune)
    assert found is not None
    assert (found.notes, found.number, found.share) == (10, 3, 19 / 21)
    found = NoveltyIndex.of(known(once, twice, longer)).nearest(tune)
    assert found is not None
    assert (found.notes, found.number, found.share) == (11, 3, 11 / 21)


def test_both_places_are_shown() -> None:
    tune = HEADER + 'G|"C"cccc cccc|CDEF GABc|"G"dBGB d2c2|G8|]\n'
    there = 'X:7\nT:There\nM:4/4\nL:1/8\nK:D\nf8|DEFG ABcd|"A"ecAc e2d2|D8|]\n'
    index = NoveltyIndex.of(known(there))
    found = index.nearest(tune)
    assert found is not None
    assert (found.source, found.number, found.title) == ("book.abc", 1, "No. 1")
    assert (found.here.first_bar, found.here.last_bar, found.here.key) == (3, 4, "C")
    assert found.here.abc == "CDEF GABc | dBGB d2c2"
    assert (found.there.first_bar, found.there.last_bar, found.there.key) == (2, 3, "D")
    assert found.there.abc == "DEFG ABcd | ecAc e2d2"
    assert (found.notes, found.of_notes) == (14, 24)


def test_scales_are_told_from_tunes() -> None:
    scale, leaps = tune_of("CDEFGABcdef"), tune_of("CECGEcGECgec")
    index = NoveltyIndex.of(known(scale, leaps))
    plain = [found.plain for found in map(index.nearest, (scale, leaps)) if found]
    assert plain == [1.0, 0.0]


# People's own tunes, and the threshold.


def test_the_threshold_is_what_most_people_keep_to() -> None:
    random_notes = random.Random(1)
    long_one = tune_of("".join(random_notes.choices("CDEFGABc", k=60)))
    notes = long_one.removeprefix(HEADER).replace("|", "").strip("]\n")
    held_out = [tune_of(notes[:count] + "CgCgCgCg"[count % 2 :]) for count in range(11, 51)]
    index = NoveltyIndex.of(known(long_one))
    runs = sorted(index.longest_run(text) for text in held_out)
    assert runs[0] >= 11 and runs[-1] >= 50
    assert calibrate(index, held_out, 50) == runs[19]
    assert calibrate(index, held_out, 100) == runs[-1]
    threshold = calibrate(index, held_out)
    assert threshold == runs[37]  # of 40, two are above
    assert sum(run > threshold for run in runs) == 2
    assert list(index.held_out) == [index.longest_run(text) for text in held_out]
    assert NoveltyIndex.of(known(long_one), held_out).threshold() == threshold


def test_a_threshold_is_never_below_what_can_be_seen() -> None:
    index = NoveltyIndex.of(known(TUNE), [tune_of("CgCg")] * FEWEST_HELD_OUT)
    assert set(index.held_out) == {0}
    assert index.threshold() == SHORTEST_RUN - 1


def test_few_tunes_give_no_threshold() -> None:
    index = NoveltyIndex.of(known(TUNE))
    with pytest.raises(CorpusError, match=f"only {FEWEST_HELD_OUT - 1} tunes"):
        calibrate(index, [TUNE] * (FEWEST_HELD_OUT - 1))


def test_the_index_of_a_corpus_holds_what_is_learned(book: Path) -> None:
    corpus = read_corpus([str(book)])
    index = index_of(corpus)
    assert len(index) == len(corpus.split("train")) > 60
    assert len(index.held_out) == len(corpus.tunes) - len(index) > 0
    assert all(
        index.longest_run(text) == len(melody_of(text).bars) for text in corpus.split("train")
    )
    held_out = corpus.split("validation") + corpus.split("test")
    assert [index.longest_run(text) for text in held_out] == list(index.held_out)


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
def test_what_is_no_index_is_refused(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "index.npz"
    path.write_bytes(data)
    with pytest.raises(CorpusError, match="damaged or no index"):
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


def test_a_tune_that_cannot_be_read_is_an_error() -> None:
    for text in ("", "X:1\nK:C\n", HEADER + "?|]\n"):
        with pytest.raises(NotationError):
            small_index().nearest(text)
    assert small_index().nearest(HEADER + "z8|]\n") is None
    empty = NoveltyIndex.of([])
    assert empty.longest_run(TUNE) == 0 and empty.nearest(TUNE) is None


# The command.


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    """A tunebook of a tune of `book`, one that nobody can read, and one of two notes."""
    path = tmp_path / "questions.abc"
    path.write_text(f"{made_up_tune(1)}\nX:2\nT:Bad\nK:C\nC?D|]\n\nX:3\nT:Short\nK:C\nCD|]\n")
    return path


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Corpus]:
    """A book of enough made-up tunes that twenty are held out, and the corpus it is."""
    path = tmp_path_factory.mktemp("big") / "big.abc"
    path.write_text(made_up_book(260))
    return path, read_corpus([str(path)])


def test_as_a_process(run: Run, questions: Path, book: Path) -> None:
    done = run("novelty", questions, "--corpus", book, "--threshold", "20")
    assert done.returncode == 0, done.stderr
    said = done.stderr.splitlines()
    assert said[0] == f"abcgen.novelty: reading {book}"
    assert said[1].startswith(f"abcgen.novelty: left out: {questions}: X:2 Bad: '?'")
    lines = done.stdout.splitlines()
    notes = len(melody_of(made_up_tune(1)).bars)
    assert lines[1].split()[:3] == ["these", "tunes", "2"]
    assert lines[1].endswith("1 (50.0 %)")
    assert lines[2].startswith("people's, held out")
    assert "a copy is more than 20 notes" in lines[3]
    assert lines[5].startswith(
        f"{questions}: X:1 Made Up No. 1: a copy, {notes} of {notes} notes in one run"
    )
    assert lines[5].endswith("100% in all")
    assert lines[6] == "  with made-up.abc: X:1 Made Up No. 1"
    assert lines[7].startswith("  here  bar 1 to 8, K:")
    assert lines[7].removeprefix("  here  ") == lines[8].removeprefix("  there ")
    assert lines[10] == f"{questions}: X:3 Short: no run of {SHORTEST_RUN} notes is in the corpus"


def test_json_and_stdin(
    big: tuple[Path, Corpus],
    questions: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(questions.read_bytes())))
    assert novelty.main(["-", "--corpus", str(big[0]), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    index = index_of(big[1])
    notes = len(melody_of(made_up_tune(1)).bars)
    assert found["threshold"] == index.threshold() < notes
    assert found["compared_with"] == len(index)
    assert found["people"]["tunes"] == len(index.held_out)
    assert found["people"]["copies"] <= len(index.held_out) * 0.05
    assert found["these"]["copies"] == 1 and found["these"]["percent"] == 50.0
    assert found["these"]["percentiles"] == {
        "50": 0,
        **dict.fromkeys(["90", "95", "99", "100"], notes),
    }
    first, short = found["tunes"]
    assert (first["number"], first["copies"], short["copies"]) == ("1", True, False)
    assert first["nearest"]["title"] == "Made Up No. 1" and short["nearest"] is None
    assert first["nearest"]["here"]["abc"] == first["nearest"]["there"]["abc"] != ""
    assert [one["number"] for one in found["unread"]] == ["2"]


def test_percentile_and_show(
    big: tuple[Path, Corpus],
    questions: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    index = index_of(big[1])
    monkeypatch.setattr(novelty, "read_corpus", lambda names: big[1])  # which takes a while
    thresholds = []
    for percentile in (0, 100):
        options = ["--percentile", str(percentile), "--show", "1", "--corpus", "big"]
        assert novelty.main([str(questions), *options]) == 0
        lines = capsys.readouterr().out.splitlines()
        assert lines[-1] == "... and 1 more (--show 2 lists them all)"
        (line,) = (line for line in lines if "a copy is more than" in line)
        thresholds.append(int(line.split("more than ")[1].split()[0]))
    assert thresholds == [index.threshold(0), index.threshold(100)]
    assert thresholds[0] < thresholds[1]


def test_wrong_usage_and_bad_files(
    book: Path, questions: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def complaint(*arguments: object) -> str:
        assert novelty.main([str(argument) for argument in arguments]) == 1
        out, err = capsys.readouterr()
        assert out == ""
        return one_error_line(err.removeprefix(f"abcgen.novelty: reading {arguments[-1]}\n"))

    unreadable = tmp_path / "unreadable.abc"
    unreadable.write_text("X:1\nK:C\n?|]\n")
    assert "is no file, folder or corpus" in complaint(tmp_path / "none.abc")
    assert "is no file, folder or corpus" in complaint(questions, "--corpus", tmp_path / "none")
    assert "tunes of the corpus are held out" in complaint(questions, "--corpus", book)
    assert "holds no tune that abcgen can read" in complaint(questions, "--corpus", unreadable)
    assert novelty.main([str(unreadable), "--threshold", "9", "--corpus", str(book)]) == 1
    assert "none of 1 tunes can be read" in capsys.readouterr().err.splitlines()[-1]
    for options in (["--threshold", "3"], ["--percentile", "101"], ["--show", "-1"], []):
        with pytest.raises(SystemExit) as left:
            novelty.main([str(questions), *options] if options else [])
        assert left.value.code == 2
        one_error_line(capsys.readouterr().err)


def test_what_it_does_not_load(run: Run) -> None:
    import subprocess

    script = (
        "import sys, abcgen.novelty\n"
        "heavy = {'music21', 'tensorflow', 'keras', 'matplotlib'} & set(sys.modules)\n"
        "sys.exit(f'loaded {heavy}' if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
