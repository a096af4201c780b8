"""Whether damaged MIDI and MusicXML files are read or refused, and how fast.

    python -m benchmarks.quality.damaged BOOK [--to midi,musicxml,mxl] [--files 10000] [--seed 1]

Tunes of a book are written as files, and each file is damaged in one to three ways: bits and bytes
changed, cut off, pieces or elements doubled, left out or moved, numbers made as large as they can
be. Half of the compressed files are damaged before they are packed. Printed are how many of the
damaged files are read, refused with a line, or no longer begin as such files do, what went wrong
otherwise (a mistake of abcgen), the longest time, and by how much the memory has grown. Each damage
depends on the seed and its number alone, so that `--only NUMBER` makes one again.
"""

import argparse
import io
import random
import re
import resource
import signal
import sys
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable, Sequence

from abcgen.errors import AbcgenError
from abcgen.formats.midi import midi_of
from abcgen.formats.musicxml import musicxml_of
from abcgen.notation.tune import Tune, read_tune
from abcgen.notation.tunebook import split_tunebook
from abcgen.support.console import table
from abcgen.tunebooks.importing import import_tune
from abcgen.tunebooks.names import find_tunebooks, read_tunebook

_WHOLES = 40  # files that are damaged
_LONGEST = 2.0  # seconds
_MEMORY = 2 << 30  # bytes
#: What numbers in XML are replaced by.
_NUMBERS = (b"0", b"-1", b"1", b"127", b"1e9", b"99999999999999999999", b"nan", b"0.3333", b"")


def packed(data: bytes) -> bytes:
    """Return a MusicXML file compressed."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        root = '<container><rootfiles><rootfile full-path="a.xml"/></rootfiles></container>'
        archive.writestr("META-INF/container.xml", root)
        archive.writestr("a.xml", data)
    return out.getvalue()


def _midi(tune: Tune) -> bytes:
    return midi_of(tune)


def _musicxml(tune: Tune) -> bytes:
    return musicxml_of(tune).encode()


#: Format -> what writes the files that are damaged.
WRITERS: dict[str, Callable[[Tune], bytes]] = {
    "midi": _midi, "musicxml": _musicxml, "mxl": _musicxml
}  # fmt: skip


def damaged(data: bytes, to: str, chance: random.Random) -> bytes:
    """Return a file of a format with one to three damages."""
    if to == "mxl":
        inside = chance.random() < 0.5
        return packed(_damaged(data, chance)) if inside else _damaged(packed(data), chance)
    return _damaged(data, chance)


def _damaged(data: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.randint(1, 3)):
        is_text = data.lstrip().startswith(b"<")
        kinds = _OF_ELEMENTS if is_text and chance.random() < _STILL_XML else _DAMAGES
        data = chance.choice(kinds)(data or b"\0", chance)
    return data


def _piece(data: bytes, chance: random.Random) -> tuple[int, int]:
    """Return where a piece of a file begins and ends."""
    begin = chance.randrange(len(data))
    return begin, min(begin + int(2 ** chance.uniform(0, 12)), len(data))


def _bits(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.randint(1, 16)):
        changed[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _bytes(data: bytes, chance: random.Random) -> bytes:
    begin, end = _piece(data, chance)
    end = min(end, begin + 8)
    return data[:begin] + chance.randbytes(end - begin) + data[end:]


def _cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data))]


def _doubled(data: bytes, chance: random.Random) -> bytes:
    begin, end = _piece(data, chance)
    return data[:end] + data[begin:end] * chance.choice((1, 2, 50)) + data[end:]


def _left_out(data: bytes, chance: random.Random) -> bytes:
    begin, end = _piece(data, chance)
    return data[:begin] + data[end:]


def _moved(data: bytes, chance: random.Random) -> bytes:
    begin, end = _piece(data, chance)
    rest = data[:begin] + data[end:]
    place = chance.randrange(len(rest) + 1)
    return rest[:place] + data[begin:end] + rest[place:]


def _extreme(data: bytes, chance: random.Random) -> bytes:
    """Return a MIDI file with a number in it that is as large, or as small, as it can be."""
    begin = chance.randrange(len(data))
    value = chance.choice((b"\xff\xff\xff\x7f", b"\0\0\0\0", b"\x7f\xff\xff\xff", b"\x80\x80\x80"))
    return data[:begin] + value + data[begin + len(value) :]


def _number(data: bytes, chance: random.Random) -> bytes:
    """Return an XML file with another number or text in it."""
    places = [found.end() for found in re.finditer(rb">(?=[^<\s])", data)]
    begin = chance.choice(places or [0])
    return data[:begin] + chance.choice(_NUMBERS) + data[data.find(b"<", begin) :]


def _element(data: bytes, chance: random.Random) -> bytes:
    """Return an XML file with an element doubled, left out or moved."""
    found = list(re.finditer(rb"<([\w-]+)[^>/]*>", data))
    if not found:
        return data
    opening = chance.choice(found)
    closing = b"</" + opening[1] + b">"
    end = data.find(closing, opening.end()) + len(closing)
    element, rest = data[opening.start() : end], data[: opening.start()] + data[end:]
    place = chance.choice([opening.start(), *(one.start() for one in found)])
    times = chance.choice((0, 1, 2, 50))
    return rest[:place] + element * times + rest[place:]


_DAMAGES = (_bits, _bytes, _cut, _doubled, _left_out, _moved, _extreme)
_OF_ELEMENTS = (_number, _element)
#: The share of damages of XML after which it most often still is XML.
_STILL_XML = 0.9


def _interrupt(*_: object) -> None:
    raise TimeoutError(f"it took more than {_LONGEST:g} seconds")


def figures(wholes: Sequence[bytes], to: str, numbers: Sequence[int], seed: int) -> tuple[str, ...]:
    """Return the figures of a format; print what went wrong."""
    counts: Counter[str] = Counter()
    slowest = 0.0
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for number in numbers:
        chance = random.Random(f"{seed} {to} {number}")
        data = damaged(chance.choice(wholes), to, chance)
        signal.setitimer(signal.ITIMER_VIRTUAL, _LONGEST)
        start = time.process_time()
        try:
            counts["read" if import_tune(data, chords=True) else "other"] += 1
        except AbcgenError as error:
            counts["refused"] += 1
            if "\n" in str(error):
                counts["wrong"] += 1
                print(f"{to} {number}: more than one line: {error}", flush=True)
        except Exception:
            counts["wrong"] += 1
            print(f"{to} {number}:\n{traceback.format_exc()}", flush=True)
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        slowest = max(slowest, time.process_time() - start)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    kinds = ("read", "refused", "other", "wrong")
    return (
        to,
        str(len(numbers)),
        *(str(counts[kind]) for kind in kinds),
        f"{slowest:.2f}",
        f"{grown / 1024:.0f}",
    )


def main() -> int:
    """Print the figures; return 1 if anything went wrong."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("book", metavar="BOOK")
    parser.add_argument("--to", default=",".join(WRITERS), help="default: all three")
    parser.add_argument("--files", type=int, default=10_000, help="of each format")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, metavar="NUMBER", help="this one file")
    arguments = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    signal.signal(signal.SIGVTALRM, _interrupt)
    texts = [
        text
        for path in find_tunebooks(arguments.book)
        for text in split_tunebook(read_tunebook(path))
    ]
    tunes = [read_tune(text) for text in texts[:: max(len(texts) // _WHOLES, 1)]]
    numbers = range(1, arguments.files + 1) if arguments.only is None else [arguments.only]
    rows = [("format", "files", "read", "refused", "other", "wrong", "longest s", "grown MB")]
    for to in arguments.to.split(","):
        wholes = [WRITERS[to](tune) for tune in tunes]
        rows.append(figures(wholes, to, numbers, arguments.seed))
    print(table(rows, align="<>"))
    return int(any(row[5] != "0" for row in rows[1:]))


if __name__ == "__main__":
    sys.exit(main())
