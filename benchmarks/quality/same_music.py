"""Whether the canonical spelling of a tune is the same music.

    python -m benchmarks.quality.same_music BOOK

Reads each tune twice with music21, as it is written in its tunebook and as abcgen spells it, and
compares what sounds: onset, length and pitch, with tied notes as one. Things that music21 misreads
and that do not sound are first removed from the tune as it is written: grace notes, slurs,
decorations, annotations, and ties between different notes, which are slurs. `::` is replaced by
`:| |:`. Takes some minutes per book.
"""

import argparse
import re
import sys
import warnings
from collections import Counter
from fractions import Fraction

from abcgen.errors import NotationError
from abcgen.grammar.spelling import canonical
from abcgen.notation.tune import read_tune
from abcgen.notation.tunebook import split_tunebook
from abcgen.tunebooks.names import find_tunebooks, read_tunebook

#: Onset and length in quarter notes, and pitch as a MIDI number.
Sound = tuple[Fraction, Fraction, int]


#: Grace notes, decorations, slurs.
_SILENT = re.compile(r"\{[^}]*\}|![^!]+!|\((?!\d)|\)|[~.HLMOPSTuv]")
#: A note with its tie, and the note after it, over bar lines and chord symbols.
_TIED = re.compile(
    r"([A-Ga-g][,']*)([\d/]*)[ ]*([<>]*)-([<>]*)"
    r"(?=(?:[ |:\n\\]|\"[^\"\n]*\")*[\^_=]*([A-Ga-g][,']*)?)"
)


def readable(text: str) -> str:
    """Return a tune without the silent things that music21 misreads."""
    lines = []
    for line in text.split("\n"):
        if not re.match(r"[A-Za-z]:", line):
            parts = re.split(r'("[^"]*")', line.replace("::", ":| |:"))
            line = "".join(
                ("" if part[1:2] in "^_<>@" else part) if part[:1] == '"' else _SILENT.sub("", part)
                for part in parts
            )
            line = re.sub(r" *([<>]+) *", r"\1", line)
        lines.append(line)
    return without_slurs("\n".join(lines))


def without_slurs(text: str) -> str:
    """Return a tune without the ties between different notes, which are slurs."""

    def tied(tie: re.Match[str]) -> str:
        return tie[1] + tie[2] + ("-" if tie[1] == tie[5] else "") + tie[3] + tie[4]

    return _TIED.sub(tied, text)


def sounds(text: str) -> Counter[Sound]:
    """Return the notes as music21 reads them, with repeats played once."""
    from music21 import converter, harmony

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        score = converter.parse(text, format="abc").stripTies().flatten()
    return Counter(
        (Fraction(note.offset), Fraction(note.quarterLength), pitch.midi)
        for note in score.notes
        if not isinstance(note, harmony.ChordSymbol) and note.quarterLength
        for pitch in note.pitches
    )


def main() -> int:
    """Print how many of the accepted tunes are the same music, and which are not."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("books", nargs="+")
    for book in parser.parse_args().books:
        accepted = same = unread = 0
        for path in find_tunebooks(book):
            for text in split_tunebook(read_tunebook(path)):
                try:
                    spelled = canonical(read_tune(text))
                except NotationError:
                    continue
                accepted += 1
                try:
                    before = sounds(readable(text))
                except Exception as error:
                    unread += 1
                    print(
                        f"{text.splitlines()[0]}: music21 cannot read it as it is written: {error}"
                    )
                    continue
                after = sounds(spelled)
                same += before == after
                if before != after:
                    gone, come = sorted(before - after)[:3], sorted(after - before)[:3]
                    print(f"{path.name} {text.splitlines()[0]}: {gone} became {come}")
        print(f"{book}: {accepted} accepted, {same} the same, {unread} unread", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
