"""What every referee can say."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

_REASON_LENGTH = 200  # characters; a reason is to fit on a line or two


class Referee(ABC):
    """Someone who judges tunes.

    Attributes
    ----------
    name : str
        What the tables call it.
    """

    name: str

    @abstractmethod
    def available(self) -> str | None:
        """Return None if it can judge here, else what is missing and how to get it."""

    @abstractmethod
    def judge(self, tunes: Sequence[str]) -> list[str | None]:
        """Return for each tune, given as text from its X: line on, None or why it is invalid."""

    def version(self) -> str:
        """Return its version, or an empty string if that is unknown."""
        return ""


def one_line(text: str) -> str:
    """Return a reason on one line, cut where it is too long."""
    line = " ".join(text.split())
    return line if len(line) <= _REASON_LENGTH else line[: _REASON_LENGTH - 3] + "..."
