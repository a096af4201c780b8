"""Errors that the user can correct.

::

    Exception
    └── AbcgenError               exit code 1
        ├── UsageError            exit code 2: an option that makes no sense
        ├── CorpusError           a tunebook is unknown, unreadable, or too small
        ├── DownloadError         a corpus could not be downloaded
        ├── NotationError         a tune is not ABC that abcgen understands
        │   └── NotCanonicalError in `abcgen.grammar.faults`: it has no canonical spelling
        ├── VocabularyError       a character is not in a vocabulary
        └── CheckpointError       a checkpoint is missing, damaged, or of another format version

Exit codes of the commands:

====  ==========================================================================
0     done; also if the reader of stdout closed the pipe (``abcgen sample | head``)
1     an `AbcgenError` or an `OSError`, printed as one line on stderr
2     wrong usage: `UsageError`, or an option that the parser refuses
130   interrupted by Ctrl-C
143   ended by SIGTERM
====  ==========================================================================

Any other exception is a fault of abcgen and shows its traceback.
"""

from collections.abc import Iterable


class AbcgenError(Exception):
    """An error with a message for the user: what was expected, what was found, what to do.

    Commands catch it in one place, print it as one line on stderr and exit with ``exit_code``.
    """

    exit_code = 1


class UsageError(AbcgenError):
    """Wrong usage of a command: an option that makes no sense."""

    exit_code = 2


class DownloadError(AbcgenError):
    """A corpus could not be downloaded from any of its addresses."""


class CorpusError(AbcgenError):
    """A tunebook is unknown, unreadable, or too small for the task."""


class NotationError(AbcgenError):
    """A tune is not ABC that abcgen understands; the message is the reason."""


class VocabularyError(AbcgenError):
    """A character is not in the vocabulary."""


class CheckpointError(AbcgenError):
    """A checkpoint is missing, damaged, or of another format version."""


def near_names(name: str, known: Iterable[str]) -> str:
    """Return a hint for a mistyped name: similar names, or else all that are known."""
    import difflib  # needed only where something went wrong

    known = sorted(known)
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.6)
    if near:
        return f"did you mean {' or '.join(near)}?"
    return f"known: {', '.join(known)}" if known else "none is known"
