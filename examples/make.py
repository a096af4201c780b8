"""Write `examples/`: the tunes of seeds 1 to 10, by the default checkpoint, unselected.

    python examples/make.py

Each is what `abcgen.sample --seed S` writes, as ABC, and its MIDI file. `notebook.ipynb` shows what
a notebook does with such tunes, with its outputs.
"""

import argparse
import os
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient

import abcgen
from abcgen.sample import main as sample
from abcgen.support.files import temporary_beside, writing

_FOLDER = Path(__file__).parent
_SEEDS = range(1, 11)
#: The cells of the notebook: text begins with a hash, the others are Python.
_CELLS = (
    """\
# abcgen in a notebook

Install it with `pip install '.[score,notebook]'`. A tune that is the last line of a cell shows
its score.""",
    """\
import abcgen

folk = abcgen.load()
tune = folk.tune(seed=1, rhythm="jig", key="D", chords=True)
tune""",
    "# Its text, in another key\n\nMethods give new tunes; the old ones never change.",
    'print(tune.transpose("G"))',
    """\
# Several at once

The same seed gives the same tunes again.""",
    """\
from IPython.display import display

for waltz in folk.tunes(2, seed=7, rhythm="waltz", form="8"):
    display(waltz)""",
    """\
# Hear it, take it along

`tune.play()` plays on the computer that runs the notebook. In the page itself,
`IPython.display.Audio(tune.wav(), autoplay=False)` is a player, which makes the notebook larger by
some megabytes. `tune.save` writes files, in the format of the ending.""",
    'tune.save("tune.mid")\ntune.save("tune.pdf")',
)


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
        path = folder / f"seed-{seed:02}.abc"
        if sample(["--seed", str(seed), "--out", str(path)]):
            raise SystemExit(1)
        with temporary_beside(path.with_suffix(".mid")) as temporary:
            temporary.write_bytes(abcgen.Tune(path.read_text(encoding="utf-8")).midi())
        print(path.with_suffix(""))
    write_notebook(folder / "notebook.ipynb")
    print(folder / "notebook.ipynb")


def write_notebook(path: Path) -> None:
    """Write the notebook as it stands after it was run, without times and versions."""
    notebook = nbformat.v4.new_notebook()
    for number, source in enumerate(_CELLS, start=1):
        kind = nbformat.v4.new_markdown_cell if source[0] == "#" else nbformat.v4.new_code_cell
        notebook.cells.append(kind(source, id=f"cell-{number}"))
    with tempfile.TemporaryDirectory() as folder:
        client = NotebookClient(
            notebook,
            timeout=300,
            kernel_name="python3",
            record_timing=False,
            extra_arguments=["--Application.log_level=ERROR"],
            resources={"metadata": {"path": folder}},
        )
        home = str(Path(abcgen.__file__).parent.parent)
        client.execute(env={**os.environ, "PYTHONPATH": home})
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    with writing(path) as file:
        file.write(nbformat.writes(notebook) + "\n")


if __name__ == "__main__":
    main()
