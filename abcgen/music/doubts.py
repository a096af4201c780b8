"""What a tune says of how it is played that is not understood, as warnings.

Only those who play a tune are warned: its notes are certain.
"""

import re
from collections.abc import Callable
from functools import partial

from abcgen.music.accompaniment.chords import is_chord, is_known
from abcgen.music.accompaniment.gchord import read_gchord
from abcgen.music.directives import (
    read_player,
    read_program,
    read_transposition,
    read_volume,
    said_in_body,
    said_in_header,
)
from abcgen.music.sounds import Music
from abcgen.notation.tune import Tune
from abcgen.notation.warned import UNKNOWN_CHORD, UNKNOWN_DIRECTIVE, Warned

#: The directives with a value that are followed, and what reads each.
_READERS: dict[str, Callable[[str], object]] = {
    "program": read_program,
    "transpose": read_transposition,
    "gchord": read_gchord,
    "chordprog": partial(read_player, "chordprog"),
    "bassprog": partial(read_player, "bassprog"),
    "chordvol": partial(read_volume, "chordvol"),
    "bassvol": partial(read_volume, "bassvol"),
}
#: The program of a channel, which may be another one than the melody's.
_CHANNEL = re.compile(r"(program)\s+(?:[1-9]|1[0-6])(?=\s+\d)", re.ASCII)


def warn_of_playing(tune: Tune, music: Music) -> None:
    """Add warnings on chord symbols and ``%%MIDI`` directives that are not understood.

    Parameters
    ----------
    tune : Tune
        A voice.
    music : Music
        Its music.
    """
    for text in dict.fromkeys(one.text for one in music.chords):
        if is_chord(text) and not is_known(text):
            for found in re.finditer(re.escape(f'"{text}"'), tune.body):
                tune.warn(found.start(), UNKNOWN_CHORD, text)
    for said in said_in_header(tune):
        warned = Warned(0, UNKNOWN_DIRECTIVE, said)
        if not _is_understood(said) and warned not in tune.warnings:
            tune.warnings.append(warned)
    for said in dict.fromkeys(text for _, text in said_in_body(music.directions)):
        if not _is_understood(said):
            tune.warn(max(tune.body.find(said), 0), UNKNOWN_DIRECTIVE, said)


def _is_understood(directive: str) -> bool:
    """Return whether a directive has a value that makes sense, or is another one."""
    read = _READERS.get(re.split(r"\s", directive, maxsplit=1)[0])
    return read is None or read(_CHANNEL.sub(r"\1", directive)) is not None
