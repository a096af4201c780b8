"""Solos over chords by djmodel, measured: how many can be written, and how they keep to the chords.

    python -m abcgen.train --recipe djmodel --out runs --name djmodel
    python -m benchmarks.quality.solos

The progressions are those of `benchmarks.quality.improvising`. Solos are drawn at temperature 0,
which always takes the likeliest value (argmax), at 0.7 and at 1, each as it is drawn and mended
(`abcgen.generation.improvise.solo.notes`); `folk` improvises over the same chords. The page is
`benchmarks/results/SOLOS.md`. Takes some minutes.
"""

import argparse
import sys
import time
from functools import partial
from pathlib import Path

from abcgen.generation.improvise.agreement import Agreement, agreement_of
from abcgen.generation.improvise.improvisation import Improvisation, improvisation, improvised
from abcgen.generation.improvise.solo.drawing import solo
from abcgen.generation.sampler import Sampler
from abcgen.model.checkpoint import Checkpoint, read_checkpoint
from abcgen.model.engine import LiteRTEngine
from abcgen.network.build import build_network
from abcgen.notation.chart import read_chart
from abcgen.support.guard import guarded
from abcgen.tunebooks.corpus import read_corpus
from benchmarks.harness.figures import markdown
from benchmarks.quality.improvising import PROGRESSIONS
from benchmarks.quality.recipes import history_of, written

_PAGE = Path("benchmarks", "results") / "SOLOS.md"
_RUN = Path("runs") / "djmodel"
_TEMPERATURES = (0.0, 0.7, 1.0)

HEAD = ["who", "temperature", "solos", "can be written", "notes of the chord on beats", "ms a solo"]


def charts(temperature: float) -> list[Improvisation]:
    """Return what to play over."""
    return [
        improvisation(read_chart(text), seed=1, meter=meter, sampler=Sampler(temperature))
        for _, meter, text in PROGRESSIONS.values()
    ]


def row_of_solos(checkpoint: Checkpoint, temperature: float, tunes: int, mend: bool) -> list[str]:
    """Return the row of the page on solos of a network, all progressions together."""
    engine = LiteRTEngine.of(checkpoint)
    count = tunes if temperature else 1  # the likeliest are the same each time
    start = time.process_time()
    drawn = [
        solo(engine, asked, number, mend=mend)
        for asked in charts(temperature)
        for number in range(1, count + 1)
    ]
    took = time.process_time() - start
    who = "djmodel, mended" if mend else "djmodel, as drawn"
    return _row(who, temperature, drawn, took)


def row_of_melodies(checkpoint: Checkpoint, temperature: float, tunes: int) -> list[str]:
    """Return the row of the page on what a network of characters improvises."""
    start = time.process_time()
    drawn: list[str | None] = [
        tune
        for asked in charts(temperature)
        for tune in improvised(partial(LiteRTEngine.of, checkpoint), asked, range(1, tunes + 1))
    ]
    took = time.process_time() - start
    return _row(f"`{checkpoint.path.name}`", temperature, drawn, took)


def row_of_people(book: str) -> list[str]:
    """Return the row of the page on a tunebook with chords."""
    tunes = [tune.text for tune in read_corpus([book]).tunes if '"' in tune.text]
    row = _row(f"people: {book}", 0, list(tunes), 0)
    return [row[0], "", row[2], row[3], row[4], ""]


def _row(who: str, temperature: float, drawn: list[str | None], seconds: float) -> list[str]:
    tunes = [tune for tune in drawn if tune is not None]
    agreement = Agreement()
    for tune in tunes:
        agreement = agreement.plus(agreement_of(tune))
    return [
        who,
        f"{temperature:g}",
        f"{len(drawn)}",
        f"{len(tunes) / len(drawn):.0%}",
        f"{agreement.share:.1%}",
        f"{1000 * seconds / len(drawn):.0f}",
    ]


def about(checkpoint: Checkpoint) -> str:
    """Return what the network is and how it was trained, in a sentence."""
    network = build_network(checkpoint.recipe, len(checkpoint.vocabulary), 1, 1)
    rows = history_of(checkpoint)
    minutes = sum(float(row["seconds"]) for row in rows) / 60
    return (
        f"It learned from {', '.join(checkpoint.corpus['books'])}: "
        f"{len(checkpoint.vocabulary) - 1} values, {network.count_params():,} parameters, "
        f"{len(rows)} epochs in {minutes:.1f} minutes, training loss "
        f"{float(rows[0]['loss']):.2f} to {float(rows[-1]['loss']):.2f}, validation loss "
        f"{checkpoint.validation['loss']:.2f} nats a value at its best epoch."
    )


def page(rows: list[list[str]], network: str, written: str) -> str:
    """Return the page as Markdown.

    Parameters
    ----------
    rows : list of list of str
        The table, under `HEAD`.
    network : str
        The result of `about`.
    written : str
        When and on what the figures were measured.
    """
    return (
        f"# Solos\n\n"
        f"Written by `python -m benchmarks.quality.solos` on {written}.\n\n"
        f"`djmodel` plays solos over given chords: it has learned what each note is to its chord, "
        f"how long it is, and which way it goes. {network} It plays over the ten progressions of "
        f"`benchmarks.quality.improvising`; at temperature 0 it always takes the likeliest value, "
        f"so there is one solo for each. Mended means moved onto the grid, without notes that are "
        f"struck a third time and leaps of more than an octave. A solo can be written if it has a "
        f"canonical spelling. `folk` improvises over the same chords.\n\n"
        + "\n".join(markdown(HEAD, rows))
        + "\n"
    )


def main() -> int:
    """Write the page; return the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--run", type=Path, default=_RUN, help=f"the network (default: {_RUN})")
    parser.add_argument("--tunes", type=int, default=20, help="over each progression (default: 20)")
    parser.add_argument(
        "--people", default="nottingham", help="a tunebook with chords (default: nottingham)"
    )
    parser.add_argument("--out", type=Path, default=_PAGE, help=f"the page (default: {_PAGE})")
    arguments = parser.parse_args()
    return guarded("benchmarks.quality.solos", lambda: _run(arguments))


def _run(arguments: argparse.Namespace) -> int:
    checkpoint = read_checkpoint(str(arguments.run))
    rows = [
        row_of_people(arguments.people),
        row_of_melodies(read_checkpoint(), Sampler.temperature, arguments.tunes),
    ]
    rows += [
        row_of_solos(checkpoint, temperature, arguments.tunes, mend)
        for temperature in _TEMPERATURES
        for mend in (False, True)
    ]
    arguments.out.write_text(page(rows, about(checkpoint), written()), encoding="utf-8")
    print(arguments.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
