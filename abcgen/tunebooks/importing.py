"""Files that are not ABC, MIDI and MusicXML, read as tunebooks of one tune each."""

from collections.abc import Callable
from pathlib import Path

from abcgen.errors import CorpusError

#: What MIDI files begin with, alone or packed into RIFF.
_MIDI = (b"MThd", b"RIFF")


def import_tune(data: bytes, name: str = "", track: int | str | None = None) -> str | None:
    """Return the tune that bytes hold as ABC, or None if they begin like neither format.

    Parameters
    ----------
    data : bytes
        The file.
    name : str
        The title of a tune that has none.
    track : int or str, optional
        Of a MIDI file, the track of the melody; see `abcgen.formats.midi_in.abc_of_midi`.

    Raises
    ------
    CorpusError
        If the file cannot be read as a tune; the message says why.
    UsageError
        If there is no such track.
    """
    if data.startswith(_MIDI):
        return _midi(data, name, track)
    return None


def import_file(path: Path, track: int | str | None = None) -> str:
    """Return the tune of a file whose ending is that of MIDI; see `import_tune`."""
    from abcgen.formats.midi_in.events import check_size

    check_size(path.stat().st_size)
    return READERS[path.suffix.lower()](path.read_bytes(), path.stem, track)


def _midi(data: bytes, name: str, track: int | str | None) -> str:
    from abcgen.formats.midi_in import abc_of_midi

    return abc_of_midi(data, name=name, track=track)


#: Ending -> what reads such files.
READERS: dict[str, Callable[[bytes, str, int | str | None], str]] = {
    ".mid": _midi,
    ".midi": _midi,
}
