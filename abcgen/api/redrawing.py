"""Bars of a given tune rewritten: methods of `Generator`."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, TypedDict, Unpack

from abcgen.api.asking import EngineName
from abcgen.api.books import text_of
from abcgen.api.tune import Tune
from abcgen.errors import CorpusError, UsageError
from abcgen.support import defaults, values

if TYPE_CHECKING:
    from abcgen.generation.redraw.again import Network
    from abcgen.generation.redraw.bars import BarredTune
    from abcgen.generation.redraw.drawing import Drawing
    from abcgen.generation.redraw.readings import Readings
    from abcgen.generation.redraw.selection import Numbers
    from abcgen.model.checkpoint import Checkpoint
    from abcgen.model.engine import Engine

#: Told how much is done, 0 to 1.
Heed = Callable[[float], None]


class ChangeOptions(TypedDict, total=False):
    """Keywords that several methods of `Redrawing` take."""

    alternatives: int
    seed: int | None
    temperature: float
    heed: Heed | None


class Redrawing:
    """The methods of `abcgen.Generator` that begin with a tune.

    Bars are counted over all sections, endings too, from 1; a pickup is bar 0. They may be given as
    numbers or as text such as ``"5,6"`` or ``"1-4"``. All results are in canonical spelling, and
    the other bars are as they were.
    """

    checkpoint: "Checkpoint"
    _engine_name: EngineName
    _idle_parallel: "list[Engine]"

    def _engine(self) -> "AbstractContextManager[Engine]":
        """Give an engine of one stream that nobody else uses meanwhile."""
        raise NotImplementedError

    def _that_made(self, label: str) -> "Redrawing":
        """Return the generator that made a tune: this one, or this one as it was before plans."""
        raise NotImplementedError

    def redraw(
        self,
        tune: Tune | str,
        bars: "Numbers | None" = None,
        *,
        keep: "Numbers | None" = None,
        alternatives: int = 1,
        seed: int | None = None,
        temperature: float = defaults.TEMPERATURE_IN_PLACE,
        streams: int = 0,
        behind: int | None = None,
        sift: int = 0,
        heed: Heed | None = None,
    ) -> list[Tune]:
        """Rewrite some bars of a tune, so that they fit in between the others.

        Parameters
        ----------
        tune : Tune or str
            Any tune that has a canonical spelling. For a network with styles it names one of them
            in a line G: before its title.
        bars : int, iterable of int or str, optional
            The bars to rewrite; without them, all but those to `keep`.
        keep : int, iterable of int or str, optional
            Bars that stay as they are.
        alternatives : int
            How many different tunes.
        seed : int, optional
            The same seed gives the same tunes; a random one unless given.
        temperature : float
            Below 1 tamer, above 1 wilder.
        streams : int
            How many times the bars are drawn, to choose among; 0 for 64 times a single bar, and
            128 times more.
        behind : int, optional
            How many bars behind the last new one say how well it fits in; 8 unless given.
        sift : int
            To be quicker: behind each of these bars but the last, only the half of what was drawn
            goes on that fits in better so far, but at least so many; with 0 all go on.
        heed : callable, optional
            Told how much of the drawing is done, 0 to 1; what it raises ends the work.

        Returns
        -------
        list of Tune
            The likeliest to fit in, by chance, foremost. There are fewer than `alternatives` if
            the network wrote no others.

        Raises
        ------
        AbcgenError
            A subclass says what was expected, what was found and what to do.
        """
        from abcgen.generation.redraw.selection import named

        with self._network(heed) as network:
            read = self._readings.of(text_of(tune))
            new = named(read, bars, keep)
            asked = _drawing(new, seed, temperature, streams=streams, behind=behind, sift=sift)
            return _first(network, read, asked, alternatives)

    def vary(
        self,
        tune: Tune | str,
        bars: "Numbers | None" = None,
        *,
        strictness: float = defaults.STRICTNESS,
        alternatives: int = 1,
        seed: int | None = None,
        temperature: float = defaults.TEMPERATURE_IN_PLACE,
        heed: Heed | None = None,
    ) -> list[Tune]:
        """Write variations of a tune: some bars rewritten, with few changes on beats.

        Parameters
        ----------
        tune, alternatives, seed, temperature, heed
            As in `redraw`.
        bars : int, iterable of int or str, optional
            The bars that vary; one in eight, by chance, unless given.
        strictness : float
            The higher, the fewer notes on beats change.
        """
        from abcgen.generation.redraw.selection import named, one_in_eight

        strictness = values.number("strictness", strictness)  # without one, nothing is kept
        with self._network(heed) as network:
            read = self._readings.of(text_of(tune))
            drawing = _drawing(frozenset(), seed, temperature)
            varied = one_in_eight(read, drawing.seed) if bars is None else named(read, bars, None)
            drawing = _drawing(varied, drawing.seed, temperature, strictness=strictness)
            return _first(network, read, drawing, alternatives)

    def simplify(
        self, tune: Tune | str, bars: "Numbers", **options: Unpack[ChangeOptions]
    ) -> list[Tune]:
        """Write bars with fewer notes, and those on beats as they are, if the network can.

        Parameters
        ----------
        tune, bars
            As in `redraw`.
        **options
            ``alternatives``, ``seed``, ``temperature`` and ``heed`` of `redraw`.
        """
        from abcgen.generation.redraw.drawing import SIMPLER

        values.known_only("Generator.simplify", options, ChangeOptions.__annotations__)
        return self._thinned(tune, bars, SIMPLER, **options)

    def ornament(
        self, tune: Tune | str, bars: "Numbers", **options: Unpack[ChangeOptions]
    ) -> list[Tune]:
        """Write bars with more notes, and those on beats as they are, if the network can.

        Parameters
        ----------
        tune, bars, **options
            As in `simplify`.
        """
        from abcgen.generation.redraw.drawing import RICHER

        values.known_only("Generator.ornament", options, ChangeOptions.__annotations__)
        return self._thinned(tune, bars, RICHER, **options)

    def _thinned(
        self,
        tune: Tune | str,
        bars: "Numbers",
        density: float,
        *,
        alternatives: int = 1,
        seed: int | None = None,
        temperature: float = defaults.TEMPERATURE_IN_PLACE,
        heed: Heed | None = None,
    ) -> list[Tune]:
        """Write bars with more or fewer notes."""
        from abcgen.generation.redraw.drawing import ON_BEATS
        from abcgen.generation.redraw.selection import named

        with self._network(heed) as network:
            read = self._readings.of(text_of(tune))
            changed = named(read, bars, None)
            drawing = _drawing(changed, seed, temperature, strictness=ON_BEATS, density=density)
            return _first(network, read, drawing, alternatives)

    def answer(
        self,
        tune: Tune | str,
        phrase: "Numbers",
        *,
        alternatives: int = 1,
        seed: int | None = None,
        temperature: float = defaults.TEMPERATURE_IN_PLACE,
        heed: Heed | None = None,
    ) -> list[Tune]:
        """Rewrite the bars after a phrase, as an answer to it.

        It has as many bars as the phrase, begins like it and ends on the tonic, if it can.

        Parameters
        ----------
        tune, alternatives, seed, temperature, heed
            As in `redraw`.
        phrase : int, iterable of int or str
            The bars that it answers, without gaps.
        """
        from abcgen.generation.redraw.selection import behind_phrase, read_numbers

        with self._network(heed) as network:
            read, asked = self._readings.of(text_of(tune)), read_numbers(phrase)
            drawing = _drawing(behind_phrase(read, asked), seed, temperature, phrase=asked)
            return _first(network, read, drawing, alternatives)

    def go_on(
        self,
        tune: Tune | str,
        from_bar: int | str,
        *,
        alternatives: int = 1,
        seed: int | None = None,
        temperature: float = defaults.TEMPERATURE_IN_PLACE,
        heed: Heed | None = None,
    ) -> list[Tune]:
        """Go on from a bar of a tune to a new end.

        Parameters
        ----------
        tune, alternatives, seed, temperature, heed
            As in `redraw`.
        from_bar : int or str
            The number of the first bar that is new.
        """
        from abcgen.generation.redraw.again import continued
        from abcgen.generation.redraw.selection import read_number
        from abcgen.generation.sampler import Sampler

        values.function("heed", heed)
        alternatives, first = _count(alternatives), read_number(from_bar)
        with self._network() as network:
            sampler, read = Sampler(temperature), self._readings.of(text_of(tune))
            tunes: list[Tune] = []
            for text in continued(network, read, first, alternatives, seed, sampler):
                tunes.append(Tune(text))
                if heed:
                    heed(len(tunes) / alternatives)
            return tunes

    def bar_bits(self, tune: Tune | str) -> dict[int, float]:
        """Return how many bits the network needs for each bar: the more, the more surprising.

        Raises
        ------
        NotationError
            If the tune has no canonical spelling.
        """
        from abcgen.generation.redraw.bits import bits_of_bars

        with self._network() as network:
            return bits_of_bars(network.reader, self._readings.of(text_of(tune)))

    @cached_property
    def _readings(self) -> "Readings":
        from abcgen.generation.redraw.readings import Readings

        return Readings(self.checkpoint.vocabulary)

    def bar_numbers(self, tune: Tune | str) -> list[int]:
        """Return the number of each bar as it is written, in order.

        Two bars have the same number where the second is the pickup of a section. So the element
        ``m`` and N of `Tune.svg` has the N-th of these numbers, counted from 0.

        Raises
        ------
        NotationError
            If the tune has no canonical spelling.
        """
        return [bar.number for bar in self._readings.of(text_of(tune)).bars]

    def excerpt(self, tune: Tune | str, bars: "Numbers", *, around: int = 1) -> Tune:
        """Return some bars of a tune as a tune of their own, to be looked at.

        Parameters
        ----------
        tune, bars
            As in `redraw`.
        around : int
            How many bars before and behind them come along.
        """
        from abcgen.generation.redraw.excerpt import excerpt
        from abcgen.generation.redraw.selection import read_numbers

        return Tune(excerpt(self._readings.of(text_of(tune)), read_numbers(bars), around))

    def _redrawn_again(self, tune: str, base: str) -> Tune:
        """Make a tune again that was made by rewriting bars of another."""
        from abcgen.generation.redraw.again import redrawn_like
        from abcgen.generation.redraw.remark import REDRAWN, read_redraw_remark
        from abcgen.grammar.style import style_of
        from abcgen.notation.tunebook import label_of, numbered

        made = read_redraw_remark(tune)
        if made is None:
            raise CorpusError(
                f"the tune does not say that bars were rewritten: it has no {REDRAWN!r} line"
            )
        with self._that_made(made.checkpoint)._network() as network:
            bases = [self._readings.of(base, style_of(tune))]
            remade = redrawn_like(network, bases, made)
        return Tune(numbered(remade, int(label_of(tune).number)))

    @contextmanager
    def _network(self, heed: Heed | None = None) -> "Iterator[Network]":
        """Give the network for a moment; its engine of many streams is kept for the next."""
        from abcgen.generation.redraw.again import Network
        from abcgen.model.parallel import ParallelEngine

        values.function("heed", heed)
        if self._engine_name != defaults.ENGINE:
            raise UsageError(f"bars are rewritten by the engine {defaults.ENGINE} alone")
        lent: list[Engine] = []

        def engine_of(streams: int) -> "Engine":
            try:
                engine = self._idle_parallel.pop()
                engine.keep([0] * streams)
            except IndexError:
                engine = ParallelEngine.of(self.checkpoint, streams)
            lent.append(engine)
            return engine

        try:
            with self._engine() as reader:
                yield Network(self.checkpoint, reader, engine_of, heed, self._readings)
        finally:
            self._idle_parallel += lent


def _drawing(
    bars: frozenset[int],
    seed: int | None,
    temperature: float,
    *,
    streams: int = 0,
    behind: int | None = None,
    strictness: float | None = None,
    phrase: frozenset[int] = frozenset(),
    density: float = 0.0,
    sift: int = 0,
) -> "Drawing":
    """Return how to draw, or raise what is wrong with it."""
    from abcgen.generation.build_request import seed_of
    from abcgen.generation.redraw.drawing import BEHIND, Drawing
    from abcgen.generation.sampler import Sampler

    behind = BEHIND if behind is None else behind
    sampler = Sampler(temperature)
    return Drawing(bars, seed_of(seed), sampler, streams, behind, strictness, phrase, density, sift)


def _count(alternatives: int) -> int:
    """Return a number of alternatives; refuse one that makes no sense."""
    return values.count("alternatives", alternatives, 1)


def _first(
    network: "Network", tune: "BarredTune", drawing: "Drawing", alternatives: int
) -> list[Tune]:
    """Return the first alternatives."""
    from abcgen.generation.redraw.again import redrawn

    return list(map(Tune, islice(redrawn(network, tune, drawing), _count(alternatives))))
