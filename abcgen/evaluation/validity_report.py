"""What the referees say about tunes, as text and as JSON."""

from collections.abc import Sequence

from abcgen.evaluation.validity import (
    FoundTune,
    Verdicts,
    summary,
    valid_for_all,
)
from abcgen.support.console import table


def report(tunes: Sequence[FoundTune], verdicts: Verdicts, show: int) -> str:
    """Return the table of referees, then at most `show` of the invalid tunes."""
    rows = [["referee", "version", "tunes", "valid", "percent"]]
    for figures in summary(tunes, verdicts):
        rows.append([str(figures[name]) for name in rows[0][:-1]] + [f"{figures['percent']:.2f}"])
    lines = [table(rows, "<<>")]
    invalid = [place for place in range(len(tunes)) if not valid_for_all(place, verdicts)]
    if show and invalid:
        lines.append("")
    for place in invalid[:show]:
        for name, said in verdicts.items():
            if said[place] is not None:
                lines.append(f"{tunes[place].label}: {name}: {said[place]}")
    if show and len(invalid) > show:
        lines.append(f"... and {len(invalid) - show} more (--show {len(invalid)} lists them all)")
    return "\n".join(lines)


def as_json(
    tunes: Sequence[FoundTune], verdicts: Verdicts, missing: dict[str, str]
) -> dict[str, object]:
    """Return everything, ready for JSON: figures, missing referees, the verdicts on each tune."""
    listed = [
        {
            "source": tune.source,
            "number": tune.number,
            "title": tune.title,
            "valid": valid_for_all(place, verdicts),
            "verdicts": {
                name: {"valid": said[place] is None, "reason": said[place]}
                for name, said in verdicts.items()
            },
        }
        for place, tune in enumerate(tunes)
    ]
    return {"referees": summary(tunes, verdicts), "missing": missing, "tunes": listed}
