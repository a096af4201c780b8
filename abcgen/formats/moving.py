"""A tune in another key that still plays at its own tempo, on its own instrument."""

import re

from abcgen.errors import NotationError
from abcgen.grammar.spelling import canonical
from abcgen.grammar.transposing import moved_to
from abcgen.music.tempo import tempo_of
from abcgen.notation.tune import Tune, read_tune
from abcgen.notation.tunebook import numbered


def read_moved(text: str, to: str | int | None, voice: str | None = None) -> tuple[str, Tune]:
    """Return the text of a tune and the tune itself, transposed unless `to` is None.

    Parameters and errors are those of `moved`.
    """
    if to is None:
        return text, read_tune(text, voice)
    text = moved(text, to, voice)
    return text, read_tune(text)


def moved(text: str, to: str | int, voice: str | None = None) -> str:
    """Return a tune transposed, in the canonical spelling but for some lines of its header.

    Its number, its title as it was written, its tempo and its ``%%MIDI`` lines are kept; the
    canonical spelling leaves out ornaments, words and remarks.

    Parameters
    ----------
    text : str
        Any tune, from its X: line on.
    to : str or int
        A key of the same mode, which is reached by the nearest interval, or semitones; see
        `abcgen.grammar.transposing`.
    voice : str, optional
        Of several voices, the one that is moved; the others are left out. Without it, a tune of
        several voices has no canonical spelling.

    Raises
    ------
    NotationError
        If the tune cannot be read, or cannot be written in the other key.
    """
    tune = read_tune(text, voice)
    try:
        spelled = canonical(tune)
        new = moved_to(spelled, to)
    except NotationError as error:
        raise NotationError(f"it cannot be transposed: {error}") from None
    kept = [f"%%MIDI {directive}\n" for directive in tune.directives]
    if tune.field("Q"):
        kept.append(f"Q:1/4={tempo_of(tune):g}\n")
    if tune.title:
        new = re.sub("^T:.*", lambda _: f"T:{tune.title}", new, count=1, flags=re.MULTILINE)
    header, key, music = numbered(new, tune.number).partition("K:")
    return f"{header}{''.join(kept)}{key}{music}"
