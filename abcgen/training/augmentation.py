"""The keys in which tunes are learned: their own, and those that others of their mode are in."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from abcgen.errors import NotationError
from abcgen.grammar.transposing import key_of, transpose
from abcgen.notation.keys import mode_of


@dataclass(frozen=True, slots=True)
class Versions:
    """A tune in all keys that it may be learned in.

    Attributes
    ----------
    texts : tuple of str
        The tune in each key, in its own too; all are canonical.
    shares : tuple of float
        How likely each is to be drawn; together 1.
    """

    texts: tuple[str, ...]
    shares: tuple[float, ...]


def versions_of(tunes: Sequence[str]) -> list[Versions]:
    """Return each tune in all keys in which there are tunes of its mode.

    A key is as likely as it is frequent among the tunes of the mode. So what is learned is in
    the same keys as often as before, however many tunes are transposed: what a network foretells
    of a key stays right for tunes that nobody has transposed, and a key that one tune in a
    thousand is in, with accidentals that players avoid, does not become a common one.

    Parameters
    ----------
    tunes : sequence of str
        Canonical tunes: those to learn from, without those to judge by.

    Returns
    -------
    list of Versions
        One a tune. Keys that a tune cannot be written in are left out.
    """
    counts: dict[str, Counter[str]] = {}
    for tune in tunes:
        key = key_of(tune)
        counts.setdefault(mode_of(key), Counter())[key] += 1
    return [_versions(tune, counts[mode_of(key_of(tune))]) for tune in tunes]


def _versions(tune: str, counts: Counter[str]) -> Versions:
    texts, weights = [], []
    for key in sorted(counts):
        try:
            texts.append(transpose(tune, key))
        except NotationError:
            continue
        weights.append(counts[key])
    return Versions(tuple(texts), tuple(weight / sum(weights) for weight in weights))
