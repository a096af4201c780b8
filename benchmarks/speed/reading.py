"""Reading tunes into canonical spelling, compared with the bare parser of music21."""

from collections.abc import Iterator

from abcgen.notation.tunebook import split_tunebook
from abcgen.tunebooks.corpus import read_corpus
from benchmarks.harness.figures import MORE, Figure, compared
from benchmarks.harness.settings import Settings, drawn_book, processor_seconds

TITLE = "Reading tunebooks"
ABOUT = (
    "Tunes per second of processor time, in one process. abcgen reads them, checks them, spells "
    "them canonically, compares them with all tunes before for near-duplicates, and assigns "
    "them to a split, as `abcgen.corpus --canonical` does. music21 only parses them, and only a "
    "sample of them. The tunes were sampled from the network."
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
