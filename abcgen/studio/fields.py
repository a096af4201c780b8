"""What a request to the studio may ask: one table checks it and documents it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_KINDS = {str: "string", int: "integer", float: "number", bool: "boolean"}
_IN_WORDS = {str: "a text", int: "a whole number", float: "a number", bool: "true or false"}
_PLAIN = re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*")
_SHOWN = 40  # characters of a wrong value that are repeated in the message


class RefusedError(Exception):
    """A request that is not answered: the HTTP status, and why, in one line."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status, self.reason = status, reason


@dataclass(frozen=True, slots=True)
class Field:
    """A value of a request.

    Attributes
    ----------
    kind : type
        str, int, float or bool.
    what : str
        What it is, for the documentation.
    least, most : float
        The limits of a number, or of the characters of a text.
    needed : bool
        Whether it must be given. Where it need not, it may also be null.
    plain : bool
        Whether a text may hold only letters, digits and single hyphens: a name.
    """

    kind: type
    what: str
    least: float = 0
    most: float = 100
    needed: bool = False
    plain: bool = False

    def read(self, name: str, value: object) -> Any:
        """Return a value, or refuse it."""
        if self.kind is float and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        if not isinstance(value, self.kind) or (isinstance(value, bool) and self.kind is not bool):
            raise RefusedError(422, f"{name} must be {_IN_WORDS[self.kind]}")
        if isinstance(value, str):
            if not self.least <= len(value) <= self.most:
                raise RefusedError(
                    422,
                    f"{name} must have {self.least:,} to {self.most:,} characters; it has "
                    f"{len(value):,}",
                )
            _check_characters(name, value)
            if self.plain and not _PLAIN.fullmatch(value):
                raise RefusedError(422, f"{name} must be of letters, digits and single hyphens")
        elif isinstance(value, int | float) and not self.least <= value <= self.most:
            shown = f"{value}"[:_SHOWN]
            limits = f"{self.least:,} to {self.most:,}"
            raise RefusedError(422, f"{name} must be {limits}, not {shown}")
        return value

    @property
    def schema(self) -> dict[str, object]:
        """The field in the words of JSON Schema."""
        limits: dict[str, object] = {}
        if self.kind is str:
            limits = {"minLength": self.least, "maxLength": self.most}
        elif self.kind is not bool:
            limits = {"minimum": self.least, "maximum": self.most}
        return {"type": _KINDS[self.kind], "description": self.what, **limits}


def read_fields(fields: Mapping[str, Field], asked: object) -> dict[str, Any]:
    """Return the values of a request; those that were not given are left out.

    Raises
    ------
    RefusedError
        If the request is no object, or has a field that is unknown, missing or wrong.
    """
    if not isinstance(asked, dict):
        raise RefusedError(422, "expected a JSON object")
    unknown = sorted(set(asked) - set(fields))
    if unknown:
        known = ", ".join(fields) or "none"
        raise RefusedError(422, f"no field {str(unknown[0])[:_SHOWN]!r}; known: {known}")
    given = {name: value for name, value in asked.items() if value is not None}
    for name, field in fields.items():
        if field.needed and name not in given:
            raise RefusedError(422, f"the field {name} is missing")
    return {name: fields[name].read(name, value) for name, value in given.items()}


def _check_characters(name: str, text: str) -> None:
    """Refuse control characters, and halves of characters, which no file can hold."""
    for character in text:
        if (character < " " and character not in "\n\r\t") or "\ud800" <= character <= "\udfff":
            raise RefusedError(
                422, f"{name} holds the character {ord(character)}, which no tune has"
            )
