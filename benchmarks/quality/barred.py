"""Whether MuseScore finds the bars in abcgen's MIDI files.

    python -m benchmarks.quality.barred [BOOK] [--tunes 20] [--program mscore3]

The first tunes of a tunebook, or else drawn ones, are written as MIDI; MuseScore opens each and
saves it as MusicXML, which is read back. Printed is in how many the metre, the pickup and all bar
lines are where they were, and what differs in the others.
"""

import argparse
import itertools
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import abcgen
from abcgen.formats.midi import midi_of
from abcgen.formats.musicxml_in import abc_of_musicxml
from abcgen.notation.tune import Tune, read_tune
from abcgen.notation.tunebook import label_of, split_tunebook
from abcgen.tunebooks.names import find_tunebooks, read_tunebook
from benchmarks.quality.round_trip import differences

_BARRED = {"metre", "pickup", "bars"}


def saved_by(program: str, files: Sequence[Path]) -> None:
    """Let MuseScore save each file as MusicXML, beside it; it needs no screen."""
    folder = files[0].parent
    jobs = [{"in": str(file), "out": str(file.with_suffix(".musicxml"))} for file in files]
    listed = folder / "jobs.json"
    listed.write_text(json.dumps(jobs))
    # Its settings are written into the folder, not into the user's own.
    settings = {"QT_QPA_PLATFORM": "offscreen", "HOME": str(folder)}
    subprocess.run(
        [program, "-j", str(listed)],
        env={**os.environ, **settings},
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def texts_of(book: str | None, count: int) -> list[str]:
    """Return the first tunes of a tunebook, or drawn ones."""
    if book is None:
        return [tune.abc for tune in abcgen.load().tunes(count, seed=1)]
    tunes = (text for path in find_tunebooks(book) for text in split_tunebook(read_tunebook(path)))
    return list(itertools.islice(tunes, count))


def barred_otherwise(tunes: Sequence[Tune], program: str) -> list[set[str]]:
    """Return for each tune what of metre, pickup and bars MuseScore finds elsewhere."""
    with tempfile.TemporaryDirectory() as name:
        files = [Path(name) / f"{number}.mid" for number in range(len(tunes))]
        for file, tune in zip(files, tunes, strict=True):
            file.write_bytes(midi_of(tune))
        saved_by(program, files)
        saved = [abc_of_musicxml(file.with_suffix(".musicxml").read_bytes()) for file in files]
    return [
        _BARRED.intersection(differences(before, read_tune(after), played=True))
        for before, after in zip(tunes, saved, strict=True)
    ]


def main() -> int:
    """Print how many tunes are barred right, and what differs in the others."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("book", nargs="?", help="a tunebook (default: drawn tunes)")
    parser.add_argument("--tunes", type=int, default=20, help="how many (default: 20)")
    parser.add_argument("--program", default="mscore3", help="MuseScore (default: mscore3)")
    arguments = parser.parse_args()
    if shutil.which(arguments.program) is None:
        parser.error(f"MuseScore is not installed as {arguments.program}; see --program")
    texts = texts_of(arguments.book, arguments.tunes)
    found = barred_otherwise([read_tune(text) for text in texts], arguments.program)
    for text, differs in zip(texts, found, strict=True):
        if differs:
            label = label_of(text)
            print(f"X:{label.number} {label.title}: {', '.join(sorted(differs))}")
    print(f"{found.count(set())} of {len(texts)} barred right")
    return 0


if __name__ == "__main__":
    sys.exit(main())
