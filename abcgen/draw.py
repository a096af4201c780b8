"""Tunes drawn from a network: side by side, each by chance of its own, and put into a book."""

import itertools
import random
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from abcgen.choice import Choice
from abcgen.dataset import END_OF_TUNE
from abcgen.engine import Engine
from abcgen.errors import AbcgenError, UsageError
from abcgen.notation.numbering import numbered
from abcgen.vocabulary import Vocabulary

#: The first line of every tune that a network learns; tunes are numbered when they are written.
_REFERENCE = "X:1\n"
#: Characters after which a tune that has not ended is given up; the longest of O'Neill's has 1,704.
MAX_TUNE = 4096
#: Tunes that came to nothing, one after the other, before sampling is given up.
_MAX_GIVEN_UP = 64


def draw_tunes(
    engine: Engine, vocabulary: Vocabulary, choice: Choice, seed: int, prime: str = _REFERENCE
) -> Iterator[tuple[str, bool]]:
    """Yield tunes without end, in order, each with whether it came to its own end.

    Parameters
    ----------
    engine : Engine
        Samples `engine.num_streams` tunes side by side; which, and how many, changes nothing
        about the text.
    vocabulary : Vocabulary
        The network's.
    choice : Choice
        Temperature, top-k, top-p.
    seed : int
        With a tune's number it decides the tune.
    prime : str
        What every tune begins with, as `read_prime` gives it.

    Yields
    ------
    text : str
        The characters as they were drawn, the prime included; a whole tune ends with a blank
        line, one given up after `MAX_TUNE` characters anywhere.
    whole : bool
        Whether it ended.

    Raises
    ------
    VocabularyError
        If the prime holds a character that the network does not know.
    """
    line_end = int(vocabulary.encode(END_OF_TUNE)[0])
    forced = encode_prime(vocabulary, prime)
    count = engine.num_streams
    # What was chosen at each step, for every stream: a ring, as long as the longest tune.
    history = np.empty((MAX_TUNE, count), np.int32)
    began = [0] * count  # the step at which a stream's tune began
    number = [0] * count
    chance = [random.random] * count
    finished: dict[int, tuple[str, bool]] = {}  # tunes that wait for one before them
    upcoming = itertools.count(1)
    to_yield = 1
    last = np.full(count, line_end, np.int32)
    beginning = list(range(count))
    last_forced = 0  # the step after which no stream is in its prime
    for step in itertools.count():
        for stream in beginning:
            number[stream] = next(upcoming)
            began[stream] = step
            # Python's generator, since numpy's may change its numbers from version to version.
            chance[stream] = random.Random(f"{seed} {number[stream]}").random
            last[stream] = line_end
            engine.reset(stream)
            last_forced = step + len(forced)
        uniforms = np.array([draw() for draw in chance])
        chosen = choice.choose(engine.step(last), uniforms)
        if step < last_forced:
            for stream in range(count):
                if step - began[stream] < len(forced):
                    chosen[stream] = forced[step - began[stream]]
        history[step % MAX_TUNE] = chosen
        ended = (chosen == line_end) & (last == line_end)
        last[:] = chosen
        too_long = step - min(began) + 1 >= MAX_TUNE
        beginning = []
        if not too_long and not ended.any():
            continue
        for stream in range(count):
            length = step - began[stream] + 1
            if not (ended[stream] and length > 1) and length < MAX_TUNE:
                continue
            steps = np.arange(began[stream], step + 1) % MAX_TUNE
            text = vocabulary.decode(history[steps, stream].tolist())
            finished[number[stream]] = (text, bool(ended[stream]))
            beginning.append(stream)
        while to_yield in finished:
            yield finished.pop(to_yield)
            to_yield += 1


def read_prime(text: str) -> str:
    """Return what is given to begin with as the network expects it: from ``X:1`` on.

    Every tune that the network learned begins with this line, so it is given even where
    nothing else is.

    Raises
    ------
    UsageError
        If it goes on past the end of a tune.
    """
    text = text.replace("\r\n", "\n").lstrip("\n")
    if text.endswith("\n\n"):
        text = text.rstrip("\n") + "\n"
    if "\n\n" in text:
        raise UsageError("a prime is the beginning of one tune; this one holds a blank line")
    if len(text) >= MAX_TUNE // 2:
        raise UsageError(f"a prime may hold {MAX_TUNE // 2} characters, this one has {len(text)}")
    if text.startswith("X:"):
        _, _, text = text.partition("\n")
    return _REFERENCE + text


def encode_prime(vocabulary: Vocabulary, prime: str) -> NDArray[np.int32]:
    """Return the indices of what `read_prime` gave.

    Raises
    ------
    VocabularyError
        If the network does not know a character. Its place is counted without the first line,
        which is always there.
    """
    first, rest = prime[: len(_REFERENCE)], prime[len(_REFERENCE) :]
    return np.concatenate([vocabulary.encode(first), vocabulary.encode(rest)])


def tunebook(
    drawn: Iterator[tuple[str, bool]],
    tunes: int | None,
    length: int | None,
    on_unfinished: Callable[[], None] = lambda: None,
) -> Iterator[str]:
    """Yield the parts of a tunebook: whole tunes, numbered from X:1, a blank line between them.

    What a network ended before there was any music is no tune, and left out.

    Parameters
    ----------
    drawn : iterator of (str, bool)
        What `draw_tunes` yields.
    tunes : int, optional
        Stop after so many tunes.
    length : int, optional
        Stop after so many drawn characters. A tune that is unfinished then is left out, unless
        it is the only one.
    on_unfinished : callable
        Called before an unfinished tune is yielded.

    Raises
    ------
    AbcgenError
        If one after the other does not end, or holds no music.
    """
    written = used = given_up = 0
    for text, whole in drawn:
        cut = length is not None and used + len(text) > length
        used += len(text)
        if cut and length is not None and not written:
            on_unfinished()
            yield numbered(text[:length].strip("\n") + "\n", 1)
        if cut:
            return
        tune = whole and _has_music(text)
        given_up = 0 if tune else given_up + 1
        if given_up == _MAX_GIVEN_UP:
            raise AbcgenError(
                f"{given_up} times in a row the network did not end a tune within {MAX_TUNE} "
                f"characters, or ended it without music; try another --temperature, or train longer"
            )
        if tune:
            written += 1
            yield ("\n" if written > 1 else "") + numbered(text.strip("\n") + "\n", written)
        if written == tunes or used == length:
            return


def _has_music(text: str) -> bool:
    _, key, rest = text.partition("\nK:")
    return bool(key and rest.partition("\n")[2].strip())


def raw_text(
    drawn: Iterator[tuple[str, bool]], tunes: int | None, length: int | None
) -> Iterator[str]:
    """Yield exactly the characters drawn: of so many tunes, or so many characters."""
    for text, _ in itertools.islice(drawn, tunes):
        yield text if length is None else text[:length]
        if length is not None:
            length -= len(text)
            if length <= 0:
                return
