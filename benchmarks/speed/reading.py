"""Tunes read and written canonically, against the parse of music21 alone."""

from collections.abc import Iterator

from abcgen.notation.tunebook import split_tunebook
from abcgen.tunebooks.corpus import read_corpus
from benchmarks.harness.figures import MORE, Figure, compared
from benchmarks.harness.settings import Settings, drawn_book, processor_seconds

TITLE = "Reading tunebooks"
ABOUT = (
    "Tunes a second of the processor's time, of one process. Ours are read, checked, spelled "
    "canonically, compared with all tunes before them for near-duplicates, and assigned to a "
    "split, as `abcgen.corpus --canonical` does; music21 only parses them, a sample of the same "
    "tunes. They were drawn by the network."
)
TUNES = 500
SAMPLE = 30  # of them for music21


def measure(settings: Settings) -> Iterator[Figure]:
    """Yield the figures."""
    from music21 import converter

    book = drawn_book(settings, min(TUNES, settings.tunes))
    texts = list(split_tunebook(book.read_text(encoding="utf-8")))
    sample = texts[:SAMPLE]

    def parse() -> None:
        for text in sample:
            converter.parse(text, format="abc")

    converter.parse(sample[0], format="abc")  # loads what it needs
    ours, theirs = [], []
    for _ in range(settings.few):
        ours.append(len(texts) / processor_seconds(lambda: read_corpus([str(book)])))
        theirs.append(len(sample) / processor_seconds(parse))
    what = "reading and canonical spelling"
    yield compared("reading/music21", what, "music21's plain parse", MORE, ours, theirs, "tunes/s")
