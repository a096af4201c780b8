"""Files that are not ABC, MIDI and MusicXML, read as tunebooks of one tune each."""

from collections.abc import Callable
from pathlib import Path

#: Called with one line on what is not certain of a file that is read all the same.
Doubt = Callable[[str], None]
#: What MIDI files begin with, alone or packed into RIFF.
_MIDI = (b"MThd", b"RIFF")


def no_doubt(message: str) -> None:
    """Leave out what is not certain."""


def import_tune(
    data: bytes,
    name: str = "",
    track: int | str | None = None,
    chords: bool = False,
    on_doubt: Doubt = no_doubt,
) -> str | None:
    """Return the tune that bytes hold as ABC, or None if they begin like neither format.

    Parameters
    ----------
    data : bytes
        The file.
    name : str
        The title of a tune that has none.
    track : int or str, optional
        The track of the melody in a MIDI file, or its part in MusicXML; see
        `abcgen.formats.midi_in.abc_of_midi`.
    chords : bool
        Whether chords are found in the other parts of a MusicXML file without symbols; in those of
        a MIDI file they always are, as it can have no symbols.
    on_doubt : callable
        Called with one line if the file is damaged, and its notes are read up to there.

    Raises
    ------
    CorpusError
        If the file cannot be read as a tune; the message says why.
    UsageError
        If there is no such track.
    """
    if data.startswith(_MIDI):
        return _midi(data, name, track, chords, on_doubt)
    from abcgen.formats.musicxml_in.document import looks_like_musicxml

    return _musicxml(data, name, track, chords, on_doubt) if looks_like_musicxml(data) else None


def import_file(
    path: Path,
    track: int | str | None = None,
    chords: bool = False,
    on_doubt: Doubt = no_doubt,
) -> str:
    """Return the tune of a file that has one of the endings of `READERS`; see `import_tune`."""
    from abcgen.formats.midi_in import events
    from abcgen.formats.musicxml_in import document

    read = READERS[path.suffix.lower()]
    check_size = events.check_size if read is _midi else document.check_size
    check_size(path.stat().st_size)
    return read(path.read_bytes(), _title_of(path), track, chords, on_doubt)


def _title_of(path: Path) -> str:
    """Return what to call a tune that has no title: that of its file, or of Bach's chorale."""
    if path.parent.parts[-3:] != ("music21", "corpus", "bach"):
        return path.stem
    from abcgen.tunebooks.chorales import chorale_title

    return chorale_title(path.stem)


def _midi(data: bytes, name: str, track: int | str | None, chords: bool, on_doubt: Doubt) -> str:
    from abcgen.formats.midi_in import abc_of_midi

    return abc_of_midi(data, name=name, track=track, on_doubt=on_doubt)


def _musicxml(
    data: bytes, name: str, track: int | str | None, chords: bool, on_doubt: Doubt
) -> str:
    from abcgen.formats.musicxml_in import abc_of_musicxml

    return abc_of_musicxml(data, name=name, track=track, chords=chords)


#: Ending -> what reads such files.
READERS: dict[str, Callable[[bytes, str, int | str | None, bool, Doubt], str]] = {
    ".mid": _midi,
    ".midi": _midi,
    ".musicxml": _musicxml,
    ".mxl": _musicxml,
    ".xml": _musicxml,
}
