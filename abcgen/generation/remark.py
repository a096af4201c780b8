"""How a tune was made: one remark (N:) in its header, from which it can be made again."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from abcgen import __version__
from abcgen.errors import CorpusError
from abcgen.generation.loop import REFERENCE
from abcgen.generation.sampler import Choice
from abcgen.grammar.header import TITLE_CHARACTERS
from abcgen.grammar.wishes import ANYTHING, Wishes
from abcgen.model.checkpoint import ENGINE_FILE, Checkpoint

REMARK = "N:abcgen "
#: What may be asked for -> the field that says it.
_FIELDS = {"key": "K", "meter": "M", "rhythm": "R", "title": "T"}
_SUM_SHOWN = 8  # hexadecimal digits of the engine file's SHA-256


class Provenance(NamedTuple):
    """How tunes were made.

    Attributes
    ----------
    checkpoint : str
        Name, version and the beginning of the engine file's SHA-256.
    seed : int
        What was given as ``--seed`` or drawn.
    choice : Choice
        Temperature, top-k, top-p.
    wishes : Wishes
        What was asked for.
    prime : str
        What was given to begin with, from ``X:1`` on.
    engine : str
        What ran the network.
    version : str
        Of abcgen.
    """

    checkpoint: str
    seed: int
    choice: Choice
    wishes: Wishes = ANYTHING
    prime: str = REFERENCE
    engine: str = "litert"
    version: str = __version__

    def remark(self, tune: int, most: int | None = None, attempt: int = 1) -> str:
        """Return the line for one tune, without its line end.

        Parameters
        ----------
        tune : int
            Its number.
        most : int, optional
            How many characters it was allowed, if fewer than others.
        attempt : int
            The try that it is.
        """
        choice, wishes = self.choice, self.wishes
        words = [
            f"abcgen {self.version}",
            f"checkpoint {self.checkpoint}",
            f"seed {self.seed}",
            f"tune {tune}" + (f", try {attempt}" if attempt > 1 else ""),
            f"temperature {choice.temperature!r}",
        ]
        words += [f"top-k {choice.top_k}"] if choice.top_k else []
        words += [f"top-p {choice.top_p!r}"] if choice.top_p < 1 else []
        # What was asked for of the header stands in the header.
        words += [name for name in _FIELDS if getattr(wishes, name)]
        words += [f"form {' '.join(map(str, wishes.form))}"] if wishes.form else []
        words += [] if wishes.chords is None else ["chords" if wishes.chords else "no chords"]
        # The prime stands in the tune itself: so many of its characters, X: and N: left out.
        given = len(self.prime) - len(REFERENCE)
        words += [f"prime {given}"] if given else []
        words += [f"at most {most}"] if most else []
        words += [f"engine {self.engine}"] if self.engine != "litert" else []
        return "N:" + ", ".join(words)


class Remade(NamedTuple):
    """A tune that says how it was made.

    Attributes
    ----------
    provenance : Provenance
        How.
    tune : int
        Its number.
    most : int or None
        How many characters it was allowed.
    number : str
        Its reference number in the book.
    text : str
        As it stands there.
    attempt : int
        The try that it is.
    """

    provenance: Provenance
    tune: int
    most: int | None
    number: int
    text: str
    attempt: int = 1


def label_of(checkpoint: Checkpoint) -> str:
    """Return a checkpoint's name, version and sum, as a remark names it."""
    kept = TITLE_CHARACTERS.replace(",", "").replace(" ", "")
    name = "".join(c if c in kept else "-" for c in checkpoint.path.resolve().name)
    engine = checkpoint.sums.get(ENGINE_FILE, "")[:_SUM_SHOWN]
    return f"{name} {checkpoint.version} {engine}"


def with_remark(text: str, remark: str) -> str:
    """Return a tune with a remark where the header has its place for it: before M:."""
    return text.replace("\nM:", f"\n{remark}\nM:", 1)


def read_provenance(book: str, source: str) -> Iterator[Remade]:
    """Yield the tunes of a book that say how they were made.

    Parameters
    ----------
    book : str
        A tunebook.
    source : str
        What messages call it.

    Raises
    ------
    CorpusError
        If none does, or one says it in words that abcgen does not write.
    """
    # Imported here, so that sampling need not load it.
    from abcgen.notation.tunebook import split_tunebook

    found = False
    for text in split_tunebook(book):
        for line in text.split("\n"):
            if line.startswith(REMARK):
                found = True
                yield _read(text, line, source)
                break
    if not found:
        raise CorpusError(
            f"no tune of {source} says how it was made: expected a line that begins {REMARK!r}"
        )


def _read(text: str, line: str, source: str) -> Remade:
    def value(name: str, default: str = "") -> str:
        match = re.search(rf"(?:^N:|, ){name}(?: ([^,]*))?(?=,|$)", line)
        return default if match is None else (match[1] or name)

    fields = dict(re.findall(r"^([A-Z]):(.*)$", text, re.MULTILINE)[::-1])
    bare = REFERENCE + text.replace(line + "\n", "", 1).partition("\n")[2]
    try:
        wishes = Wishes(
            **{name: fields[letter] for name, letter in _FIELDS.items() if value(name)},
            form=tuple(map(int, value("form").split())),
            chords=True if value("chords") else False if value("no chords") else None,
        )
        choice = Choice(
            float(value("temperature")),
            int(value("top-k", "0")),
            float(value("top-p", "1")),
        )
        given = int(value("prime", "0"))
        provenance = Provenance(
            value("checkpoint"),
            int(value("seed")),
            choice,
            wishes,
            bare[: len(REFERENCE) + given],
            value("engine", "litert"),
            value("abcgen"),
        )
        most = value("at most")
        return Remade(
            provenance,
            int(value("tune")),
            int(most) if most else None,
            int(fields["X"]),
            text,
            int(value("try", "1")),
        )
    except (ValueError, KeyError):
        raise CorpusError(
            f"{source} says in words that abcgen does not write how a tune was made: {line}"
        ) from None
