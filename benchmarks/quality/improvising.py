"""How well melodies fit the chords that they are improvised over.

    python -m benchmarks.quality.improvising

Ten progressions in all twelve keys, some tunes each. Printed are, for each progression, the tunes
whose chords are exactly those asked for, the tunes that are canonical, the share of notes of the
chord among those that begin on beats, and the processor time of a tune. With `--people BOOK` the
share in a tunebook is printed, too. Takes some minutes.
"""

import argparse
import re
import time
from functools import partial

from abcgen.generation.improvise.agreement import Agreement, agreement_of
from abcgen.generation.improvise.improvisation import improvisation, improvised
from abcgen.grammar.faults import complaint
from abcgen.model.checkpoint import read_checkpoint
from abcgen.model.engine import LiteRTEngine
from abcgen.notation.chart import read_chart
from abcgen.notation.chords import chord_pitches
from abcgen.support import defaults
from abcgen.support.console import table
from abcgen.tunebooks.corpus import read_corpus

#: Name -> key, metre, chords.
PROGRESSIONS = {
    "reel": ("G", "4/4", "|: G | C | G | D7 | G | C | G D7 | G :|"),
    "example": ("G", "4/4", "G G C D7 | G Em Am D7 | G"),
    "jig": ("Em", "6/8", "|: Em | D | Em | Bm | Em | D | Em D | Em :|"),
    "waltz": ("D", "3/4", "D | D | G | A7 | D | Bm | Em A7 | D"),
    "ii-V-I": ("C", "4/4", "Dm7 | G7 | Cmaj7 | Cmaj7 | Dm7 | G7 | Cmaj7 | C6"),
    "minor": ("Am", "4/4", "Am | Dm | E7 | Am | F | C | Dm E7 | Am"),
    "blues": ("F", "4/4", "F7 | F7 | F7 | F7 | Bb7 | Bb7 | F7 | F7 | C7 | Bb7 | F7 | C7"),
    "seven chords": ("Ab", "4/4", "Ab | Fm7 | Bbm7 | Eb7 | Abmaj7 | Dbmaj7 | Gdim | Ab"),
    "pop": ("C", "4/4", "C | G | Am | F | C | G | F G | C"),
    "dorian": ("Dor", "4/4", "Em | D | Em | A | G | D | Em D | Em"),
}
_SHARP_OR_FLAT = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
_NAMES = {
    "sharp": ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"),
    "flat": ("C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B"),
}
_ROOT = re.compile(r"[A-G][#b]?")


def moved(text: str, semitones: int) -> str:
    """Return a chart with all chords moved."""
    names = _NAMES["flat" if semitones in (1, 3, 5, 8, 10) else "sharp"]
    return _ROOT.sub(lambda root: names[(chord_pitches(root[0])[0] + semitones) % 12], text)


def figures(
    checkpoint: str, text: str, meter: str, tunes: int, close: float
) -> tuple[int, int, Agreement, float]:
    """Return tunes with the chords asked for, canonical tunes, their agreement, and seconds."""
    chart = read_chart(text)
    asked = improvisation(chart, seed=1, meter=meter, close=close)
    engine_of = partial(LiteRTEngine.of, read_checkpoint(checkpoint))
    start = time.process_time()
    drawn = list(improvised(engine_of, asked, range(1, tunes + 1)))
    seconds = time.process_time() - start
    exact = sum(re.findall(r'"([^"]*)"', tune) == chart.chords() for tune in drawn)
    agreement = Agreement()
    for tune in drawn:
        agreement = agreement.plus(agreement_of(tune))
    return exact, sum(complaint(tune) is None for tune in drawn), agreement, seconds


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tunes", type=int, default=50, help="of each key (default: 50)")
    parser.add_argument("--keys", type=int, default=12, help="how many keys (default: 12)")
    parser.add_argument("--close", type=float, default=defaults.CLOSE)
    parser.add_argument("--checkpoint", default=defaults.CHECKPOINT)
    parser.add_argument("--people", metavar="BOOK", help="a tunebook with chords to compare with")
    arguments = parser.parse_args()
    rows: list[tuple[str, ...]] = [
        ("chords", "tunes", "exact", "canonical", "on beats", "least", "ms a tune")
    ]
    whole, exacts, valids, seconds, count = Agreement(), 0, 0, 0.0, 0
    for name, (_, meter, text) in PROGRESSIONS.items():
        found = [
            figures(arguments.checkpoint, moved(text, by), meter, arguments.tunes, arguments.close)
            for by in range(0, 12, 12 // arguments.keys)
        ]
        agreement = Agreement()
        for _, _, one, _ in found:
            agreement = agreement.plus(one)
        tunes = len(found) * arguments.tunes
        exact, valid = sum(one[0] for one in found), sum(one[1] for one in found)
        took = sum(one[3] for one in found)
        least = min(one[2].share for one in found)
        rows.append(row(name, tunes, exact, valid, agreement.share, least, took))
        whole, exacts, valids = whole.plus(agreement), exacts + exact, valids + valid
        seconds, count = seconds + took, count + tunes
    rows.append(row("all", count, exacts, valids, whole.share, 0, seconds))
    print(f"close {arguments.close:g}, {arguments.checkpoint}")
    print(table(rows, align="<>"))
    if arguments.people:
        people = Agreement()
        for tune in read_corpus([arguments.people]).tunes:
            people = people.plus(agreement_of(tune.text))
        print(f"{arguments.people}: {people.share:.1%} of {people.notes} notes on beats")


def row(
    name: str, tunes: int, exact: int, valid: int, share: float, least: float, seconds: float
) -> tuple[str, ...]:
    """Return a line of the table."""
    return (
        name,
        str(tunes),
        str(exact),
        str(valid),
        f"{share:.1%}",
        f"{least:.1%}" if least else "",
        f"{1000 * seconds / tunes:.0f}",
    )


if __name__ == "__main__":
    main()
