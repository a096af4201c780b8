"""What an endpoint of the studio is: its address, what it may be asked, and what it does."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from abcgen.studio.fields import Field

if TYPE_CHECKING:
    from abcgen.studio.workshop import Workshop


@dataclass(frozen=True, slots=True)
class File:
    """An answer that is a file: its content, its media type, and the ending of its name."""

    content: bytes
    media_type: str
    ending: str


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address of the studio.

    Attributes
    ----------
    method, path : str
        As in HTTP. Names in braces are parts of the path, handed over with the fields; what they
        hold is a whole number after ``:int``.
    work : callable
        Takes the workshop and what was asked; returns JSON's object, or a file. It is done in a
        thread. The first line of its docstring is the documentation.
    fields : dict
        What may be asked: in the body of a POST, in the address of a GET.
    """

    method: str
    path: str
    work: Callable[["Workshop", Mapping[str, Any]], Mapping[str, object] | File]
    fields: Mapping[str, Field] = field(default_factory=dict)

    @property
    def what(self) -> str:
        """What it does, in a line."""
        return (self.work.__doc__ or "").partition("\n")[0]
