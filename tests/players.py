"""Programs and modules that stand in for what makes sound."""

import sys
from pathlib import Path

_KEEPS = "import shutil, sys; shutil.copy(sys.argv[-1], {kept!r})"
_FAILS = "import sys; sys.exit('no card\\n  no sound  \\n')"
_HANGS = "import os, sys, time; open({kept!r}, 'w').write(sys.argv[-1]); time.sleep(600)"


def _program(folder: Path, name: str, code: str) -> None:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!{sys.executable} -S\n{code}\n")
    path.chmod(0o755)


def keeping_player(folder: Path, name: str, kept: Path) -> None:
    """Make a program that copies the file it is to play."""
    _program(folder, name, _KEEPS.format(kept=str(kept)))


def failing_player(folder: Path, name: str) -> None:
    """Make a program that cannot play."""
    _program(folder, name, _FAILS)


def endless_player(folder: Path, name: str, kept: Path) -> None:
    """Make a program that notes the name of its file and never ends."""
    _program(folder, name, _HANGS.format(kept=str(kept)))


def no_sounddevice(folder: Path, error: str = "OSError('PortAudio library not found')") -> Path:
    """Make a module in place of sounddevice that cannot be imported; return where it is."""
    folder.mkdir(exist_ok=True)
    (folder / "sounddevice.py").write_text(f"raise {error}\n")
    return folder
