"""The drawing loop of melodies over chords: what is given is read, the rest is drawn."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from abcgen.errors import VocabularyError
from abcgen.generation.improvise.closeness import Closeness, beat_in, next_onset
from abcgen.generation.improvise.script import Script, script_of
from abcgen.generation.loop import state_behind
from abcgen.generation.noise import Noise
from abcgen.generation.prime import Prime, enter
from abcgen.generation.sampler import Sampler
from abcgen.generation.titled import mask_of
from abcgen.grammar.bar import Accidental
from abcgen.grammar.form import Form
from abcgen.grammar.parts import Part, begin_part, may_begin_part
from abcgen.grammar.wishes import Wishes
from abcgen.model.engine import Engine
from abcgen.model.vocabulary import END_OF_TUNE
from abcgen.notation.chart import Chart
from abcgen.notation.keys import SEMITONES

_LINE_END = "\n"
#: What is taken from the logit of a note that would be that of the chorus before, in nats, as long
#: as its bar begins in the same way; the more, the more bars before it are the same.
_AGAINST_COPIES = 1.0


@dataclass(frozen=True)
class AtHome:
    """What the network is to write.

    Attributes
    ----------
    chart : Chart
        The chords as they are written in the end, and their places.
    symbols : tuple of str
        What the network reads for each of them.
    semitones : int
        How far above the chart it writes.
    wishes : Wishes
        What is asked of the header; key and metre are named.
    close : float
        What is added to the logits of the notes of a chord on beats, in nats.
    choruses : int
        How many times the chart goes through the same chords.
    pickup : Fraction
        What each section begins with, in whole notes.
    """

    chart: Chart
    symbols: tuple[str, ...]
    semitones: int
    wishes: Wishes
    close: float
    choruses: int = 1
    pickup: Fraction = Fraction(0)


@dataclass
class _Stream:
    """What one stream is doing.

    Attributes
    ----------
    tune : int
        Which of the tunes it draws.
    script : Script or None
        What the tune is made of; None in its header.
    at : int
        Where in the script it is.
    drawing : bool
        Whether it draws a part of a bar.
    text : list of int
        The characters behind the prime.
    parts : list of str
        The parts of bars that are drawn, the last of them so far; empty before any.
    chorus : int
        How many parts a chorus has.
    copied : int
        How many parts in a row are the same as in the chorus before.
    """

    tune: int
    script: Script | None = None
    at: int = 0
    drawing: bool = False
    text: list[int] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    chorus: int = 0
    copied: int = 0

    def begin_part(self) -> None:
        """Begin to draw a part of a bar."""
        self.drawing = True
        self.parts.append("")

    def end_part(self) -> None:
        """End it."""
        self.drawing = False
        self.at += 2  # the part, and the character that ends it
        self.copied = self.copied + 1 if self.before() == self.parts[-1] else 0

    def before(self) -> str | None:
        """Return what the chorus before has in place of this part, if there is one."""
        return self.parts[-1 - self.chorus] if len(self.parts) > self.chorus else None

    @property
    def following(self) -> str | tuple[Part, int]:
        """What comes next: a character, or a part of a bar and the chord over it; or nothing."""
        return self.script[self.at] if self.script and self.at < len(self.script) else ""


def draw_at_home(
    engine: Engine, asked: AtHome, sampler: Sampler, seed: int, tunes: Sequence[tuple[int, int]]
) -> list[str]:
    """Return tunes in the key in which the network writes, from ``X:1`` to their blank lines.

    Parameters
    ----------
    engine : Engine
        As many streams as there are tunes.
    asked : AtHome
        What the network is to write.
    sampler : Sampler
        How notes are drawn.
    seed : int
        Seeds the random noise.
    tunes : sequence of (int, int)
        The number of each tune and the attempt that this is. They decide its noise: which others
        are drawn beside it makes no difference.

    Raises
    ------
    UsageError, VocabularyError
        If a chord stands where none can, or the network cannot write chords.
    """
    return _Loop(engine, asked, sampler, seed, tunes).run()


class _Loop:
    """The state of `draw_at_home`; N streams, V characters."""

    def __init__(
        self,
        engine: Engine,
        asked: AtHome,
        sampler: Sampler,
        seed: int,
        tunes: Sequence[tuple[int, int]],
    ) -> None:
        self._engine, self._asked, self._sampler = engine, asked, sampler
        self._vocabulary = vocabulary = engine.vocabulary
        self._prime, place = enter(vocabulary, asked.wishes, Prime())
        given = vocabulary.encode(self._prime).tolist()
        line_end = int(vocabulary.encode(END_OF_TUNE)[0])
        state = state_behind(engine, [line_end, *given[:-1]])
        self._mask = mask_of(engine, place, len(tunes))
        self._noise = Noise(len(tunes), len(vocabulary), sampler.temperature)
        for stream, (number, attempt) in enumerate(tunes):
            engine.restore(stream, state)
            self._noise.begin(stream, seed, number, attempt)
        self._last = np.full(len(tunes), given[-1], np.int64)  # (N,)
        self._streams = [_Stream(tune) for tune in range(len(tunes))]
        self._texts = [""] * len(tunes)
        self._scripts: dict[Form, Script] = {}
        self._closeness = Closeness(
            vocabulary,
            asked.wishes.key,
            asked.chart.chords(),
            asked.semitones,
            asked.close,
        )
        self._beat = beat_in(asked.wishes.meter)

    def run(self) -> list[str]:
        """Draw until all tunes have ended."""
        while self._streams:
            logits = self._engine.step(self._last)  # (N, V)
            if self._asked.close:
                self._favour_chords(logits)
            if self._asked.choruses > 1:
                self._discourage_copies(logits)
            logits += self._mask.forbidden()
            chosen = self._sampler.scores(logits, self._noise.next()).argmax(axis=1)  # (N,)
            before = chosen.copy()
            for stream, one in enumerate(self._streams):
                if not one.drawing and one.script:
                    chosen[stream] = self._read(one.following, logits[stream])
            if (chosen != before).any() and self._mask.refused(chosen):
                raise VocabularyError(
                    "the network cannot write these chords: choose a checkpoint that has learned "
                    "chord symbols"
                )
            self._mask.advance(chosen)
            self._last = chosen
            for stream, index in enumerate(chosen.tolist()):
                self._go_on(stream, index)
            self._drop_ended()
        return self._texts

    def _read(self, given: str | tuple[Part, int], logits: NDArray[np.float32]) -> int:
        """Return the character to read: what is given, or a line end where the line is full."""
        index = self._vocabulary.char2idx
        if not isinstance(given, str) or np.isneginf(logits[index.get(given, 0)]):
            given = _LINE_END
        return index.get(given, 0)

    def _favour_chords(self, logits: NDArray[np.float32]) -> None:
        """Add what speaks for the notes of the chord to logits, (N, V), on beats."""
        for stream, one in enumerate(self._streams):
            if not one.drawing:
                continue
            assert not isinstance(one.following, str)
            part, chord = one.following
            place = self._mask.place(stream)
            left = next_onset(place.local)
            if chord < 0 or left is None or left <= part.until:
                continue
            assert place.form is not None
            if (place.form.full() - left) % (self._beat * place.form.eighth()) == 0:
                sign = place.local.text if isinstance(place.local, Accidental) else ""
                if len(sign) < 2:
                    logits[stream] += self._closeness.for_chord(chord, sign)

    def _discourage_copies(self, logits: NDArray[np.float32]) -> None:
        """Take from logits, (N, V), what would make a bar that of the chorus before."""
        for stream, one in enumerate(self._streams):
            before = one.before() if one.drawing else None
            if before is None or not before.startswith(one.parts[-1]):
                continue
            following = before[len(one.parts[-1]) :][:1]
            if following.upper() in SEMITONES:
                index = self._vocabulary.char2idx[following]
                logits[stream, index] -= _AGAINST_COPIES * (1 + one.copied)

    def _go_on(self, stream: int, index: int) -> None:
        """Note that a stream has read or drawn a character, and begin what follows."""
        one, character = self._streams[stream], self._vocabulary.idx2char[index]
        one.text.append(index)
        if one.script is None:
            form = self._mask.place(stream).form if character == _LINE_END else None
            if form is not None:
                one.script = self._script(form)
                parts = sum(not isinstance(item, str) for item in one.script)
                one.chorus = parts // self._asked.choruses
        elif one.drawing:
            if character not in '"|:':
                one.parts[-1] += character
                return
            one.end_part()
        elif character == one.following:
            one.at += 1
        if not isinstance(one.following, str):
            place = self._mask.place(stream)
            if may_begin_part(place):
                one.begin_part()
                self._mask.put(stream, begin_part(place, one.following[0]))

    def _script(self, form: Form) -> Script:
        if form not in self._scripts:
            asked = self._asked
            self._scripts[form] = script_of(asked.chart, form, asked.symbols, asked.pickup)
        return self._scripts[form]

    def _drop_ended(self) -> None:
        """Keep the text of tunes that have ended, and go on with the other streams."""
        going = []
        for stream, one in enumerate(self._streams):
            if one.script is not None and one.at == len(one.script):
                self._texts[one.tune] = self._prime + self._vocabulary.decode(one.text)
            else:
                going.append(stream)
        if len(going) < len(self._streams):
            self._streams = [self._streams[stream] for stream in going]
            self._last = self._last[going]
            if going:
                for part in (self._engine, self._noise, self._mask):
                    part.keep(going)
