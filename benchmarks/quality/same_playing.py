"""Whether abcgen plays the same notes of people's tunes as abc2midi and abcjs.

    python -m benchmarks.quality.same_playing BOOK... [--as-written] [--abcjs]

Pitches, onsets and durations of all voices are compared. What abc2midi plays in its own way is
first removed from what both are given: grace notes, trills, rolls and dots, fermatas, which it
makes twice as long, and the rhythm hornpipe, which it always dots. Where a ``|:`` is missing, it is
written for the others alone, at the place that the ABC standard 2.1 (section 4.8) names: the start
of the tune, or the latest double bar line or end of a repeat. With --as-written it is not.

With --abcjs the same is done with abcjs, which needs Node.js and the variable ABCGEN_ABCJS (see
docs/evaluating.md); and the tunes are named that both programs play and abcgen refuses.
"""

import argparse
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from abcgen.errors import NotationError
from abcgen.music.together import music_together
from abcgen.notation.tune import read_tune
from abcgen.notation.tunebook import label_of, split_tunebook
from abcgen.tunebooks.names import find_tunebooks, read_tunebook
from benchmarks.harness.missing_repeats import with_starts
from benchmarks.harness.players import TICKS, Played, by_abc2midi, by_abcjs
from benchmarks.quality.same_music import without_slurs

_NEAR = 11  # ticks that onsets may be apart; durations one or two more
_FIELD = re.compile(r"[A-Za-z]:(?![|:])|%")
#: What only abcjs plays: grace notes, and fields that it takes for music.
_OF_ABCJS = re.compile(r"\{[^}]*\}|^Y:.*\n", re.MULTILINE)
_HORNPIPE = re.compile(r"^R:.*hornpipe.*\n", re.MULTILINE | re.IGNORECASE)
_OWN_WAY = re.compile(
    r"~|!(?:trill|roll|fermata)!|[TH](?=(?:\{[^}]*\})?\(*[\^_=]*[A-Ga-gxz\[(])"
    r"|\.(?=[\^_=]*[A-Ga-g])"
)


def plain(text: str) -> str:
    """Return a tune without what abc2midi plays in its own way."""
    lines = (line if _FIELD.match(line) else _OWN_WAY.sub("", line) for line in text.split("\n"))
    return _HORNPIPE.sub("", "\n".join(lines))


def ours(text: str) -> list[Played]:
    """Return the notes as abcgen plays them."""
    return sorted(
        Played(round(note.onset * TICKS), note.pitch, round(note.duration * TICKS))
        for _, lines in music_together(read_tune(text))
        for music in lines
        for note in music.notes
    )


def for_abcjs(text: str) -> str:
    """Return a tune without what only abcjs plays in its own way; see `plain`."""
    return without_slurs(_OF_ABCJS.sub("", text))


def how_played(one: list[Played], other: list[Played]) -> str:
    """Return whether two programs played the ``same`` notes, ``other pitches``, or even ``other``.

    An accidental that holds longer or shorter makes other pitches.
    """
    if same(one, other):
        return "same"
    there = [sorted(note._replace(pitch=0) for note in notes) for notes in (one, other)]
    return "other pitches" if same(*there) else "other"


def same(one: list[Played], other: list[Played]) -> bool:
    """Return whether two programs played the same notes."""
    return len(one) == len(other) and all(
        a.pitch == b.pitch
        and abs(a.onset - b.onset) <= _NEAR
        and abs(a.duration - b.duration) <= _NEAR + 2
        for a, b in zip(one, other, strict=True)
    )


class Compared(NamedTuple):
    """How the tunes of a book are played by abcgen and by another program.

    Attributes
    ----------
    counts : Counter of str
        The number of tunes for each result of `how_played`, of those that abcgen leaves ``unread``
        and of those for which the other program is ``silent``.
    played : set of int
        The places of the tunes that the other program plays.
    """

    counts: Counter[str]
    played: set[int]


def compared(
    name: str, tunes: Sequence[tuple[str, str]], heard: Iterable[list[Played]]
) -> Compared:
    """Compare tunes, each with the name of its file, and print those that differ."""
    found = Compared(Counter(), set())
    for place, ((file, text), notes) in enumerate(zip(tunes, heard, strict=True)):
        try:
            how = how_played(ours(text), notes)
        except NotationError:
            how = "unread"
        found.counts[how if notes else "silent"] += 1
        if notes:
            found.played.add(place)
            if how != "same":
                label = label_of(text)
                print(f"{name}, {file} X:{label.number} {label.title}: {how}")
    return found


def refused(tunes: Sequence[tuple[str, str]], places: Iterable[int]) -> Iterator[str]:
    """Yield the tunes at some places that abcgen refuses, each with the reason."""
    for place in sorted(places):
        file, text = tunes[place]
        try:
            ours(text)
        except NotationError as error:
            label = label_of(text)
            yield f"{file} X:{label.number} {label.title}: {error}"


def main() -> int:
    """Print how many tunes are played alike, and which are not."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("books", nargs="+")
    parser.add_argument("--as-written", action="store_true")
    parser.add_argument("--abcjs", action="store_true")
    options = parser.parse_args()
    for book in options.books:
        tunes = [
            (path.name, plain(text))
            for path in find_tunebooks(book)
            for text in split_tunebook(read_tunebook(path))
        ]
        given = [text if options.as_written else with_starts(text) for _, text in tunes]
        with tempfile.TemporaryDirectory() as folder:
            found = compared("abc2midi", tunes, (by_abc2midi(text, Path(folder)) for text in given))
        print(f"{book}: {listed(found)}", flush=True)
        if options.abcjs:
            heard = by_abcjs([for_abcjs(text) for text in given])
            more = compared("abcjs", tunes, heard)
            print(f"{book}, abcjs: {listed(more)}")
            both = found.played & more.played
            left = list(refused(tunes, both))
            print(
                f"{book}: {len(both)} of {len(tunes)} played by both, {len(left)} of these refused"
            )
            print("".join(f"  {line}\n" for line in left), end="", flush=True)
    return 0


def listed(found: Compared) -> str:
    """Return the counts in words."""
    return ", ".join(f"{count} {name}" for name, count in found.counts.items())


if __name__ == "__main__":
    sys.exit(main())
