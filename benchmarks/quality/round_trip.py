"""Whether a tune that is written to another format and read back is the same tune.

    python -m benchmarks.quality.round_trip BOOK... [--to musicxml]

Each tune of the books is written as MIDI, or as MusicXML, and read back. Printed is how many have
the same notes, metre, key, pickup and bars, and which do not. MIDI holds what is played: the notes
of ornaments, and repeats written out. Bars are the same where bar lines fall; a short bar at the
end of a section and the next pickup are one bar.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction

from abcgen.errors import AbcgenError, NotationError
from abcgen.formats.midi import midi_of
from abcgen.formats.midi_in import abc_of_midi
from abcgen.formats.musicxml import musicxml_of
from abcgen.formats.musicxml_in import abc_of_musicxml
from abcgen.grammar.spelling import canonical
from abcgen.music.notes import PlayedBar, music_of
from abcgen.music.performance import perform
from abcgen.notation.tune import Tune, read_meter, read_tune
from abcgen.notation.tunebook import label_of, split_tunebook
from abcgen.support.console import table
from abcgen.tunebooks.names import find_tunebooks, read_tunebook

_METERS = {"C": "4/4", "2/2": "C|"}


def notes_of(tune: Tune, played: bool) -> Counter[tuple[int, Fraction, Fraction]]:
    """Return pitch, onset and duration of the notes, with those of ornaments if played."""
    notes = perform(tune).melody if played else music_of(tune).notes
    return Counter((note.pitch, note.onset, note.duration) for note in notes)


def lines_of(tune: Tune) -> list[Fraction]:
    """Return where bars begin; of short bars that make up a full one, where the first does."""
    bars = music_of(tune).bars
    return [bars[0].onset, *(bar.onset for bar in _counted(bars[1:]))]


def _counted(bars: Sequence[PlayedBar]) -> Iterator[PlayedBar]:
    """Yield the first of all bars that are counted as one."""
    while bars:
        yield bars[0]
        full, length, count = read_meter(bars[0].setting.meter), Fraction(0), 0
        for bar in bars:
            length += bar.duration
            count += 1
            if length >= full or bar.duration >= full:
                break
        bars = bars[count if length == full else 1 :]


def differences(before: Tune, after: Tune, played: bool) -> list[str]:
    """Return what differs between a tune and the same one read back."""
    # A tune may change its metre before its first bar.
    a, b = (music_of(tune).bars[0].setting for tune in (before, after))
    one, other = lines_of(before), lines_of(after)
    differ = {
        "notes": notes_of(before, played) != notes_of(after, False),
        "metre": _METERS.get(a.meter, a.meter) != _METERS.get(b.meter, b.meter),
        "key": a.key != b.key,
        "pickup": one[1:2] != other[1:2],
        "bars": one != other,
    }
    return [name for name, differs in differ.items() if differs]


def main() -> int:
    """Print how many tunes are the same, and what differs in the others."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("books", nargs="+", metavar="BOOK")
    parser.add_argument("--to", choices=("midi", "musicxml"), default="midi")
    arguments = parser.parse_args()
    head = "book,tunes,same,notes,metre,key,pickup,bars,refused,valid,valid before,ms"
    rows = [tuple(head.split(","))]
    for book in arguments.books:
        rows.append(figures(book, arguments.to))
    print(table(rows, align=">"))
    return 0


def figures(book: str, to: str) -> tuple[str, ...]:
    """Return the figures of a book; print what differs in its tunes."""
    counts: Counter[str] = Counter()
    seconds = 0.0
    for path in find_tunebooks(book):
        for text in split_tunebook(read_tunebook(path)):
            try:
                before = read_tune(text)
                data = midi_of(before) if to == "midi" else musicxml_of(before).encode()
            except NotationError:
                continue
            counts["tunes"] += 1
            counts["valid before"] += is_valid(before)
            start = time.process_time()
            try:
                read = (abc_of_midi if to == "midi" else abc_of_musicxml)(data)
                seconds += time.process_time() - start
                after = read_tune(read)
                wrong = differences(before, after, to == "midi")
            except AbcgenError as error:
                wrong = ["refused"]
                print(f"  {error}")
            else:
                counts["valid"] += is_valid(after)
            counts["same"] += not wrong
            counts.update(wrong)
            if wrong:
                label = label_of(text)
                print(f"{path.name} X:{label.number} {label.title}: {', '.join(wrong)}", flush=True)
    same = [counts["tunes"] - counts[name] for name in ("notes", "metre", "key", "pickup", "bars")]
    return (
        book.rstrip("/").rpartition("/")[2],
        str(counts["tunes"]),
        f"{counts['same'] / counts['tunes']:.2%}",
        *map(str, same),
        str(counts["refused"]),
        str(counts["valid"]),
        str(counts["valid before"]),
        f"{1000 * seconds / counts['tunes']:.1f}",
    )


def is_valid(tune: Tune) -> bool:
    """Return whether a tune has a canonical spelling."""
    try:
        canonical(tune)
    except NotationError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
