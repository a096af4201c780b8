"""Tempos as a score prints them: a note value and how many of it a minute has."""

from abcgen.music.tempo import WrittenTempo, read_tempo
from abcgen.notation.score import Mark, Measure
from abcgen.notation.values import Value, implied_ratio, values_of


def beat_of(written: WrittenTempo) -> Value | None:
    """Return the beat of a tempo if it can be printed as one note value."""
    if written.qpm is None or not written.beat or implied_ratio(written.beat) is not None:
        return None
    values = values_of(written.beat)
    return values[0] if len(values) == 1 else None


def begins_with_tempo(measure: Measure) -> bool:
    """Return whether the music has a tempo at its start, which replaces that of the header."""
    return any(
        isinstance(item, Mark)
        and item.kind == "tempo"
        and not item.onset
        and read_tempo(item.text, measure.setting) is not None
        for item in measure.content
    )
