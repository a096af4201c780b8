"""Requests to a network that has styles, through the commands and the Python face."""

import re
from pathlib import Path

import pytest

import abcgen
from abcgen.errors import UsageError
from abcgen.evaluate import main as evaluate
from abcgen.improvise import main as improvise
from abcgen.notation.tunebook import split_tunebook
from abcgen.redraw import main as redraw
from abcgen.sample import main as sample
from tests.conftest import one_error_line
from tests.tunes import SPELLED

Output = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def network(styled: Path) -> abcgen.Generator:
    return abcgen.load(styled)


def styles_in(book: str) -> list[str | None]:
    tunes = [abcgen.Tune(text) for text in split_tunebook(book)]
    assert [abcgen.check(tune) for tune in tunes] == [None] * len(tunes)
    assert len(abcgen.read(book)) == len(tunes)
    return [tune.style for tune in tunes]


def test_tunes_are_written_in_the_style_asked_for_and_made_again(
    styled: Path, tmp_path: Path, capsys: Output
) -> None:
    options = ["--checkpoint", str(styled), "--seed", "1"]
    for more, expected in (
        (["--style", "bach", "--tunes", "3"], {"bach"}),
        (["--tunes", "9"], {"bach", "reel"}),  # the network chooses
        (["--style", "reel", "--prime", "T:Mine", "--tunes", "2"], {"reel"}),
        (["--style", "bach", "--prime", r"M:4/4\nK:G\nGABc"], {"bach"}),  # spelled anew
        (["--prime", r"G:reel\nT:Mine\nM:4/4"], {"reel"}),
    ):
        assert sample([*options, *more]) == 0
        written = capsys.readouterr().out
        assert set(styles_in(written)) == expected
        book = tmp_path / "book.abc"
        book.write_text(written)
        assert sample(["--like", str(book), "--checkpoint", str(styled)]) == 0
        again = capsys.readouterr()
        assert (again.out, again.err) == (written, "")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--style", "bahc"], "styled has bach, reel"),
        (["--prime", "T:Mine"], "this network has bach, reel"),
        (["--style", "bach", "--prime", "G:reel"], "stands where bach is asked for"),
        (["--style", "bach", "--raw"], "leave out --style"),
        (
            ["--style", "bach", "--checkpoint", "folk"],
            "choose a network that was trained with styles",
        ),
        (["--style", "?"], "letters and digits"),
    ],
)
def test_an_unknown_style_is_one_line(
    arguments: list[str], words: str, styled: Path, capsys: Output
) -> None:
    assert sample(["--checkpoint", str(styled), *arguments]) == 2
    assert words in one_error_line(capsys.readouterr().err)


def test_the_python_face(network: abcgen.Generator) -> None:
    assert network.styles == ("bach", "reel")
    tune = network.tune(style="reel", seed=2, form="2")
    assert tune.style == "reel"
    assert network.again(tune) == tune
    assert network.bits(tune, style="reel") != network.bits(tune, style="bach")
    with pytest.raises(UsageError, match="name one of bach, reel"):
        network.bits(tune)
    folk = abcgen.load()
    assert (folk.styles, folk.tune(seed=1, form="2").style) == ((), None)
    with pytest.raises(UsageError, match="raw"):
        next(network.characters(raw=True, style="bach"))


def test_bars_are_written_anew_in_the_style_of_the_tune_or_another(
    network: abcgen.Generator, styled: Path, tmp_path: Path, capsys: Output
) -> None:
    tune, made = tmp_path / "tune.abc", tmp_path / "made.abc"
    named = SPELLED.replace("X:1\n", "X:1\nG:bach\n")
    options = ["--checkpoint", str(styled), "--seed", "1", "--bars", "3"]
    for text, more, style in (
        (named, [], "bach"),
        (named, ["--style", "reel"], "reel"),
        (SPELLED, ["--style", "reel"], "reel"),
    ):
        tune.write_text(text)
        assert redraw([str(tune), *options, *more]) == 0
        written = capsys.readouterr().out
        assert styles_in(written) == [style]
        made.write_text(written)
        assert redraw([str(tune), "--like", str(made), "--checkpoint", str(styled)]) == 0
        assert capsys.readouterr().out == written
        assert network.again(written, text).abc == written
    assert redraw([str(tune), *options]) == 2
    assert "name one of bach, reel" in one_error_line(capsys.readouterr().err)
    (gone_on,) = network.go_on(named, 3, seed=1)
    assert gone_on.style == "bach"


def test_melodies_over_chords_have_a_style(styled: Path, tmp_path: Path, capsys: Output) -> None:
    chords = ["G | C | D7 | G", "--seed", "1", "--style", "bach"]
    assert improvise([*chords, "--checkpoint", str(styled)]) == 0
    written = capsys.readouterr().out
    assert styles_in(written) == ["bach"]
    book = tmp_path / "book.abc"
    book.write_text(written)
    assert improvise(["--like", str(book), "--checkpoint", str(styled)]) == 0
    assert capsys.readouterr().out == written
    assert improvise(chords) == 2
    assert "folk has no styles" in one_error_line(capsys.readouterr().err)


def test_a_network_is_measured_in_a_style(styled: Path, book: Path, capsys: Output) -> None:
    likelihood = ["--likelihood", str(book), "--checkpoint", str(styled)]
    bits = []
    for style in ("bach", "reel"):
        assert evaluate([*likelihood, "--style", style]) == 0
        (row,) = re.findall(rf"int8, told {style} +([\d.]+)", capsys.readouterr().out)
        bits.append(float(row))
    assert bits[0] != bits[1]
    assert evaluate(likelihood) == 2
    assert "name one of bach, reel" in one_error_line(capsys.readouterr().err)
    assert evaluate(["--validity", str(book), "--style", "bach"]) == 2
