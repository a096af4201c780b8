"""The notes of a tune as it sounds: pitches, onsets and durations, with repeats played.

Near-duplicates are found by these notes, and MIDI files are made from them. Only MIDI files have
the ornaments, too: two tunes that differ in nothing else are the same tune.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from abcgen.errors import NotationError
from abcgen.music.order import played_bars
from abcgen.notation.form import Bar, read_sections
from abcgen.notation.keys import SEMITONES, signature
from abcgen.notation.timing import Event, bar_events
from abcgen.notation.tokens import ALTERATIONS, Pitch
from abcgen.notation.tune import Setting, Tune, read_meter

_MIDDLE_C = 60  # MIDI note number of the pitch written C
_OCTAVE = 12  # semitones
_HIGHEST = 127  # MIDI note number
_LETTERS = "CDEFGAB"  # in the order of an octave
#: A grace note without a length of its own lasts this part of a unit note, as with abc2midi.
GRACE = Fraction(1, 4)


@dataclass(frozen=True, slots=True)
class Ornament:
    """What is played on a note and before it. Times are in whole notes.

    Attributes
    ----------
    kind : str
        As in `abcgen.notation.timing.Event`.
    above, below : int
        MIDI note numbers of the neighbours in the key.
    unit : Fraction
        The unit note length.
    length : Fraction
        The duration of the note without the notes that are tied to it.
    grace : tuple of (int, Fraction)
        MIDI note number and duration of each grace note.
    delay : Fraction
        What the grace notes take of the note; in a group, all notes wait and one has them.
    """

    kind: str
    above: int
    below: int
    unit: Fraction
    length: Fraction
    grace: tuple[tuple[int, Fraction], ...] = ()
    delay: Fraction = Fraction(0)

    @property
    def strikes(self) -> bool:
        """Whether the note is struck, even if it is tied to the one before."""
        return bool(self.delay) or self.kind in ("roll", "trill")


@dataclass(frozen=True, slots=True)
class Note:
    """One note as it sounds.

    Attributes
    ----------
    pitch : int
        MIDI note number, 60 for middle C.
    onset, duration : Fraction
        In whole notes, the onset from the start of the tune.
    ornament : Ornament, optional
        What `abcgen.music.ornaments.play_ornaments` plays on it; the times are without it.
    """

    pitch: int
    onset: Fraction
    duration: Fraction
    ornament: Ornament | None = None


@dataclass(frozen=True, slots=True)
class ChordSymbol:
    """A chord symbol (its text without quotes) and its onset in whole notes."""

    text: str
    onset: Fraction


@dataclass(frozen=True, slots=True)
class Direction:
    """A field that says how to play on from its onset, in whole notes: ``Q`` or ``I``.

    The setting is needed to read it: an old Q: counts unit notes.
    """

    letter: str
    value: str
    onset: Fraction
    setting: Setting


@dataclass(frozen=True, slots=True)
class PlayedBar:
    """A bar as it is played: its onset and duration in whole notes, and its setting."""

    onset: Fraction
    duration: Fraction
    setting: Setting


@dataclass(slots=True)
class Music:
    """A tune as it sounds.

    Attributes
    ----------
    notes : list of Note
        In order of onset, then pitch.
    chords : list of ChordSymbol
        In order of onset.
    bars : list of PlayedBar
        In the order in which they are played.
    duration : Fraction
        In whole notes, including rests at the end.
    directions : list of Direction
        In order of onset. They count for nothing when music is compared.
    """

    notes: list[Note]
    chords: list[ChordSymbol]
    bars: list[PlayedBar]
    duration: Fraction
    directions: list[Direction] = field(default_factory=list, compare=False)


def music_of(tune: Tune, *, ornaments: bool = False) -> Music:
    """Return the music of a tune as `abcgen.music.order` plays its bars, ties joined.

    Parameters
    ----------
    tune : Tune
        The tune as written.
    ornaments : bool
        Whether notes have their `Note.ornament`; a note with grace notes, a roll or a trill is
        then struck again even if it is tied to the one before.

    Raises
    ------
    NotationError
        If the tune holds something that abcgen does not understand; the message is the reason.
    """
    return music_of_bars(played_bars(tune, ornaments=ornaments))


def music_in_written_order(tune: Tune) -> Music:
    """Return the music of a tune with its repeats and endings, whatever P:, D.C. and D.S. say.

    Tunes are compared by it, and it decides their split: the order of parts makes no other tune.

    Raises
    ------
    NotationError
        As `music_of`.
    """
    sections = read_sections(tune)
    return music_of_bars(bar for section in sections for bar in section.played())


def music_of_bars(bars: Iterable[Bar]) -> Music:
    """Return the music of bars, one played after the other, ties joined; see `music_of`."""
    player = _Player()
    for bar in bars:
        player.play(bar)
    player.notes.sort(key=lambda note: (note.onset, note.pitch))
    return Music(player.notes, player.chords, player.bars, player.now, player.directions)


@dataclass(frozen=True, slots=True)
class _Tied:
    """A note whose tie is open: its index, its pitch, and when it ends."""

    index: int
    pitch: int
    end: Fraction


class _Player:
    """Plays bars one after the other and keeps what sounds."""

    def __init__(self) -> None:
        self.now = Fraction(0)
        self.notes: list[Note] = []
        self.chords: list[ChordSymbol] = []
        self.bars: list[PlayedBar] = []
        self.directions: list[Direction] = []
        self.tied: dict[tuple[str, int], _Tied] = {}  # by letter and octave

    def play(self, bar: Bar) -> None:
        begin = self.now
        unit, meter = bar.setting.unit, bar.setting.meter
        key = signature(bar.setting.key)
        altered: dict[tuple[str, int], int] = {}  # accidentals hold until the bar line
        for event in bar_events(bar):
            if event.chord is not None:
                self.chords.append(ChordSymbol(event.chord, self.now))
            if event.field:
                letter, _, value = event.field.partition(":")
                self.directions.append(Direction(letter, value.strip(), self.now, bar.setting))
            # Most events are one note as long as the event; sums of fractions are slow.
            whole = event.length * unit
            for index, (pitch, length, tie) in enumerate(event.pitches):
                duration = whole if length is event.length else length * unit
                ornament = None
                if event.grace or event.ornament:
                    ornament = _ornament(event, index, duration, unit, key, altered)
                self._sound(pitch, duration, tie, key, altered, ornament)
            self.now += whole
            if event.rest_bars:
                self.now += event.rest_bars * read_meter(meter)
        self.bars.append(PlayedBar(begin, self.now - begin, bar.setting))

    def _sound(
        self,
        pitch: Pitch,
        duration: Fraction,
        tie: bool,
        key: dict[str, int],
        altered: dict[tuple[str, int], int],
        ornament: Ornament | None,
    ) -> None:
        place = letter, octave = pitch.place
        natural = _natural(letter, octave)
        waiting = self.tied.pop(place, None)
        if waiting is not None and waiting.end != self.now:
            waiting = None
        if pitch.accidental:
            altered[place] = ALTERATIONS[pitch.accidental]
            number = natural + altered[place]
        elif waiting is not None:
            number = waiting.pitch  # a tie keeps the accidental across a bar line
        else:
            number = natural + altered.get(place, key.get(letter, 0))
        if not 0 <= number <= _HIGHEST:
            raise NotationError(f"the note {pitch} is outside of what MIDI can play")
        struck = ornament is not None and ornament.strikes
        if waiting is not None and waiting.pitch == number and not struck:
            index = waiting.index
            first = self.notes[index]
            longer = first.duration + duration
            self.notes[index] = Note(number, first.onset, longer, first.ornament)
        else:
            index = len(self.notes)
            self.notes.append(Note(number, self.now, duration, ornament))
        if tie:
            self.tied[place] = _Tied(index, number, self.now + duration)


def _natural(letter: str, octave: int) -> int:
    """Return the MIDI note number of a letter without accidental."""
    return _MIDDLE_C + SEMITONES[letter] + _OCTAVE * octave


def _ornament(
    event: Event,
    index: int,
    length: Fraction,
    unit: Fraction,
    key: dict[str, int],
    altered: dict[tuple[str, int], int],
) -> Ornament:
    """Return the ornament of an event's note with this index; the first has the grace notes."""
    single = len(event.pitches) == 1
    kind = event.ornament if single or event.ornament == "staccato" else ""
    letter, octave = event.pitches[index][0].place
    above, below = (_step(letter, octave, step, key) for step in (1, -1))
    grace = []
    for pitch, own, _ in event.grace:
        letter, octave = place = pitch.place
        # Its accidental is for itself alone: the melody is the same with it and without.
        alteration = altered.get(place, key.get(letter, 0))
        if pitch.accidental:
            alteration = ALTERATIONS[pitch.accidental]
        number = min(max(_natural(letter, octave) + alteration, 0), _HIGHEST)
        grace.append((number, own * GRACE * unit))
    delay = sum((own for _, own in grace), Fraction(0))
    return Ornament(kind, above, below, unit, length, () if index else tuple(grace), delay)


def _step(letter: str, octave: int, step: int, key: dict[str, int]) -> int:
    """Return the MIDI note number of the neighbour in the key, a step of 1 up or -1 down."""
    octaves, place = divmod(_LETTERS.index(letter) + step, len(_LETTERS))
    neighbour = _LETTERS[place]
    number = _natural(neighbour, octave + octaves) + key.get(neighbour, 0)
    return min(max(number, 0), _HIGHEST)
