"""Measure every speed that abcgen claims: `python -m benchmarks`.

Each figure is a ratio, measured in turns with a baseline in the same run. Ratios differ between
processors of different vector instructions, so each kind (amx, avx512, avx2) has its own folder in
benchmarks/results/. Without --check the figures are written to RESULTS.md there and kept in
ratios.json; parts that are not measured keep their figures. With --check they are compared with
those that are kept, nothing is written, and the exit code is 1 if one became worse by 20 % or
more. Needs the extra `train`, and a quarter of an hour on two cores that have nothing else to do.
"""

import argparse
import compileall
import shlex
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import abcgen
from abcgen.model.checkpoint import find_checkpoint, read_checkpoint
from abcgen.support import defaults
from abcgen.support.files import writing
from abcgen.support.guard import guarded
from abcgen.support.options import whole_number
from benchmarks.harness.figures import Figure, Kept, Run, merged, page, table, uncompared, worse
from benchmarks.harness.machine import described, instructions
from benchmarks.harness.parts import PARTS, measured, module_of, titles
from benchmarks.harness.settings import Settings

FOLDER = Path(__file__).parent / "results" / instructions()
PAGE, RATIOS = "RESULTS.md", "ratios.json"


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of `python -m benchmarks`."""
    parser = argparse.ArgumentParser(
        prog="benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--check", action="store_true", help="compare with what is kept; write nothing"
    )
    parser.add_argument(
        "--only",
        nargs="+",
        choices=PARTS,
        default=PARTS,
        metavar="NAME",
        help=f"measure these parts only, of {', '.join(PARTS)}",
    )
    parser.add_argument(
        "--checkpoint",
        default=defaults.CHECKPOINT,
        metavar="NAME-OR-DIR",
        help=f"the network (default: {defaults.CHECKPOINT})",
    )
    parser.add_argument(
        "--repeats",
        type=whole_number(1),
        default=5,
        metavar="R",
        help="how often each is measured; slow ones half as often (default: 5)",
    )
    parser.add_argument(
        "--tunes",
        type=whole_number(100),
        default=10_000,
        metavar="N",
        help="the largest number of tunes at which growth is measured (default: 10000)",
    )
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Measure; return the exit code."""
    given = sys.argv[1:] if argv is None else argv
    arguments = build_parser().parse_args(given)
    return guarded("benchmarks", lambda: _run(arguments, shlex.join(given)))


def _run(arguments: argparse.Namespace, given: str) -> int:
    folder = find_checkpoint(arguments.checkpoint)
    read_checkpoint(str(folder))  # an error is raised before anything is measured
    ratios = FOLDER / RATIOS
    kept = Kept.from_json(ratios.read_text(encoding="utf-8")) if ratios.exists() else Kept()
    if arguments.check and not kept.figures:
        print(
            f"benchmarks: no ratios are kept for processors of this kind ({FOLDER.name}) in "
            f"{ratios}; run without --check first, where the code is as it should be",
            file=sys.stderr,
        )
        return 1
    parts = [part for part in PARTS if part in arguments.only]
    with tempfile.TemporaryDirectory() as temporary:
        settings = Settings(
            str(folder.resolve()), arguments.repeats, arguments.tunes, Path(temporary)
        )
        found = _measure(parts, settings)
    if arguments.check:
        return _compare(kept, found)
    command = f"python -m benchmarks {given}".strip()
    _write(merged(kept, found, Run(time.strftime("%Y-%m-%d"), command, described())))
    return 0


def _measure(parts: Sequence[str], settings: Settings) -> list[Figure]:
    """Measure parts, and print the figures of each when it is done."""
    # As pip does when it installs; else the first process would be measured compiling.
    compileall.compile_dir(Path(abcgen.__file__).parent, quiet=1)
    found: list[Figure] = []
    for part in parts:
        start = time.monotonic()
        figures = measured(part, settings)
        found += figures
        print(f"{module_of(part).TITLE} ({part}, {time.monotonic() - start:.0f} s)")
        print(table(figures), end="\n\n", flush=True)
    return found


def _compare(kept: Kept, found: Sequence[Figure]) -> int:
    """Print what became worse; return 1 if anything did."""
    for line in uncompared(kept, found):
        print(f"not compared: {line}")
    lines = worse(kept, found)
    for line in lines:
        print(line)
    if not lines:
        print("no figure became 20 % worse")
    return 1 if lines else 0


def _write(kept: Kept) -> None:
    """Write the page and the ratios."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in ((RATIOS, kept.to_json()), (PAGE, page(kept, titles()))):
        with writing(FOLDER / name) as out:
            out.write(text)
        print(FOLDER / name)


if __name__ == "__main__":
    sys.exit(main())
