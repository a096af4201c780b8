"""Write `examples/`: the tunes of seeds 1 to 10, by the default checkpoint, unselected.

    python examples/make.py

Each is what `abcgen.sample --seed S` writes, as ABC, and its MIDI file.
"""

import argparse
from pathlib import Path

from abcgen.formats.midi import midi_of
from abcgen.notation.tune import read_tune
from abcgen.sample import main as sample
from abcgen.support.files import temporary_beside

_FOLDER = Path(__file__).parent
_SEEDS = range(1, 11)


def main() -> None:
    """Write the files."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--out", type=Path, default=_FOLDER, metavar="DIR", help="where (default: this folder)"
    )
    folder = parser.parse_args().out
    folder.mkdir(parents=True, exist_ok=True)
    for seed in _SEEDS:
        tune = folder / f"seed-{seed:02}.abc"
        if sample(["--seed", str(seed), "--out", str(tune)]):
            raise SystemExit(1)
        with temporary_beside(tune.with_suffix(".mid")) as temporary:
            temporary.write_bytes(midi_of(read_tune(tune.read_text(encoding="utf-8"))))
        print(tune.with_suffix(""))


if __name__ == "__main__":
    main()
