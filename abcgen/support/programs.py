"""Other programs, run for what they print."""

import subprocess

SECONDS = 20.0  # a program may take to start and check one tune


class ProgramError(Exception):
    """A program took too long or broke down; the message says which."""


def output_of(
    command: list[str], folder: str | None = None, *, stdin: str = "", limit: float = SECONDS
) -> str:
    """Return what a program writes to stdout.

    Raises
    ------
    ProgramError
        If it takes longer than `limit` seconds, or fails.
    """
    try:
        done = subprocess.run(
            command, cwd=folder, input=stdin.encode(), capture_output=True, timeout=limit
        )
    except subprocess.TimeoutExpired:
        raise ProgramError(f"{command[0]} took longer than {limit:g} seconds") from None
    if done.returncode < 0:
        raise ProgramError(f"{command[0]} was ended by signal {-done.returncode}")
    if done.returncode > 0:
        said = done.stderr.decode(errors="replace").strip()
        raise ProgramError(f"{command[0]} failed with code {done.returncode}: {said}")
    return done.stdout.decode(errors="replace")
