"""Tunes over the chords of a chart, as they stand in a book, and the same made again."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from numbers import Rational

from abcgen.errors import AbcgenError, NotationError, UsageError
from abcgen.generation.improvise.drawing import AtHome, draw_at_home
from abcgen.generation.improvise.home import chord_at_home, home_of, key_of_chords
from abcgen.generation.improvise.pickups import pickup_of
from abcgen.generation.sampler import Sampler
from abcgen.generation.wishes import MOST_BARS, read_wishes
from abcgen.grammar.faults import complaint
from abcgen.grammar.header import CHORD_METERS, METERS
from abcgen.grammar.transposing import interval_between, transpose
from abcgen.grammar.wishes import Wishes
from abcgen.model.engine import Engine
from abcgen.notation.chart import Chart
from abcgen.notation.rhythms import CUSTOMARY_METERS
from abcgen.support import defaults, values

#: Tunes that are drawn side by side.
_BLOCK = 64
#: How often a tune is drawn until its notes have room in the key asked for.
_MOST_ATTEMPTS = 20
_DEFAULT_METER = "4/4"
_CHORD = re.compile(r'"[^"]*"')
#: Stands for a chord symbol while the tune is moved.
_HELD = '""'


@dataclass(frozen=True)
class Improvisation:
    """What melodies are improvised over. With the checkpoint it determines each of them.

    Attributes
    ----------
    chart : Chart
        The chords, all choruses of them.
    wishes : Wishes
        Of the header; key and metre are named.
    seed : int
        Seeds the random noise.
    sampler : Sampler
        Temperature, top-k and top-p.
    close : float
        How closely the melody keeps to the chords: what is added to the logits of their notes on
        beats, in nats.
    choruses : int
        How many times the chart goes through the same chords; each time the melody is to differ.
    pickup : Fraction
        What each section begins with before its first full bar, in whole notes; 0 for nothing.
    """

    chart: Chart
    wishes: Wishes
    seed: int
    sampler: Sampler = field(default_factory=Sampler)
    close: float = defaults.CLOSE
    choruses: int = 1
    pickup: Fraction = Fraction(0)

    def __post_init__(self) -> None:
        object.__setattr__(self, "close", values.number("close", self.close))
        if not 0 <= self.close <= defaults.MOST_CLOSE:
            raise UsageError(f"close must be 0 to {defaults.MOST_CLOSE}, not {self.close}")

    def at_home(self) -> AtHome:
        """Return what the network is to write."""
        home = home_of(self.wishes.key)
        semitones = interval_between(self.wishes.key, home).semitones
        return AtHome(
            self.chart,
            tuple(chord_at_home(chord, semitones) for chord in self.chart.chords()),
            semitones,
            self.wishes._replace(key=home),
            self.close,
            self.choruses,
            self.pickup,
        )


def improvisation(
    chart: Chart,
    *,
    seed: int,
    choruses: int = 1,
    key: str | None = None,
    meter: str | None = None,
    rhythm: str | None = None,
    title: str | None = None,
    style: str | None = None,
    sampler: Sampler | None = None,
    close: float = defaults.CLOSE,
    pickup: str | Rational | None = None,
) -> Improvisation:
    """Return what to improvise over.

    Parameters
    ----------
    chart : Chart
        The chords of one chorus.
    seed, choruses : int
        What seeds the noise; how many times the chords are gone through.
    key, meter, rhythm, title, style : str, optional
        As users write them. Without them the key is that of the chart's source or of its chords,
        and the metre that of the source, the one customary for the rhythm, or 4/4.
    sampler : Sampler, optional
        How notes are drawn.
    close : float
        See `Improvisation`.
    pickup : str or rational number, optional
        See `abcgen.generation.improvise.pickups.pickup_of`.

    Raises
    ------
    UsageError
        If a tune cannot be like that.
    """
    choruses = values.whole("choruses", choruses, 1)
    bars = sum(1 for _ in chart.written()) * choruses
    if bars > MOST_BARS:
        raise UsageError(f"a tune may have at most {MOST_BARS} bars, these chords have {bars}")
    wishes = read_wishes(
        chart.key or key_of_chords(chart) if key is None else key,
        chart.meter or None if meter is None else meter,
        rhythm,
        title,
        style=style,
    )
    if not wishes.meter:
        wishes = wishes._replace(meter=_customary(wishes.rhythm))
    if wishes.meter not in CHORD_METERS:
        known = ", ".join(meter for meter in METERS if meter in CHORD_METERS)
        raise UsageError(
            f"ABC players have no accompaniment for {wishes.meter}: expected one of {known}"
        )
    before = pickup_of(pickup, chart, wishes.meter, wishes.rhythm)
    sampler = sampler or Sampler(defaults.TEMPERATURE_IN_PLACE)
    return Improvisation(chart.times(choruses), wishes, seed, sampler, close, choruses, before)


def _customary(rhythm: str) -> str:
    """Return the metre that a rhythm mostly has."""
    customary = CUSTOMARY_METERS.get(rhythm)
    if not customary or _DEFAULT_METER in customary:
        return "2/4" if rhythm == "polka" else _DEFAULT_METER
    return min(customary, key=list(METERS).index)


def improvised(
    engine_of: Callable[[int], Engine],
    asked: Improvisation,
    numbers: Sequence[int],
) -> Iterator[str]:
    """Yield tunes over chords, in canonical spelling and in the order of their numbers.

    Parameters
    ----------
    engine_of : callable
        Gives an engine of the network with a number of streams.
    asked : Improvisation
        What they are improvised over.
    numbers : sequence of int
        Their numbers, from 1. With what is asked, a number determines its tune.

    Raises
    ------
    AbcgenError
        If the network cannot write them.
    """
    at_home = asked.at_home()
    for begin in range(0, len(numbers), _BLOCK):
        block = list(numbers[begin : begin + _BLOCK])
        done: dict[int, str] = {}
        missing = block
        for attempt in range(1, _MOST_ATTEMPTS + 1):
            tunes = [(number, attempt) for number in missing]
            texts = draw_at_home(engine_of(len(missing)), at_home, asked.sampler, asked.seed, tunes)
            for number, text in zip(missing, texts, strict=True):
                moved = _moved(text, asked)
                if moved is not None:
                    done[number] = moved
            missing = [number for number in block if number not in done]
            if not missing:
                break
        else:
            raise AbcgenError(
                f"in {_MOST_ATTEMPTS} attempts no melody had room in {asked.wishes.key}: choose "
                "another key or seed"
            )
        yield from (done[number] for number in block)


def _moved(text: str, asked: Improvisation) -> str | None:
    """Return a tune in its own key with the chords as they are written, or None if that fails."""
    symbols = iter(asked.chart.chords())
    body = text.rstrip("\n") + "\n"
    try:
        moved = transpose(_CHORD.sub(_HELD, body), asked.wishes.key)
    except NotationError:
        return None
    moved = _CHORD.sub(lambda _: f'"{next(symbols)}"', moved)
    return moved if complaint(moved) is None else None
