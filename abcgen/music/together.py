"""The voices and overlays of a tune in time with its melody.

Where a voice has as many bars as the melody, its bars are played in the melody's order, whether
repeats, parts and D.C. are written in it or in the melody alone. Else its own signs count.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from abcgen.errors import NotationError
from abcgen.music.doubts import warn_of_playing
from abcgen.music.notes import Music, music_of_bars
from abcgen.music.order import bars_in_order, sections_in_order
from abcgen.notation.form import Bar, Section
from abcgen.notation.overlays import most_lines
from abcgen.notation.tokens import SOUNDING, Token
from abcgen.notation.tune import Tune


def music_together(tune: Tune, *, ornaments: bool = False) -> list[tuple[Tune, list[Music]]]:
    """Return the music of each voice, the melody first.

    Parameters
    ----------
    tune : Tune
        The melody, with its other voices.
    ornaments : bool
        See `abcgen.music.notes.music_of`.

    Returns
    -------
    list of (Tune, list of Music)
        Each voice with its music and, after that, the overlays (``&``) in it. What cannot be read
        of other voices and overlays is left out, with a warning, and so is what
        `abcgen.music.doubts` finds.

    Raises
    ------
    NotationError
        If the melody cannot be read.
    """
    sections, order = sections_in_order(tune, ornaments=ornaments)
    melody = list(bars_in_order(sections, order))
    written = [bar for section in sections for bar in section.written()]
    places = _places(written)
    found = [(tune, [music_of_bars(melody)])]
    warn_of_playing(tune, found[0][1][0])
    if not tune.others and "&" not in tune.body:
        return found
    spans = [places[id(bar)] for bar in melody]
    for voice in (tune, *tune.others):
        if voice is not tune:
            found.append((voice, []))
        for line in range(voice is tune, most_lines(voice.body)):
            try:
                sections, order = sections_in_order(voice, ornaments=ornaments, line=line)
                bars = _in_time(sections, order, spans, places)
                found[-1][1].append(music_of_bars(bars))
            except NotationError as error:
                voice.warn(0, "a voice or an overlay that cannot be read is silent", str(error))
    for voice, music in found[1:]:
        for one in music:
            warn_of_playing(voice, one)
    return [(voice, music) for voice, music in found if music]


def _in_time(
    sections: Sequence[Section],
    order: Sequence[str],
    spans: Sequence[range],
    places: Mapping[int, range],
) -> Iterable[Bar]:
    """Return the bars of a voice as they are played.

    Parameters
    ----------
    sections, order
        Of the voice, as `abcgen.music.order.sections_in_order` gives them.
    spans : sequence of range
        Which bars of the page the melody plays, one after the other.
    places : mapping of int to range
        Which they are for each bar of the melody as it is written.
    """
    written = [one for section in sections for bar in section.written() for one in _apart(bar)]
    if len(written) == sum(map(len, places.values())):
        return [written[place] for span in spans for place in span]
    return bars_in_order(sections, order)


def _places(bars: Iterable[Bar]) -> dict[int, range]:
    """Return which bars of the page each bar is, by its id; a rest of several bars is several."""
    places: dict[int, range] = {}
    following = 0
    for bar in bars:
        places[id(bar)] = range(following, following + _bars_in(bar))
        following += _bars_in(bar)
    return places


def _bars_in(bar: Bar) -> int:
    """Return how many bars a bar stands for: 4 for one with ``Z4`` alone."""
    sounding = [token.text for token in bar.tokens if token.kind in SOUNDING]
    rest = re.fullmatch(r"[ZX]([1-9]\d?)", sounding[0], re.ASCII) if len(sounding) == 1 else None
    return int(rest[1]) if rest else 1


def _apart(bar: Bar) -> Iterator[Bar]:
    """Yield the bars that a bar stands for, each on its own."""
    count = _bars_in(bar)
    if count == 1:
        yield bar
    for _ in range(count if count > 1 else 0):
        yield Bar(bar.setting, [Token("rest", "Z", bar.tokens[0].position)])
