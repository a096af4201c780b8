"""A standard MIDI file read as a tune in ABC.

Each step is a module: `events` reads the file, `parts` chooses the melody, `line` makes it one line
of notes, `grid` moves it onto the beats and `swing` takes out swing, `heard` is what goes with it,
`bars` finds metre and pickup, `downbeats` where bars begin if the file does not say it, `chords`
and `harmony` the chords, `keys` the key, `thirds` what a chord lacks, `symbols` and `pitches` the
letters of chords and notes, `sections` what is repeated, `titles` a title, and `writing` writes it
all.
"""

from collections.abc import Callable

from abcgen.errors import CorpusError, NotationError
from abcgen.formats.midi_in.bars import bars_of
from abcgen.formats.midi_in.chords import harmonies_of
from abcgen.formats.midi_in.events import Part, Recording, read_events
from abcgen.formats.midi_in.grid import on_grid
from abcgen.formats.midi_in.heard import bass_of, heard_in
from abcgen.formats.midi_in.keys import keys_of
from abcgen.formats.midi_in.line import line_of
from abcgen.formats.midi_in.parts import melody_of
from abcgen.formats.midi_in.sections import sections_of
from abcgen.formats.midi_in.symbols import symbols_of
from abcgen.formats.midi_in.thirds import with_thirds
from abcgen.formats.midi_in.titles import title_of
from abcgen.formats.midi_in.writing import Melody, abc_of
from abcgen.grammar.spelling import canonical
from abcgen.notation.tune import read_tune


def abc_of_midi(
    data: bytes,
    *,
    name: str = "",
    track: int | str | None = None,
    on_doubt: Callable[[str], None] = lambda message: None,
) -> str:
    """Return the tune that a MIDI file holds as ABC, from ``X:1`` to the last bar line.

    Parameters
    ----------
    data : bytes
        The file.
    name : str
        The title where the file has none, such as its name.
    track : int or str, optional
        The track of the melody: its number from 1, or a part of its name. Without it, it is chosen
        by `abcgen.formats.midi_in.parts.melody_of`.
    on_doubt : callable
        Called with one line if the file is damaged, and its notes are read up to there.

    Returns
    -------
    str
        In its canonical spelling, if the tune has one.

    Raises
    ------
    CorpusError
        If the file cannot be read, or its notes cannot be put into bars; the message says why.
    UsageError
        If there is no such track.
    """
    recording = read_events(data)
    part = melody_of(recording.parts, track)
    if recording.damage:
        on_doubt(recording.damage)
    try:
        text = _written(recording, part, name)
    except NotationError:
        # A few times that no music has, of those that look exact.
        try:
            text = _written(recording, part, name, played=True)
        except NotationError as error:
            raise CorpusError(f"the MIDI file cannot be written as a tune: {error}") from None
    return _spelled(text)


def _written(recording: Recording, part: Part, name: str, *, played: bool = False) -> str:
    """Return the tune of a part; its times may be moved to the beats as those of a player are.

    Raises
    ------
    NotationError
        If there are notes that cannot be written.
    """
    sounds = line_of(part.notes, recording.ticks)
    line = on_grid(sounds, recording.ticks, played=played)
    heard = heard_in(recording.parts, part, recording.ticks, sounds)
    bars = bars_of(recording, line, bass_of(heard), heard)
    harmonies = harmonies_of(heard, bars)
    keys = keys_of(recording, line, heard, harmonies)
    key = keys[0][1]
    chords = symbols_of(with_thirds(harmonies, heard, line, key), key)
    melody = Melody(line, bars, chords, keys, title_of(recording, name))
    return abc_of(melody, sections_of(line, bars, chords, keys))


def _spelled(text: str) -> str:
    """Return a tune in its canonical spelling, if it has one."""
    try:
        return canonical(read_tune(text))
    except NotationError:
        return text
