"""A tune in another key that still plays at its own tempo, on its own instrument."""

import re

from abcgen.errors import NotationError
from abcgen.grammar.spelling import canonical
from abcgen.grammar.transposing import transpose, transpose_semitones
from abcgen.music.tempo import tempo_of
from abcgen.notation.tune import read_tune
from abcgen.notation.tunebook import numbered


def moved(text: str, to: str | int) -> str:
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

    Raises
    ------
    NotationError
        If the tune cannot be read, or cannot be written in the other key.
    """
    tune = read_tune(text)
    try:
        spelled = canonical(tune)
        new = transpose_semitones(spelled, to) if isinstance(to, int) else transpose(spelled, to)
    except NotationError as error:
        raise NotationError(f"it cannot be transposed: {error}") from None
    kept = [f"%%MIDI {directive}\n" for directive in tune.directives]
    if tune.field("Q"):
        kept.append(f"Q:1/4={tempo_of(tune):g}\n")
    if tune.title:
        new = re.sub("^T:.*", lambda _: f"T:{tune.title}", new, count=1, flags=re.MULTILINE)
    header, key, music = numbered(new, tune.number).partition("K:")
    return f"{header}{''.join(kept)}{key}{music}"
