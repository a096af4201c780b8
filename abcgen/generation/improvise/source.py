"""Where chords come from: the command line, or a file with a tune, a song sheet or a chart."""

from pathlib import Path

from abcgen.errors import CorpusError, NotationError, UsageError
from abcgen.notation.chart import Chart, read_chart
from abcgen.notation.chart_sources import chart_of_tune, read_song_sheet
from abcgen.notation.chart_text import is_song_sheet
from abcgen.notation.tune import read_tune
from abcgen.notation.tunebook import label_of, split_tunebook
from abcgen.tunebooks.names import IMPORTED, STDIN, read_stdin, read_tunebook, tune_at

#: Endings of the names of song sheets.
_SHEETS = frozenset({".cho", ".chordpro", ".chopro", ".crd", ".pro"})


def read_chords(given: str, tune: int | None = None, track: str | None = None) -> Chart:
    """Return the chords that a user gives: themselves, or ``@`` and a file, ``@-`` for stdin.

    Parameters
    ----------
    given : str
        ``G | C D7 | G`` or ``@song.cho``.
    tune : int, optional
        Which tune of a tunebook; the first unless given.
    track : str, optional
        Of a MIDI or MusicXML file, the track of the melody, whose chords the others play.

    Raises
    ------
    NotationError, CorpusError, UsageError
        If there is no such file, what is in it are no chords, or a file is named without ``@``.
    """
    if not given.startswith("@"):
        if Path(given).is_file():
            raise UsageError(f"{given} is a file: for the chords in it give @{given}")
        return read_chart(given.replace("\\n", "\n"))
    name = given[1:]
    if name != STDIN and not Path(name).is_file():
        raise CorpusError(
            f"{name!r} is no file: expected a tune, a song sheet or a chart of chords"
        )
    if name == STDIN:
        text = read_stdin(track, chords=True)
    else:
        text = read_tunebook(Path(name), track, chords=True)
    if Path(name).suffix.lower() in IMPORTED and '"' not in text.partition("\nK:")[2]:
        raise CorpusError(
            f"{name} has no chords: expected symbols, or parts that play them besides the melody; "
            "--track names the part that is the melody"
        )
    try:
        tunes = list(split_tunebook(text))
        if tunes and ('"' in text or label_of(text).number):
            return chart_of_tune(read_tune(tune_at(tune or 1, tunes, name)))
        if Path(name).suffix.lower() in _SHEETS or is_song_sheet(text):
            return read_song_sheet(text)
        return read_chart(text)
    except NotationError as error:
        raise NotationError(f"{name}: {error}") from None
