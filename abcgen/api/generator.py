"""New tunes from a network that stays loaded."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Self, Unpack

from abcgen.api.asking import EngineName, TuneOptions, check_keywords, request_of
from abcgen.api.books import several, text_of
from abcgen.api.redrawing import Redrawing
from abcgen.api.tune import Tune
from abcgen.api.with_chords import WithChords
from abcgen.errors import CorpusError, UsageError
from abcgen.support import defaults, values

if TYPE_CHECKING:
    from abcgen.generation.request import Request
    from abcgen.melodies.index import NoveltyIndex
    from abcgen.melodies.match import Match
    from abcgen.model.checkpoint import Checkpoint
    from abcgen.model.engine import Engine

#: Tunes that are drawn side by side where nobody says how many there will be.
_STREAMS = 8


class Generator(Redrawing, WithChords):
    """Makes tunes. Its network is loaded once and kept; `abcgen.load` makes one.

    Attributes
    ----------
    checkpoint : Checkpoint
        The network, with what it was trained on.
    name : str
        The checkpoint's name.
    version : int
        Which of the checkpoints of that name it is.
    styles : tuple of str
        The styles that tunes may be asked for in; none for most networks.

    Notes
    -----
    The same seed, number and wishes give the same tune, however many are drawn side by side or by
    several processes. On another kind of processor a tune may differ. A generator may be used by
    several threads, and while tunes of it are still being iterated over.
    """

    def __init__(self, checkpoint: "Checkpoint", engine: EngineName = defaults.ENGINE) -> None:
        from abcgen.model.checkpoint import Checkpoint

        if not isinstance(checkpoint, Checkpoint):
            raise UsageError(
                f"expected a checkpoint, found {values.shown(checkpoint)}; abcgen.load makes a "
                "generator of a name or a folder"
            )
        self.checkpoint = checkpoint
        self.name, self.version = checkpoint.path.resolve().name, checkpoint.version
        self.styles = checkpoint.vocabulary.styles
        self._engine_name = engine
        self._idle: list[Engine] = []
        self._idle_parallel: list[Engine] = []
        with self._engine():  # so that it is loaded now, and what is wrong is said now
            pass

    def __repr__(self) -> str:
        return f"<Generator {self.name} {self.version}>"

    def tune(
        self,
        *,
        seed: int | None = None,
        key: str | None = None,
        meter: str | None = None,
        rhythm: str | None = None,
        form: str | int | Sequence[int] | None = None,
        chords: bool | None = None,
        title: str | None = None,
        style: str | None = None,
        prime: str | None = None,
        novel: bool | int = False,
        critic: bool = True,
        best_of: int = 1,
        temperature: float = defaults.TEMPERATURE,
        top_k: int = defaults.TOP_K,
        top_p: float = defaults.TOP_P,
    ) -> Tune:
        """Make one tune; what is not given is free.

        Parameters
        ----------
        seed : int, optional
            0 or more; a random one unless given. ``tune.request.seed`` says which it was.
        key, meter, rhythm, title, style, form : str, optional
            ``Edor``, ``6/8``, ``jig``, plain letters, one of `styles`; the bars of each section:
            ``"8,8"``, ``(8, 8)``, or ``8`` for a single one.
        chords : bool, optional
            With chord symbols, or without.
        prime : str, optional
            What the tune begins with: a header in the order T R M L K, and an opening.
        novel : bool or int
            Draw again what shares more notes in a row with the corpus; True: than people's do.
        critic, best_of : bool, int
            Draw again what the critic finds least like people's; or keep the best of so many.
        temperature, top_k, top_p : float, int, float
            See `abcgen.generation.sampler.Sampler`.

        Raises
        ------
        AbcgenError
            What was expected, what was found and what to do.
        """
        asked = TuneOptions(
            seed=seed,
            key=key,
            meter=meter,
            rhythm=rhythm,
            form=form,
            chords=chords,
            title=title,
            style=style,
            prime=prime,
            critic=critic,
            temperature=temperature,
            top_k=top_k,
            top_p=top_p,
        )
        return next(self._draw(self._request(asked, novel=novel, best_of=best_of), range(1, 2), 1))

    def tunes(
        self,
        count: int | None = None,
        *,
        first: int = 1,
        jobs: int = 1,
        novel: bool | int = False,
        best_of: int = 1,
        **options: Unpack[TuneOptions],
    ) -> Iterator[Tune]:
        """Make many tunes, those of the book that ``abcgen sample`` writes with the same seed.

        Parameters
        ----------
        count : int, optional
            How many; without it they go on without end.
        first : int
            The number of the first one in the whole book.
        jobs : int
            Processes that share the work; only with `count`. The tunes are the same.
        novel, best_of : bool or int, int
            As in `tune`.
        **options
            The other keywords of `tune`.

        Yields
        ------
        Tune
            As soon as it is made, numbered from ``X:first``.

        Raises
        ------
        AbcgenError
            As in `tune`. What is wrong with the keywords is raised at once, not when the first
            tune is taken.
        """
        check_keywords("Generator.tunes", options)
        if count is not None:
            count = values.count("count", count, 0)
        first = values.count("first", first, 1)
        jobs = values.count("jobs", jobs, 1)
        if count is None and jobs > 1:
            raise UsageError("jobs share a number of tunes: give count as well")
        last = sys.maxsize if count is None else first + count
        request = self._request(options, novel=novel, best_of=best_of)
        return self._draw(request, range(first, last), jobs)

    def characters(self, *, raw: bool = False, **options: Unpack[TuneOptions]) -> Iterator[str]:
        """Yield the characters of tunes without end, each as soon as its tune is drawn.

        Parameters
        ----------
        raw : bool
            Let the network draw any character, valid or not. Then nothing may be asked for.
        **options
            The keywords of `tune`, without `novel`.

        Yields
        ------
        str
            One character. A blank line ends a tune, and each begins ``X:1``.

        Raises
        ------
        AbcgenError
            As in `tune`, at once.
        """
        check_keywords("Generator.characters", options)
        return self._characters(self._request(options, raw=raw))

    def again(self, tune: Tune | str, base: Tune | str | None = None) -> Tune:
        """Make a tune again from its N: line.

        Parameters
        ----------
        tune : Tune or str
            A tune that abcgen made.
        base : Tune or str, optional
            The tune that it was made from, if some bars of it were rewritten.

        Raises
        ------
        CorpusError
            If it does not say how it was made, or was not made from `base`.
        CheckpointError
            If another checkpoint made it.
        """
        from abcgen.generation.book import remake
        from abcgen.generation.improvise.command import melody_again
        from abcgen.generation.improvise.remark import read_improvise_remark
        from abcgen.generation.redraw.remark import read_redraw_remark
        from abcgen.generation.remark import REMARK, read_remark

        text = text_of(tune)
        if base is not None:
            return self._redrawn_again(text, text_of(base))
        melody = read_improvise_remark(text)
        if melody is not None:
            return Tune(melody_again(self.checkpoint, text, melody))
        made = read_remark(text)
        if made is None and read_redraw_remark(text):
            raise CorpusError(
                "bars of the tune were rewritten: give `base`, the tune that they were rewritten in"
            )
        if made is None:
            raise CorpusError(f"the tune does not say how it was made: it has no {REMARK!r} line")
        with self._that_made(made.request.checkpoint)._engine() as engine:
            return Tune(remake(engine, made))

    def bits(self, tunes: Iterable[Tune | str] | Tune | str, *, style: str = "") -> float:
        """Return how many bits a character the network needs for tunes: the fewer, the likelier.

        Parameters
        ----------
        tunes : iterable of Tune or str
            Each is judged on its own in canonical spelling, the blank line behind it included.
        style : str
            The style in which a network that has styles reads them.

        Raises
        ------
        NotationError
            If one has no canonical spelling.
        UsageError
            If there is none, or the network has no such style.
        """
        from abcgen.evaluation.likelihood.int8_network import Int8Network
        from abcgen.evaluation.likelihood.text_model import characters_of
        from abcgen.grammar.spelling import canonical
        from abcgen.notation.tune import read_tune

        spelled = [canonical(read_tune(text_of(tune))) for tune in several(tunes)]
        if not spelled:
            raise UsageError("expected at least one tune to judge, found none")
        return Int8Network(self.checkpoint, style).score(spelled).bits / characters_of(spelled)

    def spell(self, tune: Tune | str) -> Tune:
        """Return a tune as networks read it that learn from this one: in canonical spelling.

        The spelling has editions, and it is the one that this network learned.

        Raises
        ------
        NotationError
            If it has none.
        """
        from abcgen.grammar.spelling import canonical
        from abcgen.notation.tune import read_tune

        return Tune(canonical(read_tune(text_of(tune)), edition=self.checkpoint.vocabulary.edition))

    def nearest(self, tune: Tune | str) -> "Match | None":
        """Return the tune of the network's corpus that shares the longest run of notes with one.

        None if there is no run worth a name.

        Raises
        ------
        NotationError
            If the tune cannot be read.
        """
        return self._index.nearest(text_of(tune))

    @cached_property
    def _index(self) -> "NoveltyIndex":
        from abcgen.melodies.index import NoveltyIndex

        return NoveltyIndex.load(self.checkpoint.novelty_file)

    def _that_made(self, label: str) -> Self:
        """Return the generator that made a tune: this one, or this one as it was before plans."""
        checkpoint = self.checkpoint.that_made(label, "the tune")
        return self if checkpoint is self.checkpoint else type(self)(checkpoint, self._engine_name)

    @contextmanager
    def _engine(self) -> "Iterator[Engine]":
        """Give an engine of one stream that nobody else uses meanwhile."""
        from abcgen.generation.jobs import engine_of

        try:
            engine = self._idle.pop()
        except IndexError:
            engine = engine_of(self._engine_name, self.checkpoint, 1)
        try:
            yield engine
        finally:
            self._idle.append(engine)

    def _request(
        self,
        options: TuneOptions,
        *,
        novel: bool | int = False,
        best_of: int = 1,
        raw: bool = False,
    ) -> "Request":
        """Return the request that keywords make, or raise what is wrong with their values."""
        name = self._engine_name
        return request_of(self.checkpoint, name, options, novel=novel, best_of=best_of, raw=raw)

    def _draw(self, request: "Request", numbers: range, jobs: int) -> Iterator[Tune]:
        """Yield the tunes of a request."""
        from abcgen.generation.jobs import drawing, engine_of, streams_of

        if not numbers:
            return
        if jobs > 1:
            with drawing(self.checkpoint, request, numbers, jobs=min(jobs, len(numbers))) as drawn:
                yield from (Tune(tune.text.lstrip("\n")) for tune in drawn)
        elif len(numbers) == 1 == request.best_of:
            with self._engine() as engine:
                yield from self._tunes(engine, request, numbers)
        else:
            endless = numbers.stop == sys.maxsize
            streams = _STREAMS if endless else streams_of(request, len(numbers))
            engine = engine_of(self._engine_name, self.checkpoint, streams)
            yield from self._tunes(engine, request, numbers)

    def _tunes(self, engine: "Engine", request: "Request", numbers: range) -> Iterator[Tune]:
        """Yield the tunes of a request by one engine."""
        from abcgen.generation.jobs import draw_book

        for tune in draw_book(engine, self.checkpoint, request, numbers):
            yield Tune(tune.text.lstrip("\n"))

    def _characters(self, request: "Request") -> Iterator[str]:
        """Yield the characters of the tunes of a request, without end."""
        from abcgen.generation.best import critic_of, draw_best
        from abcgen.generation.loop import ALL_NUMBERS

        critic = critic_of(self.checkpoint, request)
        with self._engine() as engine:
            for tune in draw_best(engine, request, ALL_NUMBERS, critic):
                yield from tune.text
