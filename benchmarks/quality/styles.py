"""A network of several styles, measured: whether it knows each, and writes in each.

    python -m abcgen.train --style bach=chorales --style dance=nottingham --style dance=cobb \
        --weights 2,0.4,0.4 --from folk --learning-rate 1e-3 --epochs 10 --out runs --name styles
    python -m benchmarks.quality.styles --checkpoint runs/styles --style bach=chorales \
        --style dance=nottingham --style dance=cobb

Printed are the bits a character of held-out tunes of each style and kind, behind their titles, by
the network it came from and by this one, told each of its styles; then, of tunes drawn in a style,
how many are valid, copies, and nearer to people's tunes of that style than to those of the other.
How near is told by the histograms of note lengths and of steps: half the sum of the absolute
differences between the shares in the tune and in the tunes learned from, added for both. The kind
of a style is a rhythm (`--rhythm`, reels unless given), where its tunes have one. Takes some
minutes.
"""

import argparse
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from abcgen.evaluation.likelihood.int8_network import Int8Network
from abcgen.evaluation.likelihood.text_model import characters_of
from abcgen.generation.loop import draw_tunes
from abcgen.generation.request import Request
from abcgen.generation.sampler import Sampler
from abcgen.grammar.faults import complaint
from abcgen.grammar.wishes import Wishes
from abcgen.melodies.features import count_features
from abcgen.melodies.index import NoveltyIndex
from abcgen.model.checkpoint import Checkpoint, read_checkpoint
from abcgen.model.engine import LiteRTEngine
from abcgen.support import defaults
from abcgen.support.console import table
from abcgen.training.styles import books_of
from abcgen.tunebooks.corpus import CorpusTune, read_corpus

_FEATURES = ("note lengths", "intervals")
_STREAMS = 64

Shares = dict[str, NDArray[np.float64]]


class Kind:
    """People's tunes of a style, or of one rhythm in it.

    Attributes
    ----------
    style, rhythm : str
        The style, and the rhythm or an empty string.
    learned, validation, test : list of str
        Their texts, without the style.
    shares : dict of str to array
        Of each feature, the shares of its bins in the tunes that were learned.
    """

    def __init__(self, style: str, tunes: Sequence[CorpusTune], rhythm: str) -> None:
        named = [tune for tune in tunes if f"\nR:{rhythm}\n" in tune.text]
        self.style, self.rhythm = style, rhythm if named else ""
        self.learned, self.validation, self.test = (
            [tune.text for tune in named or tunes if tune.split == split]
            for split in ("train", "validation", "test")
        )
        counts = count_features(self.learned)
        self.shares = {name: shares_of(counts[name].sum(axis=0)) for name in _FEATURES}

    @property
    def name(self) -> str:
        """What the tables call it."""
        return f"{self.style}, {self.rhythm}s" if self.rhythm else self.style

    def distances(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return how far each of some tunes is from it, 0 to 2, (tunes,)."""
        counts = count_features(texts)
        return sum(
            (
                np.abs(shares_of(counts[name]) - self.shares[name]).sum(axis=1) / 2
                for name in _FEATURES
            ),
            np.zeros(len(texts)),
        )


def shares_of(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return counts divided by their sums, of one histogram or one in each row."""
    totals: NDArray[np.int64] = np.maximum(counts.sum(axis=-1, keepdims=True), 1)
    return counts / totals


def bits(checkpoint: Checkpoint, tunes: Sequence[str], style: str = "") -> float:
    """Return the bits a character of tunes, behind their titles, told a style.

    Titles are read, but not judged: those of the chorales are names of files, which a network that
    has learned them guesses well.
    """
    network = Int8Network(checkpoint, style)
    heads = [tune[: tune.index("\n", tune.index("\nT:") + 1)] for tune in tunes]
    left = network.score(tunes).bits - network.score(heads).bits
    return left / (characters_of(tunes) - characters_of(heads))


def drawn(checkpoint: Checkpoint, kind: Kind, count: int, seed: int) -> list[str]:
    """Return tunes that a network draws of a kind."""
    request = Request(seed, Sampler(), Wishes(style=kind.style, rhythm=kind.rhythm))
    engine = LiteRTEngine.of(checkpoint, min(count, _STREAMS))
    return [tune.text[:-1] for tune in draw_tunes(engine, request, range(1, count + 1))]


def likelihoods(kinds: Sequence[Kind], base: Checkpoint, checkpoint: Checkpoint) -> str:
    """Return the table of bits a character."""
    styles = checkpoint.vocabulary.styles
    rows = [["held-out tunes", "", "", base.path.name, *(f"told {style}" for style in styles), ""]]
    for kind in kinds:
        for split in ("validation", "test"):
            tunes = getattr(kind, split)
            known = [tune for tune in tunes if set(tune) <= base.vocabulary.char2idx.keys()]
            before = bits(base, known)
            told = {style: bits(checkpoint, known, style) for style in styles}
            fewer = f"{1 - told[kind.style] / before:+.1%} fewer"
            figures = [f"{before:.3f}", *(f"{told[style]:.3f}" for style in styles)]
            rows.append([kind.name, split, f"{len(known)}", *figures, fewer])
    return table(rows, align="<<>>")


def nearness(kinds: Sequence[Kind], checkpoint: Checkpoint, count: int, seed: int) -> str:
    """Return the table of drawn tunes and of people's held-out ones."""
    index = NoveltyIndex.load(checkpoint.novelty_file)
    threshold = index.threshold()
    rows = [["tunes", "", "", "nearer to their own", "valid", "copies"]]
    for kind in kinds:
        others = [other for other in kinds if other is not kind]
        people = [*kind.validation, *kind.test]
        made = drawn(checkpoint, kind, count, seed)
        for name, tunes in (("drawn", made), ("held out", people)):
            away = np.min([other.distances(tunes) for other in others], axis=0)
            nearer = (kind.distances(tunes) < away).mean()
            valid = sum(complaint(tune) is None for tune in tunes)
            copies = sum(index.longest_run(tune) > threshold for tune in tunes) / len(tunes)
            rows.append(
                [kind.name, name, f"{len(tunes)}", f"{nearer:.1%}", f"{valid}", f"{copies:.0%}"]
            )
    return table(rows, align="<<>")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--checkpoint", required=True, help="the network of several styles")
    parser.add_argument("--base", default=defaults.CHECKPOINT, help="the one to compare it with")
    parser.add_argument(
        "--style", action="append", required=True, metavar="NAME=BOOK", help="as for abcgen.train"
    )
    parser.add_argument("--rhythm", default="reel", help="the kind of tunes (default: reel)")
    parser.add_argument("--tunes", type=int, default=400, help="drawn of each kind (default: 400)")
    parser.add_argument("--seed", type=int, default=1, help="of the tunes drawn (default: 1)")
    arguments = parser.parse_args()
    books, styles = books_of([], arguments.style)
    corpus = read_corpus(books)
    kinds = [
        Kind(style, [tune for tune in corpus.tunes if styles[tune.book] == style], arguments.rhythm)
        for style in dict.fromkeys(styles)
    ]
    checkpoint = read_checkpoint(arguments.checkpoint)
    print(likelihoods(kinds, read_checkpoint(arguments.base), checkpoint))
    print(nearness(kinds, checkpoint, arguments.tunes, arguments.seed))


if __name__ == "__main__":
    main()
