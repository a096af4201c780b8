"""The opening of any tune, as people write it, in the one spelling that primes must have."""

import re

from abcgen.errors import NotationError
from abcgen.grammar.spelling import spell
from abcgen.grammar.wishes import Wishes
from abcgen.notation.form import read_sections
from abcgen.notation.tune import read_tune

_FIELD = re.compile(r"([A-Za-z]):(?![|:])")


def spelled_opening(text: str, wishes: Wishes) -> str:
    """Return an opening in the one spelling, from ``X:1`` on.

    The header may have any fields in any order; those that the spelling has no place for are left
    out, and so are ornaments and words. A metre or key that is missing is the one that is wished
    for. The last bar may be cut off.

    Parameters
    ----------
    text : str
        An opening; without a K: it is music alone.
    wishes : Wishes
        What is asked of the tune.

    Raises
    ------
    NotationError
        If it cannot be read or spelled.
    """
    tune = read_tune(_with_header(text, wishes))
    sections = read_sections(tune)
    if tune.warnings:
        raise NotationError(str(tune.warnings[0]))
    last = sections[-1]
    # A repeat that is not over yet ends with the tune that is drawn.
    last.repeated = last.repeated or last.opened
    header, line, music = spell(tune, wishes.rhythm or None, sections=sections).partition("\nK:")
    key, _, music = music.partition("\n")
    header += f"{line}{key}\n"
    given = text.rstrip()
    if not _music_of(text):
        return header
    if given.endswith((":|", "||", "|]")):  # a section is over
        music = music.rstrip("\n")
        if given.endswith("||") and music.endswith("|]"):  # but not the tune
            music = music.removesuffix("|]") + "||"
        return header + music
    return header + music.rstrip("|]:\n") + ("|" if given.endswith("|") else "")


def is_music_alone(text: str) -> bool:
    """Return whether an opening has no header."""
    return bool(_music_of(text)) and not any(map(_FIELD.match, text.split("\n")))


def _with_header(text: str, wishes: Wishes) -> str:
    """Return an opening with the fields that a tune needs."""
    lines = text.rstrip().split("\n")
    fields = {match[1] for line in lines if (match := _FIELD.match(line))}
    head = [] if "X" in fields else ["X:1"]
    head += [f"T:{wishes.title}"] if wishes.title and "T" not in fields else []
    head += [f"M:{wishes.meter}"] if wishes.meter and "M" not in fields else []
    if "K" not in fields:
        if not wishes.key:
            raise NotationError("K: is missing; give it there, or ask for a key")
        begin = next((n for n, line in enumerate(lines) if not _FIELD.match(line)), len(lines))
        lines.insert(begin, f"K:{wishes.key}")
    if not _music_of(text):
        lines.append("z")  # so that there is something to spell
    return "\n".join([*head, *lines])


def _music_of(text: str) -> list[str]:
    """Return the lines of an opening that are no fields."""
    return [line for line in text.split("\n") if line.strip() and not _FIELD.match(line)]
