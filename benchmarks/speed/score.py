"""Tunes engraved: SVG compared with music21's MusicXML, and a book as PDF with its MIDI files."""

import os
from collections.abc import Iterator

from abcgen.formats.folder import render
from abcgen.formats.score import book_pdf, svg_of
from abcgen.notation.tune import read_tune
from abcgen.notation.tunebook import split_tunebook
from benchmarks.harness.figures import LESS, MORE, Figure, compared
from benchmarks.harness.settings import Settings, drawn_book, processor_seconds, wall_seconds
from benchmarks.speed.reading import SAMPLE, TUNES

TITLE = "Engraving scores"
ABOUT = (
    "Milliseconds of processor time from the text of a tune to its SVG, with verovio loaded. "
    "music21 parses the same tunes and only writes MusicXML, which it would take another program "
    "to engrave. A tunebook as one PDF file is measured in tunes per minute on the clock, with "
    "one process and with one per core; the MIDI files of the same book are made by one process. "
    "The tunes were sampled from the network."
)
_PDF_TUNES = 100
_MINUTE, _MILLISECONDS = 60, 1000


def measure(settings: Settings) -> Iterator[Figure]:
    """Yield the figures."""
    from music21 import converter
    from music21.musicxml.m21ToXml import GeneralObjectExporter

    book = drawn_book(settings, min(TUNES, settings.tunes))
    texts = list(split_tunebook(book.read_text(encoding="utf-8")))[:_PDF_TUNES]
    sample = texts[:SAMPLE]
    cores = os.cpu_count() or 1

    def engrave() -> None:
        for text in sample:
            svg_of(read_tune(text))

    def export() -> None:
        for text in sample:
            GeneralObjectExporter(converter.parse(text, format="abc")).parse()

    def print_book(jobs: int) -> float:
        seconds = wall_seconds(lambda: book_pdf(map(read_tune, texts), jobs=jobs))
        return _MINUTE * len(texts) / seconds

    def render_all() -> float:
        seconds = wall_seconds(lambda: list(render(texts, settings.folder / "score-midi")))
        return _MINUTE * len(texts) / seconds

    engrave()  # loads what it needs
    export()
    ours, theirs, one, shared, midi = [], [], [], [], []
    for _ in range(settings.few):
        ours.append(_MILLISECONDS * processor_seconds(engrave) / len(sample))
        theirs.append(_MILLISECONDS * processor_seconds(export) / len(sample))
        one.append(print_book(1))
        shared.append(print_book(cores))
        midi.append(render_all())
    what = "a tune as SVG"
    yield compared("score/svg", what, "music21's MusicXML", LESS, ours, theirs, "ms a tune")
    unit = "tunes/min"
    yield compared("score/pdf", "a book as PDF", "its MIDI files", MORE, one, midi, unit)
    by_all = f"a book as PDF, {cores} processes, one a core"
    yield compared("score/jobs", by_all, "one process", MORE, shared, one, unit)
