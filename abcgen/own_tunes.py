"""A network's own tunes that it may learn from: those that could stand in the book it learns.

Foretelling the next character of people's tunes, a network never sees what its own slips lead to:
a section that has missed its end, where it was due, goes on and on. Of what it writes freely, what
is valid and of a form that people use shows it how to end well from where it gets to by itself.

Some kinds of tunes are easier than others. If they were taken as they come, there would be more of
them in the next choice, and more again in the one after. So each is taken as often as its kind, its
key, and accompaniment ask for, for these to be as frequent as among people's tunes.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from abcgen.draw import Drawn
from abcgen.errors import NotationError
from abcgen.notation.form import read_sections
from abcgen.notation.reasons import complaint
from abcgen.notation.tune import read_tune

#: The bars of each section, and of each of its endings.
_Form = tuple[tuple[int, ...], ...]

#: What is to be as frequent as among people's tunes.
_TRAITS: tuple[Callable[[str], object], ...] = (
    lambda tune: re.findall(r"^[RM]:.*", tune, re.MULTILINE)[:2],
    lambda tune: re.findall(r"^K:.*", tune, re.MULTILINE)[:1],
    lambda tune: '"' in tune,
)
_ROUNDS = 20  # until all of them are
#: A tune that stands for many that fail is not to be learned by heart.
_MOST_TIMES = 4


class OwnTunes:
    """Chooses from what a network wrote.

    Parameters
    ----------
    tunes : sequence of str
        The canonical tunes that it learns from.

    Attributes
    ----------
    learned : int
        How many tunes these are.
    longest : int
        Characters of the longest tune, with the blank line behind it: no longer one is chosen.
    """

    def __init__(self, tunes: Sequence[str]) -> None:
        self._forms = set(map(_form_of, tunes))
        self.learned = len(tunes)
        self.longest = max(map(len, tunes)) + 1
        self._shares = [
            {value: count / len(tunes) for value, count in Counter(values).items()}
            for values in _traits_of(tunes)
        ]

    def fitting(self, drawn: Iterable[Drawn]) -> list[str]:
        """Return those that are valid and of a form that people use, without their blank line."""
        texts = [tune.text.removesuffix("\n") for tune in drawn if tune.whole]
        return [text for text in texts if self._fits(text)]

    def _fits(self, text: str) -> bool:
        try:
            return complaint(text) is None and _form_of(text) in self._forms
        except NotationError:
            return False

    def balanced(self, tunes: Sequence[str], chance: np.random.Generator) -> list[str]:
        """Return each tune as often as it is to be read, none to some times.

        Parameters
        ----------
        tunes : sequence of str
            What is `fitting`.
        chance : numpy.random.Generator
            Rounds up or down.

        Notes
        -----
        Iterative proportional fitting: Deming and Stephan, "On a least squares adjustment of a
        sampled frequency table when the expected marginal totals are known", 1940.
        """
        times = np.ones(len(tunes))
        traits = [np.array(values) for values in _traits_of(tunes)]
        for _ in range(_ROUNDS):
            for values, shares in zip(traits, self._shares, strict=True):
                for value in np.unique(values):
                    of_value = values == value
                    wanted = shares.get(str(value), 0.0) * len(tunes)
                    times[of_value] *= wanted / max(times[of_value].sum(), 1e-9)
                times = np.minimum(times, _MOST_TIMES)
        counts = np.floor(times + chance.random(len(times))).astype(int)
        return [
            tune for tune, count in zip(tunes, counts.tolist(), strict=True) for _ in range(count)
        ]


def _traits_of(tunes: Sequence[str]) -> list[list[str]]:
    """Return for each trait its value in each tune."""
    return [[str(trait(tune)) for tune in tunes] for trait in _TRAITS]


def _form_of(tune: str) -> _Form:
    return tuple(
        (len(section.bars), *map(len, section.endings))
        for section in read_sections(read_tune(tune))
    )
