"""Referees made up for the tests."""

from collections.abc import Sequence

from abcgen.evaluation.referees import (
    Referee,
)


class Strict(Referee):
    """A tune with a z is invalid."""

    name = "strict"

    def available(self) -> str | None:
        return None

    def judge(self, tunes: Sequence[str]) -> list[str | None]:
        return ["it holds a z" if "z" in tune else None for tune in tunes]


class Absent(Strict):
    name = "absent"

    def available(self) -> str | None:
        return "absent is not installed: get it somewhere"
