"""Values that are wrong, or of a wrong type: one line says what was expected."""

import io
import re
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import abcgen
from abcgen.api.batch import Batch
from abcgen.errors import AbcgenError, CorpusError, NotationError, UsageError
from tests.tunes import SPELLED

TUNE = abcgen.Tune(SPELLED)
CHORDS = "G | C D7 | G"


@pytest.fixture(scope="module")
def folk() -> abcgen.Generator:
    return abcgen.load()


def remark_of(tune: abcgen.Tune) -> str:
    (line,) = re.findall("^N:.*", tune.abc, re.MULTILINE)
    return str(line)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"temperature": np.float64(0.5)}, "temperature 0.5"),
        ({"temperature": 1}, "temperature 1.0"),
        ({"top_p": np.float64(0.5)}, "top-p 0.5"),
        ({"top_k": np.int64(5)}, "top-k 5"),
        ({"seed": np.int64(1)}, "seed 1,"),
        ({"chords": np.True_}, "chords"),
        ({"chords": 0}, "no chords"),
        ({"form": np.array([2, 2])}, "form 2 2"),
        ({"form": 2}, "form 2"),
        ({"novel": np.int64(200)}, "seed 1"),
        ({"prime": None}, "seed 1"),
    ],
)
def test_what_a_tune_was_made_with_reads_back(
    folk: abcgen.Generator, options: dict[str, Any], words: str
) -> None:
    tune = folk.tune(**{"seed": 1, "form": 2, **options})
    assert words in remark_of(tune)
    assert tune.request is not None and type(tune.request.seed) is int
    assert folk.again(tune) == tune


def test_what_bars_and_melodies_were_made_with_reads_back(folk: abcgen.Generator) -> None:
    half = np.float64(0.5)
    (redrawn,) = folk.redraw(TUNE, np.int64(1), seed=np.int64(1), temperature=half, streams=8)  # type: ignore[call-overload]
    (varied,) = folk.vary(TUNE, np.arange(1, 3), seed=1, strictness=np.float64(2))
    for tune, words in ((redrawn, "seed 1, rank 1, temperature 0.5"), (varied, "vary 2.0")):
        assert words in remark_of(tune)
        assert folk.again(tune, TUNE) == tune
    melody = folk.improvise(CHORDS, seed=1, temperature=half, close=1, choruses=np.int64(2))  # type: ignore[arg-type]
    assert "temperature 0.5, close 1.0, choruses 2" in remark_of(melody)
    assert folk.again(melody) == melody


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"seed": True}, "seed must be a whole number, 0 or more, not True"),
        ({"key": 3}, "key must be text, such as 'Edor', not 3"),
        ({"meter": (6, 8)}, "meter must be text, such as '6/8', not"),
        ({"rhythm": b"jig"}, "rhythm must be text"),
        ({"title": 3}, "title must be text"),
        ({"style": 3}, "style must be text"),
        ({"prime": 3}, "prime must be text"),
        ({"prime": []}, "prime must be text"),
        ({"form": 8.0}, "form: the bars of a section must be a whole number, 1 or more, not 8.0"),
        ({"form": (8, True)}, "form: the bars of a section must be"),
        ({"form": "129"}, "at most 128 bars, this one has 129"),
        ({"chords": ""}, "chords must be True or False, not ''"),
        ({"chords": "False"}, "chords must be True or False, not 'False'"),
        ({"chords": []}, "chords must be"),
        ({"novel": None}, "novel must be True, False or a whole number, not None"),
        ({"novel": "7"}, "novel must be"),
        ({"novel": 3}, "novel must be at least 7, not 3"),
        ({"temperature": "1"}, "temperature must be a number, not '1'"),
        ({"temperature": True}, "temperature must be a number, not True"),
        ({"top_k": 1.5}, "top-k must be a whole number, 0 or more, not 1.5"),
        ({"top_k": True}, "top-k must be"),
        ({"top_p": None}, "top-p must be a number"),
    ],
)
def test_what_no_tune_can_be_asked_for(
    folk: abcgen.Generator, options: dict[str, Any], words: str
) -> None:
    with pytest.raises(UsageError, match=re.escape(words)):
        folk.tune(**options)
    with pytest.raises(UsageError, match=re.escape(words)):
        folk.tunes(2, **options)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda folk: folk.tunes(1, first=None), "first must be a whole number, 1 or more"),
        (lambda folk: folk.tunes(1, jobs=None), "jobs must be a whole number, 1 or more"),
        (lambda folk: folk.tunes(10**30), "count must be at most 9,223"),
        (lambda folk: folk.characters(raw="no"), "raw must be True or False, not 'no'"),
        (lambda folk: folk.bits(3), "expected a tune, or a list of tunes, found 3"),
        (lambda folk: folk.vary(TUNE, strictness=None), "strictness must be a number, not None"),
        (lambda folk: folk.vary(TUNE, strictness="2"), "strictness must be a number"),
        (lambda folk: folk.vary(TUNE, strictness=float("inf")), "0 or more, and finite, not inf"),
        (lambda folk: folk.redraw(TUNE, True), "expected numbers of bars, 0 or more, found True"),
        (lambda folk: folk.redraw(TUNE, 1.5), "expected numbers of bars"),
        (lambda folk: folk.redraw(TUNE, 1, alternatives=10**30), "alternatives must be at most"),
        (lambda folk: folk.redraw(TUNE, 1, streams=True), "streams must be a whole number"),
        (lambda folk: folk.go_on(TUNE, "1,2"), "expected the number of one bar"),
        (lambda folk: folk.go_on(TUNE, []), "expected numbers of bars"),
        (lambda folk: folk.excerpt(TUNE, "1", around=-1), "around must be a whole number, 0 or"),
        (lambda folk: folk.improvise([]), "chords must be text, such as 'G | C D7 | G', not []"),
        (lambda folk: folk.improvise(CHORDS, key=""), "no key ''"),
        (lambda folk: folk.improvise(CHORDS, meter=""), "no metre ''"),
        (lambda folk: folk.improvise(CHORDS, close=None), "close must be a number"),
        (lambda folk: folk.improvise(CHORDS, choruses=True), "choruses must be a whole number"),
        (lambda folk: folk.improvise(CHORDS, pickup=True), "the pickup must be some eighths"),
        (lambda folk: folk.improvise(CHORDS, pickup=0.5), "the pickup must be some eighths"),
        (lambda _: abcgen.generate(length=True), "length must be a whole number"),
        (lambda _: abcgen.Generator("folk"), "expected a checkpoint, found 'folk'; abcgen.load"),
        (lambda _: abcgen.Tune(3), "expected a tune as ABC text, found 3"),
        (lambda _: abcgen.Tune([]), "expected a tune as ABC text"),
        (lambda _: abcgen.Tune(SPELLED, voice=1.5), "voice must be a whole number"),
        (lambda _: TUNE.transpose(1.5), "expected a key to transpose into, such as 'D', or a"),
        (lambda _: TUNE.transpose(None), "found None"),
        (lambda _: TUNE.transpose(True), "found True"),
        (lambda _: TUNE.harmonize(3), "palette must be text"),
        (lambda _: TUNE.harmonize(seed=True), "seed must be a whole number"),
        (lambda _: TUNE.midi(qpm="fast"), "qpm must be a number, not 'fast'"),
        (lambda _: TUNE.midi(swing=[]), "swing must be a number"),
        (lambda _: TUNE.midi(accompaniment=3), "accompaniment must be text"),
        (lambda _: TUNE.midi(drums="no"), "drums must be True or False"),
        (lambda _: TUNE.wav(rate="x"), "rate must be a whole number, 8000 to 96000, not 'x'"),
        (lambda _: TUNE.png(scale=None), "scale must be a number"),
        (lambda _: TUNE.svg(stretch="no"), "stretch must be True or False"),
        (lambda _: abcgen.write(3, "x.abc"), "expected a tune, or a list of tunes, found 3"),
        (lambda _: abcgen.write(b"X:1", "x.abc"), "expected a tune, or a list of tunes, found b'X"),
        (lambda _: abcgen.write([3], "x.abc"), "expected a tune as ABC text, found 3"),
        (lambda folk: folk.redraw(TUNE, b"1"), "expected numbers of bars, 0 or more, found b'1'"),
        (lambda folk: folk.redraw(TUNE, 1, heed=3), "heed must be a function, not 3"),
        (lambda folk: folk.go_on(TUNE, 2, heed=[]), "heed must be a function, not []"),
        (lambda _: abcgen.check(None), "expected a tune as ABC text, found None"),
        (lambda _: abcgen.check(3), "expected a tune as ABC text, found 3"),
        (lambda _: abcgen.load(None), "checkpoint must be the name of a checkpoint, such as 'fol"),
        (lambda _: abcgen.load(b"folk"), "or its folder, not b'folk'"),
        (lambda _: abcgen.read(SPELLED, voice=[]), "voice must be a whole number, 1 or more, not"),
        (lambda _: abcgen.read(SPELLED, voice=0), "voice must be a whole number, 1 or more, not 0"),
        (lambda _: abcgen.read(SPELLED, voice=-1), "voice must be a whole number"),
        (lambda _: abcgen.read(SPELLED, voice=3.5), "voice must be a whole number"),
        (lambda _: abcgen.read(SPELLED, voice=True), "voice must be a whole number"),
    ],
)
def test_what_else_makes_no_sense(
    folk: abcgen.Generator, call: Callable[[Any], object], words: str
) -> None:
    with pytest.raises(UsageError, match=re.escape(words)):
        call(folk)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda folk: folk.tunes(2, raw=True), "Generator.tunes() got an unexpected keyword arg"),
        (lambda folk: folk.characters(novel=True), "Generator.characters() got an unexpected"),
        (lambda _: abcgen.generate(novel=7), "generate() got an unexpected"),
        (lambda _: abcgen.generate(keys="D"), "generate() got an unexpected"),
        (lambda folk: folk.simplify(TUNE, 1, foo=1), "Generator.simplify() got an unexpected"),
        (lambda folk: folk.ornament(TUNE, 1, foo=1), "Generator.ornament() got an unexpected"),
        (lambda _: TUNE.midi(foo=1), "Tune.midi() got an unexpected"),
        (lambda _: TUNE.wav(foo=1), "Tune.wav() got an unexpected"),
        (lambda _: TUNE.mp3(rate=8000), "Tune.mp3() got an unexpected keyword argument 'rate'"),
        (lambda _: TUNE.play(rate=8000), "Tune.play() got an unexpected keyword argument 'rate'"),
    ],
)
def test_a_keyword_that_a_method_does_not_take(
    folk: abcgen.Generator, call: Callable[[Any], object], words: str
) -> None:
    with pytest.raises(TypeError, match=re.escape(words)):
        call(folk)


def test_a_keyword_that_a_batch_does_not_take(folk: abcgen.Generator) -> None:
    batch = Batch(folk)
    try:
        with pytest.raises(TypeError, match="'raw'"):
            batch.tunes(2, raw=True)  # type: ignore[call-arg]
    finally:
        batch.close()


def test_what_is_taken_in_several_ways(folk: abcgen.Generator) -> None:
    assert folk.go_on(TUNE, "3", seed=1) == folk.go_on(TUNE, 3, seed=1)
    for pickups in (("0", 0, np.int64(0)), ("1/8", Fraction(1, 8))):
        melodies = {folk.improvise(CHORDS, seed=1, pickup=pickup) for pickup in pickups}
        assert len(melodies) == 1
    assert TUNE.transpose(np.int64(2)) == TUNE.transpose(2)  # type: ignore[arg-type]
    two = "X:1\nL:1/8\nV:1\nV:2\nK:C\nV:1\nCDEF|\nV:2\nG8|\n"
    assert abcgen.Tune(two, 2).music() == abcgen.Tune(two, "2").music()
    assert abcgen.Tune(two, 2).music() != abcgen.Tune(two).music()


@pytest.mark.parametrize("name", ["\0.abc", "\ud800.abc", "\0.mid"])
def test_a_name_that_no_file_can_have(tmp_path: Path, name: str) -> None:
    for write in (TUNE.save, lambda path: abcgen.write(TUNE, path)):
        with pytest.raises(AbcgenError, match=r"no file can have the name '.*\\"):
            write(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("given", [None, 3, True, [], ["x.abc"], b"x.abc", io.BytesIO(), ""])
def test_what_is_no_path(given: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    file = "path must be the name of a file, such as 'tune.abc', not "
    for call, words in (
        (TUNE.save, file),
        (lambda path: abcgen.write(TUNE, path), file),
        (lambda path: TUNE.save("x.wav", soundfont=path), "soundfont must be the name of an SF2"),
        (lambda path: TUNE.wav(soundfont=path), "soundfont must be the name of an SF2 file, not "),
    ):
        if given is None and "soundfont" in words:
            continue
        with pytest.raises(UsageError, match=re.escape(words)) as caught:
            call(given)
        assert repr(given) in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_a_tune_is_no_path() -> None:
    with pytest.raises(UsageError, match=r"path must be the name of a file, .* not <Tune "):
        abcgen.write("x.abc", TUNE)  # type: ignore[arg-type]


@pytest.mark.parametrize("given", [None, 3, [], b"X:1\nK:C\nC\n", io.StringIO(SPELLED), TUNE])
def test_what_is_no_source_of_tunes(given: Any) -> None:
    words = "source must be ABC text, or the name of a file, a folder or a corpus, not "
    with pytest.raises(UsageError, match=re.escape(words + repr(given)[:37])):
        abcgen.read(given)


def test_a_name_too_long_for_a_file_is_not_repeated() -> None:
    with pytest.raises(AbcgenError, match=r"'x{100}.*; ") as caught:
        abcgen.read("x" * 5000)
    assert len(str(caught.value)) < 600


@pytest.mark.parametrize("given", [None, 3, b"X:1", [TUNE]])
@pytest.mark.parametrize(
    "call",
    [
        lambda folk, tune: folk.spell(tune),
        lambda folk, tune: folk.nearest(tune),
        lambda folk, tune: folk.redraw(tune, 1),
        lambda folk, tune: folk.vary(tune),
        lambda folk, tune: folk.simplify(tune, 1),
        lambda folk, tune: folk.answer(tune, 1),
        lambda folk, tune: folk.go_on(tune, 2),
        lambda folk, tune: folk.excerpt(tune, 1),
        lambda folk, tune: folk.bar_bits(tune),
        lambda folk, tune: folk.bar_numbers(tune),
        lambda folk, tune: folk.again(tune),
        lambda folk, tune: folk.bits([tune]),
    ],
)
def test_what_is_no_tune(
    folk: abcgen.Generator, call: Callable[[Any, Any], object], given: Any
) -> None:
    words = f"expected a tune as ABC text, found {repr(given)[:30]}"
    with pytest.raises(UsageError, match=re.escape(words)):
        call(folk, given)


def test_half_of_a_character_is_in_no_tune(tmp_path: Path) -> None:
    text = SPELLED.replace("T:", "T:\ud800")
    words = r"line 2: expected characters that UTF-8 can write, found '\\ud800', half of one"
    for call in (
        lambda: abcgen.Tune(text),
        lambda: abcgen.write([text], tmp_path / "x.abc"),
        lambda: abcgen.write(text, tmp_path / "x.pdf"),
    ):
        with pytest.raises(NotationError, match=words):
            call()
    assert list(tmp_path.iterdir()) == []
    book = abcgen.read(text + "\n" + SPELLED)
    assert (len(book), len(book.unread)) == (1, 1)
    assert "cannot hold" in str(abcgen.check(text))


def test_a_score_is_saved_as_it_is_drawn(tmp_path: Path) -> None:
    pytest.importorskip("verovio")
    TUNE.save(tmp_path / "x.svg", stretch=False, style=False)
    assert (tmp_path / "x.svg").read_text() == TUNE.svg(stretch=False, style=False)
    assert TUNE.svg(stretch=False, style=False) != TUNE.svg()


def test_rewritten_bars_need_their_base(folk: abcgen.Generator) -> None:
    (redrawn,) = folk.redraw(TUNE, 1, seed=1, streams=8)
    with pytest.raises(CorpusError, match="bars of the tune were rewritten: give `base`"):
        folk.again(redrawn)
    with pytest.raises(CorpusError, match="cannot read how the tune was made"):
        folk.again(redrawn.abc.replace("seed 1", "seed x"), TUNE)
    with pytest.raises(CorpusError, match="cannot read how the tune was made"):
        folk.again(folk.improvise(CHORDS, seed=1).abc.replace("seed 1", "seed x"))
    made = folk.tune(seed=1, form=2)
    with pytest.raises(CorpusError, match="cannot read how the tune was made"):
        abcgen.Tune(made.abc.replace("seed 1", "seed x")).request  # noqa: B018
