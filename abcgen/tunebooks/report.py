"""What is in a corpus, as figures and as text."""

import itertools
from collections import Counter
from pathlib import Path
from typing import Any

from abcgen.notation.tune import read_tune
from abcgen.support.console import table
from abcgen.tunebooks.corpus import SPLITS, Corpus, Rejected

_MOST_SHOWN = 12  # metres, keys and rhythms that are shown, the most frequent ones


def summary(corpus: Corpus) -> dict[str, Any]:
    """Return the report on a corpus as figures for JSON."""

    def listed(tunes: list[Rejected]) -> list[dict[str, object]]:
        return [
            {"source": t.source, "number": t.number, "title": t.title, "reason": t.reason}
            for t in tunes
        ]

    def counted(letter: str) -> dict[str, int]:
        values = (read_tune(tune.text).field(letter) or "none" for tune in corpus.tunes)
        return dict(Counter(values).most_common())

    return {
        "tunes": len(corpus.tunes),
        "characters": sum(len(tune.text) + 1 for tune in corpus.tunes),
        "splits": {
            name: {"tunes": len(texts), "characters": sum(map(len, texts)) + len(texts)}
            for name in SPLITS
            for texts in [corpus.split(name)]
        },
        "files": dict(Counter(tune.source for tune in corpus.tunes)),
        "meters": counted("M"),
        "keys": counted("K"),
        "rhythms": counted("R"),
        "reasons": dict(Counter(tune.kind for tune in corpus.rejected).most_common()),
        "rejected": listed(corpus.rejected),
        "repeated": listed(corpus.repeated),
        "doubts": dict(Counter(tune.kind for tune in corpus.warned).most_common()),
        "warned": listed(corpus.warned),
    }


def report(corpus: Corpus) -> str:
    """Return the report on a corpus as text for people."""
    figures = summary(corpus)
    splits = [
        [f"  {name}", f"{split['tunes']} tunes", f"{split['characters']} characters"]
        for name, split in figures["splits"].items()
    ]
    lines = [f"{figures['tunes']} tunes, {figures['characters']} characters", table(splits)]
    for key, name in (("meters", "metres"), ("keys", "keys"), ("rhythms", "rhythms")):
        most = itertools.islice(figures[key].items(), _MOST_SHOWN)
        lines.append(f"{name}: {', '.join(f'{value} {count}' for value, count in most)}")
    lines.append(f"{len(corpus.repeated)} left out because they repeat another tune")
    lines += map(_described, corpus.repeated)
    lines.append(f"{len(corpus.rejected)} left out because they cannot be read or written validly")
    lines += [f"  {count:>5} {kind}" for kind, count in figures["reasons"].items()]
    lines += map(_described, corpus.rejected)
    if corpus.warned:
        lines.append(f"read with a doubt: {len(corpus.warned)}")
        lines += [f"  {count:>5} {kind}" for kind, count in figures["doubts"].items()]
        lines += map(_described, corpus.warned)
    return "\n".join(lines)


def _described(tune: Rejected) -> str:
    """Return a line on a tune that was left out."""
    return f"  {Path(tune.source).name} X:{tune.number} {tune.title}: {tune.reason}"
