"""Whether mutated tunes are read or refused, and how fast.

    python -m benchmarks.quality.mutants BOOK... [--tunes 10000] [--seed 1]

Each tune is a tune of a book with 1 to 30 mutations: signs of ABC and pieces of tunes are put in,
letters are left out or replaced, pieces are doubled or moved. It is read with all its voices,
played and spelled. Printed are how many are read and how many are refused with a line, what went
wrong otherwise (a mistake of abcgen), and the longest time. Each mutant depends on the seed and its
number alone, so that `--only NUMBER` makes one again and prints it.
"""

import argparse
import random
import sys
import time
import traceback
from collections import Counter
from collections.abc import Sequence

from abcgen.errors import AbcgenError
from abcgen.grammar.spelling import canonical
from abcgen.music.performance import perform
from abcgen.notation.tune import read_tune
from abcgen.notation.tunebook import split_tunebook
from abcgen.tunebooks.names import find_tunebooks, read_tunebook

_LONGEST = 2.0  # seconds that a tune may take
_COUNTS = (1, 1, 2, 3, 5, 10, 30)  # of mutations
_LONGEST_PIECE = 60  # characters
#: Signs and pieces that are put in.
_SIGNS = (
    *"|:[]()\"!&{}<>-zZxXy~^_=/0123456789.,'ABCabc \n%\\+*$`;?@#",
    *(
        "[K:D]",
        "[M:3/4]",
        "[L:1/16]",
        "[V:2]",
        "[V:1 octave=1]",
        "[Q:1/8=999]",
        "[P:B]",
        "[K:none]",
    ),
    *(
        "\nV:2\n",
        "\nP:A\n",
        "\nK:Am exp ^f\n",
        "\nQ:1/4=60\n",
        "\nM:2+3/8\n",
        "\nw:la la\n",
        "\n\n",
    ),
    *(
        "(3",
        "(9:99:2",
        "(3:2:8",
        "|:",
        ":|",
        "::",
        "|]",
        "|::",
        "::|",
        "[1",
        "[2",
        "[1,3",
        "|1",
        ":|2",
    ),
    *(
        "(&",
        "&)",
        " & ",
        "^/c",
        "_3/4B",
        "{ga}",
        "[CEG]2",
        "Z9",
        "9999999",
        "////",
        "!D.C.!",
        "!fine!",
    ),
    *("%%begintext\n", "%%MIDI program 9\n", "</b>", "&amp;", "\u201c", "\u00e9", "\0", '"^x"'),
)


def mutant(tunes: Sequence[str], seed: int, number: int) -> str:
    """Return a mutated tune, which depends on the seed and the number alone."""
    chance = random.Random(f"{seed} {number}")
    text = chance.choice(tunes)
    for _ in range(chance.choice(_COUNTS)):
        at, kind = chance.randrange(len(text) + 1), chance.random()
        if kind < 0.5:
            text = text[:at] + chance.choice(_SIGNS) + text[at:]
        elif kind < 0.7:
            text = text[:at] + text[at + chance.randrange(1, 9) :]
        elif kind < 0.85:
            text = text[:at] + chance.choice(_SIGNS) + text[at + 1 :]
        else:
            begin = chance.randrange(len(text) + 1)
            text = text[:at] + text[begin : begin + chance.randrange(_LONGEST_PIECE)] + text[at:]
    return text


def outcome(text: str) -> str:
    """Read, play and spell what is in a text; return what became of it.

    Returns
    -------
    str
        ``read``, ``refused``, or the last line of a traceback.
    """
    found = "refused"
    for one in split_tunebook(text):
        try:
            tune = read_tune(one)
            perform(tune)
            found = "read"
            canonical(tune)
        except AbcgenError:
            continue
        except Exception:
            return traceback.format_exc().strip().splitlines()[-1]
    return found


def main() -> int:
    """Print what became of the mutants; return 1 if one went wrong or took too long."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("books", nargs="+")
    parser.add_argument("--tunes", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, metavar="NUMBER")
    options = parser.parse_args()
    tunes = [
        text
        for book in options.books
        for path in find_tunebooks(book)
        for text in split_tunebook(read_tunebook(path))
    ]
    if options.only is not None:
        text = mutant(tunes, options.seed, options.only)
        print(text, outcome(text), sep="\n")
        return 0
    counts: Counter[str] = Counter()
    longest, wrong = 0.0, 0
    for number in range(options.tunes):
        text = mutant(tunes, options.seed, number)
        begin = time.process_time()
        found = outcome(text)
        taken = time.process_time() - begin
        longest = max(longest, taken)
        counts[found if found in ("read", "refused") else "wrong"] += 1
        if found not in ("read", "refused") or taken > _LONGEST:
            wrong += 1
            print(f"{number}: {taken:.2f} s, {found}", flush=True)
    listed = ", ".join(f"{count} {name}" for name, count in counts.most_common())
    print(f"{options.tunes} mutants: {listed}; the longest took {longest:.2f} s")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
