"""The remark (N:) in a tune's header that says how abcgen made it, and reads back as a request."""

import re
from typing import NamedTuple

from abcgen.errors import CorpusError, UsageError
from abcgen.generation.request import REFERENCE, Request
from abcgen.generation.sampler import Sampler
from abcgen.generation.wishes import read_wishes
from abcgen.support import defaults, values

#: What every remark of abcgen begins with, and that of a tune which is new from its first note on.
BEGINNING = "N:abcgen"
REMARK = BEGINNING + " "
#: The line of a remark; other programs put spaces into it.
ANY_REMARK = re.compile(r"(?<=\n)N:[ \t]*abcgen[^\n]*(?:\n|$)")
_REMARK = re.compile(r"^N:[ \t]*(abcgen .*?)[ \t]*$", re.MULTILINE)
#: Each wish whose value stands in a header field -> that field.
_FIELDS = {"key": "K", "meter": "M", "rhythm": "R", "title": "T", "style": "G"}


class RemarkedTune(NamedTuple):
    """A tune that says how it was made.

    Attributes
    ----------
    request : Request
        How it was made.
    tune : int
        Its number among the tunes of that request.
    most : int or None
        The most characters that it was allowed, if fewer than others.
    number : int
        Its reference number in the book (X:).
    text : str
        As it stands in the book.
    attempt : int
        The attempt that was accepted, from 1.
    """

    request: Request
    tune: int
    most: int | None
    number: int
    text: str
    attempt: int = 1


def remark_of(request: Request, tune: int, most: int | None = None, attempt: int = 1) -> str:
    """Return the line for one tune, without its line end.

    Parameters
    ----------
    request : Request
        How the tune is made.
    tune : int
        Its number.
    most : int, optional
        The most characters that it was allowed, if fewer than others.
    attempt : int
        The attempt that was accepted, from 1.
    """
    wishes = request.wishes
    words = [
        f"abcgen {request.version}",
        f"checkpoint {request.checkpoint}",
        f"seed {request.seed}",
        f"tune {tune}" + (f", try {attempt}" if attempt > 1 else ""),
        *words_of(request.sampler),
    ]
    # The values of these stand in the header itself.
    words += [name for name in _FIELDS if getattr(wishes, name)]
    words += [f"form {' '.join(map(str, wishes.form))}"] if wishes.form else []
    words += [] if wishes.chords is None else ["chords" if wishes.chords else "no chords"]
    # The prime stands in the tune itself: only its length is needed, without X: and N:.
    given = len(request.prime) - len(REFERENCE)
    words += [f"prime {given}"] if given else []
    words += [f"at most {most}"] if most else []
    words += [f"engine {request.engine}"] if request.engine != defaults.ENGINE else []
    return "N:" + ", ".join(words)


def words_of(sampler: Sampler) -> list[str]:
    """Return what a remark says of a sampler."""
    words = [f"temperature {sampler.temperature!r}"]
    words += [f"top-k {sampler.top_k}"] if sampler.top_k else []
    words += [f"top-p {sampler.top_p!r}"] if sampler.top_p < 1 else []
    return words


def with_remark(text: str, remark: str) -> str:
    """Return a tune with a remark at its place in the header: before M:."""
    return text.replace("\nM:", f"\n{remark}\nM:", 1)


def read_remark(text: str, source: str = "") -> RemarkedTune | None:
    """Return how a tune was made, or None if it does not say.

    Raises
    ------
    CorpusError
        If its remark is not worded as abcgen words it, or asks for what no tune can be;
        ``source`` names the book in the message, if the tune stands in one.
    """
    match = _REMARK.search(text)
    if match is None:
        return None
    line = f"N:{match[1]}"
    return _read(text.replace(match[0], line, 1), line, source)


def _read(text: str, line: str, source: str) -> RemarkedTune:
    """Read the remark `line` of a tune."""

    def value(name: str, default: str = "") -> str:
        match = re.search(rf"(?:^N:|, ){name}(?: ([^,]*))?(?=,|$)", line)
        return default if match is None else (match[1] or name)

    fields = dict(re.findall(r"^([A-Z]):(.*)$", text, re.MULTILINE)[::-1])
    bare = REFERENCE + text.replace(line + "\n", "", 1).partition("\n")[2]

    def whole(name: str, least: int, default: str = "") -> int:
        return values.whole(name, int(value(name, default)), least)

    try:
        wishes = read_wishes(
            **{name: fields[letter] for name, letter in _FIELDS.items() if value(name)},
            form=value("form") or None,
            chords=True if value("chords") else False if value("no chords") else None,
        )
        sampler = Sampler(
            float(value("temperature")), int(value("top-k", "0")), float(value("top-p", "1"))
        )
        request = Request(
            whole("seed", 0),
            sampler,
            wishes,
            prime=bare[: len(REFERENCE) + whole("prime", 0, "0")],
            engine=value("engine", defaults.ENGINE),
            checkpoint=value("checkpoint"),
            version=value("abcgen"),
        )
        return RemarkedTune(
            request,
            whole("tune", 1),
            whole("at most", 1) if value("at most") else None,
            int(fields["X"]),
            text,
            whole("try", 1, "1"),
        )
    except UsageError as error:
        raise unreadable(line, source, str(error)) from None
    except (ValueError, KeyError):
        raise unreadable(line, source) from None


def unreadable(line: str, source: str, why: str = "") -> CorpusError:
    """Return the error of a remark that says nothing abcgen could have made; see `read_remark`."""
    tune = f"a tune of {source}" if source else "the tune"
    why = f"{why}; it was edited" if why else "its remark is not worded as abcgen words it"
    return CorpusError(f"cannot read how {tune} was made: {why}: {line}")
