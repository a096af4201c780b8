"""A tune is played: the command, with programs that stand in for players."""

import os
import signal
import subprocess
import sys
import wave
from pathlib import Path

import pytest

from abcgen.play import main
from tests.books import BAD, book
from tests.conftest import ROOT, one_error_line
from tests.players import endless_player, failing_player, keeping_player, no_sounddevice

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs programs that are scripts")


def command(folder: Path, *options: str) -> tuple[list[str], dict[str, str]]:
    """Return a command and an environment with no sounddevice and only the folder's players."""
    modules = no_sounddevice(folder / "modules")
    (folder / "temporary").mkdir(exist_ok=True)
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(modules), str(ROOT)]),
        "PATH": str(folder / "bin"),
        "TMPDIR": str(folder / "temporary"),
    }
    return [sys.executable, "-m", "abcgen.play", *options], environment


def played(folder: Path, *options: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    line, environment = command(folder, *options)
    done = subprocess.run(
        line, input=stdin, capture_output=True, text=True, cwd=folder, env=environment, timeout=120
    )
    assert list((folder / "temporary").iterdir()) == []
    return done


def seconds(path: Path) -> float:
    with wave.open(str(path)) as file:
        return file.getnframes() / file.getframerate()


def test_a_tune_is_played_by_a_program_where_sounddevice_cannot(tmp_path: Path) -> None:
    failing_player(tmp_path / "bin", "paplay")
    keeping_player(tmp_path / "bin", "aplay", tmp_path / "kept.wav")
    (tmp_path / "book.abc").write_text(BAD + "\n" + book("One"))
    done = played(tmp_path, "book.abc", "--tune", "2", "--qpm", "240")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert 1 < seconds(tmp_path / "kept.wav") < 4  # a bar of a second, and the room


def test_what_was_guessed_is_told_unless_quiet(tmp_path: Path) -> None:
    keeping_player(tmp_path / "bin", "aplay", tmp_path / "kept.wav")
    (tmp_path / "book.abc").write_text("X:1\nK:C\nC;D|\n")
    told = "abcgen.play: book.abc: a stray character is ignored (tune 1, line 3, column 2)\n"
    assert played(tmp_path, "book.abc").stderr == told
    assert played(tmp_path, "book.abc", "--quiet").stderr == ""


def test_all_voices_are_played_and_one_is_the_melody(tmp_path: Path) -> None:
    keeping_player(tmp_path / "bin", "aplay", tmp_path / "kept.wav")
    (tmp_path / "book.abc").write_text("X:1\nM:4/4\nL:1/4\nK:C\nV:1\nC4|\nV:2\nC4|C4|C4|\n")
    assert played(tmp_path, "book.abc", "--qpm", "240").stderr == ""
    assert seconds(tmp_path / "kept.wav") > 3
    assert played(tmp_path, "book.abc", "--qpm", "240", "--voice", "2").stderr == ""
    done = played(tmp_path, "book.abc", "--voice", "3")
    assert done.returncode == 1
    assert "it has no voice '3'; it has 2 voices: 1, 2" in one_error_line(done.stderr)


def test_stdin_is_played_where_the_file_is_a_hyphen(tmp_path: Path) -> None:
    keeping_player(tmp_path / "bin", "aplay", tmp_path / "kept.wav")
    assert played(tmp_path, "-", "--qpm", "60", stdin=book("One")).returncode == 0
    assert 4 < seconds(tmp_path / "kept.wav") < 7


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_what_ends_the_command_ends_the_sound_and_removes_the_file(
    tmp_path: Path, number: int
) -> None:
    endless_player(tmp_path / "bin", "aplay", tmp_path / "kept")
    (tmp_path / "book.abc").write_text(book("One"))
    line, environment = command(tmp_path, "book.abc", "--loop")
    with subprocess.Popen(
        line,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
        env=environment,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as process:
        while not (tmp_path / "kept").exists() or not (tmp_path / "kept").read_text():
            assert process.poll() is None
        process.send_signal(number)
        # The player holds the other end of stderr, too, so this returns when it has ended.
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 128 + number
    assert errors == ("abcgen.play: error: interrupted\n" if number == signal.SIGINT else "")
    assert list((tmp_path / "temporary").iterdir()) == []


def test_where_nothing_can_play_it_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "book.abc").write_text(book("One"))
    done = played(tmp_path, "book.abc")
    assert done.returncode == 1
    error = one_error_line(done.stderr)
    for words in ("PortAudio", "aplay", "pip install 'abcgen[sound]'", "abcgen.render"):
        assert words in error


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (["book.abc", "--tune", "3"], 2, "book.abc has 2 tunes; there is no tune 3"),
        (["book.abc", "--tune", "0"], 2, "--tune"),
        (["book.abc", "--tune", "2"], 1, "'/0' is not a note length"),
        (["book.abc", "--swing", "1"], 2, "--swing"),
        (["missing.abc", "--instrument", "kazoo"], 2, "no instrument 'kazoo'"),
        (["missing.abc", "--accompaniment", "x"], 2, "none', 'simple', 'full'"),
        (["missing.abc", "--accompaniment-instrument", "kazoo"], 2, "no instrument 'kazoo'"),
        (["missing.abc"], 1, "missing.abc does not exist"),
        (["empty"], 1, "empty does not exist"),
    ],
)
def test_what_cannot_be_played_is_one_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    code: int,
    words: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "book.abc").write_text(book("One") + "\n" + BAD)
    try:
        returned: object = main(options)
    except SystemExit as leaving:
        returned = leaving.code
    assert returned == code
    assert words in one_error_line(capsys.readouterr().err)
