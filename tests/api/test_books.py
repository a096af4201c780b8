import os
from pathlib import Path

import pytest

import abcgen
from abcgen.errors import AbcgenError, CorpusError, NotationError, UsageError
from tests.conftest import ROOT

TUNE = "X:1\nT:The Title\nR:jig\nM:6/8\nL:1/8\nK:Edor\n|:EFG ABc|d6:|\n"
BOOK = f"{TUNE}\nX:2\nT:No music\nK:C\nw:la la\n\nX:3\nT:Third\nK:G\nGABc|\n"


def test_a_tune_says_what_its_header_says() -> None:
    tune = abcgen.Tune(TUNE)
    assert (tune.title, tune.key, tune.meter, tune.rhythm) == ("The Title", "Edor", "6/8", "jig")
    assert tune.request is None
    assert str(tune) == tune.abc == TUNE
    assert repr(tune) == "<Tune 'The Title', jig, 6/8, Edor>"
    assert [note.pitch for note in tune.music().notes][:3] == [64, 66, 67]
    with pytest.raises(AttributeError):
        tune.abc = "X:2"  # type: ignore[misc]
    assert len({tune, abcgen.Tune(TUNE)}) == 1
    with pytest.raises(NotationError):
        _ = abcgen.Tune("no tune").key
    assert repr(abcgen.Tune("no tune")) == "<Tune that cannot be read>"


def test_a_tune_is_transposed_and_numbered_as_before() -> None:
    moved = abcgen.Tune(TUNE.replace("X:1", "X:4")).transpose("Ador")
    assert moved.key == "Ador"
    assert moved.abc.startswith("X:4\nT:The Title\n")
    assert moved.transpose("Edor").music().notes == abcgen.Tune(TUNE).music().notes
    for key, words in (("H", "H"), ("G", "mode")):
        with pytest.raises(NotationError, match=words):
            abcgen.Tune(TUNE).transpose(key)


def test_a_drawn_tune_that_is_transposed_no_longer_says_how_it_was_made() -> None:
    tune = abcgen.load().tune(seed=1, key="G", form="2")
    moved = tune.transpose("A")
    assert tune.request is not None and moved.request is None
    assert abcgen.check(moved) is None


def test_a_book_is_read_with_what_could_not_be_read(tmp_path: Path) -> None:
    file = tmp_path / "book.abc"
    file.write_text(BOOK)
    for source in (BOOK, BOOK.replace("\n", "\r\n"), file, str(file), tmp_path):
        book = abcgen.read(source)
        assert [tune.title for tune in book] == ["The Title", "Third"]
        assert book[0].abc == TUNE
        ((text, reason),) = book.unread
        assert text.startswith("X:2\n") and "no music" in reason


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("no tune\n", "begins with X:"),
        ("X:1\nT:a\n", "none of 1 can be read; the first: K: is missing"),
        ("no-such-file.abc", "no-such-file"),
        ("", "empty"),
        ("\n", "begins with X:"),
    ],
)
def test_what_is_no_tune_is_an_error(
    source: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(CorpusError, match=words):
        abcgen.read(source)
    assert capsys.readouterr() == ("", "")


def test_a_bad_file_does_not_lose_its_folder(tmp_path: Path) -> None:
    (tmp_path / "bad.abc").write_bytes(b"\x89PNG\0\0")
    (tmp_path / "good.abc").write_text(TUNE)
    book = abcgen.read(tmp_path)
    assert book == [abcgen.Tune(TUNE)]
    ((text, reason),) = book.unread
    assert text == "" and "bad.abc: the file is not text" in reason


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads all")
def test_what_may_not_be_read_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "book.abc"
    file.write_text(BOOK)
    file.chmod(0)
    with pytest.raises(AbcgenError, match="cannot read"):
        abcgen.read(file)


def test_tunes_are_written_by_the_ending(tmp_path: Path) -> None:
    tunes = abcgen.read(BOOK)
    abcgen.write(tunes, tmp_path / "new.abc")
    written = abcgen.read(tmp_path / "new.abc")
    assert [tune.title for tune in written] == ["The Title", "Third"]
    assert [tune.abc.partition("\n")[0] for tune in written] == ["X:1", "X:2"]
    tunes[1].save(tmp_path / "one.ABC")
    assert (tmp_path / "one.ABC").read_text() == tunes[1].abc
    assert tunes[1].abc.startswith("X:3\n")
    tunes[0].save(tmp_path / "one.mid", qpm=90, instrument="flute")
    assert (tmp_path / "one.mid").read_bytes() == tunes[0].midi(qpm=90, instrument="flute")
    assert tunes[0].midi() != tunes[0].midi(qpm=90)
    tunes[0].save(tmp_path / "one.wav", rate=8000)
    assert (tmp_path / "one.wav").read_bytes() == tunes[0].wav(rate=8000)
    abcgen.write(TUNE, tmp_path / "two.midi")
    assert (tmp_path / "two.midi").read_bytes()[:4] == b"MThd"


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("x.xyz", {}, "expected a name that ends in .abc, .mid, .* or .mp3, found '.xyz'"),
        ("x", {}, "found no ending"),
        ("x.abc", {"qpm": 90}, "takes no options; found qpm"),
        ("x.mid", {"tempo": 90}, "found tempo"),
        ("x.mid", {"qpm": 0}, "tempo"),
        ("x.wav", {"rate": 5}, "rate"),
        ("x.wav", {"speed": 5}, "found speed"),
        ("x.mid", {"instrument": "kazoo"}, "no instrument 'kazoo'"),
    ],
)
def test_what_cannot_be_saved_is_an_error_and_leaves_no_file(
    tmp_path: Path, name: str, options: dict[str, float], words: str
) -> None:
    with pytest.raises(UsageError, match=words):
        abcgen.Tune(TUNE).save(tmp_path / name, **options)
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_tune_is_not_saved(tmp_path: Path) -> None:
    with pytest.raises(NotationError, match="no tune in ABC"):
        abcgen.Tune("hello").save(tmp_path / "x.abc")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["x.abc", "x.pdf"])
def test_no_tunes_are_no_book(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="expected 1 or more tunes, found none"):
        abcgen.write([], tmp_path / name)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["x.abc", "x.mid", "x.pdf"])
def test_what_is_no_tune_is_not_written(tmp_path: Path, name: str) -> None:
    with pytest.raises(NotationError, match=r"tune 1 is no tune in ABC: .* K:, found 'a'"):
        abcgen.write(["a"], tmp_path / name)
    with pytest.raises(NotationError, match="tune 2 is no tune"):
        abcgen.write([TUNE, "T:a"], tmp_path / "x.abc")
    assert list(tmp_path.iterdir()) == []


def test_a_midi_file_holds_one_tune(tmp_path: Path) -> None:
    for tunes, found in (([], "none"), ([TUNE, TUNE], "2")):
        with pytest.raises(UsageError, match=f"found {found}"):
            abcgen.write(tunes, tmp_path / "x.mid")


def test_a_place_that_cannot_be_written_to_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path in (tmp_path / "file" / "x.abc", tmp_path / "folder.abc"):
        (tmp_path / "folder.abc").mkdir(exist_ok=True)
        with pytest.raises(AbcgenError, match="cannot write"):
            abcgen.Tune(TUNE).save(path)


def test_check_names_the_first_fault() -> None:
    assert abcgen.check(TUNE) is None
    assert abcgen.check(abcgen.Tune(TUNE + "\n")) is None
    fault = abcgen.check(TUNE.replace("d6:|", "d5:|"))
    assert fault is not None
    assert (fault.bar, fault.line) == (2, 7)
    assert "bar 2" in str(fault)
    assert abcgen.check("no tune") is not None
    assert abcgen.check("") is not None


def test_the_examples_are_as_the_face_reads_them() -> None:
    for file in sorted((ROOT / "examples").glob("*.abc")):
        (tune,) = abcgen.read(file)
        assert abcgen.check(tune) is None
        assert tune.request is not None


def test_one_of_several_voices_is_the_melody(tmp_path: Path) -> None:
    text = "X:1\nT:A\nM:4/4\nL:1/8\nK:C\nV:1\nC8|D8|\nV:Low\nE8|F8|\n"
    (first,) = abcgen.read(text)
    (low,) = abcgen.read(f"{text}\n{TUNE}", voice="Low")
    assert [one.abc for one in abcgen.read(text, voice=2)] == [low.abc]
    assert [[note.pitch for note in one.music().notes] for one in (first, low)] == [
        [60, 62],
        [64, 65],
    ]
    assert (low.abc, low.voice) == (text, "Low")
    assert low.transpose(2).abc.endswith("K:D\nF8|G8|]\n")
    assert low.harmonize()[0].abc.count('"') and low.harmonize()[0].voice == "Low"
    low.save(tmp_path / "low.mid")
    assert (tmp_path / "low.mid").read_bytes() == low.midi() != first.midi()
    abcgen.write([low], tmp_path / "low.musicxml")
    assert "<step>E</step>" in (tmp_path / "low.musicxml").read_text()
    with pytest.raises(CorpusError, match="it has no voice 'High'; it has 2 voices: 1, Low"):
        abcgen.read(text, voice="High")
