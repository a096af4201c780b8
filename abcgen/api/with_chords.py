"""Melodies over given chords: methods of `Generator`."""

from numbers import Rational
from typing import TYPE_CHECKING

from abcgen.api.asking import EngineName
from abcgen.api.tune import Tune
from abcgen.errors import UsageError
from abcgen.support import defaults, values

if TYPE_CHECKING:
    from abcgen.model.checkpoint import Checkpoint
    from abcgen.notation.chart import Chart


class WithChords:
    """The methods of `abcgen.Generator` that begin with chords."""

    checkpoint: "Checkpoint"
    _engine_name: EngineName

    def improvise(
        self,
        chords: str | Tune,
        *,
        choruses: int = 1,
        close: float = defaults.CLOSE,
        key: str | None = None,
        meter: str | None = None,
        rhythm: str | None = None,
        title: str | None = None,
        pickup: str | Rational | None = None,
        style: str | None = None,
        seed: int | None = None,
        temperature: float = defaults.TEMPERATURE_IN_PLACE,
    ) -> Tune:
        """Write a melody over chords, which stand in the tune as they are given.

        Parameters
        ----------
        chords : str or Tune
            A chart such as ``"|: G | C D7 | Em | % :|"``, or a tune with chord symbols. Chords may
            be written in any of the usual ways; one that ABC players do not know is written as the
            nearest that they do.
        choruses : int
            How many times to go through them.
        close : float
            How closely the melody keeps to them, 0 to 100; 0 leaves it to the network.
        key, meter, rhythm, title : str, optional
            Without them the key is that of the chords; the metre the chart's, the rhythm's or 4/4.
        pickup : str, int or Fraction, optional
            What each section begins with before its first bar: ``"1/8"``, ``"1/4"``, or ``0`` for
            nothing; without it what is usual in the rhythm.
        style, seed, temperature : str, int, float, optional
            See `Generator.tune`.

        Raises
        ------
        NotationError
            If something is no chord; the message names it and its place.
        UsageError
            If there are too many chords in a bar, or the metre has no accompaniment.
        """
        from abcgen.generation.improvise.command import melodies
        from abcgen.generation.improvise.improvisation import improvisation
        from abcgen.generation.sampler import Sampler

        asked = improvisation(
            _chart(chords),
            seed=self._seed(seed),
            choruses=choruses,
            key=key,
            meter=meter,
            rhythm=rhythm,
            title=title,
            style=style,
            sampler=Sampler(temperature),
            close=close,
            pickup=pickup,
        )
        return Tune(next(melodies(self.checkpoint, asked, [1])))

    def _seed(self, seed: int | None) -> int:
        """Return a seed, a random one unless given; raise what keeps a melody from being drawn."""
        from abcgen.generation.build_request import seed_of

        if self._engine_name != defaults.ENGINE:
            raise UsageError(f"melodies are improvised by the engine {defaults.ENGINE} alone")
        return seed_of(seed)


def _chart(chords: str | Tune) -> "Chart":
    """Return the chart that is meant."""
    from abcgen.notation.chart import read_chart
    from abcgen.notation.chart_sources import chart_of_tune

    if isinstance(chords, Tune):
        return chart_of_tune(chords._read)
    return read_chart(values.text("chords", chords, "G | C D7 | G"))
