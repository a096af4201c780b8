"""What accompanies the melody of a tune: its chord symbols, played simply or fully, and a drum.

- `chords`: which chord sounds from when to when;
- `simple`, `gchord`: bass and chords on the beats, or the tune's own ``%%MIDI gchord``;
- `full`, with `grid`, `patterns`, `voicing`, `runs`: what players of sessions do;
- `drums`: a drum;
- `parts`: which instruments play it.
"""

from fractions import Fraction
from functools import partial
from typing import TypedDict

from abcgen.errors import UsageError, near_names
from abcgen.music.accompaniment.chords import spans_of
from abcgen.music.accompaniment.drums import play_drum
from abcgen.music.accompaniment.full import play_fully
from abcgen.music.accompaniment.gchord import read_gchord
from abcgen.music.accompaniment.grid import measures_of, off_beat_of
from abcgen.music.accompaniment.parts import Part, Player, parts_of
from abcgen.music.accompaniment.patterns import rhythm_in
from abcgen.music.accompaniment.simple import play_simply
from abcgen.music.accompaniment.voicing import hand_of
from abcgen.music.directives import read_chords_on, read_player, read_volume, steps_of
from abcgen.music.instruments import program_of
from abcgen.music.sounds import Music
from abcgen.notation.tune import Tune
from abcgen.support import values

#: The ways to accompany.
NONE, SIMPLE, FULL = "none", "simple", "full"
ACCOMPANIMENTS = (NONE, SIMPLE, FULL)
CHORDS_PROGRAM = 24  # nylon guitar, counted from 0: its notes fade by themselves
_STRUMMED_PROGRAM = 25  # steel guitar


class AccompanimentOptions(TypedDict, total=False):
    """The keywords of `accompany` that all that plays a tune takes."""

    accompaniment: str | None
    accompaniment_instrument: str | int | None
    drums: bool | None


def check_accompaniment(
    accompaniment: str | None, accompaniment_instrument: str | int | None
) -> None:
    """Raise unless the options of an accompaniment make sense; see `accompany`.

    Raises
    ------
    UsageError
        If there is no such accompaniment or instrument.
    """
    if accompaniment is not None:
        name = values.text("accompaniment", accompaniment, SIMPLE)
        if name not in ACCOMPANIMENTS:
            raise UsageError(f"no accompaniment {name!r}; {near_names(name, ACCOMPANIMENTS)}")
    if accompaniment_instrument is not None:
        program_of(accompaniment_instrument)


def accompany(
    tune: Tune,
    music: Music,
    *,
    swing: float | None = None,
    accompaniment: str | None = None,
    accompaniment_instrument: str | int | None = None,
    drums: bool | None = None,
) -> list[Part]:
    """Return what accompanies a tune; no part is empty.

    Parameters
    ----------
    tune : Tune
        Its R: says which dance it is. Its ``%%MIDI gchordon``, ``gchordoff``, ``chordprog``,
        ``bassprog``, ``chordvol`` and ``bassvol`` count, and in a simple accompaniment ``gchord``.
    music : Music
        That of the tune, with its swing.
    swing : float, optional
        That of the music.
    accompaniment : {"none", "simple", "full"}, optional
        How the chord symbols are played: not at all; by a soft bass and chords on the beats, as
        without it; or as in a session, see `abcgen.music.accompaniment.full`.
    accompaniment_instrument : str or int, optional
        What plays them, see `abcgen.music.instruments.program_of`; else those of the tune's
        ``%%MIDI chordprog`` and ``bassprog``, or a guitar. In a full accompaniment, keyboards
        play a vamp, and all others strum.
    drums : bool, optional
        Whether a drum plays, too.

    Raises
    ------
    UsageError
        As `check_accompaniment`.
    """
    check_accompaniment(accompaniment, accompaniment_instrument)
    drums = drums is not None and values.flag("drums", drums)
    parts = []
    if accompaniment != NONE:
        full = accompaniment == FULL
        bass, chords = _players(tune, music, accompaniment_instrument, full=full)
        spans = spans_of(music, steps_of(tune, music.directions, read_chords_on, True))
        if full:
            hand = hand_of(chords.programs[0][1][0])
            backing = play_fully(music, spans, tune.field("R") or "", hand, swing)
        else:
            patterns = steps_of(tune, music.directions, read_gchord, None)
            backing = play_simply(music.bars, spans, patterns)
        parts = parts_of(backing, bass, chords)
    if drums and music.notes:
        rhythm, measures = rhythm_in(tune.field("R") or ""), measures_of(music.bars)
        off_beat = off_beat_of(music.notes, measures, rhythm, swing)
        strokes = list(play_drum(measures, rhythm, off_beat, music.notes[-1].onset))
        parts += [Part("Drums", (), strokes)] if strokes else []
    return parts


def _players(
    tune: Tune, music: Music, instrument: str | int | None, *, full: bool
) -> tuple[Player, Player]:
    """Return who plays the bass and who the chords."""
    usual = _STRUMMED_PROGRAM if full else CHORDS_PROGRAM
    players = []
    for name in ("bass", "chord"):
        program = partial(read_player, f"{name}prog")
        programs = steps_of(tune, music.directions, program, (usual, 0))
        if instrument is not None:
            programs = [(Fraction(0), (program_of(instrument), 0))]
        volume = partial(read_volume, f"{name}vol")
        players.append(Player(programs, steps_of(tune, music.directions, volume, None)))
    bass, chords = players
    return bass, chords
