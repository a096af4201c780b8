"""A MusicXML file read as a tune in ABC.

`document` reads the file safely, `measures` the bars of a part, `chords` its chord symbols,
`accompaniment` finds them in the other parts, and `writing` writes it all.
"""

import re
from itertools import islice
from xml.etree.ElementTree import Element

from abcgen.errors import CorpusError, NotationError, UsageError
from abcgen.formats.musicxml_in.accompaniment import add_chords
from abcgen.formats.musicxml_in.document import read_document
from abcgen.formats.musicxml_in.measures import measures_of
from abcgen.formats.musicxml_in.writing import abc_of

_MOST_MEASURES = 2000
#: Names of parts that are the melody, also where instruments stand above them.
_SUNG = re.compile(r"sopran|melod|voice|vocal|voix|stimme|\bsing", re.IGNORECASE)


def abc_of_musicxml(
    data: bytes, *, name: str = "", track: int | str | None = None, chords: bool = False
) -> str:
    """Return the tune that a MusicXML file holds as ABC, from ``X:1`` to the last bar line.

    Parameters
    ----------
    data : bytes
        The file, plain or compressed.
    name : str
        The title where the file has none, such as its name.
    track : int or str, optional
        The part of the melody: its number from 1, or a part of its name. Without it, it is the
        first that has notes and is called soprano, voice or the like, or else the first with notes.
    chords : bool
        Whether chords are found in the other parts where the melody has no symbols.

    Raises
    ------
    CorpusError
        If the file cannot be read; the message says why.
    UsageError
        If there is no such part.

    Notes
    -----
    Of a part with several voices or staves the first one is read. Words, slurs, dynamics and what
    else makes no sound are left out.
    """
    root = read_document(data)
    part = _part_of(root, track)
    measures = list(islice(measures_of(part), _MOST_MEASURES + 1))
    if len(measures) > _MOST_MEASURES:
        raise CorpusError(f"the MusicXML file has more than {_MOST_MEASURES} bars")
    if chords and not any(measure.chords for measure in measures):
        add_chords(root, part, measures)
    try:
        return abc_of(root, measures, name)
    except NotationError as error:
        raise CorpusError(f"the MusicXML file cannot be written as a tune: {error}") from None


def _part_of(root: Element, track: int | str | None) -> Element:
    parts = [part for part in root.findall("part") if part.find(".//note/pitch") is not None]
    if not parts:
        raise CorpusError("the MusicXML file has no melody: expected notes, found none")
    names = {one.get("id"): (one.findtext("part-name") or "") for one in root.iter("score-part")}
    if track is None:
        sung = (part for part in parts if _SUNG.search(names.get(part.get("id"), "")))
        return next(sung, parts[0])
    for number, part in enumerate(root.findall("part"), start=1):
        called = names.get(part.get("id"), "")
        if part in parts and (str(track) == str(number) or (
            not str(track).isdecimal() and str(track).lower() in called.lower()
        )):  # fmt: skip
            return part
    known = ", ".join(f"{n} ({name or 'no name'})" for n, name in enumerate(names.values(), 1))
    raise UsageError(f"no part {track!r} with notes; the parts: {known}")
