"""Tunes to MIDI files, by one process and by one per core, compared with music21 alone."""

import os
from collections.abc import Iterator
from pathlib import Path

from abcgen.errors import AbcgenError
from abcgen.formats.folder import render
from abcgen.notation.tunebook import split_tunebook
from benchmarks.harness.figures import MORE, Figure, compared
from benchmarks.harness.settings import Settings, drawn_book, wall_seconds
from benchmarks.speed.reading import SAMPLE, TUNES

TITLE = "Rendering to MIDI"
ABOUT = (
    "MIDI files per second on the clock, of tunes sampled from the network: by `abcgen.render` "
    "with one process and with one per core, including their start, and by "
    "`music21.converter.parse` and `write` in one process, for a sample of the same tunes."
)


def render_all(texts: list[str], out: Path, jobs: int) -> None:
    """Write a file for every tune."""
    for result in render(texts, out, jobs=jobs):
        if result.reason:
            raise AbcgenError(f"X:{result.number} was not rendered: {result.reason}")


def measure(settings: Settings) -> Iterator[Figure]:
    """Yield the figures."""
    from music21 import converter

    book = drawn_book(settings, min(TUNES, settings.tunes))
    texts = list(split_tunebook(book.read_text(encoding="utf-8")))
    sample = texts[:SAMPLE]
    out = settings.folder / "midi"
    cores = os.cpu_count() or 1

    def parse_and_write(tunes: list[str]) -> None:
        for number, text in enumerate(tunes):
            converter.parse(text, format="abc").write("midi", fp=out / f"music21-{number}.mid")

    render_all(sample[:1], out, 1)  # loads what it needs, and makes the folder
    parse_and_write(sample[:1])
    one, shared, theirs = [], [], []
    for _ in range(settings.few):
        one.append(len(texts) / wall_seconds(lambda: render_all(texts, out, 1)))
        shared.append(len(texts) / wall_seconds(lambda: render_all(texts, out, cores)))
        theirs.append(len(sample) / wall_seconds(lambda: parse_and_write(sample)))
    music21, unit = "music21's parse and write, one process", "tunes/s"
    by_all = f"{cores} processes, one a core"
    yield compared("rendering/one", "one process", music21, MORE, one, theirs, unit)
    yield compared("rendering/cores", by_all, music21, MORE, shared, theirs, unit)
    yield compared("rendering/jobs", by_all, "one process", MORE, shared, one, unit)
