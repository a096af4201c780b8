"""What is not certain of what was read."""

from typing import NamedTuple


class Warned(NamedTuple):
    """What was passed over, or read as it was probably meant.

    Attributes
    ----------
    line : int
        The line of the tune's text, from 1 for its X:.
    what : str
        What was done, in words that are the same for all of its kind.
    found : str
        What was found there.
    """

    line: int
    what: str
    found: str = ""

    def __str__(self) -> str:
        return f"line {self.line}: {self.what}" + (f": {self.found}" if self.found else "")
