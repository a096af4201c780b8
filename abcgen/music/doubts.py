"""What a tune says of how it is played that is not understood, as warnings.

Only those who play a tune are warned: its notes are certain.
"""

import re
from collections.abc import Callable, Iterator
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
from abcgen.music.order import part_order
from abcgen.music.sounds import Music
from abcgen.music.tempo import asked_tempo, read_tempo
from abcgen.notation.form import part_in
from abcgen.notation.tune import Tune
from abcgen.notation.warned import (
    MISSING_PART,
    UNKNOWN_CHORD,
    UNKNOWN_DIRECTIVE,
    UNKNOWN_ORDER,
    UNKNOWN_TEMPO,
    UNMARKED_PARTS,
    UNUSED_PART,
    Warned,
)

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
_PART = re.compile(r"\[P:([^\]\n]*)\]")
#: The program of a channel, which may be another one than the melody's.
_CHANNEL = re.compile(r"(program)\s+(?:[1-9]|1[0-6])(?=\s+\d)", re.ASCII)


def warn_of_playing(tune: Tune, music: Music) -> None:
    """Add warnings on chord symbols, tempos, parts and ``%%MIDI`` that are not understood.

    Parameters
    ----------
    tune : Tune
        A voice.
    music : Music
        Its music.
    """
    for symbol in dict.fromkeys(one.text for one in music.chords):
        if is_chord(symbol) and not is_known(symbol):
            for found in re.finditer(re.escape(f'"{symbol}"'), tune.body):
                tune.warn(found.start(), UNKNOWN_CHORD, symbol)
    doubts = [
        *((UNKNOWN_DIRECTIVE, said) for said in said_in_header(tune) if not _is_understood(said)),
        *_of_tempo(tune),
        *_of_parts(tune),
    ]
    for what, text in doubts:
        if (warned := Warned(0, what, text)) not in tune.warnings:
            tune.warnings.append(warned)
    for said in dict.fromkeys(text for _, text in said_in_body(music.directions)):
        if not _is_understood(said):
            tune.warn(max(tune.body.find(said), 0), UNKNOWN_DIRECTIVE, said)
    for one in music.directions:
        if one.letter == "Q" and one.value and read_tempo(one.value, one.setting) is None:
            for place in re.finditer(rf"\[Q:\s*{re.escape(one.value)}", tune.body):
                tune.warn(place.start(), UNKNOWN_TEMPO, one.value)


def _of_tempo(tune: Tune) -> Iterator[tuple[str, str]]:
    """Yield the Q: of the header if it is not understood."""
    asked = asked_tempo(tune)
    if asked and read_tempo(asked, tune.setting) is None:
        yield UNKNOWN_TEMPO, asked


def _of_parts(tune: Tune) -> Iterator[tuple[str, str]]:
    """Yield what the order of parts in the header and the parts of the tune do not share."""
    text = tune.field("P") or ""
    marked = {part for match in _PART.finditer(tune.body) if (part := part_in(match[1]))}
    order = part_order(text)
    if not order:
        if text and marked:
            yield UNKNOWN_ORDER, text
    elif marked.isdisjoint(order):
        if len(order) > 1:  # one letter names the first part
            yield UNMARKED_PARTS, text
    else:
        yield from ((MISSING_PART, part) for part in sorted({*order} - marked))
        yield from ((UNUSED_PART, part) for part in sorted(marked - {*order}))


def _is_understood(directive: str) -> bool:
    """Return whether a directive has a value that makes sense, or is another one."""
    read = _READERS.get(re.split(r"\s", directive, maxsplit=1)[0])
    return read is None or read(_CHANNEL.sub(r"\1", directive)) is not None
