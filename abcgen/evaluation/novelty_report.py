"""How new tunes are, as text and as JSON."""

from collections.abc import Sequence
from dataclasses import asdict

from abcgen.evaluation.novelty import Judged, figures
from abcgen.evaluation.validity import FoundTune
from abcgen.melodies.index import SHORTEST_RUN, NoveltyIndex
from abcgen.melodies.match import Passage
from abcgen.support.console import table

_WIDEST_ABC = 88  # characters of a passage that are shown


def report(judged: Sequence[Judged], index: NoveltyIndex, threshold: int, show: int) -> str:
    """Return the table of figures, then at most `show` tunes, those with the longest runs first."""
    head = ["longest run in notes", "tunes", "median", "90 %", "95 %", "99 %", "100 %", "copies"]
    rows = [head]
    for name, runs in (
        ("these tunes", [one.notes for one in judged]),
        ("people's, held out", index.held_out),
    ):
        if runs:
            found = figures(runs, threshold)
            values = [found["tunes"], *found["percentiles"].values(), found["copies"]]  # type: ignore[attr-defined]
            rows.append([name, *map(str, values)])
            rows[-1][-1] += f" ({found['percent']:.1f} %)"
    lines = [table(rows)]
    lines.append(
        f"compared with {len(index)} tunes; a copy is more than {threshold} notes in one run; "
        f"0 stands for fewer than {SHORTEST_RUN}"
    )
    longest_first = sorted(judged, key=lambda one: -one.notes)  # stable: else in their order
    for one in longest_first[:show]:
        lines += ["", *_described(one, threshold)]
    if show and len(judged) > show:
        lines += ["", f"... and {len(judged) - show} more (--show {len(judged)} lists them all)"]
    return "\n".join(lines)


def _described(one: Judged, threshold: int) -> list[str]:
    """Return the lines on one tune."""
    match = one.match
    if match is None:
        return [f"{one.tune.label}: no run of {SHORTEST_RUN} notes is in the corpus"]
    verdict = "a copy, " if match.notes > threshold else ""
    return [
        f"{one.tune.label}: {verdict}{match.notes} of {match.of_notes} notes in one run "
        f"({match.plain:.0%} of it scale), {match.share:.0%} in all",
        f"  with {match.source}: X:{match.number} {match.title}".rstrip(),
        f"  here  {_shown(match.here)}",
        f"  there {_shown(match.there)}",
    ]


def _shown(passage: Passage) -> str:
    """Return a passage on one line."""
    last = f" to {passage.last_bar}" if passage.last_bar != passage.first_bar else ""
    line = f"bar {passage.first_bar}{last}"
    if not passage.abc:
        return line
    abc = (
        passage.abc if len(passage.abc) <= _WIDEST_ABC else passage.abc[: _WIDEST_ABC - 4] + " ..."
    )
    return f"{line}, K:{passage.key}: {abc}"


def as_json(
    judged: Sequence[Judged],
    unread: Sequence[tuple[FoundTune, str]],
    index: NoveltyIndex,
    threshold: int,
) -> dict[str, object]:
    """Return everything, ready for JSON."""
    return {
        "compared_with": len(index),
        "threshold": threshold,
        "these": figures([one.notes for one in judged], threshold) if judged else None,
        "people": figures(index.held_out, threshold) if index.held_out else None,
        "tunes": [
            {
                "source": one.tune.source,
                "number": one.tune.number,
                "title": one.tune.title,
                "copies": one.notes > threshold,
                "nearest": asdict(one.match) if one.match else None,
            }
            for one in judged
        ],
        "unread": [
            {"source": tune.source, "number": tune.number, "title": tune.title, "reason": reason}
            for tune, reason in unread
        ],
    }
