"""How well chords that are put to melodies agree with people's.

    python -m benchmarks.quality.harmonizing nottingham

Chords are put to tunes of the corpus that nothing was learned from, and compared beat by beat with
those that people wrote. Printed are the share of beats with the same root, also where only the
tonic is written or the chord with most notes in the slot; how often the last chord is the tonic,
and people's is; and the processor time of a tune.

With `--learn FILE` a model is learned from the training split and written into FILE. The one that
comes with abcgen, learned from nottingham, is `abcgen/generation/harmonize/chords.npz`.
"""

import argparse
import time
from fractions import Fraction
from pathlib import Path

import numpy as np

from abcgen.generation.harmonize.harmonizing import Palette, harmonized
from abcgen.generation.harmonize.learning import chord_at, learn, simplified
from abcgen.generation.harmonize.model import Harmony
from abcgen.generation.harmonize.slots import SlottedSection, slotted
from abcgen.notation.chords import QUALITIES, spell_chord
from abcgen.notation.meters import is_compound
from abcgen.notation.tune import read_tune
from abcgen.support.console import table
from abcgen.tunebooks.corpus import read_corpus

_SPLITS = ("validation", "test")


def roots_on_beats(sections: list[SlottedSection]) -> list[int | None]:
    """Return the root above the tonic on each beat of all full bars, None before any chord."""
    roots: list[int | None] = []
    before: str | None = None
    for section in sections:
        chords = [
            (symbol.onset, spelled)
            for symbol in section.music.chords
            if (spelled := spell_chord(symbol.text)) is not None
        ]
        starts = {bar.onset: bar.setting.meter for bar in section.music.bars}
        meter = "4/4"
        for slot in section.slots:
            meter = starts.get(slot.onset, meter)
            beat = Fraction(3, 8) if is_compound(meter) else Fraction(1, 4)
            onset = slot.onset
            while onset < slot.end:
                chord = chord_at(chords, onset, before)
                roots.append(simplified(chord, slot.key)[0] if chord else None)
                onset += beat
        before = chords[-1][1] if chords else before
    return roots


def most_notes(sections: list[SlottedSection]) -> list[int]:
    """Return the root of the major or minor chord with most notes of the slot, on each beat."""
    shapes = [
        (root, [(root + step) % 12 for step in QUALITIES[quality]])
        for root in range(12)
        for quality in ("", "m")
    ]
    roots = []
    for section in sections:
        for slot, (begin, end) in zip(
            section.slots, ((slot.onset, slot.end) for slot in section.slots), strict=True
        ):
            root = max(shapes, key=lambda shape: slot.weights[shape[1]].sum())[0]
            meter = next(
                bar.setting.meter for bar in reversed(section.music.bars) if bar.onset <= begin
            )
            beat = Fraction(3, 8) if is_compound(meter) else Fraction(1, 4)
            roots += [root] * int(-(-(end - begin) // beat))
    return roots


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", nargs="*", default=["nottingham"])
    parser.add_argument("--learn", type=Path, metavar="FILE", help="learn a model and write it")
    arguments = parser.parse_args()
    corpus = read_corpus(arguments.corpus)
    if arguments.learn:
        learn(corpus.split("train")).save(arguments.learn)
        return
    harmony = Harmony.load()
    rows = [
        ("", "tunes", "root as people's", "most notes", "tonic", "ends at home", "people", "ms")
    ]
    for split in _SPLITS:
        texts = [text for text in corpus.split(split) if '"' in text]
        for palette in Palette:
            same, simple, tonic, home, people_home, seconds = [], [], [], 0, 0, 0.0
            for text in texts:
                sections = slotted(read_tune(text))
                people = roots_on_beats(sections)
                start = time.process_time()
                own = next(harmonized(harmony, text, palette))
                seconds += time.process_time() - start
                found = roots_on_beats(slotted(read_tune(own)))
                pairs = zip(people, found, most_notes(sections), strict=True)
                for one, other, most in pairs:
                    if one is not None:
                        same.append(one == other)
                        simple.append(one == most)
                        tonic.append(one == 0)
                home += found[-1] == 0
                people_home += people[-1] == 0
            rows.append(
                (
                    f"{split}, {palette.value}",
                    str(len(texts)),
                    f"{np.mean(same):.1%}",
                    f"{np.mean(simple):.1%}",
                    f"{np.mean(tonic):.1%}",
                    f"{home / len(texts):.1%}",
                    f"{people_home / len(texts):.1%}",
                    f"{1000 * seconds / len(texts):.0f}",
                )
            )
    print(table(rows, align="<>"))


if __name__ == "__main__":
    main()
