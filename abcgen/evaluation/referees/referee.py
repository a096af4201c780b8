"""What all referees have in common."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

_REASON_LENGTH = 200  # characters; a reason should fit on a line or two


class Referee(ABC):
    """A program that says whether tunes are valid.

    Attributes
    ----------
    name : str
        Its name in the tables.
    """

    name: str

    @abstractmethod
    def available(self) -> str | None:
        """Return None if it can be used here, else what is missing and how to get it."""

    @abstractmethod
    def judge(self, tunes: Sequence[str]) -> list[str | None]:
        """Return for each tune None, or why it is invalid.

        Parameters
        ----------
        tunes : sequence of str
            The text of each tune, from its X: line on.
        """

    def version(self) -> str:
        """Return its version, or an empty string if that is unknown."""
        return ""


def one_line(text: str) -> str:
    """Return a reason on one line, shortened if it is too long."""
    line = " ".join(text.split())
    return line if len(line) <= _REASON_LENGTH else line[: _REASON_LENGTH - 3] + "..."
