import itertools
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from abcgen.checkpoint import read_checkpoint
from abcgen.choice import Choice
from abcgen.draw import (
    MAX_TUNE,
    draw_tunes,
    raw_text,
    read_prime,
    tunebook,
)
from abcgen.engine import LiteRTEngine
from abcgen.errors import AbcgenError, UsageError, VocabularyError
from abcgen.notation.tune import split_tunebook
from abcgen.sample import generate, main
from abcgen.vocabulary import Vocabulary
from tests.conftest import ROOT, Run, one_error_line

FOLK = ROOT / "checkpoints" / "folk"


class Parrot:
    """An engine that foretells, in each stream, one text character by character."""

    def __init__(self, text: str, vocabulary: Vocabulary, num_streams: int = 1) -> None:
        self.num_streams = num_streams
        self.text = vocabulary.encode(text)
        self.size = len(vocabulary)
        self.places = [0] * num_streams
        self.read: list[list[int]] = [[] for _ in range(num_streams)]

    def step(self, characters: NDArray[np.int32]) -> NDArray[np.float32]:
        logits = np.full((self.num_streams, self.size), -30, np.float32)
        for stream, place in enumerate(self.places):
            self.read[stream].append(int(characters[stream]))
            logits[stream, self.text[place % len(self.text)]] = 30
            self.places[stream] += 1
        return logits

    def reset(self, stream: int) -> None:
        self.places[stream] = 0
        self.read[stream] = []


VOCABULARY = Vocabulary.of("X:1\nT:abc K:D|")
TUNE = "X:1\nT:ab\nK:D\nab|\n\n"


def drawn(text: str, prime: str = "", streams: int = 1):  # type: ignore[no-untyped-def]
    parrot = Parrot(text, VOCABULARY, streams)
    return draw_tunes(parrot, VOCABULARY, Choice(), 0, read_prime(prime))


def test_tunes_end_at_a_blank_line_and_begin_from_a_fresh_state() -> None:
    assert list(itertools.islice(drawn(TUNE), 3)) == [(TUNE, True)] * 3


def test_the_network_is_shown_the_end_of_a_tune_first_and_then_what_it_wrote() -> None:
    parrot = Parrot(TUNE * 2, VOCABULARY)
    shown: list[str] = []
    parrot.reset = lambda stream: shown.append("")  # type: ignore[method-assign]
    step = parrot.step

    def listening(characters: NDArray[np.int32]) -> NDArray[np.float32]:
        shown[-1] += VOCABULARY.decode(characters)
        return step(characters)

    parrot.step = listening  # type: ignore[method-assign]
    next(draw_tunes(parrot, VOCABULARY, Choice(), 0))
    assert shown[0] == "\n" + TUNE[:-1]


def test_a_prime_is_what_every_tune_begins_with() -> None:
    prime = "X:9\nT:ba\nK:D\n|"
    for text, whole in itertools.islice(drawn(TUNE, prime, 3), 4):
        assert whole
        assert text.startswith("X:1\nT:ba\nK:D\n|")
        assert text.endswith("\n\n")


def test_primes_are_read_kindly_and_bounded() -> None:
    assert read_prime("") == "X:1\n"
    assert read_prime("X:7\r\nT:a\r\n\r\n") == "X:1\nT:a\n"
    assert read_prime("T:a\n") == "X:1\nT:a\n"
    with pytest.raises(UsageError, match="blank line"):
        read_prime("X:1\nT:a\n\nX:2\nT:b\n")
    with pytest.raises(UsageError, match="may hold"):
        read_prime("c" * MAX_TUNE)


def test_a_tunebook_is_numbered_and_parted_by_blank_lines() -> None:
    parts = list(tunebook(drawn(TUNE), 3, None))
    assert "".join(parts) == "\n".join(f"X:{n}\nT:ab\nK:D\nab|\n" for n in (1, 2, 3))


def test_a_tune_that_is_cut_off_is_told() -> None:
    told: list[bool] = []
    parts = list(tunebook(drawn(TUNE), None, 10, lambda: told.append(True)))
    assert (len(parts), told) == (1, [True])
    assert list(tunebook(drawn(TUNE), None, 60, lambda: told.append(True)))
    assert told == [True]


def test_length_leaves_out_the_tune_that_is_unfinished() -> None:
    length = 2 * len(TUNE) + 5
    assert len(list(tunebook(drawn(TUNE), None, length))) == 2
    assert len(list(tunebook(drawn(TUNE), None, 2 * len(TUNE)))) == 2
    assert len(list(tunebook(drawn(TUNE), None, 2 * len(TUNE) - 1))) == 1


def test_the_only_tune_is_written_even_if_unfinished() -> None:
    assert list(tunebook(drawn(TUNE), None, 10)) == ["X:1\nT:ab\nK\n"]


def test_raw_is_exactly_the_characters_drawn() -> None:
    for length in (1, 10, len(TUNE), 50, 100):
        text = "".join(raw_text(drawn(TUNE), None, length))
        assert text == (TUNE * 10)[:length]
    assert "".join(raw_text(drawn(TUNE), 2, None)) == TUNE * 2


def test_a_tune_that_does_not_end_is_given_up() -> None:
    text, whole = next(drawn("X:1\nT:" + "ab" * MAX_TUNE))
    assert (len(text), whole) == (MAX_TUNE, False)
    endless = iter([("X:1\nab", False)] * 3 + [(TUNE, True)] + [("X:1\nab", False)] * 100)
    parts = tunebook(endless, 2, None)
    assert next(parts).startswith("X:1\n")
    with pytest.raises(AbcgenError, match="did not end"):
        next(parts)


@pytest.mark.parametrize("empty", ["X:1\n\n", "X:1\nT:ab\n\n", "X:1\nT:ab\nK:D\n\n"])
def test_what_ends_before_there_is_music_is_no_tune(empty: str) -> None:
    parts = list(tunebook(iter([(empty, True), (TUNE, True)]), 1, None))
    assert parts == ["X:1\nT:ab\nK:D\nab|\n"]


def test_a_tune_does_not_depend_on_how_many_are_drawn_side_by_side() -> None:
    checkpoint = read_checkpoint("folk")

    def first_tunes(streams: int) -> list[tuple[str, bool]]:
        engine = LiteRTEngine(checkpoint, streams)
        tunes = draw_tunes(engine, checkpoint.vocabulary, Choice(), 11)
        return list(itertools.islice(tunes, 6))

    alone = first_tunes(1)
    assert alone == first_tunes(2) == first_tunes(5)
    assert len({text for text, _ in alone}) == 6


def test_generate_is_an_iterator_of_characters() -> None:
    characters = generate("folk", seed=5, length=200)
    text = "".join(characters)
    assert len(text) == 200
    assert text == "".join(generate("folk", seed=5, length=200))
    assert text != "".join(generate("folk", seed=6, length=200))
    assert text.startswith("X:1\nT:")
    assert "".join(generate("folk", seed=5, length=400))[:200] == text


@pytest.mark.filterwarnings("error")
def test_a_temperature_next_to_nothing_is_as_good_as_zero() -> None:
    cold = "".join(generate("folk", seed=1, length=100, temperature=1e-320))
    assert cold == "".join(generate("folk", seed=1, length=100, temperature=0))


def test_temperature_zero_takes_the_likeliest() -> None:
    first, second = ("".join(generate("folk", seed=s, length=100, temperature=0)) for s in (1, 2))
    assert first == second


@pytest.mark.keras
def test_both_engines_write_the_same() -> None:
    """At temperature 0, where int8 and fp32 differ by less than two characters do."""
    settings = {"length": 60, "temperature": 0, "prime": "X:1\nT:"}
    fast = "".join(generate("folk", **settings))  # type: ignore[arg-type]
    reference = "".join(generate("folk", engine="keras", **settings))  # type: ignore[arg-type]
    assert fast == reference


# The command.


def test_the_command_writes_a_tunebook_and_nothing_else(run: Run) -> None:
    result = run("sample", "--length", 1024, "--seed", 1)
    assert (result.returncode, result.stderr) == (0, "")
    tunes = list(split_tunebook(result.stdout))
    assert [tune.split("\n")[0] for tune in tunes] == [f"X:{n + 1}" for n in range(len(tunes))]
    assert all("\nK:" in tune for tune in tunes)
    assert run("sample", "--length", 1024, "--seed", 1).stdout == result.stdout


def test_without_a_seed_the_one_that_chance_gave_is_told(run: Run) -> None:
    first = run("sample")
    seed = first.stderr.removeprefix("abcgen.sample: seed ").strip()
    assert run("sample", "--seed", seed).stdout == first.stdout
    assert first.stdout.count("X:") == 1


def test_raw_and_tunes_and_out(run: Run, tmp_path: Path) -> None:
    assert len(run("sample", "--length", 300, "--raw", "--seed", 1).stdout) == 300
    out = tmp_path / "new" / "book.abc"
    result = run("sample", "--tunes", 20, "--seed", 2, "--out", out)
    assert (result.stdout, result.stderr) == ("", "")
    assert out.read_text().count("X:") == 20


def test_a_prime_from_the_command_line_and_from_a_file(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "prime.abc"
    file.write_bytes(b"X:4\r\nT:Mine\r\nR:jig\r\n")
    from_file = run("sample", "--prime", f"@{file}", "--seed", 1)
    from_text = run("sample", "--prime", r"T:Mine\nR:jig\n", "--seed", 1)
    assert from_file.stdout == from_text.stdout
    assert from_file.stdout.startswith("X:1\nT:Mine\nR:jig\n")


def test_sampling_loads_none_of_the_heavy_libraries() -> None:
    code = (
        "import sys; from abcgen.sample import main; main(['--length', '64', '--seed', '1']);"
        "heavy = {'tensorflow', 'keras', 'music21', 'matplotlib', 'requests', 'h5py'};"
        "sys.exit(bool(heavy & set(sys.modules)))"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, cwd=ROOT)
    assert result.returncode == 0


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux")
def test_memory_stays_below_250_megabytes() -> None:
    code = (
        "from abcgen.sample import main; main(['--length', '1024', '--seed', '1']);"
        "print(open('/proc/self/status').read())"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    (peak,) = [line for line in result.stdout.splitlines() if line.startswith("VmHWM:")]
    assert int(peak.split()[1]) < 250 * 1024  # kilobytes


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--temperature", "-1"], 2, "--temperature"),
        (["--temperature", "hot"], 2, "'hot'"),
        (["--temperature", "nan"], 2, "'nan'"),
        (["--length", "0"], 2, "'0'"),
        (["--tunes", "-3"], 2, "--tunes"),
        (["--top-k", "x"], 2, "--top-k"),
        (["--top-p", "0"], 2, "top-p"),
        (["--top-p", "2"], 2, "--top-p"),
        (["--seed", "-1"], 2, "--seed"),
        (["--checkpoint", "flok"], 1, "did you mean folk"),
        (["--prime", "T:\u266b"], 1, "U+266B) at line 1, column 3"),
        (["--prime", "T:a\n\nT:b"], 2, "blank line"),
        (["--prime", "@no-such-file"], 1, "no-such-file"),
        (["--engine", "abacus"], 2, "abacus"),
    ],
)
def test_bad_input_is_one_line_and_no_output(
    arguments: list[str], code: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        found = main(["--seed", "1", *arguments])
    except SystemExit as leaving:
        found = leaving.code  # type: ignore[assignment]
    assert found == code
    captured = capsys.readouterr()
    assert words in one_error_line(captured.err)
    assert captured.out == ""


def test_a_prime_outside_the_vocabulary_raises_from_python() -> None:
    with pytest.raises(VocabularyError):
        next(generate("folk", prime="T:\u266b"))


def test_an_output_that_cannot_be_written_loses_nothing(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "file"
    target.write_text("mine")
    result = run("sample", "--out", target / "tune.abc")
    assert result.returncode == 1
    one_error_line(result.stderr)
    assert target.read_text() == "mine"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_one_line(run: Run) -> None:
    with open("/dev/full", "w") as full:
        result = run(
            "sample",
            *("--seed", 1, "--tunes", 2),
            capture_output=False,
            stdout=full,
            stderr=subprocess.PIPE,
        )
    assert result.returncode == 1
    assert "No space left" in one_error_line(result.stderr)


def test_a_reader_that_goes_away_ends_it_quietly() -> None:
    command = [sys.executable, "-m", "abcgen.sample", "--tunes", "100000", "--seed", "1"]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=dict(os.environ, PYTHONPATH=str(ROOT)),
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == b"X:1\n"
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0
