"""Programs of the system that play a WAV file."""

import shutil
import subprocess
import sys
from pathlib import Path

from abcgen.errors import AbcgenError

#: Program -> its options before the name of the file, in the order in which they are tried.
PLAYERS = {
    "afplay": (),  # macOS
    "pw-play": (),  # PipeWire
    "paplay": (),  # PulseAudio
    "aplay": ("-q",),  # ALSA
    "ffplay": ("-nodisp", "-autoexit", "-loglevel", "error"),  # FFmpeg
}


def play_file(path: Path) -> None:
    """Play a WAV file, by Windows itself or by the first program that can; return at its end.

    An exception, such as that of Ctrl-C, stops the sound.

    Raises
    ------
    AbcgenError
        If no program is there, or none of them can play; the message says why not.
    """
    if sys.platform == "win32":
        _play_on_windows(path)
        return
    failed = []
    for name, options in PLAYERS.items():
        program = shutil.which(name)
        if program is None:
            continue
        reason = _failure([program, *options, str(path)])
        if not reason:
            return
        failed.append(f"{name} says: {reason}")
    raise AbcgenError("; ".join(failed) or f"none of {', '.join(PLAYERS)} is installed")


def _failure(command: list[str]) -> str:
    """Run a player; return the last line of its complaint, or nothing if it played."""
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as process:
        try:
            _, complaint = process.communicate()
        finally:
            process.kill()  # it may still play
    if process.returncode == 0:
        return ""
    lines = complaint.decode(errors="replace").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "it failed")


if sys.platform == "win32":

    def _play_on_windows(path: Path) -> None:
        import time
        import wave
        import winsound

        with wave.open(str(path), "rb") as file:
            seconds = file.getnframes() / file.getframerate()
        try:
            # Playing that waits for the end would not hear Ctrl-C.
            winsound.PlaySound(str(path), winsound.SND_FILENAME | winsound.SND_ASYNC)
            time.sleep(seconds)
        except RuntimeError as error:
            raise AbcgenError(f"Windows says: {error}") from None
        finally:
            winsound.PlaySound(None, 0)
