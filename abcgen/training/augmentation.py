"""The keys in which tunes are learned: their own, and those of other tunes in their mode."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from abcgen.errors import NotationError
from abcgen.grammar.style import style_of
from abcgen.grammar.transposing import key_of, transpose
from abcgen.notation.keys import mode_of


@dataclass(frozen=True, slots=True)
class Versions:
    """A tune in all keys in which it can be read.

    Attributes
    ----------
    texts : tuple of str
        The tune in each key, its own included; all are canonical.
    shares : tuple of float
        The probability of each; their sum is 1.
    """

    texts: tuple[str, ...]
    shares: tuple[float, ...]


def versions_of(tunes: Sequence[str]) -> list[Versions]:
    """Return each tune in all keys in which there are tunes of its style and mode.

    A key is as likely as it is frequent among these. So however many tunes are
    transposed, each key occurs as often as before: the probabilities that a network learns for keys
    stay right for tunes that nobody has transposed, and a rare key, full of accidentals that
    players avoid, does not become a common one.

    Parameters
    ----------
    tunes : sequence of str
        Canonical tunes: only those to learn from.

    Returns
    -------
    list of Versions
        One for each tune. Keys in which a tune cannot be written are left out.
    """
    keys = [key_of(tune) for tune in tunes]
    kinds = [(style_of(tune), mode_of(key)) for tune, key in zip(tunes, keys, strict=True)]
    counts: dict[tuple[str, str], Counter[str]] = {}
    for kind, key in zip(kinds, keys, strict=True):
        counts.setdefault(kind, Counter())[key] += 1
    return [_versions(tune, counts[kind]) for tune, kind in zip(tunes, kinds, strict=True)]


def _versions(tune: str, counts: Counter[str]) -> Versions:
    texts, weights = [], []
    for key in sorted(counts):
        try:
            texts.append(transpose(tune, key))
        except NotationError:
            continue
        weights.append(counts[key])
    return Versions(tuple(texts), tuple(weight / sum(weights) for weight in weights))
