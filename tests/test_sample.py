import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from abcgen.api.load import generate
from abcgen.errors import UsageError, VocabularyError
from abcgen.grammar.faults import complaint
from abcgen.grammar.wishes import Wishes
from abcgen.notation.tunebook import split_tunebook
from abcgen.sample import main
from tests.conftest import ROOT, Run, one_error_line


def test_generate_is_an_iterator_of_characters() -> None:
    characters = generate("folk", seed=5, length=200)
    text = "".join(characters)
    assert len(text) == 200
    assert text == "".join(generate("folk", seed=5, length=200))
    assert text != "".join(generate("folk", seed=6, length=200))
    assert text.startswith("X:1\nT:")
    assert "".join(generate("folk", seed=5, length=400))[:200] == text


def test_generate_takes_wishes() -> None:
    wishes = {"key": "Ador", "meter": "6/8", "form": "2", "title": "Mine", "chords": False}
    text = "".join(generate("folk", seed=5, length=900, **wishes))  # type: ignore[arg-type]
    tunes = text.split("\n\n")[:-1]
    assert len(tunes) > 3
    for tune in tunes:
        assert complaint(tune + "\n", Wishes("Ador", "6/8", "", "Mine", (2,), False)) is None
    with pytest.raises(UsageError, match="raw"):
        next(generate("folk", key="G", raw=True))
    raw = "".join(generate("folk", seed=5, length=20_000, temperature=3, raw=True))
    assert any(complaint(tune + "\n") for tune in raw.split("\n\n")[:-1])


@pytest.mark.filterwarnings("error")
def test_a_temperature_next_to_nothing_is_as_good_as_zero() -> None:
    cold = "".join(generate("folk", seed=1, length=100, temperature=1e-320))
    assert cold == "".join(generate("folk", seed=1, length=100, temperature=0))


def test_temperature_zero_takes_the_likeliest() -> None:
    first, second = ("".join(generate("folk", seed=s, length=100, temperature=0)) for s in (1, 2))
    assert first == second


COUNTS_THREADS = """
import os
from abcgen.sample import main

main(["--length", "20", "--seed", "1", "--raw"])
print("", len(os.listdir("/proc/self/task")))
"""


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="threads are told by Linux alone")
def test_it_leaves_the_other_cores_alone() -> None:
    unset = {name: value for name, value in os.environ.items() if "_NUM_THREADS" not in name}
    command = [sys.executable, "-c", COUNTS_THREADS]
    result = subprocess.run(command, env=unset, cwd=ROOT, capture_output=True, check=True)
    assert result.stdout.split()[-1] == b"1"


@pytest.mark.keras
def test_both_engines_write_the_same() -> None:
    """At temperature 0, where int8 and fp32 differ by less than two characters do.

    Behind this header that is so; in a title, many characters are about as likely.
    """
    header = "X:1\nT:A Tune\nR:waltz\nM:3/4\nL:1/8\nK:G\n"
    settings = {"length": 150, "temperature": 0, "prime": header}
    fast = "".join(generate("folk", **settings))  # type: ignore[arg-type]
    reference = "".join(generate("folk", engine="keras", **settings))  # type: ignore[arg-type]
    assert fast == reference


# The command.


def test_the_command_writes_a_tunebook_and_nothing_else(run: Run) -> None:
    result = run("sample", "--length", 1024, "--seed", 1)
    assert (result.returncode, result.stderr) == (0, "")
    tunes = list(split_tunebook(result.stdout))
    assert [tune.split("\n")[0] for tune in tunes] == [f"X:{n + 1}" for n in range(len(tunes))]
    assert [complaint(tune) for tune in tunes] == [None] * len(tunes)
    assert 600 < len(result.stdout) <= 1024
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
    file.write_bytes(b"X:4\r\nT:Mine\r\nR:jig\r\n\r\n")
    from_file = run("sample", "--prime", f"@{file}", "--seed", 1)
    from_text = run("sample", "--prime", r"T:Mine\nR:jig\n", "--seed", 1)
    assert from_file.stdout == from_text.stdout
    assert from_file.stdout.startswith("X:1\nT:Mine\nR:jig\nN:abcgen ")
    assert ", prime 13\n" in from_file.stdout


def test_what_is_asked_for_is_what_comes(run: Run) -> None:
    result = run(
        "sample",
        *("--seed", 4, "--tunes", 3, "--key", "e dorian", "--meter", "4/4", "--rhythm", "reels"),
        *("--title", "Caf\u00e9", "--form", "4,4", "--no-chords", "--temperature", 1.5),
    )
    assert result.stderr == "abcgen.sample: the title is written as 'Cafe'\n"
    wishes = Wishes("Edor", "4/4", "reel", "Cafe", (4, 4), False, remark=True)
    tunes = list(split_tunebook(result.stdout))
    assert [complaint(tune, wishes) for tune in tunes] == [None] * 3


def test_the_like_of_a_book_is_the_book(run: Run, tmp_path: Path) -> None:
    book = tmp_path / "book.abc"
    wishes = ("--key", "D", "--prime", r"T:Mine\nM:6/8\n", "--temperature", 1.3, "--top-k", 9)
    # So short that the last tune is not what it would be without a limit.
    run("sample", "--length", 620, "--form", "8,8", "--seed", 9, *wishes, "--out", book)
    assert "at most" in book.read_text()
    again = run("sample", "--like", book)
    assert (again.stdout, again.stderr) == (book.read_text(), "")
    book.write_text(book.read_text().replace("seed 9", "seed 8", 1))
    assert "comes out different" in run("sample", "--like", book).stderr
    text = book.read_text().replace("seed 8", "seed 9", 1).replace("N:abcgen", "N: abcgen")
    book.write_text(text)  # other programs put spaces there
    with book.open() as stdin:
        again = run("sample", "--like", "-", stdin=stdin)
    assert (again.stdout, again.stderr) == (text.replace("N: ", "N:"), "")
    book.write_text(book.read_text() + "\nX:9\nT:By hand\nK:C\nC8|]\n")
    assert "left out: 1 of" in run("sample", "--like", book).stderr


def test_tunes_that_find_no_room_are_told(run: Run) -> None:
    result = run("sample", "--seed", 3, "--length", 400, "--tunes", 50)
    written = result.stdout.count("X:")
    assert result.stderr == f"abcgen.sample: --length 400 had room for {written} of 50 tunes\n"


def test_an_own_tune_can_be_gone_on_with(run: Run, tmp_path: Path) -> None:
    book = tmp_path / "book.abc"
    run("sample", "--seed", 3, "--out", book)
    again = run("sample", "--seed", 4, "--prime", f"@{book}")
    assert again.returncode == 0
    bare = re.sub("N:.*\n", "", book.read_text())
    assert re.sub("N:.*\n", "", again.stdout).startswith(bare)


def test_stats_tell_what_the_rules_changed(run: Run) -> None:
    wild = run("sample", "--seed", 1, "--stats", "--temperature", 2).stderr
    characters, invalid, share, removed = re.findall(r"\d[\d.]*", wild)[:4]
    assert int(characters) > int(invalid) > 0
    assert float(share) == round(100 * int(invalid) / int(characters), 2)
    assert 0 < float(removed) < 100


@pytest.mark.parametrize(
    "settings",
    [{"length": -1}, {"length": 1.5}, {"length": 10**30}, {"seed": -1}, {"seed": "7"}],
    ids=str,
)
def test_wrong_settings_are_named(settings: dict[str, object]) -> None:
    with pytest.raises(UsageError, match=next(iter(settings))):
        generate("folk", **settings)  # type: ignore[arg-type]


def test_a_form_may_be_numbers() -> None:
    told = generate("folk", seed=3, length=300, form="4,8")
    assert "".join(told) == "".join(generate("folk", seed=3, length=300, form=(4, 8)))


def test_any_length_will_do(run: Run) -> None:
    bare = re.sub("N:.*\n", "", run("sample", "--seed", 1, "--tunes", 2).stdout)
    longest = run("sample", "--seed", 1, "--tunes", 2, "--length", 10**9).stdout
    assert re.sub("N:.*\n", "", longest) == bare


def test_options_are_read_before_anything_heavy_is_loaded() -> None:
    code = (
        "import sys; from abcgen.sample import build_parser;"
        "build_parser().parse_args(['--length', '64']);"
        "sys.exit(bool({'numpy', 'ai_edge_litert'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0


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
        (["--temperature", "1e38"], 2, "0 to 1,000,000"),
        (["--tunes", "9" * 19], 2, "or less"),
        (["--tunes", "9" * 5000], 2, "99..."),
        (["--form", "9" * 5000], 2, "8,8"),
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
        (["--key", "H"], 2, "no key 'H'"),
        (["--meter", "6/7"], 2, "6/7"),
        (["--rhythm", "gig"], 2, "jig"),
        (["--form", "8,x"], 2, "8,8"),
        (["--title", 'a"b'], 2, "character 2"),
        (["--title", "a\nb"], 2, "character 2"),
        (["--title", "\u266b"], 2, "beamed eighth notes"),
        (["--chords", "--meter", "7/8"], 2, "7/8"),
        (["--key", "D", "--raw"], 2, "--raw"),
        (["--stats", "--raw"], 2, "--raw"),
        (["--length", "30"], 2, "at least"),
        (["--length", "150", "--form", "64"], 2, "at least"),
        (["--prime", "M:6/8\nK:H\n"], 2, "line 1"),
        (["--prime", "ABc"], 2, "ask for them, such as key G and metre 6/8, or begin"),
        (["--prime", "T:a\nM:6/8\nL:1/8\nK:D\nA3 B3|A3 B4|"], 2, "bar 2"),
        (["--prime", "K:D", "--key", "G"], 2, "line 1"),
        (["--like", "book.abc"], 2, "leave out --seed"),
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


@pytest.mark.parametrize("option", [("--seed", 0), ("--no-chords",), ("--temperature", 0)])
def test_what_is_given_with_like_is_refused(run: Run, option: tuple[object, ...]) -> None:
    result = run("sample", "--like", "book.abc", *option)
    assert result.returncode == 2
    assert "leave out --" in one_error_line(result.stderr)


@pytest.mark.parametrize("argument", ["no-such-file", str(ROOT / "CHANGELOG.md")])
def test_the_like_of_what_says_nothing_is_one_line(run: Run, argument: str) -> None:
    result = run("sample", "--like", argument)
    assert (result.returncode, result.stdout) == (1, "")
    assert Path(argument).name in one_error_line(result.stderr)


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
