"""What is in a corpus, as figures and as text."""

from collections import Counter
from pathlib import Path

from abcgen.notation.tune import read_tune
from abcgen.tunebooks.corpus import SPLITS, Corpus, Rejected


def summary(corpus: Corpus) -> dict[str, object]:
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
        "reasons": _reasons(corpus),
        "rejected": listed(corpus.rejected),
        "repeated": listed(corpus.repeated),
    }


def _reasons(corpus: Corpus) -> dict[str, int]:
    """Return how many tunes were rejected for each kind of reason."""
    return dict(Counter(tune.kind for tune in corpus.rejected).most_common())


def report(corpus: Corpus) -> str:
    """Return the report on a corpus as text for people."""
    figures = summary(corpus)
    lines = [f"{figures['tunes']} tunes, {figures['characters']} characters"]
    for name in SPLITS:
        texts = corpus.split(name)
        lines.append(f"  {name:<10} {len(texts):>5} tunes {sum(map(len, texts)):>8} characters")
    for letter, name in (("M", "metres"), ("K", "keys"), ("R", "rhythms")):
        counts = Counter(read_tune(t.text).field(letter) or "none" for t in corpus.tunes)
        shown = ", ".join(f"{value} {count}" for value, count in counts.most_common(12))
        lines.append(f"{name}: {shown}")
    for title, tunes in (
        ("left out because they repeat another tune", corpus.repeated),
        ("left out because they cannot be read or written validly", corpus.rejected),
    ):
        lines.append(f"{len(tunes)} {title}")
        if tunes is corpus.rejected:
            lines += [f"  {count:>5} {kind}" for kind, count in _reasons(corpus).items()]
        lines += [f"  {Path(t.source).name} X:{t.number} {t.title}: {t.reason}" for t in tunes]
    return "\n".join(lines)
