"""Choose which of a network's own tunes it learns from: those that could be in its corpus.

While it learns to predict the next character of people's tunes, a network never sees what its own
mistakes lead to: a section that misses its end goes on and on. Those of its tunes that are valid
and have a form that people use show it how to end well from where its own choices lead.

Some kinds of tunes are easier to write than others, and steps are easier than leaps. If all such
tunes were used, the next ones would contain even more of the easy kinds, and so on. So each tune is
read as often as makes kinds, keys, accompaniments, lengths and notes as frequent as in the corpus.
"""

import re
from collections.abc import Callable, Hashable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from abcgen.errors import NotationError
from abcgen.generation.loop import DrawnTune
from abcgen.grammar.faults import complaint
from abcgen.grammar.style import style_of
from abcgen.melodies.features import count_features
from abcgen.notation.form import read_sections
from abcgen.notation.tune import read_tune

#: The bars of each section, and of each of its endings.
_Form = tuple[tuple[int, ...], ...]

_Counts = NDArray[np.float64]

#: The traits that should be as frequent as in the corpus, besides the features of the notes.
_TRAITS: tuple[Callable[[str], Hashable], ...] = (
    lambda tune: (style_of(tune), *re.findall(r"^[RM]:.*", tune, re.MULTILINE)[:2]),
    lambda tune: re.findall(r"^K:.*", tune, re.MULTILINE)[0],
    lambda tune: '"' in tune,
    lambda tune: sum(map(sum, _form_of(tune))) // _BARS_OF_A_PART,
)
_BARS_OF_A_PART = 8
_ROUNDS = 1000  # of scaling
_NEVER = 1e-6  # count of what does not occur, so that it has a logarithm
#: A tune of a kind that mostly fails must not be read so often that it is learned by heart.
_MOST_TIMES = 6


class OwnTunes:
    """Chooses among the tunes that a network wrote.

    Parameters
    ----------
    tunes : sequence of str
        The canonical tunes of the corpus.
    times : sequence of float, optional
        How often each is read in an epoch; once by default.

    Attributes
    ----------
    learned : int
        The number of these tunes.
    longest : int
        Characters of the longest tune, with the blank line that ends it; no longer one is chosen.
    """

    def __init__(self, tunes: Sequence[str], times: Sequence[float] = ()) -> None:
        self._forms = set(map(_form_of, tunes))
        self.learned = len(tunes)
        self.longest = max(map(len, tunes)) + 1
        self._known = [list(dict.fromkeys(map(trait, tunes))) for trait in _TRAITS]
        weights = np.array(times or [1.0] * len(tunes))
        found = [weights @ counts for counts in self._counts_of(tunes)]
        self._shares = [counts / counts.sum() for counts in found]

    def fitting(self, drawn: Iterable[DrawnTune]) -> list[str]:
        """Return the valid ones of a form and a kind in the corpus, without their blank lines."""
        texts = [tune.text.removesuffix("\n") for tune in drawn if tune.whole]
        return [text for text in texts if self._fits(text)]

    def _fits(self, text: str) -> bool:
        try:
            if complaint(text) is not None or _form_of(text) not in self._forms:
                return False
        except NotationError:
            return False
        return all(trait(text) in known for trait, known in zip(_TRAITS, self._known, strict=True))

    def balanced(self, tunes: Sequence[str], chance: np.random.Generator) -> list[str]:
        """Return each tune as often as it should be read, perhaps never.

        Parameters
        ----------
        tunes : sequence of str
            The result of `fitting`.
        chance : numpy.random.Generator
            Rounds up or down.

        Notes
        -----
        Generalised iterative scaling: Darroch and Ratcliff, "Generalized iterative scaling for
        log-linear models", 1972.
        """
        if not tunes:
            return []
        times = np.ones(len(tunes))
        traits = [
            (counts, wanted, counts / np.maximum(counts.sum(axis=1, keepdims=True), 1))
            for counts, wanted in zip(self._counts_of(tunes), self._shares, strict=True)
        ]
        for _ in range(_ROUNDS):
            for counts, wanted, share in traits:
                found = times @ counts
                missing = np.log((wanted * found.sum() + _NEVER) / (found + _NEVER))
                times *= np.exp(share @ missing)
                times *= len(tunes) / times.sum()
            times = np.minimum(times, _MOST_TIMES)
        whole = np.floor(times + chance.random(len(times))).astype(int)
        return [
            tune for tune, count in zip(tunes, whole.tolist(), strict=True) for _ in range(count)
        ]

    def _counts_of(self, tunes: Sequence[str]) -> list[_Counts]:
        """Return the counts of each trait and each feature of the notes, (tunes, bins)."""
        return [
            *(
                np.array([[trait(tune) == value for value in known] for tune in tunes], float)
                for trait, known in zip(_TRAITS, self._known, strict=True)
            ),
            *(counts.astype(float) for counts in count_features(tunes).values()),
        ]


def _form_of(tune: str) -> _Form:
    return tuple(
        (len(section.bars), *map(len, section.endings))
        for section in read_sections(read_tune(tune))
    )
