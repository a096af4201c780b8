"""What can go wrong in a way that the user can mend."""

from collections.abc import Iterable


class AbcgenError(Exception):
    """An error with a message for the user: what was expected, what was found, what to do.

    Commands catch it in one place, print it as one line on stderr and leave with ``exit_code``.
    """

    exit_code = 1


class UsageError(AbcgenError):
    """Wrong usage of a command: an option that makes no sense."""

    exit_code = 2


class DownloadError(AbcgenError):
    """A corpus could not be had from any of its addresses."""


class CorpusError(AbcgenError):
    """A tunebook is unknown, unreadable, or too small for what was asked."""


class NotationError(AbcgenError):
    """A tune is not ABC that abcgen understands; the message is the reason."""


class VocabularyError(AbcgenError):
    """A character is not in the vocabulary."""


class CheckpointError(AbcgenError):
    """A checkpoint is missing, damaged, or of another format version."""


def near_names(name: str, known: Iterable[str]) -> str:
    """Return a hint for a mistyped name: the near ones, or else all that are known."""
    import difflib  # needed only where something went wrong

    known = sorted(known)
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
    if near:
        return f"did you mean {' or '.join(near)}?"
    return f"known: {', '.join(known)}" if known else "none is known"
